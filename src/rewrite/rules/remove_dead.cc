// An op whose outputs nobody reads
//   becomes nothing.
#include "rewrite/rules/rules.h"

namespace litesmith::rules {

bool remove_dead(Editor& edit, size_t node) { return edit.remove_if_unread(node); }

}  // namespace litesmith::rules
