// Two constants of equal type, shape and bytes
//   become one.
#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "rewrite/match.h"
#include "rewrite/rules/rules.h"

namespace litesmith::rules {
namespace {

bool may_be_shared(const Editor& edit, ValueId id) {
  const Value& value = edit.value(id);
  return value.is_constant() && !value.is_variable && !edit.is_output(id) &&
         !edit.readers(id).empty();
}

}  // namespace

int share_equal_constants(Editor& edit) {
  using SameContent = std::map<Buffer, std::vector<ValueId>, Buffer::Less>;
  std::map<std::pair<DType, Shape>, SameContent> seen;
  int shared = 0;
  const size_t count = edit.graph().values.size();
  for (size_t i = 0; i < count; ++i) {
    const ValueId id{static_cast<int32_t>(i)};
    if (!may_be_shared(edit, id)) continue;
    const Value& value = edit.value(id);
    auto& candidates = seen[{value.dtype, value.shape}][*value.data];
    const auto twin = std::find_if(candidates.begin(), candidates.end(), [&](ValueId other) {
      return interchangeable(edit.value(other), value) &&
             edit.value(other).learned_scales == value.learned_scales;
    });
    if (twin == candidates.end()) {
      candidates.push_back(id);
    } else {
      edit.read_instead(id, *twin);
      ++shared;
    }
  }
  return shared;
}

}  // namespace litesmith::rules
