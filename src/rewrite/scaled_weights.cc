#include "rewrite/scaled_weights.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

namespace litesmith {
namespace {

class Scaled : public Recipe {
 public:
  Scaled(Buffer weights, size_t in_a_row, std::vector<float> factors, bool divides)
      : Recipe(weights.size(), weights.recipe() == nullptr ? 0 : weights.recipe()->depth()),
        weights_(std::move(weights)),
        in_a_row_(in_a_row),
        factors_(std::move(factors)),
        divides_(divides) {}

  void make(size_t first, std::span<std::byte> out) const override {
    weights_.copy(first, out);
    auto* const elements = reinterpret_cast<float*>(out.data());
    const size_t count = out.size() / sizeof(float);
    const size_t position = first / sizeof(float);
    for (size_t i = 0; i < count;) {
      const size_t row = (position + i) / in_a_row_;
      const size_t end = std::min(count, (row + 1) * in_a_row_ - position);
      const float factor = factors_[row % factors_.size()];
      if (divides_) {
        for (; i < end; ++i) elements[i] /= factor;
      } else {
        for (; i < end; ++i) elements[i] *= factor;
      }
    }
  }
  void let_go() const override { weights_.let_go(); }

  // Rounding keeps the order, so that the bound's own product bounds the products.
  float largest_magnitude() const override {
    const Recipe* from = weights_.recipe();
    if (from == nullptr) return Recipe::largest_magnitude();
    float most = 0;
    for (const float factor : factors_) {
      const float magnitude = std::abs(factor);
      // Not a maximum: NaN would be lost in it.
      const float each =
          divides_ ? from->largest_magnitude() / magnitude : from->largest_magnitude() * magnitude;
      if (!std::isfinite(each)) return Recipe::largest_magnitude();
      most = std::max(most, each);
    }
    return most;
  }

 private:
  Buffer weights_;
  size_t in_a_row_;
  std::vector<float> factors_;
  bool divides_;
};

}  // namespace

Buffer scaled_by_channel(const Buffer& weights, size_t in_a_row, std::vector<float> factors,
                         bool divides) {
  return Buffer::made(
      std::make_shared<const Scaled>(weights, in_a_row, std::move(factors), divides));
}

}  // namespace litesmith
