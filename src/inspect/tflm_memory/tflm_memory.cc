#include "inspect/tflm_memory/tflm_memory.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/arena.h"
#include "base/checked.h"
#include "base/error.h"
#include "inspect/lint/lint.h"
#include "inspect/printable.h"
#include "inspect/tflm_memory/requests.h"
#include "ops/ops.h"

namespace litesmith {
namespace {

using tflm::StructSize;

constexpr size_t kAlignment = 16;  // of buffers in the arena
constexpr size_t kInt = 4;
constexpr size_t kScratchesAnOp = 12;  // room for as many requests is kept while ops are prepared
constexpr size_t kPlannerBytesABuffer = 40;  // what the planner works with

// Structs of TFLite Micro itself.
constexpr StructSize kSingleArenaBufferAllocator = {36, 72};
constexpr StructSize kRecordingArenaBufferAllocator = {52, 104};
constexpr StructSize kGreedyMemoryPlanner = {44, 72};
constexpr StructSize kMicroAllocator = {36, 72};
constexpr StructSize kRecordingMicroAllocator = {136, 272};
constexpr StructSize kBuiltinDataAllocator = {8, 16};
constexpr StructSize kSubgraphAllocations = {8, 16};
constexpr StructSize kWheelSubgraphAllocations = {12, 24};
constexpr StructSize kEvalTensor = {12, 24};
constexpr StructSize kTensor = {40, 64};
constexpr StructSize kAffineQuantization = {12, 24};
constexpr StructSize kNodeAndRegistration = {32, 64};
constexpr StructSize kScratchBufferRequest = {12, 16};
constexpr StructSize kAllocationInfo = {24, 32};
constexpr StructSize kResourceVariables = {12, 16};
constexpr StructSize kResourceVariable = {20, 40};

// More than any graph for a microcontroller has; the plan takes their square in time.
constexpr size_t kMostBuffers = 4096;
constexpr size_t kMostVisits = 100'000;
constexpr int kDeepestCall = 16;

size_t rounded_up(size_t bytes, size_t alignment) {
  return checked_add(bytes, alignment - 1) / alignment * alignment;
}

// A buffer of the arena's lower part: bytes, and the scopes between which it holds something.
struct Buffer {
  size_t bytes = 0;
  int first = -1;
  int last = -1;
};

struct Scratch {
  size_t subgraph, op, bytes;
};

class Simulation {
 public:
  Simulation(const tflite::File& file, const TflmBuild& build)
      : file_(file),
        build_(build),
        width_(build.pointers),
        pointer_(width_ == PointerWidth::bits32 ? 4 : 8) {}

  TflmMemory run() {
    create_allocator();
    start_model();
    prepare_ops();
    plan();
    keep_inputs_and_outputs();
    TflmMemory memory{.planned_bytes = planned_, .persistent_bytes = tail_};
    memory.tensor_arena_size =
        rounded_up(std::max(peak_, checked_add(planned_, tail_)), kAlignment);
    return memory;
  }

 private:
  size_t size(StructSize structure) const { return structure.bytes(width_); }
  std::span<const tflite::SubGraph> graphs() const { return tflite::items(file_.subgraphs); }

  // Allocates from the arena's end downwards.
  void persist(size_t bytes, size_t alignment) {
    tail_ = rounded_up(checked_add(tail_, bytes), alignment);
  }
  // The arena must hold this much beside what lasts, for a moment.
  void passing(size_t bytes) { peak_ = std::max(peak_, checked_add(tail_, bytes)); }

  void create_allocator() {
    const bool is_wheel = build_.is_python_wheel;
    persist(size(is_wheel ? kRecordingArenaBufferAllocator : kSingleArenaBufferAllocator),
            pointer_);
    persist(size(kGreedyMemoryPlanner), pointer_);
    persist(size(is_wheel ? kRecordingMicroAllocator : kMicroAllocator), pointer_);
    // An application gives the table of its variables an arena of its own.
    const size_t variables = is_wheel ? variable_names().size() : 0;
    if (variables > 0) {
      persist(size(kResourceVariables), kAlignment);
      persist(checked_mul(size(kResourceVariable), variables), kAlignment);
    }
  }

  // The handles' names, container and own.
  std::set<std::pair<std::string, std::string>> variable_names() const {
    std::set<std::pair<std::string, std::string>> names;
    for (const tflite::SubGraph& graph : graphs()) {
      for (const tflite::Operator& op : tflite::items(graph.operators)) {
        if (name_of(op) == "VAR_HANDLE") names.insert(variable(op));
      }
    }
    return names;
  }

  static std::pair<std::string, std::string> variable(const tflite::Operator& op) {
    if (!op.options.table) return {};
    return {std::string(op.options.table->text(0).value_or("")),
            std::string(op.options.table->text(1).value_or(""))};
  }

  void start_model() {
    persist(size(kBuiltinDataAllocator), pointer_);
    passing(checked_mul(size(kScratchBufferRequest), kScratchesAnOp));
    persist(
        checked_mul(size(build_.is_python_wheel ? kWheelSubgraphAllocations : kSubgraphAllocations),
                    graphs().size()),
        pointer_);
    for (const tflite::SubGraph& graph : graphs()) {
      persist(checked_mul(size(kEvalTensor), tflite::items(graph.tensors).size()), pointer_);
    }
    for (const tflite::SubGraph& graph : graphs()) {
      persist(checked_mul(size(kNodeAndRegistration), tflite::items(graph.operators).size()),
              pointer_);
    }
  }

  std::string name_of(const tflite::Operator& op) const {
    const auto codes = tflite::items(file_.operator_codes);
    if (op.opcode_index >= codes.size()) return "";
    const tflite::OperatorCode& code = codes[op.opcode_index];
    const std::string_view builtin = builtin_name(code.code());
    return builtin == "CUSTOM" ? code.custom_code.value_or("") : std::string(builtin);
  }

  const tflm::KernelRequests& requests_of(const tflite::Operator& op) const {
    const std::string name = name_of(op);
    const tflm::KernelRequests* requests = tflm::find_requests(name);
    if (requests == nullptr) {
      throw Error(ErrorCode::unsupported, "what " + printable(name) + " asks for is not known");
    }
    return *requests;
  }

  // Options of all, then Init of all, then Prepare of all.
  void prepare_ops() {
    for (const tflite::SubGraph& graph : graphs()) {
      for (const tflite::Operator& op : tflite::items(graph.operators)) {
        // Those with pointers differ in size, and are aligned as pointers are.
        const StructSize params = requests_of(op).params;
        persist(size(params), params.bits32 == params.bits64 ? kInt : pointer_);
      }
    }
    for (const tflite::SubGraph& graph : graphs()) {
      for (const tflite::Operator& op : tflite::items(graph.operators)) {
        const tflm::KernelRequests& requests = requests_of(op);
        const size_t data =
            size(requests.op_data) + (build_.is_python_wheel ? requests.wheel_extra : 0);
        if (data > 0) persist(data, kAlignment);
      }
    }
    for (size_t g = 0; g < graphs().size(); ++g) {
      const auto ops = tflite::items(graphs()[g].operators);
      for (size_t i = 0; i < ops.size(); ++i) prepare(g, i, ops[i]);
    }
  }

  void prepare(size_t g, size_t i, const tflite::Operator& op) {
    const tflite::SubGraph& graph = graphs()[g];
    const tflm::KernelRequests& requests = requests_of(op);
    tflm::Kernel kernel(graph, op, width_);
    if (requests.prepare != nullptr) requests.prepare(kernel);
    allocate_variable(graph, op);
    for (const size_t bytes : kernel.persistent) persist(bytes, kAlignment);
    // Room for the requests, above which the kernel keeps its operands while it prepares.
    size_t passing_bytes =
        checked_mul(size(kScratchBufferRequest), scratches_.size() + kScratchesAnOp);
    for (size_t k = 0; k < kernel.input_count(); ++k) {
      if (kernel.input(k) != nullptr) passing_bytes += described(*kernel.input(k));
    }
    for (size_t k = 0; k < tflite::items(op.outputs).size(); ++k) {
      if (kernel.output(k) != nullptr) passing_bytes += described(*kernel.output(k));
    }
    passing(passing_bytes);
    for (const size_t bytes : kernel.scratches) scratches_.push_back({g, i, bytes});
  }

  // A TfLiteTensor and what it says about quantization, a struct after the other.
  size_t described(const tflite::Tensor& tensor) const {
    size_t bytes = rounded_up(size(kTensor), 8);
    const size_t scales = channels(tensor);
    if (scales > 0) {
      bytes += rounded_up(size(kAffineQuantization), 8);
      bytes = checked_add(bytes, rounded_up(checked_mul(scales + 1, kInt), 8));
    }
    return bytes;
  }

  static size_t channels(const tflite::Tensor& tensor) {
    if (!tensor.quantization || tflite::items(tensor.quantization->zero_point).empty()) return 0;
    return tflite::items(tensor.quantization->scale).size();
  }

  // ASSIGN_VARIABLE gives a variable its memory, the first that meets it.
  void allocate_variable(const tflite::SubGraph& graph, const tflite::Operator& op) {
    if (name_of(op) != "ASSIGN_VARIABLE") return;
    const auto inputs = tflite::items(op.inputs);
    const auto tensors = tflite::items(graph.tensors);
    if (inputs.size() != 2 || inputs[1] < 0 || static_cast<size_t>(inputs[1]) >= tensors.size()) {
      return;
    }
    for (const tflite::Operator& handle : tflite::items(graph.operators)) {
      const auto outputs = tflite::items(handle.outputs);
      if (name_of(handle) != "VAR_HANDLE" || outputs.empty() || outputs[0] != inputs[0]) continue;
      if (allocated_.insert(variable(handle)).second) {
        persist(tflm::bytes(tensors[static_cast<size_t>(inputs[1])]), kAlignment);
      }
      return;
    }
  }

  bool is_constant(const tflite::Tensor& tensor) const {
    const auto buffers = tflite::items(file_.buffers);
    return tensor.buffer < buffers.size() && !buffers[tensor.buffer].bytes.span().empty();
  }

  // The lower part: every tensor that is neither constant nor variable, and the scratch buffers.
  void plan() {
    if (!scratches_.empty()) persist(checked_mul(pointer_, scratches_.size()), pointer_);
    for (const tflite::SubGraph& graph : graphs()) {
      first_buffer_.push_back(buffers_.size());
      for (const tflite::Tensor& tensor : tflite::items(graph.tensors)) {
        buffers_.push_back({});
        if (is_constant(tensor)) continue;
        if (tensor.is_variable) {
          persist(tflm::bytes(tensor), kAlignment);
        } else {
          buffers_.back().bytes = tflm::bytes(tensor);
        }
      }
      // What VAR_HANDLE gives lies in the operator's own data.
      for (const tflite::Operator& op : tflite::items(graph.operators)) {
        if (name_of(op) != "VAR_HANDLE") continue;
        for (const int32_t index : tflite::items(op.outputs)) at(buffers_.size(), index).bytes = 0;
      }
    }
    const size_t tensor_count = buffers_.size();
    for (const Scratch& scratch : scratches_) buffers_.push_back({.bytes = scratch.bytes});
    if (!graphs().empty()) live(0, 0);

    std::vector<ArenaRequest> requests;
    // Of buffers of one size TFLite Micro's planner takes the last first.
    for (size_t i = buffers_.size(); i-- > 0;) {
      if (i < tensor_count && buffers_[i].bytes == 0) continue;
      requests.push_back(
          {rounded_up(buffers_[i].bytes, kAlignment), buffers_[i].first, buffers_[i].last});
    }
    if (requests.size() > kMostBuffers) {
      throw Error(ErrorCode::unsupported,
                  "it has more than " + std::to_string(kMostBuffers) + " buffers to plan");
    }
    planned_ = plan_by_size(requests, kAlignment).bytes;
    // Above the room for requests: where each subgraph's tensors begin, what is known of each
    // buffer, and the planner's own lists, all for the time of planning.
    size_t notes = checked_mul(size(kScratchBufferRequest), scratches_.size() + kScratchesAnOp);
    notes = checked_add(rounded_up(notes, pointer_), checked_mul(pointer_, graphs().size()));
    notes = checked_add(notes, checked_mul(size(kAllocationInfo), buffers_.size()));
    const size_t lists = checked_mul(kPlannerBytesABuffer, requests.size());
    const size_t lasting = rounded_up(tail_, kAlignment);
    peak_ =
        std::max(peak_, lasting + rounded_up(notes, kAlignment) + rounded_up(lists, kAlignment));
  }

  // The buffer of a tensor of the subgraph whose tensors begin at the last first_buffer_ but end
  // at `end`.
  Buffer& at(size_t end, int32_t index) {
    const size_t begin = first_buffer_.back();
    if (index < 0 || begin + static_cast<size_t>(index) >= end) {
      throw Error(ErrorCode::format, "an operator names a tensor that is not there");
    }
    return buffers_[begin + static_cast<size_t>(index)];
  }

  Buffer* buffer(size_t g, int32_t index) {
    const size_t count = tflite::items(graphs()[g].tensors).size();
    if (index < 0 || static_cast<size_t>(index) >= count) return nullptr;
    return &buffers_[first_buffer_[g] + static_cast<size_t>(index)];
  }

  void begin(Buffer* buffer) {
    if (buffer != nullptr && buffer->first == -1) buffer->first = scope_;
  }
  void use(Buffer* buffer) {
    if (buffer != nullptr) buffer->last = scope_;
  }

  // Marks from when to when each buffer is needed: a scope an operator, and the scopes of the
  // subgraphs that an operator calls within its own.
  void live(size_t g, int depth) {
    if (depth > kDeepestCall) {
      throw Error(ErrorCode::unsupported, "its subgraphs call each other too deeply");
    }
    const tflite::SubGraph& graph = graphs()[g];
    for (const int32_t index : tflite::items(graph.inputs)) {
      begin(buffer(g, index));
      use(buffer(g, index));
    }
    const auto ops = tflite::items(graph.operators);
    for (size_t i = 0; i < ops.size(); ++i) {
      if (++visits_ > kMostVisits) {
        throw Error(ErrorCode::unsupported, "its subgraphs call each other too often");
      }
      ++scope_;
      for (const int32_t index : tflite::items(ops[i].outputs)) begin(buffer(g, index));
      const int start = scope_;
      for (const size_t called : calls(ops[i])) {
        ++scope_;
        live(called, depth + 1);
      }
      for (const int32_t index : tflite::items(ops[i].inputs)) use(buffer(g, index));
      for (const int32_t index : tflite::items(ops[i].outputs)) use(buffer(g, index));
      for (size_t k = 0; k < scratches_.size(); ++k) {
        if (scratches_[k].subgraph != g || scratches_[k].op != i) continue;
        Buffer& scratch = buffers_[buffers_.size() - scratches_.size() + k];
        if (scratch.first == -1) scratch.first = start;
        scratch.last = scope_;
      }
    }
    for (const int32_t index : tflite::items(graph.outputs)) {
      begin(buffer(g, index));
      use(buffer(g, index));
    }
  }

  // The subgraphs that an operator runs, in order.
  std::vector<size_t> calls(const tflite::Operator& op) const {
    const std::string name = name_of(op);
    const int count = name == "IF" || name == "WHILE" ? 2 : name == "CALL_ONCE" ? 1 : 0;
    std::vector<size_t> called;
    for (int slot = 0; slot < count; ++slot) {
      const int32_t index =
          op.options.table ? op.options.table->scalar<int32_t>(slot).value_or(0) : 0;
      if (index < 0 || static_cast<size_t>(index) >= graphs().size()) {
        throw Error(ErrorCode::format, name + " calls a subgraph that is not there");
      }
      called.push_back(static_cast<size_t>(index));
    }
    return called;
  }

  // What the application sees of the interpreter.
  void keep_inputs_and_outputs() {
    if (graphs().empty()) return;
    const tflite::SubGraph& graph = graphs()[0];
    for (const auto* ends : {&graph.inputs, &graph.outputs}) {
      persist(checked_mul(pointer_, tflite::items(*ends).size()), kAlignment);
      for (const int32_t index : tflite::items(*ends)) {
        const auto tensors = tflite::items(graph.tensors);
        if (index < 0 || static_cast<size_t>(index) >= tensors.size()) {
          throw Error(ErrorCode::format, "the model names a tensor that is not there");
        }
        persist(size(kTensor), pointer_);
        const size_t scales = channels(tensors[static_cast<size_t>(index)]);
        if (scales == 0) continue;
        persist(size(kAffineQuantization), pointer_);
        persist(checked_mul(scales + 1, kInt), kInt);
      }
    }
  }

  const tflite::File& file_;
  const TflmBuild build_;
  const PointerWidth width_;
  const size_t pointer_;
  size_t tail_ = 0;
  size_t planned_ = 0;
  size_t peak_ = 0;
  std::vector<Scratch> scratches_;
  std::set<std::pair<std::string, std::string>> allocated_;  // variables
  std::vector<Buffer> buffers_;       // every tensor of every subgraph, then the scratch buffers
  std::vector<size_t> first_buffer_;  // of each subgraph
  int scope_ = 0;
  size_t visits_ = 0;
};

// Vela's files say themselves where tensors lie.
bool is_planned_offline(const tflite::File& file) {
  const auto metadata = tflite::items(file.metadata);
  return std::any_of(metadata.begin(), metadata.end(), [](const tflite::MetadataEntry& entry) {
    return entry.name == "OfflineMemoryAllocation";
  });
}

}  // namespace

TflmPrediction predict_tflm_memory(const tflite::File& file, const TflmBuild& build) {
  if (!has_kernels(list(file), Target::tflm)) {
    return {.why_not = "TFLite Micro cannot run it (litesmith lint --target tflm tells why)"};
  }
  if (is_planned_offline(file)) return {.why_not = "it brings its own memory plan"};
  try {
    return {.memory = Simulation(file, build).run()};
  } catch (const Error& error) {
    return {.why_not = error.what()};
  }
}

}  // namespace litesmith
