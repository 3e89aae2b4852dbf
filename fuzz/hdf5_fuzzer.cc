// An HDF5 file from anywhere: every group, dataset and attribute looked at.
#include <cstdint>

#include "attempt.h"
#include "formats/hdf5/hdf5.h"

namespace litesmith::hdf5 {
namespace {

// Links can lead back, so what is looked at is counted.
struct Visitor {
  int objects_left = 200;

  void look_at(const Object& object) {
    attempt([&] {
      for (const std::string& name : object.attribute_names()) {
        attempt([&] { static_cast<void>(object.strings(name)); });
      }
    });
  }

  void look_into(const Group& group) {
    if (--objects_left < 0) return;
    look_at(group);
    for (const std::string& name : group.names()) {
      if (--objects_left < 0) return;
      attempt([&] {
        if (const auto dataset = group.dataset(name)) {
          look_at(*dataset);
          // Every byte is in the file: AddressSanitizer would tell.
          unsigned sum = 0;
          for (const std::byte byte : dataset->array().bytes) sum += static_cast<unsigned>(byte);
          if (sum == 1) return;
        }
        if (const auto inner = group.group(name)) look_into(*inner);
      });
    }
  }
};

}  // namespace
}  // namespace litesmith::hdf5

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace litesmith;
  attempt([&] {
    const auto bytes = std::as_bytes(std::span(data, size));
    const hdf5::File file(SharedBytes::take({bytes.begin(), bytes.end()}), "fuzz");
    hdf5::Visitor().look_into(file.root());
  });
  return 0;
}
