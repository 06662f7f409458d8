// Which rows read pages of keys and values together.
#pragma once

#include <algorithm>
#include <vector>

#include "../kernels/table.h"

namespace pr1 {

struct PageGroups {
  std::vector<PageTask> tasks;  // without their heads
  int64_t most_rows = 0, most_ranges = 0, most_entries = 0;  // of a task, of a row
};

// Rows that follow one another and see the same at first are read together: paths of a block, samples of a prompt, tokens of a prompt. `group`:
// heads of queries for each head of keys and values.
inline PageGroups group_rows(const int32_t* first, const PageRange* ranges, int64_t count, int64_t group) {
  constexpr int64_t kMostRows = 16, kMostScores = 1 << 16;
  const auto entries = [&](int64_t row) {
    int64_t sum = 0;
    for (auto i = first[row]; i < first[row + 1]; i++)
      sum += ranges[i].count;
    return sum;
  };
  PageGroups result;
  for (int32_t row = 0; row < count;) {
    PageTask task{row, 1, first[row + 1] - first[row], 0};
    const auto* ours = ranges + first[row];
    const auto seen = task.shared;
    result.most_entries = std::max(result.most_entries, entries(row));
    result.most_ranges = std::max<int64_t>(result.most_ranges, seen);
    const auto most = std::min(kMostRows, std::max<int64_t>(1, kMostScores / (group * entries(row))));
    for (auto next = row + 1; next < count && task.rows < most; next++) {
      const auto* theirs = ranges + first[next];
      const auto theirs_seen = first[next + 1] - first[next];
      int32_t same = 0;
      while (same < std::min(task.shared, theirs_seen) && theirs[same].start == ours[same].start && theirs[same].count == ours[same].count)
        same++;
      // Worth it where most of what the rows see is common.
      if (same == 0 || 2 * same < theirs_seen || 2 * same < seen)
        break;
      task.shared = same;
      task.rows++;
      result.most_entries = std::max(result.most_entries, entries(next));
    }
    result.most_rows = std::max<int64_t>(result.most_rows, task.rows);
    result.tasks.push_back(task);
    row += task.rows;
  }
  return result;
}

}  // namespace pr1
