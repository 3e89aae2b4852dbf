#include "formats/hdf5/hdf5.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "base/error.h"

namespace litesmith::hdf5 {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string fixture(const std::string& name) {
  return LITESMITH_SOURCE_DIR "/tests/fixtures/hdf5/" + name;
}

const File& kinds() {
  static const File file = File::open(fixture("kinds.h5"));
  return file;
}

template <class T>
std::vector<T> elements(const Array& array) {
  std::vector<T> result(array.bytes.size() / sizeof(T));
  std::memcpy(result.data(), array.bytes.data(), array.bytes.size());
  return result;
}

// What opening a fixture and reading its dataset "x" has to complain about.
std::string refusal(const std::string& name) {
  try {
    const File file = File::open(fixture(name));
    static_cast<void>(file.root().dataset("x"));
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Hdf5, numbers_keep_type_shape_and_bits) {
  const Group data = *kinds().root().group("data");
  const Array f4 = data.dataset("f4")->array();
  EXPECT_EQ(f4.type, (Datatype{Datatype::Kind::floating, 4, true}));
  EXPECT_THAT(f4.shape, ElementsAre(2, 3));
  EXPECT_THAT(elements<float>(f4), ElementsAre(0, 1, 2, 3, 4, 5));
  EXPECT_EQ(data.dataset("f2")->array().type, (Datatype{Datatype::Kind::floating, 2, true}));
  EXPECT_THAT(elements<uint16_t>(data.dataset("f2")->array()), ElementsAre(0x3800, 0xc000));
  EXPECT_THAT(elements<double>(data.dataset("f8")->array()), ElementsAre(0.1));
  EXPECT_EQ(data.dataset("i4")->array().type, (Datatype{Datatype::Kind::integer, 4, true}));
  EXPECT_THAT(elements<int32_t>(data.dataset("i4")->array()), ElementsAre(-1, 2));
  EXPECT_EQ(data.dataset("u1")->array().type, (Datatype{Datatype::Kind::integer, 1, false}));
  EXPECT_EQ(data.dataset("bfloat16")->array().type, (Datatype{Datatype::Kind::opaque, 2, false}));
}

TEST(Hdf5, a_scalar_has_no_dimensions_and_one_element) {
  const Array scalar = kinds().root().dataset("data/scalar")->array();
  EXPECT_TRUE(scalar.shape.empty());
  EXPECT_THAT(elements<int64_t>(scalar), ElementsAre(7));
}

TEST(Hdf5, an_empty_dataset_has_its_shape_and_no_bytes) {
  const Array empty = kinds().root().dataset("data/empty")->array();
  EXPECT_THAT(empty.shape, ElementsAre(0, 3));
  EXPECT_TRUE(empty.bytes.empty());
}

TEST(Hdf5, compact_data_are_read_from_the_header) {
  EXPECT_THAT(elements<float>(kinds().root().dataset("data/compact")->array()),
              ElementsAre(1, 2, 3));
}

TEST(Hdf5, strings_of_both_kinds_are_read) {
  const Group group = *kinds().root().group("attributes");
  EXPECT_EQ(group.string("text"), "h\xc3\xa9llo");
  EXPECT_EQ(group.string("bytes"), "ascii");
  EXPECT_EQ(group.string("long"), std::string(3000, 'x'));
  EXPECT_THAT(*group.strings("list"), ElementsAre("conv2d", "dense", ""));
  EXPECT_THAT(*group.strings("fixed_list"), ElementsAre("conv2d", "dense"));
  EXPECT_THAT(*group.strings("empty_list"), ElementsAre());
  EXPECT_EQ(group.string("absent"), std::nullopt);
}

TEST(Hdf5, what_is_no_string_is_not_read_as_one) {
  const Group group = *kinds().root().group("attributes");
  EXPECT_THROW(static_cast<void>(group.strings("number")), Error);
  EXPECT_THROW(static_cast<void>(group.string("list")), Error);
}

TEST(Hdf5, groups_of_several_leaves_and_headers_of_several_blocks_are_whole) {
  const Group many = *kinds().root().group("many");
  EXPECT_EQ(many.names().size(), 40u);
  EXPECT_EQ(many.attribute_names().size(), 30u);
  EXPECT_EQ(many.string("attribute_29"), "value 29");
  EXPECT_TRUE(many.dataset("member_39").has_value());
}

TEST(Hdf5, paths_are_walked_and_what_is_not_there_is_nothing) {
  const Group& root = kinds().root();
  EXPECT_EQ(root.dataset("nested/a/b/c")->path(), "/nested/a/b/c");
  EXPECT_FALSE(root.dataset("nested/a/b"));
  EXPECT_FALSE(root.group("nested/a/b/c"));
  EXPECT_FALSE(root.dataset("nested/a/b/c/d"));
  EXPECT_FALSE(root.dataset("nested/x/b/c"));
  EXPECT_FALSE(root.group(""));
}

TEST(Hdf5, data_outlive_the_file_object) {
  const Dataset dataset = *File::open(fixture("kinds.h5")).root().dataset("data/f8");
  EXPECT_THAT(elements<double>(dataset.array()), ElementsAre(0.1));
}

TEST(Hdf5, other_layouts_are_refused_with_a_way_out) {
  EXPECT_THAT(refusal("chunked.h5"), HasSubstr("stored in chunks"));
  EXPECT_THAT(refusal("gzip.h5"), HasSubstr("it is compressed"));
  EXPECT_THAT(refusal("latest.h5"), HasSubstr("superblock has version 3"));
  EXPECT_THAT(refusal("big_endian.h5"), HasSubstr("big-endian"));
  EXPECT_THAT(refusal("tracked_order.h5"), HasSubstr("newer object headers"));
  EXPECT_THAT(refusal("committed_type.h5"), HasSubstr("shares a type"));
  for (const char* name : {"chunked.h5", "gzip.h5", "latest.h5", "big_endian.h5"}) {
    EXPECT_THAT(refusal(name), HasSubstr("save it again")) << name;
  }
}

TEST(Hdf5, links_out_of_the_file_are_refused) {
  EXPECT_THAT(refusal("soft_link.h5"), HasSubstr("soft link"));
  EXPECT_THAT(refusal("external_link.h5"), HasSubstr("links to other files"));
  EXPECT_THAT(refusal("external_data.h5"), HasSubstr("another file"));
}

TEST(Hdf5, a_dataset_never_written_is_an_error) {
  EXPECT_THAT(refusal("never_written.h5"), HasSubstr("never written"));
}

TEST(Hdf5, files_of_other_kinds_are_told_apart) {
  EXPECT_THAT(refusal("make_fixtures.py"), HasSubstr("no HDF5 file"));
  EXPECT_THAT(refusal("user_block.h5"), HasSubstr("no HDF5 file"));
}

// What reading all of a file came to. Errors are fine, crashes and endless loops are not.
struct Visit {
  size_t datasets = 0;
  size_t errors = 0;
  uint64_t last_bytes = 0;  // of the datasets, read: they must be inside the file

  void tolerate(const std::function<void()>& body) {
    try {
      body();
    } catch (const Error&) {
      ++errors;
    }
  }
  void read(const Group& group, int depth) {
    if (depth > 6) return;
    tolerate([&] {
      for (const std::string& name : group.attribute_names()) {
        tolerate([&] { static_cast<void>(group.strings(name)); });
      }
    });
    for (const std::string& name : group.names()) {
      tolerate([&] {
        if (const auto dataset = group.dataset(name)) {
          const auto bytes = dataset->array().bytes;
          if (!bytes.empty()) last_bytes += std::to_integer<uint64_t>(bytes.back());
          ++datasets;
        }
        if (const auto inner = group.group(name)) read(*inner, depth + 1);
      });
    }
  }
};

Visit read_all(const std::vector<std::byte>& bytes) {
  Visit visit;
  visit.tolerate([&] { visit.read(File(SharedBytes::take(bytes), "damaged.h5").root(), 0); });
  return visit;
}

std::vector<std::byte> bytes_of_kinds() {
  const SharedBytes file = SharedBytes::map(fixture("kinds.h5"));
  return {file.bytes.begin(), file.bytes.end()};
}

TEST(Hdf5, a_whole_file_is_read_to_its_end) {
  const Visit visit = read_all(bytes_of_kinds());
  EXPECT_GT(visit.datasets, 10u);
  EXPECT_EQ(visit.errors, 1u);  // an attribute that is a number, read as text
}

TEST(Hdf5, every_truncation_is_an_error) {
  const std::vector<std::byte> bytes = bytes_of_kinds();
  for (size_t size = 0; size < bytes.size(); size += 7) {
    EXPECT_THROW(
        File(SharedBytes::take({bytes.begin(), bytes.begin() + static_cast<long>(size)}), "x"),
        Error)
        << size;
  }
}

TEST(Hdf5, a_changed_byte_never_leads_astray) {
  const std::vector<std::byte> bytes = bytes_of_kinds();
  size_t errors = 0;
  for (size_t i = 0; i < bytes.size(); i += 7) {
    for (const int mask : {0x01, 0xff}) {
      std::vector<std::byte> changed = bytes;
      changed[i] ^= static_cast<std::byte>(mask);
      errors += read_all(changed).errors;
    }
  }
  EXPECT_GT(errors, 100u);
}

// Every 8-byte word replaced by the address of every kind of structure: cycles, wrong kinds.
TEST(Hdf5, pointers_that_lead_back_are_survived) {
  const std::vector<std::byte> bytes = bytes_of_kinds();
  auto find = [&](std::string_view signature) {
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return static_cast<uint64_t>(text.find(signature));
  };
  const uint64_t targets[] = {96, find("TREE"), find("HEAP"), find("SNOD"), find("GCOL")};
  for (const uint64_t target : targets) ASSERT_LT(target, bytes.size());
  size_t errors = 0;
  for (size_t i = 0; i + 8 <= bytes.size(); i += 8) {
    for (const uint64_t target : targets) {
      std::vector<std::byte> changed = bytes;
      std::memcpy(changed.data() + i, &target, 8);
      errors += read_all(changed).errors;
    }
  }
  EXPECT_GT(errors, 100u);
}

}  // namespace
}  // namespace litesmith::hdf5
