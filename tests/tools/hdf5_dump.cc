// Prints everything litesmith's HDF5 reader sees in a file, one line an object or attribute, for
// tests/interop to compare with h5py. Numbers as hexadecimal bytes, so that nothing is rounded.
#include <cstdio>
#include <string>

#include "base/error.h"
#include "formats/hdf5/hdf5.h"

namespace litesmith::hdf5 {
namespace {

std::string hex(std::span<const std::byte> bytes) {
  std::string text;
  for (const std::byte byte : bytes) {
    char digits[3];
    std::snprintf(digits, sizeof(digits), "%02x", static_cast<unsigned>(byte));
    text += digits;
  }
  return text;
}

std::string describe(const Array& array) {
  static constexpr const char* kKinds[] = {"int", "float", "string", "strings", "opaque", "other"};
  std::string text = std::string(kKinds[static_cast<int>(array.type.kind)]) +
                     std::to_string(array.type.size) + (array.type.is_signed ? "s" : "") + " (";
  for (const uint64_t dim : array.shape) text += std::to_string(dim) + ",";
  return text + ")";
}

void print_attributes(const Object& object) {
  for (const std::string& name : object.attribute_names()) {
    const Array array = *object.attribute(name);
    const bool text = array.type.kind == Datatype::Kind::fixed_string ||
                      array.type.kind == Datatype::Kind::variable_string;
    std::printf("%s@%s %s", object.path().c_str(), name.c_str(), describe(array).c_str());
    if (text) {
      const std::vector<std::string> strings = *object.strings(name);
      for (const std::string& each : strings) std::printf(" %zu:%s", each.size(), each.c_str());
    } else {
      std::printf(" %s", hex(array.bytes).c_str());
    }
    std::printf("\n");
  }
}

void print_group(const Group& group) {
  std::printf("%s group\n", group.path().c_str());
  print_attributes(group);
  for (const std::string& name : group.names()) {
    if (const auto inner = group.group(name)) print_group(*inner);
    if (const auto dataset = group.dataset(name)) {
      std::printf("%s %s %s\n", dataset->path().c_str(), describe(dataset->array()).c_str(),
                  hex(dataset->array().bytes).c_str());
      print_attributes(*dataset);
    }
  }
}

}  // namespace
}  // namespace litesmith::hdf5

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  try {
    litesmith::hdf5::print_group(litesmith::hdf5::File::open(argv[1]).root());
  } catch (const litesmith::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
