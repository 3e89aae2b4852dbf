#include "evaluate/sizes.h"

#include "base/error.h"
#include "formats/tflite/file.h"
#include "ops/variables.h"
#include "runtime/plan.h"

namespace litesmith {

Sizes measure_sizes(const std::filesystem::path& path, const Model& model) {
  const tflite::File file = tflite::read_file(path);
  Sizes sizes;
  sizes.file_bytes = file.file_bytes;
  for (const tflite::BufferEntry& buffer : tflite::items(file.buffers)) {
    sizes.data_bytes += buffer.bytes.span().size();
  }
  try {
    sizes.arena_bytes =
        Plan::make(resolve_variables(model), {.batch = 1, .lowered = false})->arena_bytes();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::unsupported) throw;
  }
  return sizes;
}

}  // namespace litesmith
