// The texts of --help and of docs/cli.md, both from what the verbs say of themselves.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "verb.h"

namespace litesmith::cli {

std::string help_text(std::span<const std::unique_ptr<Verb>> verbs);
std::string help_text(Verb& verb);
// docs/cli.md, whole.
std::string markdown(std::span<const std::unique_ptr<Verb>> verbs);

}  // namespace litesmith::cli
