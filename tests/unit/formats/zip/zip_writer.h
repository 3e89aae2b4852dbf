// Makes zip archives for tests, honest ones and ones that lie about every field that matters.
#pragma once

#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "base/shared_bytes.h"

namespace litesmith::testing {

struct ZipEntry {
  std::string name;
  std::string data;
  bool deflate = false;
  bool data_descriptor = false;  // sizes and checksum behind the data, zeros in front
  uint16_t flags = 0;
  uint16_t made_by = 3 << 8;  // Unix
  uint32_t external_attributes = 0100644u << 16;
  int64_t stated_size = -1;         // in the directory, instead of the true one
  int64_t stated_stored_size = -1;  // likewise
  int same_data_as = -1;            // refer to the local header of an earlier entry
};

class ZipWriter {
 public:
  ZipWriter& add(const ZipEntry& entry) {
    const std::string packed = entry.deflate ? deflated(entry.data) : entry.data;
    const auto crc = static_cast<uint32_t>(
        crc32_z(0, reinterpret_cast<const Bytef*>(entry.data.data()), entry.data.size()));
    const auto method = static_cast<uint16_t>(entry.deflate ? 8 : 0);
    const auto flags = static_cast<uint16_t>(entry.flags | (entry.data_descriptor ? 8 : 0));
    auto sizes = [&](std::string& to, bool blank) {
      put32(to, blank ? 0 : crc);
      put32(to, blank ? 0 : value_or(entry.stated_stored_size, packed.size()));
      put32(to, blank ? 0 : value_or(entry.stated_size, entry.data.size()));
    };
    uint32_t offset = static_cast<uint32_t>(file_.size());
    if (entry.same_data_as >= 0) {
      offset = offsets_.at(static_cast<size_t>(entry.same_data_as));
    } else {
      file_ += "PK\3\4";
      put16(file_, 20);
      put16(file_, flags);
      put16(file_, method);
      put32(file_, 0);  // time and date
      sizes(file_, entry.data_descriptor);
      put16(file_, static_cast<uint16_t>(entry.name.size()));
      put16(file_, 0);
      file_ += entry.name + packed;
      if (entry.data_descriptor) {
        file_ += "PK\7\10";
        sizes(file_, false);
      }
    }
    offsets_.push_back(offset);
    directory_ += "PK\1\2";
    put16(directory_, static_cast<uint16_t>(entry.made_by | 20));
    put16(directory_, 20);
    put16(directory_, flags);
    put16(directory_, method);
    put32(directory_, 0);
    sizes(directory_, false);
    put16(directory_, static_cast<uint16_t>(entry.name.size()));
    put16(directory_, 0);  // extra
    put16(directory_, 0);  // comment
    put16(directory_, 0);  // disk
    put16(directory_, 0);  // internal attributes
    put32(directory_, entry.external_attributes);
    put32(directory_, offset);
    directory_ += entry.name;
    return *this;
  }

  ZipWriter& add(std::string name, std::string data) {
    return add(ZipEntry{.name = std::move(name), .data = std::move(data)});
  }

  std::string finish() const {
    std::string result = file_ + directory_ + "PK\5\6";
    put32(result, 0);
    put16(result, static_cast<uint16_t>(offsets_.size()));
    put16(result, static_cast<uint16_t>(offsets_.size()));
    put32(result, static_cast<uint32_t>(directory_.size()));
    put32(result, static_cast<uint32_t>(file_.size()));
    put16(result, 0);
    return result;
  }

 private:
  static uint32_t value_or(int64_t stated, size_t real) {
    return static_cast<uint32_t>(stated >= 0 ? stated : static_cast<int64_t>(real));
  }
  static void put16(std::string& to, uint16_t value) {
    to.append(reinterpret_cast<const char*>(&value), 2);
  }
  static void put32(std::string& to, uint32_t value) {
    to.append(reinterpret_cast<const char*>(&value), 4);
  }
  // A raw deflate stream, as zip members hold it.
  static std::string deflated(const std::string& data) {
    z_stream stream{};
    deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, data.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
    stream.avail_in = static_cast<uInt>(data.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
  }

  std::string file_;
  std::string directory_;
  std::vector<uint32_t> offsets_;
};

inline SharedBytes bytes_of(std::string_view text) {
  const auto* data = reinterpret_cast<const std::byte*>(text.data());
  return SharedBytes::take({data, data + text.size()});
}

inline std::string text_of(const SharedBytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.bytes.data()), bytes.bytes.size()};
}

}  // namespace litesmith::testing
