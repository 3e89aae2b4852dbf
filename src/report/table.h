// The rows of the table that a terminal, Markdown and a README show.
#pragma once

#include <string>
#include <vector>

#include "report/report.h"

namespace litesmith {

struct ReportTable {
  std::vector<std::vector<std::string>> rows;  // the first is the head
  std::vector<bool> left;                      // columns of text
};

// Columns that no mode has a figure for are left out.
ReportTable mode_table(const Report& report);

// What is said below the table: warnings first.
struct Remarks {
  std::vector<std::string> warnings;
  std::vector<std::string> remarks;
};
Remarks remarks_on(const Report& report);

}  // namespace litesmith
