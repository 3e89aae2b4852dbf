// ONNX Runtime through libonnxruntime's C interface: one table of functions, to which new versions
// only append (onnxruntime_c_api.h). The entries used here are all of its first version, so that
// their places are those of every release.
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <vector>

#include "benchmark/inputs.h"
#include "library.h"
#include "runtime.h"

namespace litesmith::peer {
namespace {

using Handle = struct Opaque*;

constexpr uint32_t kApiVersion = 1;
constexpr int kLogFatal = 4;
constexpr int kAllOptimizations = 99;
constexpr int kDeviceAllocator = 0;
constexpr int kMemoryDefault = 0;

// ONNXTensorElementDataType.
constexpr int kFloat32 = 1;
constexpr int kUint8 = 2;
constexpr int kInt8 = 3;
constexpr int kUint16 = 4;
constexpr int kInt16 = 5;
constexpr int kInt32 = 6;
constexpr int kInt64 = 7;
constexpr int kBool = 9;
constexpr int kFloat16 = 10;
constexpr int kFloat64 = 11;

// OrtApiBase.
struct ApiBase {
  const void* const* (*get_api)(uint32_t version);
  const char* (*version)();
};

// Places in OrtApi.
struct Functions {
  explicit Functions(const void* const* table)
      : error_message(at<decltype(error_message)>(table, 2)),
        create_environment(at<decltype(create_environment)>(table, 3)),
        create_session(at<decltype(create_session)>(table, 7)),
        run(at<decltype(run)>(table, 9)),
        create_options(at<decltype(create_options)>(table, 10)),
        set_optimizations(at<decltype(set_optimizations)>(table, 23)),
        set_intra_op_threads(at<decltype(set_intra_op_threads)>(table, 24)),
        set_inter_op_threads(at<decltype(set_inter_op_threads)>(table, 25)),
        input_count(at<decltype(input_count)>(table, 30)),
        output_count(at<decltype(output_count)>(table, 31)),
        input_type(at<decltype(input_type)>(table, 33)),
        output_type(at<decltype(output_type)>(table, 34)),
        input_name(at<decltype(input_name)>(table, 36)),
        output_name(at<decltype(output_name)>(table, 37)),
        create_tensor(at<decltype(create_tensor)>(table, 49)),
        tensor_info(at<decltype(tensor_info)>(table, 55)),
        element_type(at<decltype(element_type)>(table, 60)),
        dimension_count(at<decltype(dimension_count)>(table, 61)),
        dimensions(at<decltype(dimensions)>(table, 62)),
        create_cpu_memory(at<decltype(create_cpu_memory)>(table, 69)),
        allocator(at<decltype(allocator)>(table, 78)) {}

  const char* (*error_message)(Handle status);
  Handle (*create_environment)(int severity, const char* name, Handle*);
  Handle (*create_session)(Handle environment, const char* path, Handle options, Handle*);
  Handle (*run)(Handle session, Handle options, const char* const* input_names,
                const Handle* inputs, size_t, const char* const* output_names, size_t,
                Handle* outputs);
  Handle (*create_options)(Handle*);
  Handle (*set_optimizations)(Handle options, int);
  Handle (*set_intra_op_threads)(Handle options, int);
  Handle (*set_inter_op_threads)(Handle options, int);
  Handle (*input_count)(Handle session, size_t*);
  Handle (*output_count)(Handle session, size_t*);
  Handle (*input_type)(Handle session, size_t, Handle*);
  Handle (*output_type)(Handle session, size_t, Handle*);
  Handle (*input_name)(Handle session, size_t, Handle allocator, char**);
  Handle (*output_name)(Handle session, size_t, Handle allocator, char**);
  Handle (*create_tensor)(Handle memory, void*, size_t bytes, const int64_t* shape, size_t rank,
                          int element_type, Handle*);
  Handle (*tensor_info)(Handle type, Handle*);
  Handle (*element_type)(Handle info, int*);
  Handle (*dimension_count)(Handle info, size_t*);
  Handle (*dimensions)(Handle info, int64_t*, size_t);
  Handle (*create_cpu_memory)(int allocator, int kind, Handle*);
  Handle (*allocator)(Handle*);

 private:
  template <class Function>
  static Function at(const void* const* table, size_t place) {
    return reinterpret_cast<Function>(const_cast<void*>(table[place]));
  }
};

size_t element_bytes(int type) {
  switch (type) {
    case kUint8:
    case kInt8:
    case kBool:
      return 1;
    case kUint16:
    case kInt16:
    case kFloat16:
      return 2;
    case kFloat32:
    case kInt32:
      return 4;
    case kInt64:
    case kFloat64:
      return 8;
    default:
      throw std::runtime_error("a tensor of type " + std::to_string(type) + " cannot be made");
  }
}

InputKind kind_of(int type) {
  if (type == kFloat32) return InputKind::float32;
  const bool is_code = type == kUint8 || type == kInt8 || type == kInt16 || type == kUint16;
  return is_code ? InputKind::codes : InputKind::zeros;
}

class OnnxRuntime : public Runtime {
 public:
  OnnxRuntime(const char* library, const char* model) : base_(base(library)), api_(table()) {
    Handle environment = nullptr;
    require(api_.create_environment(kLogFatal, "litesmith", &environment));
    Handle options = nullptr;
    require(api_.create_options(&options));
    require(api_.set_optimizations(options, kAllOptimizations));
    require(api_.set_intra_op_threads(options, 1));
    require(api_.set_inter_op_threads(options, 1));
    require(api_.create_session(environment, model, options, &session_));
    require(api_.allocator(&allocator_));
    require(api_.create_cpu_memory(kDeviceAllocator, kMemoryDefault, &cpu_));
    size_t count = 0;
    require(api_.input_count(session_, &count));
    for (size_t i = 0; i < count; ++i) add_input(i);
    require(api_.output_count(session_, &count));
    for (size_t i = 0; i < count; ++i) add_output(i);
  }

  std::string version() const override { return base_->version(); }

  void invoke() override {
    for (size_t i = 0; i < values_.size(); ++i) {
      std::memcpy(input_memory_[i].data(), values_[i].data(), values_[i].size());
    }
    require(api_.run(session_, nullptr, input_names_.data(), inputs_.data(), inputs_.size(),
                     output_names_.data(), outputs_.size(), outputs_.data()));
  }

 private:
  static const ApiBase* base(const char* library) {
    const ApiBase* (*get_base)() = nullptr;
    Library(library).find("OrtGetApiBase", get_base);
    return get_base();
  }
  const void* const* table() const {
    const void* const* table = base_->get_api(kApiVersion);
    if (table == nullptr)
      throw std::runtime_error("the library refuses version 1 of its interface");
    return table;
  }

  void require(Handle status) const {
    if (status != nullptr) throw std::runtime_error(api_.error_message(status));
  }

  // A tensor on memory of ours, batch 1 where the file leaves a dimension open.
  Handle make_tensor(Handle type, std::vector<std::byte>& memory, int& element) const {
    Handle info = nullptr;
    require(api_.tensor_info(type, &info));
    require(api_.element_type(info, &element));
    size_t rank = 0;
    require(api_.dimension_count(info, &rank));
    std::vector<int64_t> shape(rank);
    require(api_.dimensions(info, shape.data(), rank));
    size_t bytes = element_bytes(element);
    for (int64_t& size : shape) {
      if (size < 0) size = 1;
      bytes *= static_cast<size_t>(size);
    }
    memory.resize(bytes);
    Handle tensor = nullptr;
    require(api_.create_tensor(cpu_, memory.data(), bytes, shape.data(), rank, element, &tensor));
    return tensor;
  }

  void add_input(size_t i) {
    Handle type = nullptr;
    require(api_.input_type(session_, i, &type));
    int element = 0;
    inputs_.push_back(make_tensor(type, input_memory_.emplace_back(), element));
    values_.push_back(make_input(kind_of(element), input_memory_.back().size(), i + 1));
    char* name = nullptr;
    require(api_.input_name(session_, i, allocator_, &name));
    input_names_.push_back(name);
  }

  void add_output(size_t i) {
    Handle type = nullptr;
    require(api_.output_type(session_, i, &type));
    int element = 0;
    outputs_.push_back(make_tensor(type, output_memory_.emplace_back(), element));
    char* name = nullptr;
    require(api_.output_name(session_, i, allocator_, &name));
    output_names_.push_back(name);
  }

  const ApiBase* base_;
  Functions api_;
  Handle session_ = nullptr;
  Handle allocator_ = nullptr;
  Handle cpu_ = nullptr;
  std::vector<Handle> inputs_;
  std::vector<Handle> outputs_;
  std::vector<const char*> input_names_;
  std::vector<const char*> output_names_;
  std::vector<std::vector<std::byte>> input_memory_;
  std::vector<std::vector<std::byte>> output_memory_;
  std::vector<std::vector<std::byte>> values_;
};

}  // namespace

// Nothing is given back: the process ends with its one model.
std::unique_ptr<Runtime> open_onnxruntime(const char* library, const char* model) {
  return std::make_unique<OnnxRuntime>(library, model);
}

}  // namespace litesmith::peer
