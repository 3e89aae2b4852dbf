#include <gmock/gmock.h>

#include <map>

#include "nodes.h"
#include "ops/activation_layers.h"
#include "ops/softmax.h"
#include "ops/unary.h"

namespace litesmith {
namespace {

using ::testing::HasSubstr;

template <class T>
class ElementwiseTest : public ::testing::Test {};
using Elementwise =
    ::testing::Types<Relu, Relu6, ReluN1To1, Relu0To1, Logistic, Tanh, Elu, HardSwish, Exp, Log,
                     Sqrt, Rsqrt, Abs, Neg, Square, LeakyRelu, Gelu, LogSoftmax, Softmax>;
TYPED_TEST_SUITE(ElementwiseTest, Elementwise);

TYPED_TEST(ElementwiseTest, keeps_shape_and_type) {
  EXPECT_EQ(shape_of(TypeParam(), {tensor({2, kDynamic, 0})}), (Shape{2, kDynamic, 0}));
  EXPECT_EQ(dtype_made(TypeParam(), {tensor({2}, DType::int16)}), DType::int16);
}

TYPED_TEST(ElementwiseTest, refuses_a_wrong_number_of_operands) {
  refusal(TypeParam(), {});
  refusal(TypeParam(), {kAbsent});
  refusal(TypeParam(), {tensor({2}), tensor({2})});
}

template <class T>
std::map<DType, int> versions(const T& op) {
  std::map<DType, int> result;
  for (const DType dtype :
       {DType::float32, DType::float16, DType::int32, DType::int8, DType::uint8, DType::int16}) {
    if (const int version = version_of(op, {quantized({2}, dtype)}); version != 1) {
      result[dtype] = version;
    }
  }
  return result;
}

using Versions = std::map<DType, int>;  // those that are not 1

TEST(Activations, versions_follow_the_converters_table) {
  const Versions two_and_three = {{DType::int8, 2}, {DType::int16, 3}};
  const Versions two = {{DType::int8, 2}, {DType::int16, 2}};
  EXPECT_EQ(versions(Relu()), (Versions{{DType::int8, 2}, {DType::uint8, 2}, {DType::int16, 3}}));
  EXPECT_EQ(versions(Relu6()), two_and_three);
  EXPECT_EQ(versions(ReluN1To1()), Versions());
  EXPECT_EQ(versions(Relu0To1()), Versions());
  EXPECT_EQ(versions(Logistic()), two_and_three);
  EXPECT_EQ(versions(Tanh()), two_and_three);
  EXPECT_EQ(versions(Elu()), Versions());
  EXPECT_EQ(versions(HardSwish()), Versions());
  EXPECT_EQ(versions(Exp()), two);
  EXPECT_EQ(versions(Log()), two);
  EXPECT_EQ(versions(Sqrt()), two);
  EXPECT_EQ(versions(Rsqrt()), two_and_three);
  EXPECT_EQ(versions(Neg()), Versions());
  EXPECT_EQ(versions(Square()), Versions());
  EXPECT_EQ(versions(LeakyRelu()), (Versions{{DType::int16, 2}}));
  EXPECT_EQ(versions(Gelu()), (Versions{{DType::int8, 2}, {DType::uint8, 2}, {DType::float16, 3}}));
  EXPECT_EQ(versions(Softmax()),
            (Versions{{DType::int8, 2}, {DType::int16, 3}, {DType::float16, 4}}));
  EXPECT_EQ(versions(LogSoftmax()), (Versions{{DType::int8, 2}}));
}

TEST(Abs, versions_follow_the_converters_table) {
  EXPECT_EQ(versions(Abs()),
            (Versions{{DType::int8, 2}, {DType::uint8, 2}, {DType::int16, 3}, {DType::int32, 5}}));
  EXPECT_EQ(version_of(Abs(), {tensor({2}, DType::int16)}), 4);  // not quantized
}

TEST(Softmax, refuses_a_scalar) {
  EXPECT_THAT(refusal(Softmax(), {tensor({})}), HasSubstr("scalar"));
  EXPECT_THAT(refusal(LogSoftmax(), {tensor({})}), HasSubstr("scalar"));
}

TEST(Softmax, of_eight_bits_makes_sixteen_where_the_graph_says_so) {
  EXPECT_EQ(dtype_made(Softmax(), {tensor({2}, DType::int8)}, {tensor({2}, DType::int16)}),
            DType::int16);
  EXPECT_EQ(dtype_made(Softmax(), {tensor({2})}, {tensor({2}, DType::int16)}), DType::float32);
}

TEST(Prelu, takes_an_alpha_that_broadcasts_over_the_input) {
  EXPECT_EQ(shape_of(Prelu(), {tensor({1, 4, 5, 3}), tensor({1, 1, 3})}), (Shape{1, 4, 5, 3}));
  EXPECT_EQ(shape_of(Prelu(), {tensor({kDynamic, 4}), tensor({4})}), (Shape{kDynamic, 4}));
}

TEST(Prelu, takes_an_alpha_of_the_size_a_dynamic_dimension_must_have) {
  EXPECT_EQ(shape_of(Prelu(), {tensor({1, kDynamic, 3}), tensor({7, 3})}), (Shape{1, kDynamic, 3}));
}

TEST(Prelu, refuses_an_alpha_larger_than_the_input) {
  EXPECT_THAT(refusal(Prelu(), {tensor({1, 3}), tensor({2, 3})}), HasSubstr("[2, 3]"));
  refusal(Prelu(), {tensor({3}), tensor({1, 3})});
}

TEST(Prelu, refuses_an_alpha_that_does_not_fit) { refusal(Prelu(), {tensor({3}), tensor({4})}); }

TEST(Prelu, is_of_version_1) {
  EXPECT_EQ(version_of(Prelu(), {quantized({3}), quantized({3})}), 1);
}

}  // namespace
}  // namespace litesmith
