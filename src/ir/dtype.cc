#include "ir/dtype.h"

#include <array>

namespace litesmith {
namespace {

struct Row {
  std::string_view name;
  std::string_view schema;
  int bits;
};

constexpr std::array<Row, kDTypeCount> kRows = {{
    {"float32", "FLOAT32", 32},
    {"float16", "FLOAT16", 16},
    {"int32", "INT32", 32},
    {"uint8", "UINT8", 8},
    {"int64", "INT64", 64},
    {"string", "STRING", 0},
    {"bool", "BOOL", 8},
    {"int16", "INT16", 16},
    {"complex64", "COMPLEX64", 64},
    {"int8", "INT8", 8},
    {"float64", "FLOAT64", 64},
    {"complex128", "COMPLEX128", 128},
    {"uint64", "UINT64", 64},
    {"resource", "RESOURCE", 0},
    {"variant", "VARIANT", 0},
    {"uint32", "UINT32", 32},
    {"uint16", "UINT16", 16},
    {"int4", "INT4", 4},
    {"bfloat16", "BFLOAT16", 16},
    {"int2", "INT2", 2},
    {"uint4", "UINT4", 4},
    {"float8_e4m3fn", "FLOAT8_E4M3FN", 8},
    {"float8_e5m2", "FLOAT8_E5M2", 8},
}};

const Row& row(DType dtype) { return kRows.at(static_cast<size_t>(dtype)); }

}  // namespace

std::string_view to_string(DType dtype) { return row(dtype).name; }
std::string_view schema_name(DType dtype) { return row(dtype).schema; }
int bits(DType dtype) { return row(dtype).bits; }

std::optional<DType> parse_dtype(std::string_view name) {
  for (size_t i = 0; i < kRows.size(); ++i) {
    if (kRows[i].name == name) return static_cast<DType>(i);
  }
  return std::nullopt;
}

}  // namespace litesmith
