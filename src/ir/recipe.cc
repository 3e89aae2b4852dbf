#include "ir/recipe.h"

#include <algorithm>

namespace litesmith {

std::span<const std::byte> Recipe::whole() const {
  std::call_once(whole_made_, [&] {
    std::vector<uint64_t> made((size_ + 7) / 8);
    make(0, std::as_writable_bytes(std::span(made)).first(size_));
    whole_ = std::move(made);
    let_go();
  });
  return std::as_bytes(std::span(whole_)).first(size_);
}

std::span<const std::byte> Recipe::beginning() const {
  const size_t size = std::min(size_, kBeginning);
  std::call_once(beginning_made_, [&] {
    make(0, std::span(beginning_).first(size));
    let_go();
  });
  return std::span(beginning_).first(size);
}

}  // namespace litesmith
