// Runs a piece of a fuzz target that may be refused.
#pragma once

#include <cstdlib>

#include "base/error.h"

namespace litesmith {

// A refusal is an answer; our own check failing is not.
template <class Body>
void attempt(const Body& body) {
  try {
    body();
  } catch (const Error& error) {
    if (error.code() == ErrorCode::internal) std::abort();
  }
}

}  // namespace litesmith
