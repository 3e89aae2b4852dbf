// One element's value in every place of a tensor.
#pragma once

#include <cstddef>
#include <cstring>

namespace litesmith::kernels {

inline void fill(std::byte* out, size_t count, const std::byte* element, size_t element_bytes) {
  const size_t bytes = count * element_bytes;
  if (bytes == 0) return;
  std::memcpy(out, element, element_bytes);
  // What is filled already is copied behind itself, twice as much each time.
  for (size_t done = element_bytes; done < bytes;) {
    const size_t more = done < bytes - done ? done : bytes - done;
    std::memcpy(out + done, out, more);
    done += more;
  }
}

}  // namespace litesmith::kernels
