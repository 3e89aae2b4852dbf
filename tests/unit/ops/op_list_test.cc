// What holds of every operator in the list.
#include "ops/ops.h"

#include <gmock/gmock.h>

#include <fstream>
#include <limits>
#include <map>
#include <set>
#include <sstream>

#include "base/error.h"
#include "ir/attributes.h"
#include "ir/graph.h"
#include "sample_nodes.h"
#include "testing/random.h"

namespace litesmith {
namespace {

// Small as a rule, so that operands fit now and then; sometimes as large as can be.
int32_t some_integer(Random& random) {
  static constexpr int32_t kHostile[] = {std::numeric_limits<int32_t>::min(),
                                         std::numeric_limits<int32_t>::max(), -2, 1 << 20};
  if (random.below(8) == 0) return kHostile[random.below(4)];
  return random.between(-1, 5);
}

// The attributes of an op, some of them changed.
class MutatedAttributes : public AttributeSource {
 public:
  MutatedAttributes(const Op& op, Random& random) : random_(random) {
    for (const Attribute& attribute : attributes_of(op)) {
      values_.emplace(attribute.info.slot, attribute.value);
    }
  }

  bool get(const AttributeInfo& info, bool) override {
    return changes() ? random_.below(2) == 1 : kept<bool>(info);
  }
  int8_t get(const AttributeInfo& info, int8_t) override {
    const int names = static_cast<int>(info.names.size());
    return changes() ? static_cast<int8_t>(random_.below(names == 0 ? 3 : names))
                     : kept<int8_t>(info);
  }
  int32_t get(const AttributeInfo& info, int32_t) override {
    return changes() ? some_integer(random_) : kept<int32_t>(info);
  }
  float get(const AttributeInfo& info, float) override { return kept<float>(info); }
  SubgraphIndex get(const AttributeInfo& info, SubgraphIndex) override {
    return kept<SubgraphIndex>(info);
  }
  void get(const AttributeInfo& info, std::string& value) override {
    value = kept<std::string>(info);
  }
  void get(const AttributeInfo& info, std::vector<int32_t>& value) override {
    value = kept<std::vector<int32_t>>(info);
    if (changes()) value.push_back(some_integer(random_));
  }
  void get(const AttributeInfo& info, std::vector<float>& value) override {
    value = kept<std::vector<float>>(info);
  }
  void get(const AttributeInfo& info, std::vector<uint8_t>& value) override {
    value = kept<std::vector<uint8_t>>(info);
  }

 private:
  bool changes() { return random_.below(4) == 0; }
  template <class T>
  T kept(const AttributeInfo& info) const {
    return std::get<T>(values_.at(info.slot));
  }
  Random& random_;
  std::map<int, AttributeValue> values_;
};

// A shape that verify() would pass, near this one.
Shape mutated_shape(Shape shape, Random& random) {
  const int change = random.below(4);
  if (change == 0) shape.push_back(random.between(-1, 3));
  if (change == 1 && !shape.empty()) shape.pop_back();
  if (change >= 2 && !shape.empty()) {
    shape[static_cast<size_t>(random.below(static_cast<int>(shape.size())))] =
        random.below(6) == 0 ? 1 << 20 : random.between(-1, 9);
  }
  return shape;
}

template <class T>
void mutate_elements(Value& value, Random& random) {
  const auto old = value.elements<T>();
  std::vector<T> elements(old.begin(), old.end());
  if (!elements.empty()) {
    elements[static_cast<size_t>(random.below(static_cast<int>(elements.size())))] =
        some_integer(random);
  }
  if (value.shape.size() == 1 && random.below(4) == 0) elements.push_back(some_integer(random));
  if (value.shape.size() == 1) value.shape = {static_cast<int32_t>(elements.size())};
  value.data = Buffer::of(elements);
}

// What may be wrong with an operand of a file whose tensors are sound by themselves.
void mutate(Value& value, Random& random) {
  static constexpr DType kTypes[] = {DType::float32, DType::float16, DType::int8,  DType::uint8,
                                     DType::int16,   DType::int32,   DType::int64, DType::boolean,
                                     DType::string,  DType::int4};
  switch (random.below(4)) {
    case 0:
      if (value.is_constant()) {
        mutate_elements<int32_t>(value, random);
      } else {
        value.shape = mutated_shape(value.shape, random);
      }
      break;
    case 1:
      value.data.reset();  // computed instead
      break;
    case 2:
      value.data.reset();
      value.dtype = kTypes[random.below(10)];
      break;
    default:
      if (!value.is_constant()) value.quantization = {{0.5f}, {0}, 0};
  }
}

// A sample with some of its attributes and operands changed.
Sample mutated(const Sample& sample, Random& random) {
  auto op = sample.op->clone();
  MutatedAttributes attributes(*sample.op, random);
  op->get_attributes(attributes);
  Sample result{std::move(op), sample.inputs};
  for (Operand& operand : result.inputs) {
    if (operand && random.below(3) == 0) mutate(*operand, random);
    if (random.below(30) == 0) operand.reset();
  }
  if (random.below(20) == 0 && !result.inputs.empty()) result.inputs.pop_back();
  if (random.below(20) == 0) result.inputs.push_back(tensor({2}));
  return result;
}

// Looks at shapes, version, cost and needed regions of a node; true when the op takes it. Whatever
// it is given, an op answers or throws an Error.
bool survives(const Sample& sample, Random& random) {
  const OpDef& def = sample.op->def();
  Graph graph;
  Node node{.op = sample.op};
  for (const Operand& operand : sample.inputs) {
    node.inputs.push_back(operand ? graph.add(*operand) : ValueId{});
  }
  // Half of the nodes are being made, half stand in a graph that may state anything.
  if (random.below(2) == 0) {
    for (int i = random.between(1, 2); i > 0; --i) {
      Value value = tensor({2, 3});
      mutate(value, random);
      node.outputs.push_back(graph.add(value));
    }
  }
  try {
    const auto inferred = def.infer(graph.view(node));
    node.outputs.clear();
    for (const InferredOutput& output : inferred) {
      for (const int32_t dim : output.shape) EXPECT_GE(dim, kDynamic) << def.name;
      node.outputs.push_back(graph.add(tensor(output.shape, output.dtype)));
    }
    const NodeView view = graph.view(node);
    EXPECT_GE(def.version(view), 1) << def.name;
    if (def.macs != nullptr) {
      EXPECT_GE(def.macs(view), 0) << def.name;
    }
    std::vector<Region> wanted;
    for (const Value* output : view.outputs) {
      wanted.push_back(Region::none(output->shape));
      wanted.back().nothing = false;
      for (IndexSet& set : wanted.back().dims) set.add(random.below(4));
    }
    for (size_t i = 0; def.needed != nullptr && i < view.inputs.size(); ++i) {
      if (view.inputs[i] == nullptr) continue;
      const Region region = def.needed(view, i, wanted);
      EXPECT_EQ(region.dims.size(), view.inputs[i]->shape.size()) << def.name;
    }
    return true;
  } catch (const Error& error) {
    EXPECT_NE(error.code(), ErrorCode::internal) << def.name << ": " << error.what();
    return false;
  }
}

std::vector<Sample> samples_of(const OpDef& def) {
  std::vector<Sample> samples = sample_nodes();
  std::erase_if(samples, [&](const Sample& sample) { return &sample.op->def() != &def; });
  return samples;
}

class EveryOp : public ::testing::TestWithParam<const OpDef*> {
 protected:
  const OpDef& def() const { return *GetParam(); }
};

const auto name_of = [](const auto& parameter) { return std::string(parameter.param->name); };

INSTANTIATE_TEST_SUITE_P(Ops, EveryOp, ::testing::ValuesIn(all_ops().begin(), all_ops().end()),
                         name_of);
INSTANTIATE_TEST_SUITE_P(CustomOps, EveryOp,
                         ::testing::ValuesIn(custom_ops().begin(), custom_ops().end()), name_of);

TEST_P(EveryOp, has_the_schemas_name_or_one_of_its_own) {
  const std::string_view named = builtin_name(def().code);
  EXPECT_TRUE(def().code == kCustomOp ? named == "CUSTOM" : named == def().name);
}

TEST_P(EveryOp, is_found_by_its_code_and_name) {
  EXPECT_EQ(find_op(def().code, def().name), &def());
}

TEST_P(EveryOp, is_made_as_itself) { EXPECT_EQ(&def().make()->def(), &def()); }

TEST_P(EveryOp, is_cloned_with_its_attributes) {
  Random random(static_cast<uint64_t>(def().code));
  const auto op = def().make();
  MutatedAttributes source(*op, random);
  op->get_attributes(source);
  EXPECT_TRUE(equal_ops(*op, *op->clone()));
}

TEST_P(EveryOp, lists_its_attributes_by_slot_each_under_a_name_of_its_own) {
  std::set<std::string_view> names;
  int slot = -1;
  for (const Attribute& attribute : attributes_of(*def().make())) {
    EXPECT_GT(attribute.info.slot, slot) << attribute.info.name;
    EXPECT_TRUE(names.insert(attribute.info.name).second) << attribute.info.name;
    slot = attribute.info.slot;
  }
}

TEST_P(EveryOp, has_attributes_only_with_an_options_table) {
  if (def().options_tag == 0 && def().code != kCustomOp) {
    EXPECT_TRUE(attributes_of(*def().make()).empty());
  }
}

TEST_P(EveryOp, knows_the_releases_that_run_it) {
  std::ifstream file(LITESMITH_SOURCE_DIR "/tests/unit/ops/runtime_versions.txt");
  std::map<std::string, std::vector<std::string>> table;
  for (std::string line; std::getline(file, line);) {
    if (line.front() == '#') continue;
    std::istringstream words(line);
    std::string name;
    words >> name;
    for (std::string word; words >> word;) {
      const size_t colon = word.find(':');
      const size_t version = std::stoul(word.substr(0, colon));
      auto& releases = table[name];
      if (releases.size() < version) releases.resize(version);
      releases[version - 1] = word.substr(colon + 1);
    }
  }
  ASSERT_GT(table.size(), 150u) << "the table was not found";
  const auto& known = def().runtime_versions;
  EXPECT_EQ(std::vector<std::string>(known.begin(), known.end()), table[std::string(def().name)]);
}

TEST_P(EveryOp, has_a_quantization_that_makes_sense) {
  const QuantSpec& quant = def().quant;
  EXPECT_GE(quant.version_int16, 1);
  EXPECT_FALSE(quant.same_scale && (quant.fixed_int8 || quant.fixed_int16));
  if (quant.fixed_int8) {
    EXPECT_TRUE(quant.int8);
  }
  if (quant.fixed_int16) {
    EXPECT_TRUE(quant.int16);
  }
  if (quant.bias >= 0) {
    EXPECT_FALSE(quant.weights.empty());
  }
  for (const WeightOperand& weight : quant.weights) EXPECT_NE(weight.operand, quant.bias);
}

TEST_P(EveryOp, takes_its_sample) {
  const auto samples = samples_of(def());
  ASSERT_FALSE(samples.empty()) << "add one to sample_nodes.h";
  for (const Sample& sample : samples) {
    Graph graph;
    Node node{.op = sample.op};
    for (const Operand& operand : sample.inputs) {
      node.inputs.push_back(operand ? graph.add(*operand) : ValueId{});
    }
    for (const Value& output : sample.outputs) node.outputs.push_back(graph.add(output));
    EXPECT_NO_THROW(def().infer(graph.view(node)));
  }
}

TEST_P(EveryOp, takes_or_refuses_whatever_it_is_given) {
  Random random(static_cast<uint64_t>(def().code) + 1);
  int taken = 0;
  int refused = 0;
  for (const Sample& sample : samples_of(def())) {
    for (int i = 0; i < 2000; ++i) {
      ++(survives(mutated(sample, random), random) ? taken : refused);
    }
  }
  EXPECT_GT(taken, 20);
  EXPECT_GT(refused, 20);
}

TEST(OpList, is_sorted_by_code) {
  int32_t last = -1;
  for (const OpDef* def : all_ops()) {
    EXPECT_GT(def->code, last);
    last = def->code;
  }
}

TEST(OpList, knows_no_other_codes) {
  size_t found = 0;
  for (int32_t code = -2; code < 1000; ++code) found += find_op(code) != nullptr ? 1 : 0;
  EXPECT_EQ(found, all_ops().size());
}

TEST(OpList, knows_custom_ops_by_their_names_alone) {
  EXPECT_EQ(find_op(kCustomOp), nullptr);
  EXPECT_EQ(find_op(kCustomOp, "TFLite_Detection"), nullptr);
  EXPECT_EQ(find_op(0, "TFLite_Detection_PostProcess"), find_op(0));
}

TEST(BuiltinName, knows_the_first_and_the_last_and_nothing_beyond) {
  EXPECT_EQ(builtin_name(0), "ADD");
  EXPECT_EQ(builtin_name(127), "PLACEHOLDER_FOR_GREATER_OP_CODES");
  EXPECT_EQ(builtin_name(209), "STABLEHLO_CASE");
  EXPECT_EQ(builtin_name(210), "");
  EXPECT_EQ(builtin_name(-1), "");
}

TEST(RuntimeVersion, is_empty_for_a_version_that_is_not_known) {
  const OpDef& add = *find_op(0);
  EXPECT_EQ(runtime_version(add, 1), "1.5.0");
  EXPECT_EQ(runtime_version(add, 0), "");
  EXPECT_EQ(runtime_version(add, -1), "");
  EXPECT_EQ(runtime_version(add, 100), "");
}

}  // namespace
}  // namespace litesmith
