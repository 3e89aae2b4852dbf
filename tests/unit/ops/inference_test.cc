#include "ops/inference.h"

#include <gmock/gmock.h>

#include <limits>

#include "nodes.h"
#include "ops/unary.h"
#include "testing/thrown.h"

namespace litesmith {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Optional;

// A view of one operand of NEG, which is as good an op as any.
class Viewed {
 public:
  explicit Viewed(Operand operand) {
    Node node{.op = std::make_shared<Neg>()};
    node.inputs = {operand ? graph_.add(*operand) : ValueId{}};
    graph_.nodes.push_back(node);
  }
  NodeView view() const { return graph_.view(graph_.nodes[0]); }

 private:
  Graph graph_;
};

TEST(KnownIntegers, are_read_from_32_and_64_bits) {
  EXPECT_THAT(known_integers(Viewed(ints({1, -2})).view(), 0), Optional(ElementsAre(1, -2)));
  EXPECT_THAT(known_integers(Viewed(longs({int64_t{1} << 40})).view(), 0),
              Optional(ElementsAre(int64_t{1} << 40)));
}

TEST(KnownIntegers, are_nothing_when_computed) {
  EXPECT_EQ(known_integers(Viewed(tensor({2}, DType::int32)).view(), 0), std::nullopt);
}

TEST(KnownIntegers, refuse_another_type_even_when_computed) {
  EXPECT_THAT(
      thrown_message(ErrorCode::data, [] { known_integers(Viewed(tensor({2})).view(), 0); }),
      HasSubstr("NEG: operand 0 't' is float32"));
}

TEST(KnownIntegers, refuse_an_absent_operand) {
  thrown_message(ErrorCode::format, [] { known_integers(Viewed(kAbsent).view(), 0); });
}

TEST(KnownInteger, is_one) {
  EXPECT_EQ(known_integer(Viewed(ints({7})).view(), 0), 7);
  thrown_message(ErrorCode::data, [] { known_integer(Viewed(ints({7, 8})).view(), 0); });
}

TEST(ConstantInt32, narrows_what_fits) {
  EXPECT_THAT(constant_int32(Viewed(longs({3, -4})).view(), 0), ElementsAre(3, -4));
  thrown_message(ErrorCode::data,
                 [] { constant_int32(Viewed(longs({int64_t{1} << 31})).view(), 0); });
}

TEST(ConstantInt32, refuses_what_is_computed) {
  EXPECT_THAT(thrown_message(ErrorCode::unsupported,
                             [] { constant_int32(Viewed(tensor({2}, DType::int32)).view(), 0); }),
              HasSubstr("computed when the model runs"));
}

TEST(Merged, fills_in_from_both_sides) {
  EXPECT_EQ(merged({kDynamic, 3, kDynamic}, {2, kDynamic, kDynamic}), (Shape{2, 3, kDynamic}));
}

TEST(Merged, is_nothing_for_shapes_that_differ) {
  EXPECT_EQ(merged({2}, {3}), std::nullopt);
  EXPECT_EQ(merged({2}, {2, 1}), std::nullopt);
}

}  // namespace
}  // namespace litesmith
