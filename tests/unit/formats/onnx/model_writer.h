// Small ONNX files, field by field.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace litesmith::testing {

inline std::string varint(uint64_t value) {
  std::string result;
  while (value >= 0x80) {
    result += static_cast<char>(value | 0x80);
    value >>= 7;
  }
  return result + static_cast<char>(value);
}
inline std::string number(uint32_t field, uint64_t value) {
  return varint(field << 3) + varint(value);
}
inline std::string bytes(uint32_t field, std::string_view value) {
  return varint(field << 3 | 2) + varint(value.size()) + std::string(value);
}

inline std::string node(std::string_view op, const std::vector<std::string>& inputs,
                        const std::vector<std::string>& outputs, std::string_view name = "") {
  std::string result;
  for (const auto& input : inputs) result += bytes(1, input);
  for (const auto& output : outputs) result += bytes(2, output);
  return bytes(1, result + bytes(3, name) + bytes(4, op));
}

// A float tensor; a size of 0 stands for a dimension named "open".
inline std::string value_info(std::string_view name, const std::vector<uint64_t>& shape) {
  std::string dims;
  for (const uint64_t size : shape)
    dims += bytes(1, size == 0 ? bytes(2, "open") : number(1, size));
  return bytes(1, name) + bytes(2, bytes(1, number(1, 1) + bytes(2, dims)));
}
inline std::string input(std::string_view name, const std::vector<uint64_t>& shape) {
  return bytes(11, value_info(name, shape));
}
inline std::string output(std::string_view name) { return bytes(12, bytes(1, name)); }

inline std::string initializer(std::string_view name, const std::vector<uint64_t>& shape,
                               const std::vector<float>& elements) {
  std::string raw(elements.size() * sizeof(float), '\0');
  if (!elements.empty()) std::memcpy(raw.data(), elements.data(), raw.size());
  std::string tensor;
  for (const uint64_t size : shape) tensor += number(1, size);
  return bytes(5, tensor + number(2, 1) + bytes(8, name) + bytes(9, raw));
}

inline std::string model(std::string_view graph, uint64_t opset = 17) {
  return number(1, 8) + bytes(7, graph) + bytes(8, number(2, opset));
}

}  // namespace litesmith::testing
