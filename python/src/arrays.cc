#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "bindings.h"

namespace litesmith::python {
namespace {

// Keeps a NumPy array alive from C++, where the last copy may go away on any thread.
std::shared_ptr<const void> keep(BytesIn array) {
  return {new BytesIn(std::move(array)), [](const BytesIn* held) {
            const nb::gil_scoped_acquire acquire;
            delete held;
          }};
}

api::Array array_from(nb::handle given) {
  const auto parts = nb::cast<nb::tuple>(given);
  auto bytes = nb::cast<BytesIn>(parts[3]);
  api::Array array;
  array.name = nb::cast<std::string>(parts[0]);
  array.dtype = dtype_named(nb::cast<std::string>(parts[1]));
  array.shape = nb::cast<std::vector<int64_t>>(parts[2]);
  array.bytes = {reinterpret_cast<const std::byte*>(bytes.data()), bytes.size()};
  array.owner = keep(std::move(bytes));
  return array;
}

}  // namespace

BytesOut view(std::span<std::byte> bytes, nb::handle owner) {
  return BytesOut(reinterpret_cast<uint8_t*>(bytes.data()), {bytes.size()}, owner);
}

ConstBytesOut view(std::span<const std::byte> bytes, nb::handle owner) {
  return ConstBytesOut(reinterpret_cast<const uint8_t*>(bytes.data()), {bytes.size()}, owner);
}

std::vector<api::Array> arrays_from(nb::handle given) {
  std::vector<api::Array> arrays;
  for (const nb::handle each : nb::cast<nb::list>(given)) arrays.push_back(array_from(each));
  return arrays;
}

api::Samples samples_from(nb::handle given) {
  if (nb::isinstance<nb::str>(given)) {
    return api::Samples(std::filesystem::path(nb::cast<std::string>(given)));
  }
  const auto parts = nb::cast<nb::tuple>(given);
  return api::Samples(arrays_from(parts[1]), nb::cast<std::string>(parts[0]));
}

std::optional<api::Samples> optional_samples_from(nb::handle given) {
  if (given.is_none()) return std::nullopt;
  return samples_from(given);
}

nb::tuple array_to_python(const api::Array& array) {
  auto* held = new std::shared_ptr<const void>(array.owner);
  const nb::capsule owner(held, [](void* pointer) noexcept {
    delete static_cast<std::shared_ptr<const void>*>(pointer);
  });
  // The memory is this result's alone: writing to it harms nobody.
  const std::span<std::byte> bytes(const_cast<std::byte*>(array.bytes.data()), array.bytes.size());
  return nb::make_tuple(array.name, dtype_name(array.dtype), array.shape, view(bytes, owner));
}

std::string dtype_name(std::optional<DType> dtype) {
  return dtype ? std::string(to_string(*dtype)) : "unknown";
}

DType dtype_named(const std::string& name) {
  if (const auto dtype = parse_dtype(name)) return *dtype;
  throw Error(ErrorCode::usage, "there is no type '" + name + "'");
}

namespace {

template <class T>
std::string names_of(std::span<const T> all) {
  std::string list;
  for (const T& each : all) list += (list.empty() ? "" : ", ") + std::string(to_string(each));
  return list;
}

}  // namespace

Mode mode_named(const std::string& name) {
  if (const auto mode = parse_mode(name)) return *mode;
  throw Error(ErrorCode::usage,
              "there is no mode '" + name + "'; the modes are " + names_of(all_modes()));
}

ConvertTarget convert_target_named(const std::string& name) {
  if (const auto target = parse_convert_target(name)) return *target;
  throw Error(ErrorCode::usage, "there is no target '" + name + "'; the targets are " +
                                    names_of(all_convert_targets()));
}

Arithmetic arithmetic_named(const std::string& name) {
  if (const auto arithmetic = parse_arithmetic(name)) return *arithmetic;
  throw Error(ErrorCode::usage,
              "there is no arithmetic '" + name + "'; there are " + names_of(all_arithmetics()));
}

}  // namespace litesmith::python
