// Accuracy against bytes as a picture: a point a mode with its 95% interval, labelled.
//
// Sizes lie close together (three of five modes are about a quarter of the float model), so the
// axis is logarithmic and each label looks for a free place: candidate places around its point,
// nearest first, are tried against everything drawn so far.
#include <algorithm>
#include <array>
#include <cmath>

#include "base/format.h"
#include "report/report.h"

namespace litesmith {
namespace {

constexpr double kWidth = 800;
constexpr double kHeight = 460;
constexpr double kLeft = 76;
constexpr double kRight = kWidth - 24;
constexpr double kTop = 56;
constexpr double kBottom = kHeight - 84;
constexpr double kFontSize = 13;
constexpr double kLineHeight = 15;
constexpr double kCharacterWidth = 7;  // of the label font, on average

struct Box {
  double left;
  double top;
  double right;
  double bottom;
  bool meets(const Box& other) const {
    return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
  }
};

struct Point {
  std::string mode;
  std::string figures;  // the second line of its label
  double bytes;
  double accuracy;
  Interval interval;
};

std::string_view color_of(std::string_view mode) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kColors = {{
      {"float32", "#3d3d3d"},
      {"dynamic_range", "#1668b8"},
      {"int8", "#c8281e"},
      {"float16", "#1f8a4c"},
      {"int16x8", "#7d3fb0"},
  }};
  for (const auto& [name, color] : kColors) {
    if (name == mode) return color;
  }
  return "#6b6b6b";
}

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string at(double value) { return fixed(value, 1); }

// 1, 2 or 5 times a power of ten, at least `least`.
double nice_step(double least) {
  const double power = std::pow(10, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= least * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

class Picture {
 public:
  Picture(const Report& report, std::vector<Point> points)
      : report_(report), points_(std::move(points)) {
    double least_bytes = points_[0].bytes;
    double most_bytes = points_[0].bytes;
    for (const Point& point : points_) {
      least_bytes = std::min(least_bytes, point.bytes);
      most_bytes = std::max(most_bytes, point.bytes);
      low_ = std::min(low_, point.interval.low * 100);
      high_ = std::max(high_, point.interval.high * 100);
    }
    log_low_ = std::log(least_bytes / 1.5);
    log_high_ = std::log(most_bytes * 1.5);
    const double margin = std::max(0.05 * (high_ - low_), 0.05);
    low_ = std::max(0.0, low_ - margin);
    high_ = std::min(100.0, high_ + margin);
  }

  std::string draw() {
    text_ =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"800\" height=\"460\" "
        "viewBox=\"0 0 800 460\" role=\"img\" font-family=\"Helvetica, Arial, sans-serif\">\n"
        "<title>" +
        escaped(report_.title) +
        ": accuracy against size</title>\n"
        "<rect width=\"800\" height=\"460\" rx=\"8\" fill=\"#ffffff\"/>\n";
    write(kLeft, 32, report_.title + ": accuracy against size of the file", "start", 17, "#1c1c1c");
    draw_axes();
    for (const Point& point : points_) draw_bar(point);
    for (const Point& point : points_) draw_point(point);
    for (const Point& point : points_) draw_label(point);
    draw_caption();
    return text_ + "</svg>\n";
  }

 private:
  double x(double bytes) const {
    return kLeft + (std::log(bytes) - log_low_) / (log_high_ - log_low_) * (kRight - kLeft);
  }
  double y(double percent_right) const {
    return kBottom - (percent_right - low_) / (high_ - low_) * (kBottom - kTop);
  }

  void write(double left, double base, const std::string& words, std::string_view anchor,
             double size, std::string_view color) {
    text_ += "<text x=\"" + at(left) + "\" y=\"" + at(base) + "\" text-anchor=\"" +
             std::string(anchor) + "\" font-size=\"" + shortest(size) + "\" fill=\"" +
             std::string(color) + "\">" + escaped(words) + "</text>\n";
  }
  void line(double x1, double y1, double x2, double y2, std::string_view color, double width) {
    text_ += "<line x1=\"" + at(x1) + "\" y1=\"" + at(y1) + "\" x2=\"" + at(x2) + "\" y2=\"" +
             at(y2) + "\" stroke=\"" + std::string(color) + "\" stroke-width=\"" + shortest(width) +
             "\"/>\n";
  }

  void draw_axes() {
    const double step = nice_step((high_ - low_) / 7);
    const int digits = step < 0.1 ? 2 : (step < 1 ? 1 : 0);
    for (double tick = std::ceil(low_ / step - 1e-9) * step; tick <= high_ + step * 1e-9;
         tick += step) {
      line(kLeft, y(tick), kRight, y(tick), "#e6e6e6", 1);
      write(kLeft - 8, y(tick) + 4, fixed(tick, digits) + "%", "end", 12, "#4a4a4a");
    }
    const double low = std::exp(log_low_);
    const double high = std::exp(log_high_);
    for (double power = std::pow(10, std::floor(std::log10(low))); power <= high; power *= 10) {
      for (const double factor : {1.0, 2.0, 3.0, 5.0, 7.0}) {
        const double bytes = factor * power;
        if (bytes < low || bytes > high) continue;
        line(x(bytes), kTop, x(bytes), kBottom, "#f0f0f0", 1);
        write(x(bytes), kBottom + 18, shortest(bytes / 1000) + " kB", "middle", 12, "#4a4a4a");
      }
    }
    line(kLeft, kBottom, kRight, kBottom, "#8a8a8a", 1);
    line(kLeft, kTop, kLeft, kBottom, "#8a8a8a", 1);
  }

  void draw_bar(const Point& point) {
    constexpr double kCap = 5;
    const auto color = color_of(point.mode);
    const double centre = x(point.bytes);
    const double top = y(point.interval.high * 100);
    const double bottom = y(point.interval.low * 100);
    line(centre, top, centre, bottom, color, 1.5);
    line(centre - kCap, top, centre + kCap, top, color, 1.5);
    line(centre - kCap, bottom, centre + kCap, bottom, color, 1.5);
    taken_.push_back({centre - kCap, top, centre + kCap, bottom});
  }

  void draw_point(const Point& point) {
    constexpr double kRadius = 5;
    const double centre = x(point.bytes);
    const double middle = y(point.accuracy * 100);
    text_ += "<circle cx=\"" + at(centre) + "\" cy=\"" + at(middle) + "\" r=\"" +
             shortest(kRadius) + "\" fill=\"" + std::string(color_of(point.mode)) +
             "\" stroke=\"#ffffff\"/>\n";
    taken_.push_back({centre - 8, middle - 8, centre + 8, middle + 8});
  }

  // The box of a label whose near end is `away` pixels beside the point, its middle `down` below.
  static Box place(double centre, double middle, double width, double away, double down) {
    const double left = away >= 0 ? centre + away : centre + away - width;
    return {left, middle + down - kLineHeight, left + width, middle + down + kLineHeight};
  }

  void draw_label(const Point& point) {
    const double centre = x(point.bytes);
    const double middle = y(point.accuracy * 100);
    const double width =
        static_cast<double>(std::max(point.mode.size(), point.figures.size())) * kCharacterWidth;
    Box best = place(centre, middle, width, 12, 0);
    double best_distance = 1e9;
    for (double away = -160; away <= 160; away += 4) {
      if (std::abs(away) < 12) continue;
      for (double down = -160; down <= 160; down += 4) {
        const Box box = place(centre, middle, width, away, down);
        const double distance = std::hypot(away, 1.5 * down) - (away > 0 ? 1 : 0);
        if (distance >= best_distance || box.left < kLeft + 2 || box.right > kRight ||
            box.top < kTop || box.bottom > kBottom - 2 || is_taken(box)) {
          continue;
        }
        best = box;
        best_distance = distance;
      }
    }
    const bool right_of_point = best.left > centre;
    if (best_distance > 24 && best_distance < 1e9) {
      line(centre, middle, right_of_point ? best.left - 2 : best.right + 2,
           (best.top + best.bottom) / 2, color_of(point.mode), 0.7);
    }
    const double end = right_of_point ? best.left : best.right;
    const std::string_view anchor = right_of_point ? "start" : "end";
    write(end, best.top + kLineHeight - 4, point.mode, anchor, kFontSize, color_of(point.mode));
    write(end, best.bottom - 4, point.figures, anchor, kFontSize, color_of(point.mode));
    taken_.push_back(best);
  }

  bool is_taken(const Box& box) const {
    return std::any_of(taken_.begin(), taken_.end(),
                       [&](const Box& other) { return other.meets(box); });
  }

  void draw_caption() {
    const size_t n = report_.evaluation_data ? report_.evaluation_data->samples : 0;
    std::string caption = "Top-1 accuracy on " + plural(n, "sample") +
                          ", bars: 95% Wilson intervals. Logarithmic axis, 1 kB = 1,000 bytes.";
    write(kLeft, kBottom + 44, caption, "start", 12, "#4a4a4a");
    for (const ModeReport& mode : report_.modes) {
      if (!mode.evaluation || !mode.evaluation->cast) continue;
      const CastScore& cast = *mode.evaluation->cast;
      write(kLeft, kBottom + 64,
            "The " + mode.mode + " file fed with x.astype('" + std::string(to_string(cast.type)) +
                "'), without its scale and zero point: " +
                percent(static_cast<double>(cast.correct) / static_cast<double>(cast.n)) + ".",
            "start", 12, "#4a4a4a");
      break;
    }
  }

  const Report& report_;
  std::vector<Point> points_;
  std::vector<Box> taken_;
  std::string text_;
  double log_low_ = 0;
  double log_high_ = 1;
  double low_ = 100;
  double high_ = 0;
};

}  // namespace

std::optional<std::string> to_svg(const Report& report) {
  std::vector<Point> points;
  for (const ModeReport& mode : report.modes) {
    if (!mode.evaluation || !mode.evaluation->confusion || mode.sizes.file_bytes == 0) continue;
    const size_t correct = mode.evaluation->confusion->correct();
    const size_t n = mode.evaluation->n;
    const double accuracy = static_cast<double>(correct) / static_cast<double>(n);
    points.push_back({.mode = mode.mode,
                      .figures = kilobytes(mode.sizes.file_bytes) + ", " + percent(accuracy),
                      .bytes = static_cast<double>(mode.sizes.file_bytes),
                      .accuracy = accuracy,
                      .interval = wilson_interval(correct, n)});
  }
  if (points.empty()) return std::nullopt;
  return Picture(report, std::move(points)).draw();
}

}  // namespace litesmith
