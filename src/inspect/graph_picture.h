// A model as a drawing in Graphviz' language.
#pragma once

#include <string>

#include "inspect/listing.h"

namespace litesmith {

// One box an operator, coloured by how it computes, one arrow a tensor, with its type and shape;
// subgraphs are framed. `heading` stands on top. For `dot -Tsvg`.
std::string graph_picture(const Listing& listing, const std::string& heading);

}  // namespace litesmith
