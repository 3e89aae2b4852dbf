// Which bytes of a FlatBuffer belong to something already understood. What is left over is where
// the targets of unknown fields must lie.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace litesmith::tflite {

class Claims {
 public:
  void add(size_t begin, size_t bytes) { ranges_.emplace_back(begin, begin + bytes); }
  // Sorts and merges; after it, nothing is added and questions may be asked.
  void settle();
  // How many bytes from `position` on belong to nothing, up to `end`; 0 when it is claimed itself.
  size_t unclaimed(size_t position, size_t end) const;

 private:
  std::vector<std::pair<size_t, size_t>> ranges_;
};

}  // namespace litesmith::tflite
