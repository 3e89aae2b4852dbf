// The long calls: each is watched, so that Python keeps running and Ctrl-C stops it.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "bindings.h"

namespace litesmith::python {
namespace {

using Names = std::vector<std::string>;
using Signature = std::optional<std::string>;

nb::tuple quantize(const api::Model& model, const std::string& mode, const std::string& target,
                   nb::handle samples, size_t calibration_samples, uint64_t seed,
                   const std::string& input_type, const std::string& output_type, bool per_channel,
                   Names keep_float, bool calibrate_only, bool stateful, unsigned threads,
                   nb::object on_progress) {
  api::QuantizeOptions options{.mode = mode_named(mode),
                               .target = convert_target_named(target),
                               .representative_dataset = optional_samples_from(samples),
                               .calibration_samples = calibration_samples,
                               .seed = seed,
                               .stateful = stateful,
                               .input_type = dtype_named(input_type),
                               .output_type = dtype_named(output_type),
                               .per_channel = per_channel,
                               .keep_float = std::move(keep_float),
                               .calibrate_only = calibrate_only,
                               .threads = threads};
  auto result = watched(std::move(on_progress), [&](Progress progress) {
    options.progress = std::move(progress);
    return api::quantize(model, options);
  });
  return nb::make_tuple(std::move(result.model), result.warnings, result.kept_float);
}

nb::list run(const api::Model& model, nb::handle samples, const std::string& arithmetic,
             bool dequantize, const Signature& signature, bool stateful, unsigned threads,
             nb::object on_progress) {
  const api::Samples given = samples_from(samples);
  api::RunOptions options{.arithmetic = arithmetic_named(arithmetic),
                          .signature = signature,
                          .stateful = stateful,
                          .dequantize = dequantize,
                          .threads = threads};
  const auto outputs = watched(std::move(on_progress), [&](Progress progress) {
    options.progress = std::move(progress);
    return api::run(model, given, options);
  });
  nb::list result;
  for (const api::Array& output : outputs) result.append(array_to_python(output));
  return result;
}

nb::tuple evaluate(const api::Model& model, nb::handle samples, nb::handle labels,
                   const api::Model* against, std::optional<double> threshold,
                   std::optional<size_t> positive, bool explain_cast, bool latency,
                   const std::string& arithmetic, const Signature& signature, bool stateful,
                   unsigned threads, nb::object on_progress) {
  const api::Samples given = samples_from(samples);
  api::EvaluateOptions options{.labels = optional_samples_from(labels),
                               .threshold = threshold,
                               .positive = positive,
                               .stateful = stateful,
                               .explain_cast = explain_cast,
                               .latency = latency,
                               .arithmetic = arithmetic_named(arithmetic),
                               .signature = signature,
                               .threads = threads};
  if (against != nullptr) options.against = *against;
  const auto result = watched(std::move(on_progress), [&](Progress progress) {
    options.progress = std::move(progress);
    return api::evaluate(model, given, options);
  });
  return nb::make_tuple(result.predicted, result.notes, result.text, result.json);
}

nb::tuple optimize(const api::Model& model, const std::string& out, nb::handle calibrate,
                   nb::handle calibrate_labels, nb::handle evaluate_on, nb::handle labels,
                   std::optional<Names> modes, const std::string& io, bool per_channel,
                   Names keep_float, size_t calibration_samples, uint64_t seed,
                   std::optional<double> threshold, std::optional<size_t> positive,
                   bool explain_cast, bool latency, const std::string& arithmetic, bool stateful,
                   unsigned threads, nb::object on_progress) {
  api::OptimizeOptions options{.out = out,
                               .calibrate = optional_samples_from(calibrate),
                               .calibrate_labels = optional_samples_from(calibrate_labels),
                               .evaluate = optional_samples_from(evaluate_on),
                               .labels = optional_samples_from(labels),
                               .io = dtype_named(io),
                               .per_channel = per_channel,
                               .keep_float = std::move(keep_float),
                               .calibration_samples = calibration_samples,
                               .seed = seed,
                               .stateful = stateful,
                               .threshold = threshold,
                               .positive = positive,
                               .explain_cast = explain_cast,
                               .latency = latency,
                               .arithmetic = arithmetic_named(arithmetic),
                               .threads = threads};
  if (modes) {
    options.modes.emplace();
    for (const std::string& mode : *modes) options.modes->push_back(mode_named(mode));
  }
  const auto report = watched(std::move(on_progress), [&](Progress progress) {
    options.progress = std::move(progress);
    return api::optimize(model, options);
  });
  return nb::make_tuple(report.text, report.markdown, report.csv, report.json);
}

nb::tuple compare(const api::Model& a, const api::Model& b, nb::handle samples, size_t draw,
                  size_t top, const std::string& arithmetic, const Signature& signature,
                  unsigned threads, nb::object on_progress) {
  const api::Samples given = samples_from(samples);
  api::CompareOptions options{.samples = draw,
                              .top = top,
                              .arithmetic = arithmetic_named(arithmetic),
                              .signature = signature,
                              .threads = threads};
  const auto found = watched(std::move(on_progress), [&](Progress progress) {
    options.progress = std::move(progress);
    return api::compare(a, b, given, options);
  });
  return nb::make_tuple(found.notes, found.text, found.json);
}

nb::tuple inspect(const api::Model& model, bool weights) {
  const auto found =
      watched(nb::none(), [&](const Progress&) { return api::inspect(model, weights); });
  return nb::make_tuple(found.text, found.json);
}

}  // namespace

void bind_work(nb::module_& module) {
  module.def("quantize", &quantize, nb::arg("model"), nb::arg("mode"), nb::arg("target"),
             nb::arg("samples").none(), nb::arg("calibration_samples"), nb::arg("seed"),
             nb::arg("input_type"), nb::arg("output_type"), nb::arg("per_channel"),
             nb::arg("keep_float"), nb::arg("calibrate_only"), nb::arg("stateful"),
             nb::arg("threads"), nb::arg("on_progress").none());
  module.def("run", &run, nb::arg("model"), nb::arg("samples"), nb::arg("arithmetic"),
             nb::arg("dequantize"), nb::arg("signature").none(), nb::arg("stateful"),
             nb::arg("threads"), nb::arg("on_progress").none());
  module.def("evaluate", &evaluate, nb::arg("model"), nb::arg("samples"), nb::arg("labels").none(),
             nb::arg("against").none(), nb::arg("threshold").none(), nb::arg("positive").none(),
             nb::arg("explain_cast"), nb::arg("latency"), nb::arg("arithmetic"),
             nb::arg("signature").none(), nb::arg("stateful"), nb::arg("threads"),
             nb::arg("on_progress").none());
  module.def("optimize", &optimize, nb::arg("model"), nb::arg("out"), nb::arg("calibrate").none(),
             nb::arg("calibrate_labels").none(), nb::arg("evaluate").none(),
             nb::arg("labels").none(), nb::arg("modes").none(), nb::arg("io"),
             nb::arg("per_channel"), nb::arg("keep_float"), nb::arg("calibration_samples"),
             nb::arg("seed"), nb::arg("threshold").none(), nb::arg("positive").none(),
             nb::arg("explain_cast"), nb::arg("latency"), nb::arg("arithmetic"),
             nb::arg("stateful"), nb::arg("threads"), nb::arg("on_progress").none());
  module.def("compare", &compare, nb::arg("a"), nb::arg("b"), nb::arg("samples"), nb::arg("draw"),
             nb::arg("top"), nb::arg("arithmetic"), nb::arg("signature").none(), nb::arg("threads"),
             nb::arg("on_progress").none());
  module.def("inspect", &inspect, nb::arg("model"), nb::arg("weights"));
  module.def("analyze", [](const api::Model& model, const std::string& heading) {
    return api::analyze(model, heading);
  });
}

}  // namespace litesmith::python
