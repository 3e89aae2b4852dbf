#include "ir/buffer.h"

#include <cstring>

namespace litesmith {
namespace {

// More than reader and rewrites chain for any trained network; a hostile graph may scale the same
// weights a hundred thousand times.
constexpr int kDeepest = 8;

// Bytes that lie where numbers cannot be read in place, as in an archive.
class Moved : public Recipe {
 public:
  explicit Moved(SharedBytes from) : Recipe(from.size(), 0), from_(std::move(from)) {}

  void make(size_t first, std::span<std::byte> out) const override {
    if (!out.empty()) std::memcpy(out.data(), from_.bytes.data() + first, out.size());
  }
  std::optional<std::span<const std::byte>> lies_at() const override { return from_.bytes; }
  void let_go() const override { from_.let_go(); }

 private:
  SharedBytes from_;
};

std::strong_ordering order(std::span<const std::byte> a, std::span<const std::byte> b) {
  return a.empty() ? std::strong_ordering::equal : std::memcmp(a.data(), b.data(), a.size()) <=> 0;
}

std::span<const std::byte> beginning(const Buffer& buffer) {
  if (buffer.recipe() != nullptr) return buffer.recipe()->beginning();
  return buffer.bytes().first(std::min(buffer.size(), Recipe::kBeginning));
}

}  // namespace

Buffer Buffer::view(SharedBytes bytes) {
  if (reinterpret_cast<uintptr_t>(bytes.bytes.data()) % 8 == 0) return Buffer(std::move(bytes));
  return Buffer(std::make_shared<const Moved>(std::move(bytes)));
}

Buffer Buffer::made(std::shared_ptr<const Recipe> recipe) {
  if (recipe->depth() <= kDeepest) return Buffer(std::move(recipe));
  std::vector<uint64_t> bytes((recipe->size() + 7) / 8);
  recipe->make(0, std::as_writable_bytes(std::span(bytes)).first(recipe->size()));
  Buffer whole = take(std::move(bytes));
  whole.bytes_.bytes = whole.bytes_.bytes.first(recipe->size());
  return whole;
}

void Buffer::copy(size_t first, std::span<std::byte> out) const {
  if (recipe_) return recipe_->make(first, out);
  if (!out.empty()) std::memcpy(out.data(), bytes_.bytes.data() + first, out.size());
}

std::strong_ordering Buffer::compare(const Buffer& other) const {
  if (size() != other.size()) return size() <=> other.size();
  if (identity() == other.identity()) return std::strong_ordering::equal;
  if (recipe_ == nullptr && other.recipe_ == nullptr) {
    return order(bytes_.bytes, other.bytes_.bytes);
  }
  // Trained weights differ at once.
  const auto by_beginning = order(beginning(*this), beginning(other));
  if (by_beginning != 0) return by_beginning;
  constexpr size_t kPart = size_t{1} << 16;
  std::vector<std::byte> a;
  std::vector<std::byte> b;
  for (size_t first = 0; first < size(); first += kPart) {
    const size_t count = std::min(size() - first, kPart);
    const auto by_part = order(part(first, count, a), other.part(first, count, b));
    if (by_part != 0) return by_part;
  }
  return std::strong_ordering::equal;
}

}  // namespace litesmith
