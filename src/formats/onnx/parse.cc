// Fields by their numbers in onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
#include <array>

#include "base/error.h"
#include "formats/onnx/file.h"
#include "formats/onnx/wire.h"

namespace litesmith::onnx {
namespace {

// An empty message takes two bytes in a file and some hundred in memory.
constexpr size_t kMaxMessages = 4'000'000;

// Calls `field` for each field of a message.
template <class Body>
void each(Message message, const Body& field) {
  while (message.next()) field(message);
}

class Parser {
 public:
  File run(std::span<const std::byte> bytes) {
    each(Message(bytes), [&](const Message& m) {
      switch (m.number()) {
        case 1:
          file_.ir_version = m.integer();
          break;
        case 2:
          file_.producer = m.text();
          break;
        case 7:
          file_.has_graph = true;
          graph(m.message());
          break;
        case 8:
          opset(m.message());
          break;
        case 25:
          file_.functions.push_back(function_name(m.message()));
          break;
        default:
          break;
      }
    });
    return std::move(file_);
  }

 private:
  template <class T>
  T& grow(std::vector<T>& list) {
    if (++messages_ > kMaxMessages) {
      throw Error(ErrorCode::unsupported, "it has more parts than any network");
    }
    return list.emplace_back();
  }

  void opset(Message message) {
    std::string domain;
    int64_t version = 0;
    each(message, [&](const Message& m) {
      if (m.number() == 1) domain = m.text();
      if (m.number() == 2) version = m.integer();
    });
    file_.opsets[domain == "ai.onnx" ? "" : domain] = version;
  }

  static std::string function_name(Message message) {
    std::string name;
    each(message, [&](const Message& m) {
      if (m.number() == 1) name = m.text();
    });
    return name;
  }

  void graph(Message message) {
    each(message, [&](const Message& m) {
      switch (m.number()) {
        case 1:
          node(m.message(), grow(file_.nodes));
          break;
        case 2:
          file_.graph_name = m.text();
          break;
        case 5:
          tensor(m.message(), grow(file_.initializers));
          break;
        case 11:
          value_info(m.message(), grow(file_.inputs));
          break;
        case 12:
          value_info(m.message(), grow(file_.outputs));
          break;
        case 15:
          sparse(m.message(), grow(file_.sparse_initializers));
          break;
        default:
          break;
      }
    });
  }

  void sparse(Message message, std::string& name) {
    each(message, [&](const Message& m) {
      if (m.number() != 1) return;
      TensorData values;
      tensor(m.message(), values);
      name = values.name;
    });
  }

  void node(Message message, Node& node) {
    each(message, [&](const Message& m) {
      switch (m.number()) {
        case 1:
          grow(node.inputs) = m.text();
          break;
        case 2:
          grow(node.outputs) = m.text();
          break;
        case 3:
          node.name = m.text();
          break;
        case 4:
          node.op_type = m.text();
          break;
        case 5:
          attribute(m.message(), grow(node.attributes));
          break;
        case 7:
          node.domain = m.text();
          break;
        default:
          break;
      }
    });
    if (node.domain == "ai.onnx") node.domain.clear();
  }

  void attribute(Message message, Attribute& attribute) {
    each(message, [&](const Message& m) {
      switch (m.number()) {
        case 1:
          attribute.name = m.text();
          break;
        case 2:
          attribute.number = m.number32();
          break;
        case 3:
          attribute.integer = m.integer();
          break;
        case 4:
          attribute.text = m.text();
          break;
        case 5:
          tensor(m.message(), attribute.tensor.emplace());
          break;
        case 7:
          m.append_to(attribute.numbers);
          break;
        case 8:
          m.append_to(attribute.integers);
          break;
        case 9:
          grow(attribute.texts) = m.text();
          break;
        case 20:
          attribute.type = static_cast<int32_t>(m.integer());
          break;
        case 21:
          attribute.refers = true;
          break;
        default:
          break;
      }
    });
  }

  void tensor(Message message, TensorData& tensor) {
    each(message, [&](const Message& m) {
      switch (m.number()) {
        case 1:
          m.append_to(tensor.dims);
          break;
        case 2:
          tensor.type = static_cast<int32_t>(m.integer());
          break;
        case 4:
          m.append_to(tensor.floats);
          break;
        case 5:
        case 7:
        case 11:
          m.append_to(tensor.integers);
          break;
        case 8:
          tensor.name = m.text();
          break;
        case 9:
          tensor.raw = m.bytes();
          break;
        case 10:
          m.append_to(tensor.doubles);
          break;
        case 13:
          location(m.message(), tensor);
          break;
        case 14:
          tensor.external = m.integer() == 1;
          break;
        default:
          break;
      }
    });
  }

  static void location(Message message, TensorData& tensor) {
    std::string key;
    std::string value;
    each(message, [&](const Message& m) {
      if (m.number() == 1) key = m.text();
      if (m.number() == 2) value = m.text();
    });
    tensor.location[key] = value;
  }

  void value_info(Message message, ValueInfo& info) {
    each(message, [&](const Message& m) {
      if (m.number() == 1) info.name = m.text();
      if (m.number() != 2) return;
      each(m.message(), [&](const Message& type) {
        if (type.number() == 1) tensor_type(type.message(), info);
      });
    });
  }

  void tensor_type(Message message, ValueInfo& info) {
    each(message, [&](const Message& m) {
      if (m.number() == 1) info.type = static_cast<int32_t>(m.integer());
      if (m.number() != 2) return;
      auto& dims = info.shape.emplace();
      each(m.message(), [&](const Message& shape) {
        if (shape.number() != 1) return;
        Dimension& dim = grow(dims);
        each(shape.message(), [&](const Message& d) {
          if (d.number() == 1) dim.size = d.integer();
          if (d.number() == 2) dim.symbol = d.text();
        });
      });
    });
  }

  File file_;
  size_t messages_ = 0;
};

}  // namespace

const Attribute* Node::find(std::string_view wanted) const {
  for (const Attribute& attribute : attributes) {
    if (attribute.name == wanted) return &attribute;
  }
  return nullptr;
}

std::string Node::label() const {
  const std::string& called = !name.empty() || outputs.empty() ? name : outputs.front();
  return "node '" + called + "' (" + (domain.empty() ? "" : domain + ".") + op_type + ")";
}

File parse(std::span<const std::byte> bytes) { return Parser().run(bytes); }

bool looks_like_onnx(std::span<const std::byte> bytes) {
  try {
    bool graph = false;
    bool version = false;
    for (Message message(bytes); message.next();) {
      graph |= message.number() == 7;
      version |= message.number() == 1 || message.number() == 8;
    }
    return graph && version;
  } catch (const Error&) {
    return false;
  }
}

std::optional<DType> to_dtype(int32_t type) {
  switch (type) {
    case 1:   // FLOAT
    case 10:  // FLOAT16
    case 11:  // DOUBLE
    case 16:  // BFLOAT16
      return DType::float32;
    case 2:
      return DType::uint8;
    case 3:
      return DType::int8;
    case 5:
      return DType::int16;
    case 6:
      return DType::int32;
    case 7:
      return DType::int64;
    case 9:
      return DType::boolean;
    default:
      return std::nullopt;
  }
}

std::string type_name(int32_t type) {
  static constexpr std::array<std::string_view, 27> kNames = {
      "no tensor",      "float",    "uint8",        "int8",           "uint16",
      "int16",          "int32",    "int64",        "string",         "bool",
      "float16",        "double",   "uint32",       "uint64",         "complex64",
      "complex128",     "bfloat16", "float8e4m3fn", "float8e4m3fnuz", "float8e5m2",
      "float8e5m2fnuz", "uint4",    "int4",         "float4e2m1",     "float8e8m0",
      "uint2",          "int2"};
  const auto index = static_cast<size_t>(type);
  return type >= 0 && index < kNames.size() ? std::string(kNames[index])
                                            : "type " + std::to_string(type);
}

}  // namespace litesmith::onnx
