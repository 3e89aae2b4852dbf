// Running small graphs in tests.
#pragma once

#include <cstring>
#include <memory>
#include <vector>

#include "runtime/interpreter.h"
#include "runtime/plan.h"

namespace litesmith::testing {

template <class T>
void fill(Interpreter& interpreter, size_t input, const std::vector<T>& elements) {
  const auto memory = interpreter.input(input);
  check(memory.size() == elements.size() * sizeof(T), "as many elements as the input has");
  if (!elements.empty()) std::memcpy(memory.data(), elements.data(), memory.size());
}

template <class T>
std::vector<T> elements_of(std::span<const std::byte> bytes) {
  std::vector<T> elements(bytes.size() / sizeof(T));
  if (!elements.empty()) std::memcpy(elements.data(), bytes.data(), bytes.size());
  return elements;
}

template <class T>
std::vector<T> read(const Interpreter& interpreter, size_t output) {
  return elements_of<T>(interpreter.output(output));
}

// The first output of a graph of one input.
template <class T>
std::vector<T> run_graph(const Graph& graph, const std::vector<T>& input,
                         const PlanOptions& options = {}) {
  Interpreter interpreter(Plan::make(graph, options));
  fill(interpreter, 0, input);
  interpreter.invoke();
  return read<T>(interpreter, 0);
}

}  // namespace litesmith::testing
