// Runs a model.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "litesmith/arithmetic.h"
#include "litesmith/array.h"
#include "litesmith/model.h"
#include "litesmith/progress.h"

namespace litesmith::api {

struct InterpreterOptions {
  Arithmetic arithmetic = Arithmetic::litert;
  // Run the subgraph of this signature instead of the main one.
  std::optional<std::string> signature = {};
  // Keep every tensor to be looked at after a run.
  bool preserve_all_tensors = false;
  // At most this many share the samples of a batch, where that is quicker; a single sample is one
  // thread's. Results do not depend on it.
  unsigned threads = 1;
};

// Tensors go by their index in the subgraph that runs. One thread at a time may use an interpreter;
// interpreters of one model share its constants.
//
//   api::Interpreter interpreter(api::load("wake_word.float32.tflite"));
//   interpreter.allocate();
//   std::memcpy(interpreter.input(0).data(), features.data(), features.size());
//   interpreter.invoke();
//   const auto scores = interpreter.tensor(interpreter.model().outputs()[0]);
class Interpreter {
 public:
  // Throws Error(unsupported) that lists what cannot run, Error(usage) for a signature that is not
  // there.
  explicit Interpreter(Model model, InterpreterOptions options = {});
  ~Interpreter();
  Interpreter(Interpreter&&) noexcept;
  Interpreter& operator=(Interpreter&&) noexcept;

  const Model& model() const;
  // The number of the subgraph that runs.
  size_t subgraph() const;
  // One that runs another signature. Resource variables of one name are then the same: what one
  // assigns the other reads, as in LiteRT. One thread at a time may use the two.
  Interpreter for_signature(std::string key);

  // The shape that the i-th input will have from the next allocate() on.
  void resize_input(size_t i, std::vector<int32_t> shape);
  // Plans memory for the inputs' shapes. Throws Error(data) when they do not fit the model.
  void allocate();
  bool allocated() const;
  // How many threads an invocation takes.
  unsigned threads() const;

  // The i-th input's memory; it keeps what was written until it is written again. The outputs' and
  // all others' are read by the tensor's index and valid until the next invoke(). Throws
  // Error(usage) before allocate().
  std::span<std::byte> input(size_t i);
  // An input of text is filled by this, with as many elements as it has, and read by texts().
  void set_texts(size_t i, std::vector<std::string> texts);
  std::vector<std::string> texts(size_t index) const;
  // Empty for a tensor that has no memory of its own after a run.
  std::span<const std::byte> tensor(size_t index) const;
  std::vector<int32_t> shape(size_t index) const;

  void invoke();
  // Variables are again what they begin with: zeros, or what the file gives them.
  void reset_variables();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

struct RunOptions {
  Arithmetic arithmetic = Arithmetic::litert;
  // Run the subgraph of this signature instead of the main one.
  std::optional<std::string> signature = {};
  // Samples are one sequence: variables keep their values from one to the next.
  bool stateful = false;
  bool dequantize = false;  // outputs as real numbers (float32)
  unsigned threads = 0;     // 0: all the machine has; results do not depend on it
  Progress progress = {};
};

// The outputs for every sample, samples first, named as in the signature. Numbers for a quantized
// input are quantized with its scale and zero point; integers of its own type pass unchanged.
std::vector<Array> run(const Model& model, const Samples& samples, const RunOptions& options = {});

}  // namespace litesmith::api
