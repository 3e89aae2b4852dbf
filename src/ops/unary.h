// Operators that map each element by itself and have no attributes.
#pragma once

#include "ir/op.h"

namespace litesmith {

// clang-format off
struct Relu : OpOf<Relu> { static const OpDef& definition(); };
struct Relu6 : OpOf<Relu6> { static const OpDef& definition(); };
struct ReluN1To1 : OpOf<ReluN1To1> { static const OpDef& definition(); };
struct Relu0To1 : OpOf<Relu0To1> { static const OpDef& definition(); };
struct Logistic : OpOf<Logistic> { static const OpDef& definition(); };
struct Tanh : OpOf<Tanh> { static const OpDef& definition(); };
struct Elu : OpOf<Elu> { static const OpDef& definition(); };
struct HardSwish : OpOf<HardSwish> { static const OpDef& definition(); };
struct Exp : OpOf<Exp> { static const OpDef& definition(); };
struct Log : OpOf<Log> { static const OpDef& definition(); };
struct Sqrt : OpOf<Sqrt> { static const OpDef& definition(); };
struct Rsqrt : OpOf<Rsqrt> { static const OpDef& definition(); };
struct Abs : OpOf<Abs> { static const OpDef& definition(); };
struct Neg : OpOf<Neg> { static const OpDef& definition(); };
struct Square : OpOf<Square> { static const OpDef& definition(); };
struct Floor : OpOf<Floor> { static const OpDef& definition(); };
struct Ceil : OpOf<Ceil> { static const OpDef& definition(); };
struct Round : OpOf<Round> { static const OpDef& definition(); };
struct Sign : OpOf<Sign> { static const OpDef& definition(); };
struct Sin : OpOf<Sin> { static const OpDef& definition(); };
struct Cos : OpOf<Cos> { static const OpDef& definition(); };
// clang-format on

}  // namespace litesmith
