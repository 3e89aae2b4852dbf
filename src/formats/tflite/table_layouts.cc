// The layouts of the tables behind the format's unions, by tag (LiteRT, schema.fbs). Widths are all
// that copying needs; names and meaning are in the ops' own files.
#include <array>

#include "formats/tflite/table.h"

namespace litesmith::tflite {
namespace {

constexpr std::string_view kEmpty;

// clang-format off
constexpr auto kBuiltinOptions = std::to_array<std::string_view>({
    "biibiib",   // 1 Conv2D
    "biiibii",   // 2 DepthwiseConv2D
    "iII",       // 3 ConcatEmbeddings
    "b",         // 4 LSHProjection
    "biiiib",    // 5 Pool2D
    "ibb",       // 6 SVDF
    "bb",        // 7 RNN
    "bbbbb",     // 8 FullyConnected
    "i",         // 9 Softmax
    "ib",        // 10 Concatenation
    "bb",        // 11 Add
    "b",         // 12 L2Norm
    "iiii",      // 13 LocalResponseNormalization
    "biibb",     // 14 LSTM
    "iibb",      // 15 ResizeBilinear
    "i",         // 16 Call
    "I",         // 17 Reshape
    "iib",       // 18 SkipGram
    "i",         // 19 SpaceToDepth
    "b",         // 20 EmbeddingLookupSparse
    "b",         // 21 Mul
    kEmpty,      // 22 Pad
    "ii",        // 23 Gather
    kEmpty,      // 24 BatchToSpaceND
    kEmpty,      // 25 SpaceToBatchND
    kEmpty,      // 26 Transpose
    "b",         // 27 Reducer
    "bb",        // 28 Sub
    "b",         // 29 Div
    "I",         // 30 Squeeze
    "bbb",       // 31 SequenceRNN
    "iiiiib",    // 32 StridedSlice
    kEmpty,      // 33 Exp
    kEmpty,      // 34 TopKV2
    "i",         // 35 Split
    kEmpty,      // 36 LogSoftmax
    "bb",        // 37 Cast
    kEmpty,      // 38 Dequantize
    kEmpty,      // 39 MaximumMinimum
    "b",         // 40 ArgMax
    kEmpty,      // 41 Less
    kEmpty,      // 42 Neg
    kEmpty,      // 43 PadV2
    kEmpty,      // 44 Greater
    kEmpty,      // 45 GreaterEqual
    kEmpty,      // 46 LessEqual
    kEmpty,      // 47 Select
    kEmpty,      // 48 Slice
    "biibb",     // 49 TransposeConv
    "b",         // 50 SparseToDense
    kEmpty,      // 51 Tile
    kEmpty,      // 52 ExpandDims
    kEmpty,      // 53 Equal
    kEmpty,      // 54 NotEqual
    "b",         // 55 Shape
    kEmpty,      // 56 Pow
    "b",         // 57 ArgMin
    "iiib",      // 58 FakeQuant
    "ii",        // 59 Pack
    kEmpty,      // 60 LogicalOr
    "i",         // 61 OneHot
    kEmpty,      // 62 LogicalAnd
    kEmpty,      // 63 LogicalNot
    "ii",        // 64 Unpack
    kEmpty,      // 65 FloorDiv
    kEmpty,      // 66 Square
    kEmpty,      // 67 ZerosLike
    kEmpty,      // 68 Fill
    "biibbb",    // 69 BidirectionalSequenceLSTM
    "bbbb",      // 70 BidirectionalSequenceRNN
    "biibbb",    // 71 UnidirectionalSequenceLSTM
    kEmpty,      // 72 FloorMod
    kEmpty,      // 73 Range
    "bb",        // 74 ResizeNearestNeighbor
    "i",         // 75 LeakyRelu
    kEmpty,      // 76 SquaredDifference
    "b",         // 77 MirrorPad
    kEmpty,      // 78 Abs
    "i",         // 79 SplitV
    "b",         // 80 Unique
    kEmpty,      // 81 ReverseV2
    kEmpty,      // 82 AddN
    kEmpty,      // 83 GatherNd
    kEmpty,      // 84 Cos
    kEmpty,      // 85 Where
    kEmpty,      // 86 Rank
    "ii",        // 87 ReverseSequence
    kEmpty,      // 88 MatrixDiag
    kEmpty,      // 89 Quantize
    kEmpty,      // 90 MatrixSetDiag
    kEmpty,      // 91 HardSwish
    "ii",        // 92 If
    "ii",        // 93 While
    "i",         // 94 DepthToSpace
    kEmpty,      // 95 NonMaxSuppressionV4
    kEmpty,      // 96 NonMaxSuppressionV5
    kEmpty,      // 97 ScatterNd
    kEmpty,      // 98 SelectV2
    kEmpty,      // 99 Densify
    kEmpty,      // 100 SegmentSum
    "bbb",       // 101 BatchMatMul
    "bb",        // 102 Cumsum
    "i",         // 103 CallOnce
    kEmpty,      // 104 BroadcastTo
    kEmpty,      // 105 Rfft2d
    "biiibiii",  // 106 Conv3D
    "ibb",       // 107 Hashtable
    kEmpty,      // 108 HashtableFind
    kEmpty,      // 109 HashtableImport
    kEmpty,      // 110 HashtableSize
    "ss",        // 111 VarHandle
    kEmpty,      // 112 ReadVariable
    kEmpty,      // 113 AssignVariable
    "ll",        // 114 Random
    "I",         // 115 Bucketize
    "b",         // 116 Gelu
    kEmpty,      // 117 DynamicUpdateSlice
    kEmpty,      // 118 UnsortedSegmentProd
    kEmpty,      // 119 UnsortedSegmentMax
    kEmpty,      // 120 UnsortedSegmentMin
    kEmpty,      // 121 UnsortedSegmentSum
    kEmpty,      // 122 ATan2
    kEmpty,      // 123 Sign
    kEmpty,      // 124 Bitcast
    kEmpty,      // 125 BitwiseXor
    kEmpty,      // 126 RightShift
});

constexpr auto kBuiltinOptions2 = std::to_array<std::string_view>({
    "l",                  // 1 StablehloConcatenate
    "L",                  // 2 StablehloBroadcastInDim
    "LLL",                // 3 StablehloSlice
    "LLLLBllLllLllLllI",  // 4 StablehloConvolution
    "sbsiIB",             // 5 StablehloCustomCall
    "Li",                 // 6 StablehloReduce
    "bLLLlbi",            // 7 StablehloScatter
    "ii",                 // 8 StablehloCompare
    "L",                  // 9 StablehloDynamicSlice
    "LLL",                // 10 StablehloPad
    "l",                  // 11 StablehloIota
    "LLLLI",              // 12 StablehloDotGeneral
    "LLLLLi",             // 13 StablehloReduceWindow
    "lbi",                // 14 StablehloSort
    "ii",                 // 15 StablehloWhile
    "LLLlLb",             // 16 StablehloGather
    "L",                  // 17 StablehloTranspose
    kEmpty,               // 18 Dilate
    "b",                  // 19 StablehloRngBitGenerator
    "i",                  // 20 ReduceWindow
    "siBbi",              // 21 StablehloComposite
    kEmpty,               // 22 StablehloShiftLeft
    "I",                  // 23 StablehloCase
});

constexpr auto kQuantizationDetails = std::to_array<std::string_view>({
    "A",     // 1 CustomQuantization
    "iii",   // 2 BlockwiseQuantization
    "iiiI",  // 3 MultiAxisQuantization
});

constexpr auto kSparseIndices = std::to_array<std::string_view>({
    "I",  // 1 Int32Vector
    "H",  // 2 Uint16Vector
    "B",  // 3 Uint8Vector
});
// clang-format on

template <size_t n>
std::optional<std::string_view> at(const std::array<std::string_view, n>& layouts, uint8_t tag) {
  if (tag == 0 || tag > n) return std::nullopt;
  return layouts[tag - size_t{1}];
}

}  // namespace

std::optional<std::string_view> table_layout(UnionKind kind, uint8_t tag) {
  switch (kind) {
    case UnionKind::builtin_options:
      return at(kBuiltinOptions, tag);
    case UnionKind::builtin_options_2:
      return at(kBuiltinOptions2, tag);
    case UnionKind::quantization_details:
      return at(kQuantizationDetails, tag);
    case UnionKind::sparse_indices:
      return at(kSparseIndices, tag);
  }
  return std::nullopt;
}

}  // namespace litesmith::tflite
