#include "formats/npy/npy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "formats/npy/header.h"
#include "testing/thrown.h"

namespace litesmith {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;

std::string file_of(std::string_view header, std::string_view data, char version = 1) {
  std::string bytes = "\x93NUMPY";
  bytes += version;
  bytes += '\0';
  const size_t length = header.size();
  for (int i = 0; i < (version == 1 ? 2 : 4); ++i) {
    bytes += static_cast<char>((length >> (8 * i)) & 0xff);
  }
  return bytes + std::string(header) + std::string(data);
}

template <class T>
std::string bytes_of(std::initializer_list<T> values) {
  return {reinterpret_cast<const char*>(values.begin()), values.size() * sizeof(T)};
}

NpyArray parse(const std::string& bytes) {
  auto owner = std::make_shared<std::string>(bytes);
  return parse_npy({std::as_bytes(std::span<const char>(owner->data(), owner->size())), owner});
}

NpyArray parse(std::string_view descr, std::string_view shape, const std::string& data,
               bool fortran_order = false) {
  return parse(file_of("{'descr': '" + std::string(descr) +
                           "', 'fortran_order': " + (fortran_order ? "True" : "False") +
                           ", 'shape': " + std::string(shape) + ", }\n",
                       data));
}

std::vector<float> floats(const NpyArray& array) {
  std::vector<float> out(array.element_count());
  read_floats(array, 0, out);
  std::vector<float> memory;
  EXPECT_THAT(view_floats(array, 0, out.size(), memory), ElementsAreArray(out));
  return out;
}
std::vector<int64_t> integers(const NpyArray& array) {
  std::vector<int64_t> out(array.element_count());
  read_integers(array, 0, out);
  return out;
}

TEST(Npy, reads_what_numpy_writes) {
  const NpyArray array = parse("<f4", "(2, 3)", bytes_of({1.f, 2.f, 3.f, 4.f, 5.f, 6.f}));
  EXPECT_EQ(array.dtype, DType::float32);
  EXPECT_THAT(array.shape, ElementsAre(2, 3));
  EXPECT_THAT(floats(array), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_EQ(describe(array), "float32 [2, 3]");
}

TEST(Npy, all_three_versions_are_read) {
  for (const char version : {1, 2, 3}) {
    const std::string header = "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }";
    EXPECT_THAT(integers(parse(file_of(header, "\x07\xff", version))), ElementsAre(7, 255));
  }
  EXPECT_THAT(thrown_message(ErrorCode::unsupported, [] { parse(file_of("{}", "", 4)); }),
              HasSubstr("version is 4.0"));
}

TEST(Npy, header_takes_any_order_quotes_and_spacing_and_python_2_longs) {
  const NpyHeader header =
      parse_npy_header("{ \"shape\" :( 3L , 4L ),\"fortran_order\": True ,'descr':'>i2'}  \n");
  EXPECT_THAT(header.shape, ElementsAre(3, 4));
  EXPECT_TRUE(header.fortran_order);
  EXPECT_EQ(header.descr, ">i2");
}

TEST(Npy, damaged_headers_are_refused) {
  for (const char* text :
       {"", "{", "{'descr': '<f4'}", "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)",
        "{'descr': '<f4', 'fortran_order': Maybe, 'shape': (1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'more': 1}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1 2)}",
        "{'descr': '<f4, 'fortran_order': False, 'shape': (1,)}",
        "{'descr': [('a', '<f4'), 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} x"}) {
    EXPECT_THAT(thrown_message(ErrorCode::format, [&] { parse_npy_header(text); }),
                HasSubstr("header is damaged"))
        << text;
  }
}

TEST(Npy, every_number_type_is_read_as_float_and_as_integer) {
  EXPECT_THAT(floats(parse("<f2", "(2,)", bytes_of<uint16_t>({0x3c00, 0xc000}))),
              ElementsAre(1, -2));
  EXPECT_THAT(floats(parse("<f8", "(2,)", bytes_of({0.5, -3.0}))), ElementsAre(0.5f, -3));
  EXPECT_THAT(floats(parse("|i1", "(2,)", bytes_of<int8_t>({-128, 127}))), ElementsAre(-128, 127));
  EXPECT_THAT(floats(parse("|b1", "(2,)", bytes_of<uint8_t>({0, 1}))), ElementsAre(0, 1));
  EXPECT_THAT(integers(parse("<i2", "(1,)", bytes_of<int16_t>({-300}))), ElementsAre(-300));
  EXPECT_THAT(integers(parse("<i4", "(1,)", bytes_of<int32_t>({-70000}))), ElementsAre(-70000));
  EXPECT_THAT(integers(parse("<i8", "(1,)", bytes_of<int64_t>({INT64_MIN}))),
              ElementsAre(INT64_MIN));
  EXPECT_THAT(integers(parse("<u2", "(1,)", bytes_of<uint16_t>({65535}))), ElementsAre(65535));
  EXPECT_THAT(integers(parse("<u4", "(1,)", bytes_of<uint32_t>({4294967295}))),
              ElementsAre(4294967295));
  EXPECT_THAT(integers(parse("<u8", "(1,)", bytes_of<uint64_t>({5}))), ElementsAre(5));
  EXPECT_THAT(integers(parse("<f4", "(2,)", bytes_of({3.0f, -0.0f}))), ElementsAre(3, 0));
  EXPECT_THAT(integers(parse("<f8", "(1,)", bytes_of({-0x1p63}))), ElementsAre(INT64_MIN));
  EXPECT_THAT(integers(parse("<f2", "(1,)", bytes_of<uint16_t>({0x4200}))), ElementsAre(3));
}

TEST(Npy, big_endian_elements_are_turned_around) {
  EXPECT_THAT(floats(parse(">f4", "(1,)", std::string("\x3f\x80\x00\x00", 4))), ElementsAre(1));
  EXPECT_THAT(integers(parse(">i2", "(1,)", std::string("\x01\x02", 2))), ElementsAre(0x102));
  EXPECT_THAT(floats(parse(">f8", "(1,)", std::string("\xc0\x08\0\0\0\0\0\0", 8))),
              ElementsAre(-3));
  std::array<std::byte, 2> raw{};
  read_raw(parse(">i2", "(1,)", std::string("\x01\x02", 2)), 0, raw);
  EXPECT_THAT(raw, ElementsAre(std::byte{2}, std::byte{1}));
}

TEST(Npy, fortran_order_is_read_in_row_major_order) {
  // np.asfortranarray(np.arange(24).reshape(2, 3, 4)) as it lies in the file.
  std::string data;
  for (int k = 0; k < 4; ++k) {
    for (int j = 0; j < 3; ++j) {
      for (int i = 0; i < 2; ++i) data += static_cast<char>(i * 12 + j * 4 + k);
    }
  }
  const NpyArray array = parse("|u1", "(2, 3, 4)", data, true);
  const std::vector<int64_t> all = integers(array);
  for (size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i], static_cast<int64_t>(i));
  std::vector<int64_t> middle(7);
  read_integers(array, 10, middle);
  EXPECT_THAT(middle, ElementsAre(10, 11, 12, 13, 14, 15, 16));
}

TEST(Npy, scalars_and_empty_arrays_exist) {
  EXPECT_THAT(floats(parse("<f4", "()", bytes_of({2.5f}))), ElementsAre(2.5f));
  EXPECT_THAT(floats(parse("<f4", "(0, 3)", "")), ElementsAre());
}

TEST(Npy, trailing_bytes_are_allowed_and_missing_ones_are_not) {
  EXPECT_THAT(integers(parse("|i1", "(2,)", "\x01\x02\x03")), ElementsAre(1, 2));
  EXPECT_THAT(thrown_message(ErrorCode::format, [] { parse("<f4", "(2,)", "1234567"); }),
              HasSubstr("float32 [2] needs 8 bytes, the file holds 7"));
}

TEST(Npy, sizes_that_overflow_are_refused) {
  thrown_message(ErrorCode::format, [] { parse("<f8", "(4611686018427387904, 8)", ""); });
  thrown_message(ErrorCode::format, [] { parse("<f8", "(9223372036854775807,)", ""); });
}

TEST(Npy, text_comes_without_what_fills_it_up) {
  EXPECT_THAT(read_texts(parse("|S3", "(3,)",
                               std::string("abc"
                                           "d\0\0"
                                           "\0\0\0",
                                           9)),
                         0, 3),
              ElementsAre("abc", "d", ""));
  const std::string euro_and_a("\xac\x20\0\0a\0\0\0", 8);
  EXPECT_THAT(read_texts(parse("<U2", "(1,)", euro_and_a), 0, 1), ElementsAre("\xe2\x82\xac"
                                                                              "a"));
  const std::string other_order("\0\x01\xf6\0", 4);
  EXPECT_THAT(read_texts(parse(">U1", "(1,)", other_order), 0, 1), ElementsAre("\xf0\x9f\x98\x80"));
}

TEST(Npy, text_is_no_number_and_code_points_end_somewhere) {
  EXPECT_THAT(thrown_message(ErrorCode::unsupported, [] { floats(parse("|S1", "(1,)", "7")); }),
              HasSubstr("text"));
  const NpyArray beyond = parse("<U1", "(1,)", std::string("\0\0\x11\0", 4));
  EXPECT_THAT(thrown_message(ErrorCode::data, [&] { read_texts(beyond, 0, 1); }),
              HasSubstr("1114112"));
}

TEST(Npy, types_that_are_no_numbers_are_refused_by_name) {
  const std::pair<const char*, const char*> cases[] = {
      {"|O", "pickled Python objects"},
      {"|S0", "unknown type '|S0'"},
      {"<Ux", "unknown type '<Ux'"},
      {"<c8", "complex numbers"},
      {"<M8[ns]", "dates"},
      {"|V2", "raw records"},
      {"<f16", "unusual width"},
      {"<i3", "unknown type '<i3'"},
      {"f4", "unknown type"},
      {"?f4", "unusual width"},
  };
  for (const auto& [type, piece] : cases) {
    const std::string descr = type;  // clang 14 lets no lambda capture a structured binding
    EXPECT_THAT(
        thrown_message(ErrorCode::unsupported, [&] { parse(descr, "(1,)", "0123456789abcdef"); }),
        HasSubstr(piece))
        << descr;
  }
  EXPECT_THAT(
      thrown_message(ErrorCode::unsupported,
                     [] {
                       parse(file_of(
                           "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}",
                           "1234"));
                     }),
      HasSubstr("records"));
}

TEST(Npy, foreign_files_are_named_for_what_they_are) {
  EXPECT_THAT(thrown_message(ErrorCode::format, [] { parse("PK\x03\x04..."); }), HasSubstr(".npz"));
  EXPECT_THAT(thrown_message(ErrorCode::format, [] { parse("\x80\x04pickle"); }),
              HasSubstr("pickle"));
  EXPECT_THAT(thrown_message(ErrorCode::format, [] { parse(""); }), HasSubstr("empty"));
  EXPECT_THAT(thrown_message(ErrorCode::format, [] { parse("hello world"); }),
              HasSubstr("not a .npy"));
  EXPECT_THAT(thrown_message(ErrorCode::format, [] { parse("\x93NUMPY\x01"); }),
              HasSubstr("truncated"));
}

TEST(Npy, values_that_do_not_fit_the_wanted_type_are_refused) {
  EXPECT_THAT(
      thrown_message(ErrorCode::data, [] { integers(parse("<f4", "(1,)", bytes_of({0.5f}))); }),
      HasSubstr("where an integer is needed"));
  EXPECT_THAT(
      thrown_message(ErrorCode::data, [] { integers(parse("<f8", "(1,)", bytes_of({0x1p63}))); }),
      HasSubstr("where an integer is needed"));
  thrown_message(ErrorCode::data, [] {
    integers(parse("<f4", "(1,)", bytes_of({std::numeric_limits<float>::quiet_NaN()})));
  });
  EXPECT_THAT(
      thrown_message(ErrorCode::data, [] { floats(parse("<f8", "(1,)", bytes_of({1e300}))); }),
      HasSubstr("too large for float32"));
  EXPECT_THAT(
      thrown_message(ErrorCode::data,
                     [] { integers(parse("<u8", "(1,)", bytes_of<uint64_t>({UINT64_MAX}))); }),
      HasSubstr("too large for int64"));
}

TEST(Npy, infinities_stay_infinities) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  EXPECT_THAT(
      floats(parse("<f8", "(2,)", bytes_of({kInfinity, -kInfinity}))),
      ElementsAre(std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity()));
}

TEST(Npy, reading_beyond_the_end_is_our_own_mistake) {
  const NpyArray array = parse("|i1", "(2,)", "\x01\x02");
  std::vector<int64_t> out(2);
  thrown_message(ErrorCode::internal, [&] { read_integers(array, 1, out); });
}

TEST(Npy, floats_are_seen_where_they_lie_if_this_machine_can_read_them_there) {
  std::vector<float> memory;
  const NpyArray plain = parse("<f4", "(3,)", bytes_of({1.0f, 2.0f, 3.0f}));
  const auto* const there = reinterpret_cast<const float*>(plain.data.bytes.data());
  const bool is_aligned = reinterpret_cast<uintptr_t>(there) % alignof(float) == 0;
  EXPECT_EQ(view_floats(plain, 1, 2, memory).data(), is_aligned ? there + 1 : memory.data());
  const NpyArray turned = parse("<f4", "(2, 2)", bytes_of({1.0f, 2.0f, 3.0f, 4.0f}), true);
  EXPECT_THAT(view_floats(turned, 1, 2, memory), ElementsAre(3, 2));
  EXPECT_THROW(view_floats(plain, 2, 2, memory), Error);
}

}  // namespace
}  // namespace litesmith
