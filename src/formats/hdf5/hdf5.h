// Reading HDF5 files: the small subset that Keras writes, bounded, mapped, without copies.
//
// Debian's libhdf5 was seen to crash or hang on one in a hundred damaged Keras files and brings 33
// shared objects along, while what Keras writes is small and fixed: superblock version 0, version 1
// object headers, symbol-table groups, contiguous or compact datasets. That is read here, after the
// HDF5 File Format Specification 3.0; every offset is checked, every loop is bounded by the file's
// size. Anything else is refused with a sentence that says how to re-save the file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/shared_bytes.h"
#include "formats/hdf5/group_index.h"
#include "formats/hdf5/messages.h"

namespace litesmith::hdf5 {

// The file that objects lie in, with the groups already looked into. (Not for several threads at
// once.)
class FileState;

// What groups and datasets have in common: a header, with attributes. Copies share the file.
class Object {
 public:
  // Where it lies, for messages: "/model_weights/conv2d".
  const std::string& path() const { return path_; }
  // In the header's order.
  std::vector<std::string> attribute_names() const;
  std::optional<Array> attribute(std::string_view name) const;
  // The attribute's strings (one for a scalar), of fixed or variable length, in UTF-8 as written.
  // Throws Error(format) when its elements are no strings; no elements of any type are no strings.
  std::optional<std::vector<std::string>> strings(std::string_view name) const;
  // The same, of an attribute that must hold exactly one.
  std::optional<std::string> string(std::string_view name) const;
  bool is_group() const;
  bool is_dataset() const;

 protected:
  friend class Group;
  friend class File;
  Object(std::shared_ptr<FileState> file, std::vector<HeaderMessage> messages, std::string path)
      : file_(std::move(file)), messages_(std::move(messages)), path_(std::move(path)) {}
  // Null when the header has no message of that type.
  const HeaderMessage* find_message(uint16_t type) const;

  std::shared_ptr<FileState> file_;
  std::vector<HeaderMessage> messages_;
  std::string path_;
};

class Dataset : public Object {
 public:
  const Array& array() const { return array_; }
  // array().bytes, with what keeps them alive.
  SharedBytes shared_bytes() const;

 private:
  friend class Group;
  explicit Dataset(Object object);
  Array array_;
};

class Group : public Object {
 public:
  // Names of the members, sorted by their bytes.
  std::vector<std::string> names() const;
  // The member at a path below this group ("conv2d/vars/0"); nothing when there is none, also when
  // what is there is of the other kind.
  std::optional<Group> group(std::string_view member_path) const;
  std::optional<Dataset> dataset(std::string_view member_path) const;

 private:
  friend class File;
  explicit Group(Object object);
  std::optional<Object> member(std::string_view name) const;
  std::optional<Object> walk(std::string_view member_path) const;

  std::shared_ptr<const GroupMembers> members_;
};

class File {
 public:
  // `name` is what messages call the file.
  File(SharedBytes bytes, const std::string& name);
  static File open(const std::filesystem::path& path);
  static bool looks_like_hdf5(std::span<const std::byte> bytes);

  const Group& root() const { return root_; }

 private:
  Group root_;
};

}  // namespace litesmith::hdf5
