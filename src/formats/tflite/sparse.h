// Constants stored sparse: only what is not zero, and where it belongs.
#pragma once

#include "formats/tflite/file.h"
#include "ir/buffer.h"
#include "ir/shape.h"

namespace litesmith::tflite {

// All elements of a tensor of `shape`, zeros where `values` holds none; elements are of
// `element_bytes`. Throws Error(format) for places that do not fit the shape or the number of
// values, and for a tensor so much larger than what is stored that no network can mean it.
Buffer dense_elements(const Sparsity& sparsity, const Shape& shape, size_t element_bytes,
                      const Buffer& values);

// How many elements along the tensor's last dimension lie together; 1 without blocks, or with those
// of another form. `sparsity` is one that dense_elements took.
int32_t block_size(const Sparsity& sparsity, const Shape& shape);

}  // namespace litesmith::tflite
