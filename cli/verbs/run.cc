// litesmith run: a model's outputs, or its inner tensors, for every sample of a dataset.
#include <algorithm>
#include <charconv>
#include <filesystem>

#include "base/error.h"
#include "base/output_folder.h"
#include "evaluate/recorder.h"
#include "formats/npy/write.h"
#include "verbs/options.h"
#include "verbs/verbs.h"

namespace litesmith::cli {
namespace {

class RunVerb : public Verb {
 public:
  std::string_view name() const override { return "run"; }
  std::string_view summary() const override {
    return "Run a .tflite file over the samples of an array";
  }
  std::string_view details() const override {
    return "Numbers for a quantized input are quantized with the file's own scale and zero point; "
           "integers of the input's own type pass unchanged. Outputs come in the file's own types. "
           "The file runs at its own batch size.";
  }
  std::string_view example() const override {
    return "litesmith run wake_word.int8.tflite --input test_features.npy --output scores.npy "
           "--dequantize";
  }
  std::vector<Option> options() override {
    return {
        file_option(&file_),
        {.name = "--input",
         .value = "X.npy",
         .help =
             "Samples, first dimension first; .npz with arrays by name for several inputs; text "
             "for inputs of text; nothing for a model without inputs",
         .target = &input_},
        {.name = "--output",
         .value = "Y.npy",
         .help = "Where the output goes; .npz takes several, by their names in the signature",
         .target = &output_},
        {.name = "--tensor",
         .value = "NAME",
         .help = "Write this inner tensor (name or number) instead of the outputs",
         .target = &tensors_},
        {.name = "--all-tensors",
         .value = "DIR",
         .help = "Write every tensor that is no constant to DIR as <number>.<name>.npy",
         .target = &all_tensors_},
        {.name = "--dequantize",
         .value = "",
         .help = "Write real numbers (float32) instead of the file's integers",
         .target = &dequantize_},
        {.name = "--stateful",
         .value = "",
         .help = "Samples are one sequence: variables keep their values from one to the next",
         .target = &stateful_},
        signature_option(&signature_),
        arithmetic_option(&arithmetic_),
        threads_option(&threads_),
    };
  }
  void run(Console& console) override;

 private:
  void write_outputs(Recorder& recorder, const std::vector<std::string>& names);
  void write_folder(Recorder& recorder, const Plan& plan);

  std::string file_;
  std::optional<std::string> input_;
  std::optional<std::string> output_;
  std::vector<std::string> tensors_;
  std::optional<std::string> all_tensors_;
  bool dequantize_ = false;
  bool stateful_ = false;
  std::optional<std::string> signature_;
  std::string arithmetic_ = "litert";
  uint64_t threads_ = 0;
};

// The number a user knows a tensor by: the file's.
int32_t number_of(const Graph& graph, ValueId id) {
  return graph[id].source_index >= 0 ? graph[id].source_index : id.index;
}

ValueId find_tensor(const Graph& graph, const std::string& name) {
  int32_t number = -1;
  const char* end = name.data() + name.size();
  if (std::from_chars(name.data(), end, number).ptr != end) number = -1;
  ValueId found;
  for (size_t i = 0; i < graph.values.size(); ++i) {
    const ValueId id{static_cast<int32_t>(i)};
    if (graph[id].name == name) return id;
    if (number >= 0 && number_of(graph, id) == number) found = id;
  }
  if (!found.valid()) {
    throw Error(ErrorCode::usage,
                "there is no tensor '" + name + "'; litesmith inspect lists them");
  }
  return found;
}

// What an output is called in an archive: its name in the signature, else the tensor's.
std::string output_name(const Model& model, ValueId id) {
  for (const Signature& signature : model.signatures) {
    for (const Signature::Entry& entry : signature.outputs) {
      if (entry.value == id) return entry.name;
    }
  }
  return model.graph[id].name;
}

std::vector<ValueId> tensors_with_memory(const Plan& plan) {
  std::vector<ValueId> ids;
  for (size_t i = 0; i < plan.graph().values.size(); ++i) {
    const ValueId id{static_cast<int32_t>(i)};
    if (plan.offset(id) != Plan::kNoOffset) ids.push_back(id);
  }
  return ids;
}

// A tensor's name as a file's name: path separators and blanks would be in the way.
std::string as_file_name(std::string name) {
  for (char& c : name) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
    if (!plain) c = '_';
  }
  constexpr size_t kLongest = 100;
  return name.substr(0, kLongest);
}

void RunVerb::run(Console& console) {
  if (!output_ && !all_tensors_) {
    throw Error(ErrorCode::usage, "nothing to write: give --output or --all-tensors");
  }
  const Model model = read_signature(file_, signature_);
  if (!input_ && !model.graph.inputs.empty()) {
    throw Error(ErrorCode::usage, "the model has " + std::to_string(model.graph.inputs.size()) +
                                      " inputs: give --input");
  }
  const Dataset data = input_ ? Dataset::open(*input_) : Dataset::of_nothing();
  check_finite(data);
  const Feed feed(data, model);
  for (const std::string& note : feed.notes()) console.note("note: " + note);

  std::vector<ValueId> ids;
  std::vector<std::string> names;
  for (const std::string& tensor : tensors_) {
    ids.push_back(find_tensor(feed.graph(), tensor));
    names.push_back(feed.graph()[ids.back()].name);
  }
  if (tensors_.empty()) {
    ids = feed.graph().outputs;
    for (const ValueId id : ids) names.push_back(output_name(model, id));
  }
  Runner runner(feed, {.plan = {.arithmetic = *parse_arithmetic(arithmetic_),
                                .observe_all = !tensors_.empty() || all_tensors_,
                                .dynamic = true},
                       .threads = thread_count(threads_),
                       .stateful = stateful_,
                       .progress = console.progress(),
                       .stage = "running"});
  if (output_) {
    Recorder recorder(runner, ids, dequantize_);
    write_outputs(recorder, names);
  }
  if (all_tensors_) {
    Recorder recorder(runner, tensors_with_memory(runner.plan()), dequantize_);
    write_folder(recorder, runner.plan());
  }
}

void RunVerb::write_outputs(Recorder& recorder, const std::vector<std::string>& names) {
  const auto& columns = recorder.columns();
  const bool archive = std::filesystem::path(*output_).extension() == ".npz";
  if (columns.size() == 1 && !archive) {
    NpyWriter writer(*output_, columns[0].dtype, columns[0].shape, columns[0].text_width);
    recorder.record([&](size_t, std::span<const std::byte> bytes) { writer.write(bytes); });
    writer.commit();
    return;
  }
  if (!archive) {
    throw Error(ErrorCode::usage, "there are " + std::to_string(columns.size()) +
                                      " tensors to write; name an .npz file");
  }
  std::vector<std::vector<std::byte>> memory(columns.size());
  recorder.record([&](size_t column, std::span<const std::byte> bytes) {
    memory[column].insert(memory[column].end(), bytes.begin(), bytes.end());
  });
  std::vector<ArrayToWrite> arrays;
  for (size_t c = 0; c < columns.size(); ++c) {
    arrays.push_back(
        {names[c], columns[c].dtype, columns[c].shape, memory[c], columns[c].text_width});
  }
  write_npz(*output_, arrays);
}

void RunVerb::write_folder(Recorder& recorder, const Plan& plan) {
  const std::filesystem::path folder = *all_tensors_;
  OutputFolder made(folder);
  std::vector<std::unique_ptr<NpyWriter>> writers;
  for (const Recorder::Column& column : recorder.columns()) {
    const std::string name = std::to_string(number_of(plan.graph(), column.id)) + "." +
                             as_file_name(plan.graph()[column.id].name) + ".npy";
    writers.push_back(
        std::make_unique<NpyWriter>(folder / name, column.dtype, column.shape, column.text_width));
  }
  recorder.record(
      [&](size_t column, std::span<const std::byte> bytes) { writers[column]->write(bytes); });
  commit_all(writers);
  made.keep();
}

}  // namespace

std::unique_ptr<Verb> make_run() { return std::make_unique<RunVerb>(); }

}  // namespace litesmith::cli
