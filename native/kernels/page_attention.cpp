// Attention over pages of keys and values (table.h).
#include "level.h"
#include "operand.h"
#include "tiles.h"

namespace pr1::PR1_LEVEL {

namespace {

constexpr int W = Lanes<float>::kCount;
constexpr int kMaxPage = 64;
constexpr int kQueries = 4;  // of a register tile
constexpr int64_t kAhead = 3;  // ranges whose keys are asked for before they are read

// Vectors of the depth in a tile of so many queries, each with two sums.
constexpr int depths(int queries) { return (PR1_REGISTERS >= 32 ? 8 : 4) / (queries == 3 ? 4 : queries); }

// Scores of kQ queries with the entries of whole vectors [block, block + kB) of a page's keys. Even and odd steps of the depth have sums of
// their own, so that a single query keeps the processor busy too.
template <typename T, int kQ, int kB>
inline void score(const Operand<T>* q, int64_t q_stride, const T* keys, int64_t page, int64_t depth, int64_t block, float* scores, int64_t scores_stride) {
  Vector<float> sums[2][kQ][kB] = {};
  if constexpr (kSame<T, float>) {
    keys += block * W;
    for (int64_t d = 0; d < depth; d += 2) {
#pragma GCC unroll 2
      for (int s = 0; s < 2; s++)
#pragma GCC unroll 2
        for (int b = 0; b < kB; b++) {
          const auto key = load(keys + (d + s) * page + b * W);
#pragma GCC unroll 4
          for (int i = 0; i < kQ; i++)
            sums[s][i][b] += q[i * q_stride + d + s] * key;
        }
    }
  } else {
    keys += block * W * 2;
    const auto add = [&](int64_t d, int s) {
#pragma GCC unroll 2
      for (int b = 0; b < kB; b++) {
        const auto words = load_words(keys + d * page + b * W * 2);
#ifdef __AVX512BF16__
#pragma GCC unroll 4
        for (int i = 0; i < kQ; i++)
          sums[s][i][b] = add_dot(sums[s][i][b], word_at(q + i * q_stride + d), words);
#else
        const auto even = low_half(words), odd = high_half(words);
#pragma GCC unroll 4
        for (int i = 0; i < kQ; i++) {
          sums[s][i][b] += q[i * q_stride + d] * even;
          sums[s][i][b] += q[i * q_stride + d + 1] * odd;
        }
#endif
      }
    };
    int64_t d = 0;
    for (; d + 4 <= depth; d += 4) {
      add(d, 0);
      add(d + 2, 1);
    }
    if (d < depth)
      add(d, 0);
  }
#pragma GCC unroll 4
  for (int i = 0; i < kQ; i++)
#pragma GCC unroll 2
    for (int b = 0; b < kB; b++)
      store(scores + i * scores_stride + b * W, sums[0][i][b] + sums[1][i][b]);
}

// Adds the values of the entries [start, end) of a page, weighted, to vectors [0, kD) of the sums of kQ queries from depth d on. A query has two
// sums, to which its entries go in turn; `low` and `high` are those of a page's even and odd entries.
template <typename T, int kQ, int kD>
inline void add_values(const float* weights, int64_t weights_stride, const T* values, int64_t depth, int64_t start, int64_t end, int64_t d, float* low, float* high, int64_t sums_stride) {
  Vector<float> even[kQ][kD], odd[kQ][kD];
#pragma GCC unroll 4
  for (int i = 0; i < kQ; i++)
#pragma GCC unroll 4
    for (int n = 0; n < kD; n++) {
      even[i][n] = load(low + i * sums_stride + d + n * W);
      odd[i][n] = load(high + i * sums_stride + d + n * W);
    }
  weights -= start;
  const auto add = [&](int64_t e, auto& sums, const Vector<float>* v) {
#pragma GCC unroll 4
    for (int i = 0; i < kQ; i++) {
      const float weight = weights[i * weights_stride + e];
#pragma GCC unroll 4
      for (int n = 0; n < kD; n++)
        sums[i][n] += weight * v[n];
    }
  };
  const auto read = [&](int64_t e, Vector<float>* first, Vector<float>* second) {
#pragma GCC unroll 4
    for (int n = 0; n < kD; n++) {
      if constexpr (kSame<T, float>) {
        first[n] = load(values + e * depth + d + n * W);
        second[n] = load(values + (e + 1) * depth + d + n * W);
      } else {
        const auto words = load_words(values + (e * depth + (d + n * W) * 2));
        first[n] = low_half(words);
        second[n] = high_half(words);
      }
    }
  };
  Vector<float> first[kD], second[kD];
  auto e = start;
  if (e % 2 != 0 && e < end) {
    read(e - 1, first, second);
    add(e, odd, second);
    e++;
  }
  for (; e + 2 <= end; e += 2) {
    read(e, first, second);
    add(e, even, first);
    add(e + 1, odd, second);
  }
  if (e < end) {
    read(e, first, second);
    add(e, even, first);
  }
#pragma GCC unroll 4
  for (int i = 0; i < kQ; i++)
#pragma GCC unroll 4
    for (int n = 0; n < kD; n++) {
      store(low + i * sums_stride + d + n * W, even[i][n]);
      store(high + i * sums_stride + d + n * W, odd[i][n]);
    }
}

// The same for a depth that fills no vector.
template <typename T>
void add_rest(const float* weights, const T* values, int64_t depth, int64_t start, int64_t end, int64_t d, float* low, float* high) {
  for (; d < depth; d++)
    for (auto e = start; e < end; e++) {
      const float value = widen<float>(kSame<T, float> ? values[e * depth + d] : values[(e / 2 * depth + d) * 2 + e % 2]);
      float* sum = e % 2 == 0 ? low : high;
      sum[d] += weights[e - start] * value;
    }
}

template <typename T, int kQ, int kD = depths(kQ)>
void add_depths(const float* weights, int64_t weights_stride, const T* values, int64_t depth, int64_t start, int64_t end, int64_t d, int64_t d_end, float* low, float* high, int64_t sums_stride) {
  for (; d + kD * W <= d_end; d += kD * W)
    add_values<T, kQ, kD>(weights, weights_stride, values, depth, start, end, d, low, high, sums_stride);
  if constexpr (kD > 1) {
    if (d < d_end)
      add_depths<T, kQ, kD / 2>(weights, weights_stride, values, depth, start, end, d, d_end, low, high, sums_stride);
  } else if (d < d_end) {
    for (int i = 0; i < kQ; i++)
      add_rest<T>(weights + i * weights_stride, values, depth, start, end, d, low + i * sums_stride, high + i * sums_stride);
  }
}

// Scores of kQ queries with the entries of a range, one after the other; up to a vector behind them is written too.
template <typename T, int kQ>
void score_range(const Operand<T>* q, int64_t q_stride, const T* keys, int64_t page, int64_t depth, int64_t start, int64_t count, float* scores, int64_t stride) {
  const auto first = start / W, last = (start + count + W - 1) / W;
  float aside[kQ * kMaxPage] __attribute__((aligned(64)));
  const bool straight = start % W == 0;
  float* to = straight ? scores : aside;
  const auto to_stride = straight ? stride : kMaxPage;
  auto block = first;
  for (; block + 2 <= last; block += 2)
    score<T, kQ, 2>(q, q_stride, keys, page, depth, block, to + (block - first) * W, to_stride);
  if (block < last)
    score<T, kQ, 1>(q, q_stride, keys, page, depth, block, to + (block - first) * W, to_stride);
  if (!straight)
    for (int i = 0; i < kQ; i++)
      std::memcpy(scores + i * stride, aside + i * kMaxPage + start % W, count * sizeof(float));
}

// Calls body(a number up to kQueries as a constant, where its queries begin) until all queries are done.
template <int kCount>
struct Constant {
  static constexpr int kValue = kCount;
};

template <typename Body>
inline void in_tiles(int64_t queries, const Body& body) {
  for (int64_t at = 0; at < queries;) {
    switch (queries - at) {
      case 1: body(Constant<1>{}, at); at += 1; break;
      case 2: body(Constant<2>{}, at); at += 2; break;
      case 3: body(Constant<3>{}, at); at += 3; break;
      default: body(Constant<kQueries>{}, at); at += kQueries; break;
    }
  }
}

// Asks for memory that is read soon: pages lie anywhere, so the processor cannot guess the next one.
inline void fetch(const void* memory, int64_t bytes) {
  constexpr int64_t kLine = 64;
  for (int64_t at = 0; at < bytes; at += kLine)
    __builtin_prefetch(static_cast<const char*>(memory) + at, 0, 2);
}

// A head of keys and values, as the query heads that share it read it. Scores of a row's query: [stride].
template <typename T>
struct Reader {
  const PageAttention& call;
  const PagePool& pool;
  int64_t head, group, depth, head_size;

  Reader(const PageAttention& call, int64_t head)
      : call(call), pool(call.pool), head(head), group(call.heads / call.pool.kv_heads), depth(call.pool.depth), head_size(call.pool.page * depth) {}

  const T* keys(PageRange range) const {
    return static_cast<const T*>(pool.data) + ((range.start / pool.page * pool.layers + call.layer) * 2 * pool.kv_heads + head) * head_size;
  }
  const T* values(PageRange range) const { return keys(range) + pool.kv_heads * head_size; }

  const Operand<T>* query(int64_t row, int64_t g) const { return static_cast<const Operand<T>*>(call.q) + row * call.q_stride + (head * group + g) * depth; }

  // Scores of all query heads of a row with a range, from `scores` on.
  void score_heads(int64_t row, PageRange range, float* scores, int64_t stride) const {
    const auto* k = keys(range);
    in_tiles(group, [&](auto count, int64_t g) {
      score_range<T, decltype(count)::kValue>(query(row, g), depth, k, pool.page, depth, range.start % pool.page, range.count, scores + g * stride, stride);
    });
  }

  // The same for several rows, which see the range in the same place.
  void score_rows(int64_t row, int64_t rows, PageRange range, float* scores, int64_t stride) const {
    const auto* k = keys(range);
    for (int64_t g = 0; g < group; g++)
      in_tiles(rows, [&](auto count, int64_t r) {
        score_range<T, decltype(count)::kValue>(query(row + r, g), call.q_stride, k, pool.page, depth, range.start % pool.page, range.count, scores + (r * group + g) * stride, group * stride);
      });
  }

  // Adds the values of a range, whose first entry is the `at`-th that the queries see, to the sums [queries, 2, depth], at depths [d, d_end).
  void weigh(int64_t queries, PageRange range, int64_t at, const float* weights, int64_t stride, float* sums, int64_t d, int64_t d_end) const {
    const auto start = range.start % pool.page;
    const auto swap = (at + start) % 2;  // where the first entry goes is a matter of its number, not of where on a page it lies
    const auto* v = values(range);
    in_tiles(queries, [&](auto count, int64_t i) {
      float* of = sums + i * 2 * depth;
      add_depths<T, decltype(count)::kValue>(weights + i * stride + at, stride, v, depth, start, start + range.count, d, d_end, of + swap * depth, of + (1 - swap) * depth, 2 * depth);
    });
  }

  // Scores become weights; gives their sum, and the logarithm to base 2 of the sum of exponentials where it is wanted.
  float exponentials(float* scores, int64_t count, float* level = nullptr) const {
    const auto scale = static_cast<float>(call.scale * 1.4426950408889634);
    const auto end = round_up(count, W);
    for (auto e = count; e < end; e++)
      scores[e] = -kInfinity<float>;
    auto top = load(scores);
    for (int64_t e = W; e < end; e += W) {
      const auto next = load(scores + e);
      top = next > top ? next : top;
    }
    const auto peak = largest_of<float>(top) * scale;
    const auto largest = Vector<float>{} + peak;
    Vector<float> total = {};
    for (int64_t e = 0; e < end; e += W) {
      const auto weight = exp2_nonpositive(load(scores + e) * scale - largest);
      store(scores + e, weight);
      total += weight;
    }
    const auto sum = sum_of<float>(total);
    if (level != nullptr)
      *level = peak + __builtin_log2f(sum);
    return sum;
  }

  void write(int64_t row, int64_t g, const float* sums, float total, int64_t d, int64_t d_end) const {
    auto* to = static_cast<Operand<T>*>(call.out) + row * call.out_stride + (head * group + g) * depth;
    for (; d < d_end; d++)
      to[d] = operand<Operand<T>>(rounded<T>((sums[d] + sums[depth + d]) / total));
  }

  int64_t entries(int64_t row) const {
    int64_t count = 0;
    for (auto i = call.first[row]; i < call.first[row + 1]; i++)
      count += call.ranges[i].count;
    return count;
  }
};

template <typename T>
void attend(const PageAttention& call, const PageTask& task, float* scratch, int64_t stride) {
  const Reader<T> reader(call, task.head);
  const auto group = reader.group, depth = reader.depth, queries = task.rows * group;
  float *scores = scratch, *sums = scratch + queries * stride, *totals = sums + queries * 2 * depth;
  fill(sums, queries * 2 * depth, 0.0f);
  const auto* shared = call.ranges + call.first[task.row];
  int64_t common = 0;
  for (int32_t i = 0; i < task.shared; i++) {
    if (task.rows == 1)
      reader.score_heads(task.row, shared[i], scores + common, stride);
    else
      reader.score_rows(task.row, task.rows, shared[i], scores + common, stride);
    common += shared[i].count;
  }
  for (int64_t r = 0; r < task.rows; r++) {
    const auto row = task.row + r;
    auto at = common;
    for (auto i = call.first[row] + task.shared; i < call.first[row + 1]; i++) {
      fetch(reader.keys(call.ranges[smaller<int64_t>(i + kAhead, call.first[row + 1] - 1)]), reader.head_size * sizeof(T));
      fetch(reader.values(call.ranges[i]), reader.head_size * sizeof(T));
      reader.score_heads(row, call.ranges[i], scores + r * group * stride + at, stride);
      at += call.ranges[i].count;
    }
    for (int64_t g = 0; g < group; g++)
      totals[r * group + g] = reader.exponentials(scores + (r * group + g) * stride, at, call.levels == nullptr ? nullptr : call.levels + row * call.heads + task.head * group + g);
  }
  int64_t at = 0;
  for (int32_t i = 0; i < task.shared; i++) {
    reader.weigh(queries, shared[i], at, scores, stride, sums, 0, depth);
    at += shared[i].count;
  }
  for (int64_t r = 0; r < task.rows; r++) {
    const auto row = task.row + r;
    at = common;
    for (auto i = call.first[row] + task.shared; i < call.first[row + 1]; i++) {
      reader.weigh(group, call.ranges[i], at, scores + r * group * stride, stride, sums + r * group * 2 * depth, 0, depth);
      at += call.ranges[i].count;
    }
    for (int64_t g = 0; g < group; g++)
      reader.write(row, g, sums + (r * group + g) * 2 * depth, totals[r * group + g], 0, depth);
  }
}

template <typename T>
void scores_of(const PageAttention& call, const PageTask& task, int64_t begin, int64_t end, float* scores, int64_t stride) {
  const Reader<T> reader(call, task.head);
  const auto* ranges = call.ranges + call.first[task.row];
  int64_t at = 0;
  for (int64_t i = 0; i < end; i++) {
    if (i >= begin) {
      // The vector behind the last entry belongs to whoever computes the next range.
      float last[kQueries * kMaxPage + W];
      if (i + 1 < end) {
        reader.score_heads(task.row, ranges[i], scores + at, stride);
      } else {
        for (int64_t g = 0; g < reader.group; g++) {
          score_range<T, 1>(reader.query(task.row, g), reader.depth, reader.keys(ranges[i]), reader.pool.page, reader.depth, ranges[i].start % reader.pool.page, ranges[i].count, last, kMaxPage);
          std::memcpy(scores + g * stride + at, last, ranges[i].count * sizeof(float));
        }
      }
    }
    at += ranges[i].count;
  }
}

template <typename T>
void values_of(const PageAttention& call, const PageTask& task, int64_t part, const float* scores, int64_t stride, const float* totals, float* scratch) {
  const Reader<T> reader(call, task.head);
  const auto depth = reader.depth, d = part * kPartOfDepth, d_end = smaller<int64_t>(depth, d + kPartOfDepth);
  fill(scratch, reader.group * 2 * depth, 0.0f);
  int64_t at = 0;
  for (auto i = call.first[task.row]; i < call.first[task.row + 1]; i++) {
    reader.weigh(reader.group, call.ranges[i], at, scores, stride, scratch, d, d_end);
    at += call.ranges[i].count;
  }
  for (int64_t g = 0; g < reader.group; g++)
    reader.write(task.row, g, scratch + g * 2 * depth, totals[g], d, d_end);
}

}  // namespace

void page_attention(const PageAttention& call, const PageTask& task, float* scratch, int64_t stride) {
  if (call.pool.type == Type::kBFloat16)
    attend<BFloat16>(call, task, scratch, stride);
  else
    attend<float>(call, task, scratch, stride);
}

void page_scores(const PageAttention& call, const PageTask& task, int64_t begin, int64_t end, float* scores, int64_t stride) {
  if (call.pool.type == Type::kBFloat16)
    scores_of<BFloat16>(call, task, begin, end, scores, stride);
  else
    scores_of<float>(call, task, begin, end, scores, stride);
}

void page_weights(const PageAttention& call, const PageTask& task, float* scores, int64_t stride, float* totals) {
  const Reader<float> reader(call, task.head);
  for (int64_t g = 0; g < reader.group; g++)
    totals[g] = reader.exponentials(scores + g * stride, reader.entries(task.row));
}

void page_values(const PageAttention& call, const PageTask& task, int64_t part, const float* scores, int64_t stride, const float* totals, float* scratch) {
  if (call.pool.type == Type::kBFloat16)
    values_of<BFloat16>(call, task, part, scores, stride, totals, scratch);
  else
    values_of<float>(call, task, part, scores, stride, totals, scratch);
}

}  // namespace pr1::PR1_LEVEL
