// The list of the verbs, in the order help shows them.
#include "verbs/verbs.h"

#include "verb.h"

namespace litesmith::cli {

std::vector<std::unique_ptr<Verb>> all_verbs() {
  std::vector<std::unique_ptr<Verb>> verbs;
  verbs.push_back(make_optimize());
  verbs.push_back(make_convert());
  verbs.push_back(make_evaluate());
  verbs.push_back(make_compare());
  verbs.push_back(make_run());
  verbs.push_back(make_benchmark());
  verbs.push_back(make_inspect());
  verbs.push_back(make_lint());
  verbs.push_back(make_analyze());
  verbs.push_back(make_help());
  return verbs;
}

}  // namespace litesmith::cli
