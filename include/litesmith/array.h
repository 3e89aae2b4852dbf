// Arrays of numbers in the caller's memory: what goes into models and comes out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "litesmith/dtype.h"

namespace litesmith::api {

// Row-major elements that live as long as `owner`. Elements of text (DType::string) are all of one
// number of bytes, filled up with zeros.
struct Array {
  std::string name;  // which input or output it is; may be empty for a lone one
  DType dtype = DType::float32;
  std::vector<int64_t> shape = {};
  std::span<const std::byte> bytes = {};
  std::shared_ptr<const void> owner = {};
};

// A copy of `elements`, kept alive by the array itself.
Array make_array(std::string name, DType dtype, std::vector<int64_t> shape,
                 std::span<const std::byte> bytes);

// Samples or labels: arrays in memory whose first dimension counts the samples, or a .npy or .npz
// file of them.
//
//   const api::Samples test = "test_features.npy";
class Samples {
 public:
  Samples(std::filesystem::path path) : path_(std::move(path)) {}
  Samples(const char* path) : path_(path) {}
  Samples(std::vector<Array> arrays, std::string name = "the samples")
      : arrays_(std::move(arrays)), name_(std::move(name)) {}

  bool in_memory() const { return path_.empty(); }
  const std::filesystem::path& path() const { return path_; }
  const std::vector<Array>& arrays() const { return arrays_; }
  const std::string& name() const { return name_; }  // what messages call them

 private:
  std::filesystem::path path_;
  std::vector<Array> arrays_;
  std::string name_;
};

}  // namespace litesmith::api
