// Writes .npy files: streamed, little-endian, row-major, in place only when whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/file.h"
#include "ir/dtype.h"

namespace litesmith {

// The bytes in front of the elements, as np.save writes them (format 1.0). Elements of text are
// `text_width` bytes each, filled up with zeros. Throws Error(unsupported) for a type that NumPy
// has no name for.
std::string npy_header(DType dtype, std::span<const int64_t> shape, size_t text_width = 0);

// An array written piece by piece:
//
//   NpyWriter writer("y.npy", DType::float32, shape);
//   for (...) writer.write(bytes_of_some_elements);
//   writer.commit();
class NpyWriter {
 public:
  NpyWriter(std::filesystem::path path, DType dtype, std::span<const int64_t> shape,
            size_t text_width = 0);

  void write(std::span<const std::byte> elements);
  // Checks that every element was written and gives the file its name.
  void commit();

 private:
  friend void commit_all(std::span<const std::unique_ptr<NpyWriter>> writers);
  AtomicFile file_;
  size_t missing_bytes_;
};

// Arrays that belong together appear together (commit_all in base/file.h).
void commit_all(std::span<const std::unique_ptr<NpyWriter>> writers);

void write_npy(const std::filesystem::path& path, DType dtype, std::span<const int64_t> shape,
               std::span<const std::byte> elements);

// An array in memory on its way into an archive.
struct ArrayToWrite {
  std::string name;
  DType dtype;
  std::vector<int64_t> shape;
  std::span<const std::byte> elements;
  size_t text_width = 0;
};

// An uncompressed .npz that np.load reads by name.
void write_npz(const std::filesystem::path& path, std::span<const ArrayToWrite> arrays);

}  // namespace litesmith
