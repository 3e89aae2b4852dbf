// Work over independent items on several threads, with the item order of results left to the
// caller.
#pragma once

#include <cstddef>
#include <functional>

namespace litesmith {

// The number of threads the machine offers this process (its CPU affinity), at least 1.
unsigned hardware_threads();

// Calls body(worker, begin, end) on chunks of [0, count) from at most `threads` workers (0 = all
// the machine has); worker is in [0, threads). Chunks have `grain` items, the last one what is
// left. An exception stops the hand-out of chunks; that of the lowest chunk that threw is rethrown
// on the calling thread, the same one for every number of threads.
void parallel_chunks(size_t count, size_t grain, unsigned threads,
                     const std::function<void(unsigned worker, size_t begin, size_t end)>& body);

}  // namespace litesmith
