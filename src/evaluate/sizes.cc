#include "evaluate/sizes.h"

#include "base/error.h"
#include "ops/variables.h"
#include "runtime/plan.h"

namespace litesmith {

Sizes measure_sizes(const std::filesystem::path& path, const Model& model) {
  return measure_sizes(tflite::read_file(path), model);
}

Sizes measure_sizes(const tflite::File& file, const Model& model) {
  Sizes sizes;
  sizes.file_bytes = file.file_bytes;
  for (const tflite::BufferEntry& buffer : tflite::items(file.buffers)) {
    sizes.data_bytes += buffer.bytes.span().size();
  }
  try {
    sizes.arena_bytes =
        Plan::make(resolve_variables(model), {.batch = 1, .lowered = false, .runs = false},
                   subgraphs_of(model))
            ->arena_bytes();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::unsupported) throw;
  }
  return sizes;
}

}  // namespace litesmith
