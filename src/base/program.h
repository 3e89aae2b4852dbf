// Runs another program to its end: text in, text out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace litesmith {

// What `words[0]`, looked for as a shell would, prints when it reads `input`. Throws Error(io) when
// it cannot be started, or ends with anything but success; the message then ends with what it said.
std::string run_program(const std::vector<std::string>& words, std::string_view input);

}  // namespace litesmith
