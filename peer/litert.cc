// LiteRT through libLiteRt.so's C interface (litert/c of LiteRT 2; the declarations here are the
// few that this needs). The compiled model is asked for the CPU with one thread, which is the
// interpreter with the XNNPACK delegate, and works on memory of ours.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <vector>

#include "benchmark/inputs.h"
#include "library.h"
#include "runtime.h"

namespace litesmith::peer {
namespace {

using Handle = struct Opaque*;
using Status = int;

constexpr int kCpu = 1;
constexpr int kMaxRank = 8;
constexpr size_t kHostAlignment = 64;  // what host buffers must have at least
// What the library keeps under this name are the CPU's options, as text.
constexpr const char* kCpuOptions = "xnnpack";
constexpr const char* kOneThread = "num_threads = 1\n";

constexpr int kFloat32 = 1;
constexpr int kUint8 = 3;
constexpr int kInt16 = 7;
constexpr int kInt8 = 9;

// LiteRtLayout and LiteRtRankedTensorType, whose layout in memory is declared stable.
struct Layout {
  unsigned int rank : 7;
  unsigned int has_strides : 1;
  int32_t dimensions[kMaxRank];
  uint32_t strides[kMaxRank];
};
struct TensorType {
  int element_type;
  Layout layout;
};
static_assert(sizeof(TensorType) == 72);

struct Functions {
  explicit Functions(const Library& library) {
    library.find("LiteRtCreateEnvironment", create_environment);
    library.find("LiteRtCreateModelFromFile", create_model);
    library.find("LiteRtCreateOptions", create_options);
    library.find("LiteRtSetOptionsHardwareAccelerators", set_accelerators);
    library.find("LiteRtCreateOpaqueOptions", create_opaque_options);
    library.find("LiteRtAddOpaqueOptions", add_opaque_options);
    library.find("LiteRtCreateCompiledModel", compile);
    library.find("LiteRtGetModelSignature", signature);
    library.find("LiteRtGetNumSignatureInputs", input_count);
    library.find("LiteRtGetNumSignatureOutputs", output_count);
    library.find("LiteRtGetSignatureInputTensorByIndex", input_tensor);
    library.find("LiteRtGetSignatureOutputTensorByIndex", output_tensor);
    library.find("LiteRtGetRankedTensorType", tensor_type);
    library.find("LiteRtGetCompiledModelInputBufferRequirements", input_requirements);
    library.find("LiteRtGetCompiledModelOutputBufferRequirements", output_requirements);
    library.find("LiteRtGetCompiledModelInputTensorLayout", input_layout);
    library.find("LiteRtCompiledModelResizeInputTensor", resize_input);
    library.find("LiteRtGetCompiledModelOutputTensorLayouts", output_layouts);
    library.find("LiteRtGetTensorBufferRequirementsBufferSize", buffer_size);
    library.find("LiteRtCreateTensorBufferFromHostMemory", create_buffer);
    library.find("LiteRtRunCompiledModel", run);
  }

  Status (*create_environment)(int, const void*, Handle*);
  Status (*create_model)(Handle environment, const char* path, Handle*);
  Status (*create_options)(Handle*);
  Status (*set_accelerators)(Handle options, int);
  Status (*create_opaque_options)(const char* name, void* data, void (*release)(void*), Handle*);
  Status (*add_opaque_options)(Handle options, Handle opaque);
  Status (*compile)(Handle environment, Handle model, Handle options, Handle*);
  Status (*signature)(Handle model, size_t, Handle*);
  Status (*input_count)(Handle signature, size_t*);
  Status (*output_count)(Handle signature, size_t*);
  Status (*input_tensor)(Handle signature, size_t, Handle*);
  Status (*output_tensor)(Handle signature, size_t, Handle*);
  Status (*tensor_type)(Handle tensor, TensorType*);
  Status (*input_requirements)(Handle compiled, size_t signature, size_t, Handle*);
  Status (*output_requirements)(Handle compiled, size_t signature, size_t, Handle*);
  Status (*input_layout)(Handle compiled, size_t signature, size_t, Layout*);
  Status (*resize_input)(Handle compiled, size_t signature, size_t, const int*, size_t);
  Status (*output_layouts)(Handle compiled, size_t signature, size_t count, Layout*, bool update);
  Status (*buffer_size)(Handle requirements, size_t*);
  Status (*create_buffer)(const TensorType*, void* memory, size_t, void (*release)(void*), Handle*);
  Status (*run)(Handle compiled, size_t signature, size_t, Handle*, size_t, Handle*);
};

InputKind kind_of(int element_type) {
  if (element_type == kFloat32) return InputKind::float32;
  const bool is_code = element_type == kUint8 || element_type == kInt8 || element_type == kInt16;
  return is_code ? InputKind::codes : InputKind::zeros;
}

class LiteRt : public Runtime {
 public:
  LiteRt(const char* library, const char* model) : api_(Library(library)) {
    Handle environment = nullptr;
    require(api_.create_environment(0, nullptr, &environment), "creating the environment");
    Handle loaded = nullptr;
    require(api_.create_model(environment, model, &loaded), "reading the model");
    require(api_.compile(environment, loaded, one_thread(), &compiled_), "compiling the model");
    Handle signature = nullptr;
    require(api_.signature(loaded, 0, &signature), "finding the signature");
    make_inputs(signature);
    make_outputs(signature);
  }

  std::string version() const override { return ""; }

  void invoke() override {
    for (size_t i = 0; i < values_.size(); ++i) {
      std::memcpy(input_memory_[i], values_[i].data(), values_[i].size());
    }
    require(
        api_.run(compiled_, 0, inputs_.size(), inputs_.data(), outputs_.size(), outputs_.data()),
        "running the model");
  }

 private:
  void require(Status status, const char* doing) const {
    if (status == 0) return;
    throw std::runtime_error(std::string(doing) + ": LiteRT's status " + std::to_string(status));
  }

  Handle one_thread() const {
    Handle options = nullptr;
    require(api_.create_options(&options), "creating options");
    require(api_.set_accelerators(options, kCpu), "choosing the CPU");
    Handle opaque = nullptr;
    require(api_.create_opaque_options(kCpuOptions, ::strdup(kOneThread), std::free, &opaque),
            "choosing one thread");
    require(api_.add_opaque_options(options, opaque), "choosing one thread");
    return options;
  }

  // Batch 1 where the file leaves it open.
  void close_shape(size_t input, Layout& layout) const {
    bool is_open = false;
    int dimensions[kMaxRank];
    for (unsigned d = 0; d < layout.rank; ++d) {
      is_open |= layout.dimensions[d] < 0;
      if (layout.dimensions[d] < 0) layout.dimensions[d] = 1;
      dimensions[d] = layout.dimensions[d];
    }
    if (!is_open) return;
    require(api_.resize_input(compiled_, 0, input, dimensions, layout.rank), "choosing batch 1");
  }

  Handle make_buffer(const TensorType& type, Handle requirements, void*& memory,
                     size_t& size) const {
    require(api_.buffer_size(requirements, &size), "asking for a buffer's size");
    // The size that alignment and the delegate's reads beyond the end ask for.
    const size_t room = (size + 2 * kHostAlignment - 1) / kHostAlignment * kHostAlignment;
    memory = std::aligned_alloc(kHostAlignment, room);
    if (memory == nullptr) throw std::runtime_error("out of memory");
    std::memset(memory, 0, room);
    Handle buffer = nullptr;
    require(api_.create_buffer(&type, memory, size, nullptr, &buffer), "making a buffer");
    return buffer;
  }

  void make_inputs(Handle signature) {
    size_t count = 0;
    require(api_.input_count(signature, &count), "counting inputs");
    std::vector<TensorType> types(count);
    for (size_t i = 0; i < count; ++i) {
      Handle tensor = nullptr;
      require(api_.input_tensor(signature, i, &tensor), "finding an input");
      require(api_.tensor_type(tensor, &types[i]), "asking for an input's type");
      close_shape(i, types[i].layout);
    }
    for (size_t i = 0; i < count; ++i) {
      Handle requirements = nullptr;
      require(api_.input_requirements(compiled_, 0, i, &requirements), "asking for input buffers");
      void* memory = nullptr;
      size_t size = 0;
      inputs_.push_back(make_buffer(types[i], requirements, memory, size));
      input_memory_.push_back(memory);
      values_.push_back(make_input(kind_of(types[i].element_type), size, i + 1));
    }
  }

  void make_outputs(Handle signature) {
    size_t count = 0;
    require(api_.output_count(signature, &count), "counting outputs");
    std::vector<Layout> layouts(count);
    require(api_.output_layouts(compiled_, 0, count, layouts.data(), true),
            "asking for output shapes");
    for (size_t i = 0; i < count; ++i) {
      Handle tensor = nullptr;
      require(api_.output_tensor(signature, i, &tensor), "finding an output");
      TensorType type{};
      require(api_.tensor_type(tensor, &type), "asking for an output's type");
      type.layout = layouts[i];
      Handle requirements = nullptr;
      require(api_.output_requirements(compiled_, 0, i, &requirements),
              "asking for output buffers");
      void* memory = nullptr;
      size_t size = 0;
      outputs_.push_back(make_buffer(type, requirements, memory, size));
    }
  }

  Functions api_;
  Handle compiled_ = nullptr;
  std::vector<Handle> inputs_;
  std::vector<Handle> outputs_;
  std::vector<void*> input_memory_;
  std::vector<std::vector<std::byte>> values_;
};

}  // namespace

// Nothing is given back: the process ends with its one model.
std::unique_ptr<Runtime> open_litert(const char* library, const char* model) {
  return std::make_unique<LiteRt>(library, model);
}

}  // namespace litesmith::peer
