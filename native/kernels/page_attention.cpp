// Attention over pages of keys and values (table.h).
#include "level.h"
#include "operand.h"
#include "tiles.h"

namespace pr1::PR1_LEVEL {

namespace {

constexpr int W = Lanes<float>::kCount;
constexpr int kMaxPage = 64;
constexpr int kQueries = 4;  // of a register tile
constexpr int kDepths = PR1_REGISTERS >= 32 ? 4 : 2;

// What a page gives a query: the largest score, the sum of exponentials, the values weighted by them (depth floats behind).
struct Partial {
  static constexpr int64_t kHead = 2;
};

// Scores of kQ queries with the entries of whole vectors [block, block + kB) of a page's keys. Even and odd steps of the depth have sums of
// their own, so that a single query keeps the processor busy too.
template <typename T, int kQ, int kB>
inline void score(const Operand<T>* q, int64_t q_stride, const T* keys, int64_t page, int64_t depth, int64_t block, float* scores) {
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
      store(scores + i * kMaxPage + (block + b) * W, sums[0][i][b] + sums[1][i][b]);
}

// Vectors [0, kD) of values from depth d on, weighted, for kQ queries; entries in order. The sum of the weights as well, with kSum.
template <typename T, int kQ, int kD, bool kSum>
inline void weigh(const float* weights, const T* values, int64_t depth, int64_t start, int64_t end, int64_t d, float* parts, int64_t part) {
  Vector<float> sums[kQ][kD] = {}, totals[kQ] = {};
  const auto add = [&](int64_t e, const Vector<float>* v) {
#pragma GCC unroll 4
    for (int i = 0; i < kQ; i++) {
      const float weight = weights[i * kMaxPage + e];
      if constexpr (kSum)
        totals[i] += weight;
#pragma GCC unroll 4
      for (int n = 0; n < kD; n++)
        sums[i][n] += weight * v[n];
    }
  };
  if constexpr (kSame<T, float>) {
    for (auto e = start; e < end; e++) {
      Vector<float> v[kD];
#pragma GCC unroll 4
      for (int n = 0; n < kD; n++)
        v[n] = load(values + e * depth + d + n * W);
      add(e, v);
    }
  } else {
    for (auto e = start; e < end;) {
      const auto* pair = values + (e / 2 * depth + d) * 2;
      Vector<float> low[kD], high[kD];
#pragma GCC unroll 4
      for (int n = 0; n < kD; n++) {
        const auto words = load_words(pair + n * W * 2);
        low[n] = low_half(words);
        high[n] = high_half(words);
      }
      if (e % 2 == 0)
        add(e++, low);
      if (e % 2 != 0 && e < end)
        add(e++, high);
    }
  }
#pragma GCC unroll 4
  for (int i = 0; i < kQ; i++) {
    if constexpr (kSum)
      parts[i * part + 1] = totals[i][0];
#pragma GCC unroll 4
    for (int n = 0; n < kD; n++)
      store(parts + i * part + Partial::kHead + d + n * W, sums[i][n]);
  }
}

// The same for a depth that fills no vector.
template <typename T>
void weigh_rest(const float* weights, const T* values, int64_t depth, int64_t start, int64_t end, int64_t d, float* part) {
  float total = 0;
  for (auto e = start; e < end; e++)
    total += weights[e];
  part[1] = total;
  for (; d < depth; d++) {
    float sum = 0;
    for (auto e = start; e < end; e++)
      sum += weights[e] * widen<float>(kSame<T, float> ? values[e * depth + d] : values[(e / 2 * depth + d) * 2 + e % 2]);
    part[Partial::kHead + d] = sum;
  }
}

// Partial results of kQ queries of one head over a range.
template <typename T, int kQ>
void page_part(const Operand<T>* q, int64_t q_stride, const T* keys, const T* values, const PagePool& pool, int64_t start, int64_t count, float scale, float* parts, int64_t part) {
  float scores[kQ * kMaxPage] __attribute__((aligned(64)));
  const auto depth = pool.depth, end = start + count, first = start / W, last = (end + W - 1) / W;
  auto block = first;
  for (; block + 2 <= last; block += 2)
    score<T, kQ, 2>(q, q_stride, keys, pool.page, depth, block, scores);
  if (block < last)
    score<T, kQ, 1>(q, q_stride, keys, pool.page, depth, block, scores);
  for (int i = 0; i < kQ; i++) {
    float* row = scores + i * kMaxPage;
    for (auto e = first * W; e < start; e++)
      row[e] = -kInfinity<float>;
    for (auto e = end; e < last * W; e++)
      row[e] = -kInfinity<float>;
    auto top = load(row + first * W) * scale;
    store(row + first * W, top);
    for (auto b = first + 1; b < last; b++) {
      const auto scaled = load(row + b * W) * scale;
      store(row + b * W, scaled);
      top = scaled > top ? scaled : top;
    }
    const float largest = largest_of<float>(top);
    parts[i * part] = largest;
    for (auto b = first; b < last; b++)
      store(row + b * W, exp2_nonpositive(load(row + b * W) - largest));
  }
  int64_t d = 0;
  for (; d + kDepths * W <= depth; d += kDepths * W) {
    if (d == 0)
      weigh<T, kQ, kDepths, true>(scores, values, depth, start, end, d, parts, part);
    else
      weigh<T, kQ, kDepths, false>(scores, values, depth, start, end, d, parts, part);
  }
  for (; d + W <= depth; d += W) {
    if (d == 0)
      weigh<T, kQ, 1, true>(scores, values, depth, start, end, d, parts, part);
    else
      weigh<T, kQ, 1, false>(scores, values, depth, start, end, d, parts, part);
  }
  if (d < depth)
    for (int i = 0; i < kQ; i++)
      weigh_rest<T>(scores + i * kMaxPage, values, depth, start, end, d, parts + i * part);
}

float exp2_of(float x) { return exp2_nonpositive(Vector<float>{} + x)[0]; }

// Adds a page's partial result to what the pages before it gave.
__attribute__((noinline)) void fold(float* state, const float* part, int64_t depth) {
  const float top = larger(state[0], part[0]);
  const float before = exp2_of(state[0] - top), here = exp2_of(part[0] - top);
  state[0] = top;
  state[1] = state[1] * before + part[1] * here;
  float* to = state + Partial::kHead;
  const float* from = part + Partial::kHead;
#pragma omp simd
  for (int64_t d = 0; d < depth; d++)
    to[d] = to[d] * before + from[d] * here;
}

template <typename T>
struct Reader {
  const PageAttention& call;
  int64_t head, group, depth, head_size;
  float scale;

  Reader(const PageAttention& call, int64_t head)
      : call(call), head(head), group(call.heads / call.pool.kv_heads), depth(call.pool.depth), head_size(call.pool.page * depth),
        scale(static_cast<float>(call.scale * 1.4426950408889634)) {}

  int64_t part() const { return depth + Partial::kHead; }

  // Partial results of `count` heads from `from` on of a row, over a range.
  void read(int64_t row, int64_t from, int64_t count, PageRange range, float* parts) const {
    const auto& pool = call.pool;
    const auto* keys = static_cast<const T*>(pool.data) + ((range.start / pool.page * pool.layers + call.layer) * 2 * pool.kv_heads + head) * head_size;
    const auto* values = keys + pool.kv_heads * head_size;
    const auto start = range.start % pool.page;
    for (int64_t at = 0; at < count;) {
      const auto* q = static_cast<const Operand<T>*>(call.q) + row * call.q_stride + (head * group + from + at) * depth;
      float* to = parts + at * part();
      switch (count - at) {
        case 1: page_part<T, 1>(q, depth, keys, values, pool, start, range.count, scale, to, part()); at += 1; break;
        case 2: page_part<T, 2>(q, depth, keys, values, pool, start, range.count, scale, to, part()); at += 2; break;
        case 3: page_part<T, 3>(q, depth, keys, values, pool, start, range.count, scale, to, part()); at += 3; break;
        default: page_part<T, kQueries>(q, depth, keys, values, pool, start, range.count, scale, to, part()); at += kQueries; break;
      }
    }
  }

  // The same for one head of several rows, which lie q_stride apart.
  void read_rows(int64_t row, int64_t rows, PageRange range, float* parts, int64_t parts_stride) const {
    const auto& pool = call.pool;
    const auto* keys = static_cast<const T*>(pool.data) + ((range.start / pool.page * pool.layers + call.layer) * 2 * pool.kv_heads + head) * head_size;
    const auto* values = keys + pool.kv_heads * head_size;
    const auto start = range.start % pool.page;
    for (int64_t g = 0; g < group; g++) {
      for (int64_t at = 0; at < rows;) {
        const auto* q = static_cast<const Operand<T>*>(call.q) + (row + at) * call.q_stride + (head * group + g) * depth;
        float* to = parts + at * parts_stride + g * part();
        switch (rows - at) {
          case 1: page_part<T, 1>(q, call.q_stride, keys, values, pool, start, range.count, scale, to, parts_stride); at += 1; break;
          case 2: page_part<T, 2>(q, call.q_stride, keys, values, pool, start, range.count, scale, to, parts_stride); at += 2; break;
          case 3: page_part<T, 3>(q, call.q_stride, keys, values, pool, start, range.count, scale, to, parts_stride); at += 3; break;
          default: page_part<T, kQueries>(q, call.q_stride, keys, values, pool, start, range.count, scale, to, parts_stride); at += kQueries; break;
        }
      }
    }
  }

  void write(int64_t row, int64_t g, const float* state) const {
    auto* to = static_cast<Operand<T>*>(call.out) + row * call.out_stride + (head * group + g) * depth;
    const float total = state[1];
    for (int64_t d = 0; d < depth; d++)
      to[d] = operand<Operand<T>>(rounded<T>(state[Partial::kHead + d] / total));
  }
};

template <typename T>
void attend(const PageAttention& call, const PageTask& task, float* scratch) {
  const Reader<T> reader(call, task.head);
  const auto part = reader.part(), group = reader.group, row_parts = part * group;
  // Per row: the state of its heads, then room for a page's parts.
  float *states = scratch, *parts = scratch + task.rows * row_parts;
  fill(states, task.rows * row_parts, 0.0f);
  for (int64_t i = 0; i < task.rows * group; i++)
    states[i * part] = -kInfinity<float>;
  const auto* shared = call.ranges + call.first[task.row];
  for (int32_t i = 0; i < task.shared; i++) {
    if (task.rows == 1)
      reader.read(task.row, 0, group, shared[i], parts);
    else
      reader.read_rows(task.row, task.rows, shared[i], parts, row_parts);
    for (int64_t j = 0; j < task.rows * group; j++)
      fold(states + j * part, parts + j * part, reader.depth);
  }
  for (int64_t r = 0; r < task.rows; r++) {
    const auto row = task.row + r;
    auto* state = states + r * row_parts;
    for (auto i = call.first[row] + task.shared; i < call.first[row + 1]; i++) {
      reader.read(row, 0, group, call.ranges[i], parts);
      for (int64_t g = 0; g < group; g++)
        fold(state + g * part, parts + g * part, reader.depth);
    }
    for (int64_t g = 0; g < group; g++)
      reader.write(row, g, state + g * part);
  }
}

template <typename T>
void partials(const PageAttention& call, const PageTask& task, int64_t begin, int64_t end, float* parts) {
  const Reader<T> reader(call, task.head);
  for (auto i = begin; i < end; i++)
    reader.read(task.row, 0, reader.group, call.ranges[call.first[task.row] + i], parts + i * reader.group * reader.part());
}

template <typename T>
void fold_partials(const PageAttention& call, const PageTask& task, const float* parts) {
  const Reader<T> reader(call, task.head);
  const auto part = reader.part();
  const int64_t count = call.first[task.row + 1] - call.first[task.row];
  Scratch<float> state(part);
  for (int64_t g = 0; g < reader.group; g++) {
    fill(state.data(), part, 0.0f);
    state[0] = -kInfinity<float>;
    for (int64_t i = 0; i < count; i++)
      fold(state.data(), parts + (i * reader.group + g) * part, reader.depth);
    reader.write(task.row, g, state.data());
  }
}

}  // namespace

void page_attention(const PageAttention& call, const PageTask& task, float* scratch) {
  if (call.pool.type == Type::kBFloat16)
    attend<BFloat16>(call, task, scratch);
  else
    attend<float>(call, task, scratch);
}

void page_partials(const PageAttention& call, const PageTask& task, int64_t begin, int64_t end, float* parts) {
  if (call.pool.type == Type::kBFloat16)
    partials<BFloat16>(call, task, begin, end, parts);
  else
    partials<float>(call, task, begin, end, parts);
}

void page_fold(const PageAttention& call, const PageTask& task, const float* parts) {
  if (call.pool.type == Type::kBFloat16)
    fold_partials<BFloat16>(call, task, parts);
  else
    fold_partials<float>(call, task, parts);
}

}  // namespace pr1::PR1_LEVEL
