// NumPy's .npy: one array, its elements left where they lie in the file and converted when read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/shared_bytes.h"
#include "ir/dtype.h"

namespace litesmith {

// float16/32/64, the eight integer types, boolean or text, in either byte order and either array
// order.
struct NpyArray {
  DType dtype = DType::float32;
  // Of text: how many characters the array keeps for each element, and whether they are Unicode's
  // code points ("<U5") or bytes ("S5").
  size_t text_width = 0;
  bool code_points = false;
  bool big_endian = false;
  bool fortran_order = false;  // the first dimension is the one that moves fastest
  std::vector<int64_t> shape;
  SharedBytes data;  // exactly the elements

  size_t element_count() const;
  size_t element_bytes() const;
};

// Reads the header in front of the elements. Throws Error(format) for bytes that are no .npy array
// and Error(unsupported) for types that are neither real numbers nor text (objects, complex, dates,
// records). Bytes behind the elements are allowed, as NumPy allows them.
NpyArray parse_npy(const SharedBytes& file);

// Maps `path`; a file that is not read costs no memory.
NpyArray read_npy(const std::filesystem::path& path);

// True when the file begins as .npy files do.
bool is_npy(std::span<const std::byte> bytes);

// Elements [first, first + out.size()) in row-major order, whatever the order of the file. Throws
// Error(data) when a finite element is too large for float32, Error(unsupported) for text.
void read_floats(const NpyArray& array, size_t first, std::span<float> out);
// The same `count` elements where they lie, if they are float32 as this machine has it and in
// order; otherwise converted into `memory`.
std::span<const float> view_floats(const NpyArray& array, size_t first, size_t count,
                                   std::vector<float>& memory);
// The same as integers. Floats are welcome when they hold integers; anything else is Error(data).
void read_integers(const NpyArray& array, size_t first, std::span<int64_t> out);
// The same, unconverted, in this machine's byte order; `out` holds whole elements.
void read_raw(const NpyArray& array, size_t first, std::span<std::byte> out);

// `count` elements of text from `first`, without the zeros NumPy fills up with; code points become
// UTF-8. Throws Error(data) for what is no code point.
std::vector<std::string> read_texts(const NpyArray& array, size_t first, size_t count);

// "float32 [300, 50, 13]", for messages.
std::string describe(const NpyArray& array);
// "[300, 50, 13]"
std::string shape_text(std::span<const int64_t> shape);

}  // namespace litesmith
