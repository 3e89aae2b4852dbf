#include "formats/tflite/custom_options.h"

#include <cmath>
#include <string>
#include <utility>

#include "base/error.h"
#include "formats/tflite/flexbuffer.h"

namespace litesmith::tflite {
namespace {

// No operator has such an option so far.
void refuse(const AttributeInfo& info) {
  check(false, "the custom option " + std::string(info.name) + " is a number");
}

class MapSource : public AttributeSource {
 public:
  explicit MapSource(const FlexMap& map) : map_(map) {}

  bool get(const AttributeInfo& info, bool otherwise) override {
    return number(info, otherwise ? 1 : 0) != 0;
  }
  int8_t get(const AttributeInfo& info, int8_t otherwise) override {
    return static_cast<int8_t>(integer(info, otherwise, INT8_MIN, INT8_MAX));
  }
  int32_t get(const AttributeInfo& info, int32_t otherwise) override {
    return static_cast<int32_t>(integer(info, otherwise, INT32_MIN, INT32_MAX));
  }
  float get(const AttributeInfo& info, float otherwise) override {
    return static_cast<float>(number(info, double{otherwise}));
  }
  SubgraphIndex get(const AttributeInfo& info, SubgraphIndex otherwise) override {
    refuse(info);
    return otherwise;
  }
  void get(const AttributeInfo& info, std::string&) override { refuse(info); }
  void get(const AttributeInfo& info, std::vector<int32_t>&) override { refuse(info); }
  void get(const AttributeInfo& info, std::vector<float>&) override { refuse(info); }
  void get(const AttributeInfo& info, std::vector<uint8_t>&) override { refuse(info); }

 private:
  double number(const AttributeInfo& info, double otherwise) const {
    const auto found = map_.find(info.name);
    if (found == map_.end()) return otherwise;
    const FlexValue& value = found->second;
    if (const bool* truth = std::get_if<bool>(&value)) return *truth ? 1 : 0;
    if (const auto* integer = std::get_if<int64_t>(&value)) return static_cast<double>(*integer);
    if (const double* real = std::get_if<double>(&value)) return *real;
    throw Error(ErrorCode::format, "its option " + std::string(info.name) + " is " +
                                       std::get<FlexOther>(value).type + " instead of a number");
  }
  double integer(const AttributeInfo& info, double otherwise, double least, double most) const {
    const double value = std::trunc(number(info, otherwise));
    if (value >= least && value <= most) return value;
    throw Error(ErrorCode::format, "its option " + std::string(info.name) + " is " +
                                       std::to_string(value) + ", beyond what its type holds");
  }
  const FlexMap& map_;
};

class MapSink : public AttributeSink {
 public:
  void put(const AttributeInfo& info, bool value, bool) override { add(info, value); }
  void put(const AttributeInfo& info, int8_t value, int8_t) override { add(info, int64_t{value}); }
  void put(const AttributeInfo& info, int32_t value, int32_t) override {
    add(info, int64_t{value});
  }
  void put(const AttributeInfo& info, float value, float) override { add(info, double{value}); }
  void put(const AttributeInfo& info, SubgraphIndex, SubgraphIndex) override { refuse(info); }
  void put(const AttributeInfo& info, const std::string&) override { refuse(info); }
  void put(const AttributeInfo& info, const std::vector<int32_t>&) override { refuse(info); }
  void put(const AttributeInfo& info, const std::vector<float>&) override { refuse(info); }
  void put(const AttributeInfo& info, const std::vector<uint8_t>&) override { refuse(info); }

  FlexMap map;

 private:
  void add(const AttributeInfo& info, FlexValue value) {
    map.insert_or_assign(std::string(info.name), std::move(value));
  }
};

}  // namespace

std::shared_ptr<const Op> read_custom_op(const OpDef& def, std::span<const std::byte> options) {
  const FlexMap map = options.empty() ? FlexMap() : read_flex_map(options);
  MapSource source(map);
  std::shared_ptr<Op> op = def.make();
  op->get_attributes(source);
  return op;
}

std::vector<std::byte> custom_options(const Op& op) {
  MapSink sink;
  op.put_attributes(sink);
  return write_flex_map(sink.map);
}

}  // namespace litesmith::tflite
