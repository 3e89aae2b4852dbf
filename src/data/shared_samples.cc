#include <cstring>
#include <unordered_set>

#include "data/dataset.h"

namespace litesmith {
namespace {

// FNV-1a over 32-bit words with the final mixing of SplitMix64; only equality of bits matters here.
uint64_t hash_sample(const Dataset& data, size_t sample, std::vector<float>& memory) {
  uint64_t hash = 0xcbf29ce484222325u;
  for (size_t a = 0; a < data.arrays().size(); ++a) {
    const NpyArray& array = data.arrays()[a].array;
    const size_t count = array.element_count() / static_cast<size_t>(array.shape[0]);
    for (const float value : view_floats(array, data.first_element(a, sample), count, memory)) {
      uint32_t word;
      std::memcpy(&word, &value, sizeof(word));
      hash = (hash ^ word) * 0x100000001b3u;
      hash ^= hash >> 29;
    }
  }
  hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9u;
  hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebu;
  return hash ^ (hash >> 31);
}

}  // namespace

size_t count_shared_samples(const Dataset& a, const Dataset& b) {
  std::vector<float> memory;
  std::unordered_set<uint64_t> seen;
  for (size_t i = 0; i < b.size(); ++i) seen.insert(hash_sample(b, i, memory));
  size_t shared = 0;
  for (size_t i = 0; i < a.size(); ++i) shared += seen.count(hash_sample(a, i, memory));
  return shared;
}

}  // namespace litesmith
