#include "kernels/detection_postprocess.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include "base/arena.h"

namespace litesmith::kernels {
namespace {

// In scores, box * all_classes + class.
struct Found {
  int32_t place;
  float score;
};

// Hands out parts of the scratch memory, or only counts them.
class Parts {
 public:
  explicit Parts(std::byte* memory) : memory_(memory) {}

  template <class T>
  std::span<T> take(size_t count) {
    T* const part = memory_ == nullptr ? nullptr : reinterpret_cast<T*>(memory_ + used_);
    used_ += round_up(count * sizeof(T));
    return memory_ == nullptr ? std::span<T>() : std::span<T>(part, count);
  }
  size_t used() const { return used_; }

 private:
  std::byte* memory_;
  size_t used_ = 0;
};

struct Scratch {
  std::span<Corners> boxes;
  std::span<float> class_scores;  // of each box
  std::span<int32_t> kept;        // boxes, best first
  std::span<uint8_t> active;      // by place in `kept`
  std::span<int32_t> class_order;
  std::span<Found> found;
  std::span<Found> merged;

  Scratch(const Detection& d, Parts& parts) {
    const auto count = static_cast<size_t>(d.boxes);
    const auto classes = static_cast<size_t>(d.classes);
    boxes = parts.take<Corners>(count);
    class_scores = parts.take<float>(count);
    kept = parts.take<int32_t>(count);
    active = parts.take<uint8_t>(count);
    if (d.regular) {
      const size_t most = std::min(static_cast<size_t>(d.max_detections), count * classes) + count;
      found = parts.take<Found>(most);
      merged = parts.take<Found>(most);
    } else {
      class_order = parts.take<int32_t>(classes);
    }
  }
};

// In double, as LiteRT has it.
Corners decode(const Detection& d, const float* encoding, const float* anchor) {
  const auto centre = [](double offset, double scale, double size, double at) {
    return static_cast<float>(offset / scale * size + at);
  };
  const auto half = [](double extent, double scale, double size) {
    return static_cast<float>(0.5 * std::exp(extent / scale) * size);
  };
  const float y = centre(encoding[0], d.y_scale, anchor[2], anchor[0]);
  const float x = centre(encoding[1], d.x_scale, anchor[3], anchor[1]);
  const float half_height = half(encoding[2], d.h_scale, anchor[2]);
  const float half_width = half(encoding[3], d.w_scale, anchor[3]);
  return {y - half_height, x - half_width, y + half_height, x + half_width};
}

bool is_upside_down(const Detection& d, const Corners& box) {
  if (d.micro) return box.y_min >= box.y_max || box.x_min >= box.x_max;
  return box.y_min > box.y_max || box.x_min > box.x_max;
}

float area(const Corners& box) { return (box.y_max - box.y_min) * (box.x_max - box.x_min); }

float intersection_over_union(const Corners& a, const Corners& b) {
  const float area_a = area(a);
  const float area_b = area(b);
  if (area_a <= 0 || area_b <= 0) return 0;
  const float height = std::min(a.y_max, b.y_max) - std::max(a.y_min, b.y_min);
  const float width = std::min(a.x_max, b.x_max) - std::max(a.x_min, b.x_min);
  const float shared = std::max(height, 0.0f) * std::max(width, 0.0f);
  return shared / (area_a + area_b - shared);
}

// Boxes by their class_scores, best first and at most `most`, none of which covers one before it
// too much: they are moved to the front of `kept`. Returns their number.
size_t suppress(const Detection& d, const Scratch& s, int32_t most) {
  size_t count = 0;
  for (int32_t box = 0; box < d.boxes; ++box) {
    if (s.class_scores[static_cast<size_t>(box)] >= d.score_threshold) s.kept[count++] = box;
  }
  const std::span<int32_t> kept = s.kept.first(count);
  const auto score = [&](int32_t box) { return s.class_scores[static_cast<size_t>(box)]; };
  // As a stable sort, which would allocate.
  std::sort(kept.begin(), kept.end(), [&](int32_t a, int32_t b) {
    return score(a) != score(b) ? score(a) > score(b) : a < b;
  });
  std::fill_n(s.active.begin(), count, uint8_t{1});
  size_t selected = 0;
  for (size_t i = 0; i < count && selected < static_cast<size_t>(most); ++i) {
    if (s.active[i] == 0) continue;
    const int32_t best = kept[i];
    kept[selected++] = best;
    for (size_t j = i + 1; j < count; ++j) {
      if (s.active[j] != 0 &&
          intersection_over_union(s.boxes[static_cast<size_t>(best)],
                                  s.boxes[static_cast<size_t>(kept[j])]) > d.overlap_threshold) {
        s.active[j] = 0;
      }
    }
  }
  return selected;
}

// The best classes of a box, best first.
std::span<const int32_t> best_classes(const Detection& d, const float* scores,
                                      std::span<int32_t> order) {
  const auto wanted = std::min(order.size(), static_cast<size_t>(d.classes_per_detection));
  if (wanted == 1) {
    // The first of the largest; what is no number comes last.
    int32_t best = 0;
    for (int32_t c = 1; c < d.classes; ++c) {
      if (scores[c] > scores[best] || (std::isnan(scores[best]) && !std::isnan(scores[c])))
        best = c;
    }
    order[0] = best;
    return order.first(1);
  }
  std::iota(order.begin(), order.end(), 0);
  const auto end = order.begin() + static_cast<std::ptrdiff_t>(wanted);
  if (d.micro) {
    std::partial_sort(order.begin(), end, order.end(), [&](int32_t a, int32_t b) {
      return scores[a] != scores[b] ? scores[a] > scores[b] : a < b;
    });
  } else {
    std::partial_sort(order.begin(), end, order.end(),
                      [&](int32_t a, int32_t b) { return scores[a] > scores[b]; });
  }
  return order.first(wanted);
}

// Each box has one score, that of its best class; the best classes are listed.
void detect_fast(const Detection& d, const float* scores, const Scratch& s,
                 const DetectionOutputs& out) {
  const auto of_box = [&](int32_t box) {
    return scores + static_cast<size_t>(box) * static_cast<size_t>(d.all_classes) +
           (d.all_classes - d.classes);
  };
  for (int32_t box = 0; box < d.boxes; ++box) {
    const float* of = of_box(box);
    const auto best = static_cast<size_t>(best_classes(d, of, s.class_order)[0]);
    s.class_scores[static_cast<size_t>(box)] = of[best];
  }
  const size_t count = suppress(d, s, d.max_detections);
  for (size_t i = 0; i < count; ++i) {
    const int32_t box = s.kept[i];
    size_t at = i * static_cast<size_t>(d.classes_per_detection);
    for (const int32_t c : best_classes(d, of_box(box), s.class_order)) {
      out.boxes[at] = s.boxes[static_cast<size_t>(box)];
      out.classes[at] = static_cast<float>(c);
      out.scores[at] = of_box(box)[c];
      ++at;
    }
  }
  *out.count = static_cast<float>(count);
}

// Each class by itself; the best of all classes are listed.
void detect_regular(const Detection& d, const float* scores, const Scratch& s,
                    const DetectionOutputs& out) {
  const int32_t offset = d.all_classes - d.classes;
  const auto most = static_cast<size_t>(d.max_detections);
  size_t count = 0;
  for (int32_t c = 0; c < d.classes; ++c) {
    const auto place = [&](int32_t box) { return box * d.all_classes + c + offset; };
    for (int32_t box = 0; box < d.boxes; ++box) {
      s.class_scores[static_cast<size_t>(box)] = scores[place(box)];
    }
    const size_t selected = suppress(d, s, std::min(d.detections_per_class, d.max_detections));
    for (size_t i = 0; i < selected; ++i) {
      s.found[count + i] = {place(s.kept[i]), scores[place(s.kept[i])]};
    }
    // Both parts are in order; of equals the earlier class stays in front.
    const auto middle = s.found.begin() + static_cast<std::ptrdiff_t>(count);
    const auto end = middle + static_cast<std::ptrdiff_t>(selected);
    std::merge(s.found.begin(), middle, middle, end, s.merged.begin(),
               [](const Found& a, const Found& b) { return a.score > b.score; });
    count = std::min(count + selected, most);
    std::copy_n(s.merged.begin(), count, s.found.begin());
  }
  for (size_t i = 0; i < count; ++i) {
    const int32_t box = s.found[i].place / d.all_classes;
    out.boxes[i] = s.boxes[static_cast<size_t>(box)];
    out.classes[i] = static_cast<float>(s.found[i].place - box * d.all_classes - offset);
    out.scores[i] = s.found[i].score;
  }
  *out.count = static_cast<float>(count);
}

}  // namespace

size_t detection_scratch_bytes(const Detection& detection) {
  Parts parts(nullptr);
  Scratch(detection, parts);
  return parts.used();
}

int32_t detect(const Detection& detection, const float* encodings, const float* scores,
               const float* anchors, const DetectionOutputs& outputs, std::byte* scratch) {
  Parts parts(scratch);
  const Scratch s(detection, parts);
  const auto size = static_cast<size_t>(detection.box_size);
  for (size_t i = 0; i < s.boxes.size(); ++i) {
    s.boxes[i] = decode(detection, encodings + i * size, anchors + i * 4);
    if (is_upside_down(detection, s.boxes[i])) return static_cast<int32_t>(i);
  }
  const auto all = static_cast<size_t>(detection.max_detections) *
                   static_cast<size_t>(detection.classes_per_detection);
  std::fill_n(outputs.boxes, all, Corners{});
  std::fill_n(outputs.classes, all, 0.0f);
  std::fill_n(outputs.scores, all, 0.0f);
  (detection.regular ? detect_regular : detect_fast)(detection, scores, s, outputs);
  return -1;
}

}  // namespace litesmith::kernels
