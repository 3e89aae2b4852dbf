// STABLEHLO_COMPOSITE: a named group of ops, with a subgraph that says in plain ops what it means.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ir/op.h"

namespace litesmith {

// What a delegate might know by `name`, everyone can run by the decomposition; -1: there is none.
struct StablehloComposite : OpOf<StablehloComposite> {
  std::string name;
  SubgraphIndex decomposition_subgraph_index;
  std::vector<uint8_t> composite_attributes;  // FlexBuffers
  int8_t composite_attributes_format = 0;
  int32_t version = 0;

  static const OpDef& definition();
  template <class S, class V>
  static void attributes(S& self, V&& visit) {
    visit(0, "name", self.name);
    visit(1, "decomposition_subgraph_index", self.decomposition_subgraph_index, SubgraphIndex{});
    visit(2, "composite_attributes", self.composite_attributes);
    visit(3, "composite_attributes_format", self.composite_attributes_format, int8_t{0});
    visit(4, "version", self.version, int32_t{0});
  }
};

}  // namespace litesmith
