#include "formats/hdf5/hdf5.h"

#include <algorithm>
#include <cstring>
#include <map>

#include "base/byte_cursor.h"
#include "base/error.h"
#include "formats/hdf5/global_heap.h"
#include "formats/hdf5/group_index.h"

namespace litesmith::hdf5 {
namespace {

constexpr std::string_view kSignature = "\x89HDF\r\n\x1a\n";

// The address of the root group's header (specification, II.A, version 0).
uint64_t read_superblock(std::span<const std::byte> file) {
  if (!File::looks_like_hdf5(file)) throw Error(ErrorCode::format, "it is no HDF5 file");
  ByteCursor cursor(file, kSignature.size(), "the HDF5 superblock");
  const auto version = cursor.read<uint8_t>();
  if (version != 0) {
    refuse_layout("the file's superblock has version " + std::to_string(version));
  }
  cursor.skip(4);
  const auto offset_size = cursor.read<uint8_t>();
  const auto length_size = cursor.read<uint8_t>();
  if (offset_size != 8 || length_size != 8) refuse_layout("the file's addresses are not 8 bytes");
  cursor.skip(9);  // to the addresses
  const auto base = cursor.read<uint64_t>();
  if (base != 0) refuse_layout("the file starts behind a user block");
  cursor.skip(8);  // free space
  const auto end = cursor.read<uint64_t>();
  if (end > file.size()) {
    throw Error(ErrorCode::format, "it is truncated: " + std::to_string(file.size()) +
                                       " bytes of " + std::to_string(end));
  }
  cursor.skip(8);  // driver information
  cursor.skip(8);  // the root's own name
  return cursor.read<uint64_t>();
}

// A fixed string ends at its padding of zeros.
std::string up_to_zero(std::span<const std::byte> bytes) {
  const auto* begin = reinterpret_cast<const char*>(bytes.data());
  const auto* end = std::find(begin, begin + bytes.size(), '\0');
  return {begin, end};
}

std::vector<std::string> read_strings(std::span<const std::byte> file, const Array& array) {
  const uint64_t count = array.count();
  std::vector<std::string> result;
  if (count == 0) return result;
  if (array.type.kind == Datatype::Kind::fixed_string && array.type.size > 0) {
    for (uint64_t i = 0; i < count; ++i) {
      result.push_back(up_to_zero(array.bytes.subspan(i * array.type.size, array.type.size)));
    }
    return result;
  }
  if (array.type.kind != Datatype::Kind::variable_string) {
    throw Error(ErrorCode::format, "it does not hold text");
  }
  GlobalHeap heap(file);
  ByteCursor cursor(array.bytes, 0, "an attribute");
  for (uint64_t i = 0; i < count; ++i) {
    const auto length = cursor.read<uint32_t>();
    const auto address = cursor.read<uint64_t>();
    const auto index = cursor.read<uint32_t>();
    if (length == 0) {
      result.emplace_back();
      continue;
    }
    ByteCursor object(heap.object(address, index), 0, "a string");
    result.push_back(up_to_zero(object.take(length)));
  }
  return result;
}

}  // namespace

class FileState {
 public:
  explicit FileState(SharedBytes bytes) : bytes_(std::move(bytes)) {}

  std::span<const std::byte> bytes() const { return bytes_.bytes; }
  const SharedBytes& shared() const { return bytes_; }

  // A group is read once, however often it is linked to. All groups together can have no more
  // members than fit into the file: indices that overlap would make a small file look large.
  std::shared_ptr<const GroupMembers> members(std::span<const std::byte> symbol_table) {
    const std::string key(reinterpret_cast<const char*>(symbol_table.data()), symbol_table.size());
    std::shared_ptr<const GroupMembers>& found = groups_[key];
    if (found == nullptr) {
      auto read = std::make_shared<GroupMembers>(read_group_members(bytes_.bytes, symbol_table));
      constexpr size_t kEntryBytes = 40;
      member_count_ += read->size();
      if (member_count_ > bytes_.size() / kEntryBytes) {
        throw Error(ErrorCode::format, "the file's groups add up to more than the file");
      }
      found = std::move(read);
    }
    return found;
  }

 private:
  SharedBytes bytes_;
  std::map<std::string, std::shared_ptr<const GroupMembers>> groups_;  // by symbol table
  size_t member_count_ = 0;
};

const HeaderMessage* Object::find_message(uint16_t type) const {
  const auto found =
      std::find_if(messages_.begin(), messages_.end(),
                   [&](const HeaderMessage& message) { return message.type == type; });
  return found == messages_.end() ? nullptr : &*found;
}

// Groups with the newer storage of links are groups too, if only to be refused as such.
bool Object::is_group() const {
  return find_message(HeaderMessage::kSymbolTable) != nullptr ||
         find_message(HeaderMessage::kLinkInfo) != nullptr;
}

bool Object::is_dataset() const { return find_message(HeaderMessage::kLayout) != nullptr; }

std::vector<std::string> Object::attribute_names() const {
  return with_context("attributes of '" + path_ + "'", [&] {
    std::vector<std::string> names;
    for (const HeaderMessage& message : messages_) {
      if (message.type != HeaderMessage::kAttribute) continue;
      names.push_back(read_attribute(message.data).name);
    }
    return names;
  });
}

std::optional<Array> Object::attribute(std::string_view name) const {
  return with_context("attributes of '" + path_ + "'", [&]() -> std::optional<Array> {
    for (const HeaderMessage& message : messages_) {
      if (message.type != HeaderMessage::kAttribute) continue;
      Attribute found = read_attribute(message.data);
      if (found.name == name) return std::move(found.array);
    }
    return std::nullopt;
  });
}

std::optional<std::vector<std::string>> Object::strings(std::string_view name) const {
  const std::optional<Array> array = attribute(name);
  if (!array) return std::nullopt;
  return with_context("attribute '" + std::string(name) + "' of '" + path_ + "'",
                      [&] { return read_strings(file_->bytes(), *array); });
}

std::optional<std::string> Object::string(std::string_view name) const {
  auto all = strings(name);
  if (!all) return std::nullopt;
  if (all->size() != 1) {
    throw Error(ErrorCode::format, "attribute '" + std::string(name) + "' of '" + path_ +
                                       "' holds " + std::to_string(all->size()) +
                                       " strings instead of one");
  }
  return std::move(all->front());
}

SharedBytes Dataset::shared_bytes() const { return file_->shared().part(array_.bytes); }

Dataset::Dataset(Object object) : Object(std::move(object)) {
  with_context("dataset '" + path_ + "'", [&] {
    if (find_message(HeaderMessage::kExternalFiles) != nullptr) {
      throw Error(ErrorCode::unsupported, "its data lie in another file; such files are refused");
    }
    if (find_message(HeaderMessage::kFilters) != nullptr) refuse_layout("it is compressed");
    const HeaderMessage* type = find_message(HeaderMessage::kDatatype);
    const HeaderMessage* space = find_message(HeaderMessage::kDataspace);
    if (type == nullptr || space == nullptr) {
      throw Error(ErrorCode::format, "its header is incomplete");
    }
    array_.type = read_datatype(type->data);
    array_.shape = read_dataspace(space->data);
    array_.bytes = read_layout(file_->bytes(), find_message(HeaderMessage::kLayout)->data,
                               array_.byte_count());
  });
}

Group::Group(Object object) : Object(std::move(object)) {
  with_context("group '" + path_ + "'", [&] {
    const HeaderMessage* table = find_message(HeaderMessage::kSymbolTable);
    if (table == nullptr)
      refuse_layout("it holds links to other files, or keeps its members in HDF5's newer way");
    members_ = file_->members(table->data);
  });
}

std::vector<std::string> Group::names() const {
  std::vector<std::string> result;
  for (const auto& [name, address] : *members_) result.push_back(name);
  return result;
}

std::optional<Object> Group::member(std::string_view name) const {
  const auto found = members_->find(name);
  if (found == members_->end()) return std::nullopt;
  std::string path = path_ == "/" ? "/" + found->first : path_ + "/" + found->first;
  return with_context("'" + path + "'", [&] {
    return Object(file_, read_object_header(file_->bytes(), found->second), path);
  });
}

std::optional<Object> Group::walk(std::string_view member_path) const {
  std::optional<Group> inner;
  const Group* here = this;
  for (;;) {
    const size_t slash = member_path.find('/');
    std::optional<Object> next = here->member(member_path.substr(0, slash));
    if (!next || slash == member_path.npos) return next;
    if (!next->is_group()) return std::nullopt;
    inner = Group(std::move(*next));
    here = &*inner;
    member_path.remove_prefix(slash + 1);
  }
}

std::optional<Group> Group::group(std::string_view member_path) const {
  std::optional<Object> object = walk(member_path);
  if (!object || !object->is_group()) return std::nullopt;
  return Group(std::move(*object));
}

std::optional<Dataset> Group::dataset(std::string_view member_path) const {
  std::optional<Object> object = walk(member_path);
  if (!object || !object->is_dataset()) return std::nullopt;
  return Dataset(std::move(*object));
}

File::File(SharedBytes bytes, const std::string& name)
    : root_(with_context("HDF5 file '" + name + "'", [&] {
        const uint64_t root = read_superblock(bytes.bytes);
        auto messages = read_object_header(bytes.bytes, root);
        return Group(Object(std::make_shared<FileState>(bytes), std::move(messages), "/"));
      })) {}

File File::open(const std::filesystem::path& path) {
  return File(SharedBytes::map(path), path.string());
}

bool File::looks_like_hdf5(std::span<const std::byte> bytes) {
  return bytes.size() >= kSignature.size() &&
         std::memcmp(bytes.data(), kSignature.data(), kSignature.size()) == 0;
}

}  // namespace litesmith::hdf5
