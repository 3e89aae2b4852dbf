// The message of the Error that a piece of code throws, for EXPECT_THAT.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "base/error.h"

namespace litesmith {

// Fails the test when nothing is thrown or the Error's code is another one.
template <class Body>
std::string thrown_message(ErrorCode code, Body body) {
  try {
    body();
  } catch (const Error& error) {
    EXPECT_EQ(to_string(error.code()), to_string(code)) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return "";
}

}  // namespace litesmith
