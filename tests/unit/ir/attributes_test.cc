#include "ir/attributes.h"

#include <gmock/gmock.h>

#include <cmath>

#include "sample_ops.h"
#include "testing/thrown.h"

namespace litesmith {
namespace {

using ::testing::HasSubstr;

Everything full() {
  Everything op;
  op.flag = false;
  op.padding = Padding::valid;
  op.byte = 5;
  op.number = -7;
  op.real = 0.1f;
  op.body = {2};
  op.text = "it's\n";
  op.numbers = {1, -2};
  op.reals = {0.5f, 1e10f};
  op.bytes = {0, 255};
  return op;
}

// Gives every attribute the value that another op has.
class CopySource : public AttributeSource {
 public:
  explicit CopySource(const Op& from) : from_(attributes_of(from)) {}
  bool get(const AttributeInfo& info, bool) override { return value<bool>(info); }
  int8_t get(const AttributeInfo& info, int8_t) override { return value<int8_t>(info); }
  int32_t get(const AttributeInfo& info, int32_t) override { return value<int32_t>(info); }
  float get(const AttributeInfo& info, float) override { return value<float>(info); }
  SubgraphIndex get(const AttributeInfo& info, SubgraphIndex) override {
    return value<SubgraphIndex>(info);
  }
  void get(const AttributeInfo& info, std::string& to) override { to = value<std::string>(info); }
  void get(const AttributeInfo& info, std::vector<int32_t>& to) override {
    to = value<std::vector<int32_t>>(info);
  }
  void get(const AttributeInfo& info, std::vector<float>& to) override {
    to = value<std::vector<float>>(info);
  }
  void get(const AttributeInfo& info, std::vector<uint8_t>& to) override {
    to = value<std::vector<uint8_t>>(info);
  }

 private:
  template <class T>
  T value(const AttributeInfo& info) const {
    return std::get<T>(from_.at(static_cast<size_t>(info.slot)).value);
  }
  std::vector<Attribute> from_;
};

// Gives every enum and byte one value, everything else its default.
class ByteSource : public AttributeSource {
 public:
  explicit ByteSource(int8_t byte) : byte_(byte) {}
  bool get(const AttributeInfo&, bool schema_default) override { return schema_default; }
  int8_t get(const AttributeInfo&, int8_t) override { return byte_; }
  int32_t get(const AttributeInfo&, int32_t schema_default) override { return schema_default; }
  float get(const AttributeInfo&, float schema_default) override { return schema_default; }
  SubgraphIndex get(const AttributeInfo&, SubgraphIndex fallback) override { return fallback; }
  void get(const AttributeInfo&, std::string&) override {}
  void get(const AttributeInfo&, std::vector<int32_t>&) override {}
  void get(const AttributeInfo&, std::vector<float>&) override {}
  void get(const AttributeInfo&, std::vector<uint8_t>&) override {}

 private:
  int8_t byte_;
};

TEST(Attributes, are_listed_with_slot_name_and_schema_default) {
  const auto list = attributes_of(Everything());
  ASSERT_EQ(list.size(), 10u);
  EXPECT_EQ(list[1].info.slot, 1);
  EXPECT_EQ(list[1].info.name, "padding");
  EXPECT_EQ(std::get<int8_t>(list[1].value), 1);
  EXPECT_EQ(std::get<int8_t>(list[1].schema_default), 0);
}

TEST(Attributes, know_the_names_of_an_enums_values) {
  const auto list = attributes_of(Everything());
  EXPECT_THAT(list[1].info.names, ::testing::ElementsAre("SAME", "VALID"));
  EXPECT_TRUE(list[2].info.names.empty());
}

TEST(Attributes, know_whether_they_are_at_the_schemas_default) {
  const auto list = attributes_of(Everything());
  EXPECT_FALSE(list[0].is_default());  // the schema says true, a new op says false
  EXPECT_TRUE(list[2].is_default());
  EXPECT_TRUE(list[6].is_default());
}

TEST(Attributes, of_every_kind_are_read_back) {
  const Everything op = full();
  CopySource source(op);
  Everything copy;
  copy.get_attributes(source);
  EXPECT_TRUE(equal_ops(op, copy));
}

TEST(Attributes, refuse_an_enum_value_that_is_none) {
  Everything op;
  ByteSource two(2);
  EXPECT_THAT(thrown_message(ErrorCode::format, [&] { op.get_attributes(two); }),
              HasSubstr("padding is 2"));
}

TEST(Attributes, refuse_a_negative_enum_value) {
  Everything op;
  ByteSource negative(-1);
  thrown_message(ErrorCode::format, [&] { op.get_attributes(negative); });
}

TEST(Attributes, take_any_byte_that_is_no_enum) {
  Everything op;
  ByteSource one(1);
  op.get_attributes(one);
  EXPECT_EQ(op.byte, 1);
}

TEST(AttributeText, leaves_out_what_is_at_the_default) {
  Everything op;
  op.flag = true;
  op.number = 0;
  op.real = 0;
  EXPECT_EQ(attribute_text(op), "padding=VALID");
}

TEST(AttributeText, shows_every_kind) {
  EXPECT_EQ(attribute_text(full()),
            "flag=false padding=VALID byte=5 number=-7 real=0.1 body=#2 text='it\\'s\\x0a' "
            "numbers=[1, -2] reals=[0.5, 1e+10] bytes=0x00ff");
}

TEST(AttributeText, shows_all_when_asked) {
  EXPECT_EQ(attribute_text(Everything(), true),
            "flag=false padding=VALID byte=0 number=3 real=0.5 body=#0 text='' numbers=[] "
            "reals=[] bytes=0x");
}

TEST(AttributeText, of_a_float_reads_back_to_the_same_float) {
  Everything op;
  op.real = 0.3333333432674407958984375f;
  const std::string text = to_string(attributes_of(op)[4]);
  EXPECT_EQ(std::stof(text), op.real);
}

TEST(EqualOps, tell_every_attribute_apart) {
  const Everything op = full();
  EXPECT_TRUE(equal_ops(op, full()));
  auto changed = [&](auto change) {
    Everything other = full();
    change(other);
    return !equal_ops(op, other);
  };
  EXPECT_TRUE(changed([](Everything& o) { o.flag = true; }));
  EXPECT_TRUE(changed([](Everything& o) { o.padding = Padding::same; }));
  EXPECT_TRUE(changed([](Everything& o) { o.byte = 6; }));
  EXPECT_TRUE(changed([](Everything& o) { o.number = 7; }));
  EXPECT_TRUE(changed([](Everything& o) { o.real = std::nextafter(o.real, 1.0f); }));
  EXPECT_TRUE(changed([](Everything& o) { o.body = {1}; }));
  EXPECT_TRUE(changed([](Everything& o) { o.text += "x"; }));
  EXPECT_TRUE(changed([](Everything& o) { o.numbers.push_back(0); }));
  EXPECT_TRUE(changed([](Everything& o) { o.reals[0] = 0.25f; }));
  EXPECT_TRUE(changed([](Everything& o) { o.bytes.clear(); }));
}

TEST(EqualOps, compare_floats_bit_by_bit) {
  Everything a;
  Everything b;
  a.real = 0.0f;
  b.real = -0.0f;
  EXPECT_FALSE(equal_ops(a, b));
  a.real = b.real = std::nanf("");
  EXPECT_TRUE(equal_ops(a, b));
}

TEST(EqualOps, tell_ops_apart) { EXPECT_FALSE(equal_ops(Copy(), Fork())); }

TEST(Op, is_cloned_with_its_attributes) {
  const Everything op = full();
  const auto clone = op.clone();
  EXPECT_TRUE(equal_ops(op, *clone));
  EXPECT_NE(clone.get(), &op);
}

}  // namespace
}  // namespace litesmith
