// How much memory TFLite Micro will take for a file: told before there is a board to try it on.
//
// The rules are those of tensorflow/tflite-micro at 90b983c (micro_allocator.cc,
// micro_allocation_info.cc, greedy_memory_planner.cc and the reference kernels), built without
// compression; docs/memory.md tells them. Kernels of vendors ask for more scratch memory.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "formats/tflite/file.h"

namespace litesmith {

enum class PointerWidth { bits32, bits64 };

struct TflmMemory {
  // Tensors and scratch buffers, which take turns in the same memory.
  size_t planned_bytes = 0;
  // What lasts: structs, states, tables.
  size_t persistent_bytes = 0;
  // The smallest arena, aligned to 16 bytes, in which AllocateTensors succeeds.
  size_t tensor_arena_size = 0;

  // What MicroInterpreter::arena_used_bytes() returns.
  size_t used_bytes() const { return planned_bytes + persistent_bytes; }
};

struct TflmBuild {
  PointerWidth pointers = PointerWidth::bits32;
  // The Python interpreter of the wheel tflite_micro, which the tests measure with: it records
  // allocations, can decompress, and keeps its variables in the model's arena. Always 64 bits.
  bool is_python_wheel = false;
};

struct TflmPrediction {
  std::optional<TflmMemory> memory = {};
  std::string why_not = {};  // one sentence, when there is no prediction
};

// Nothing where TFLite Micro lacks a kernel, and where a kernel's needs are not known here.
TflmPrediction predict_tflm_memory(const tflite::File& file, const TflmBuild& build);

}  // namespace litesmith
