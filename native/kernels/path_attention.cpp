#include "level.h"
#include "vector.h"

namespace pr1::PR1_LEVEL {

namespace {

// row[0..n) becomes exp(row - max); returns the maximum and the sum.
template <typename A>
inline void exp_row(A* row, int64_t n, A& maximum, A& sum) {
  A top = row[0];
#pragma omp simd reduction(max : top)
  for (int64_t i = 0; i < n; i++)
    top = larger(top, row[i]);
  A total = 0;
#pragma omp simd reduction(+ : total)
  for (int64_t i = 0; i < n; i++) {
    row[i] = exp_nonpositive(row[i] - top);
    total += row[i];
  }
  maximum = top;
  sum = total;
}

// out[r][c] = sum_d rows[r][d] * columns[d][c] for kRows rows and c in [0, n), written in whole vectors (out has room for that).
template <typename A, int kRows>
inline void dot_rows(const A* rows, int64_t row_stride, const A* columns, int64_t column_stride, int64_t depth,
                     A* out, int64_t out_stride, int64_t n) {
  constexpr int W = Lanes<A>::kCount;
  for (int64_t c = 0; c < n; c += 2 * W) {
    Vector<A> acc[kRows][2] = {};
    for (int64_t d = 0; d < depth; d++) {
      const auto left = load(columns + d * column_stride + c);
      const auto right = load(columns + d * column_stride + c + W);
      for (int r = 0; r < kRows; r++) {
        const A x = rows[r * row_stride + d];
        acc[r][0] += x * left;
        acc[r][1] += x * right;
      }
    }
    for (int r = 0; r < kRows; r++) {
      store(out + r * out_stride + c, acc[r][0]);
      store(out + r * out_stride + c + W, acc[r][1]);
    }
  }
}

// out[r][0..depth) += sum_{c < n} weights[r][c] * values[c][0..depth); depth is a multiple of the vector width.
template <typename A, int kRows>
inline void mix_rows(const A* weights, int64_t weight_stride, const A* values, int64_t value_stride, int64_t n,
                     A* out, int64_t out_stride, int64_t depth) {
  constexpr int W = Lanes<A>::kCount;
  for (int64_t d = 0; d < depth; d += W) {
    Vector<A> acc[kRows];
    for (int r = 0; r < kRows; r++)
      acc[r] = load(out + r * out_stride + d);
    for (int64_t c = 0; c < n; c++) {
      const auto value = load(values + c * value_stride + d);
      for (int r = 0; r < kRows; r++)
        acc[r] += weights[r * weight_stride + c] * value;
    }
    for (int r = 0; r < kRows; r++)
      store(out + r * out_stride + d, acc[r]);
  }
}

// out[c][0..depth) += sum_{r < kRows} weights[r][c] * rows[r][0..depth) for c < n.
template <typename A, int kRows>
inline void scatter_rows(const A* weights, int64_t weight_stride, const A* rows, int64_t row_stride, int64_t n,
                         A* out, int64_t out_stride, int64_t depth) {
  constexpr int W = Lanes<A>::kCount;
  for (int64_t d = 0; d < depth; d += W) {
    Vector<A> row[kRows];
    for (int r = 0; r < kRows; r++)
      row[r] = load(rows + r * row_stride + d);
    for (int64_t c = 0; c < n; c++) {
      auto sum = load(out + c * out_stride + d);
      for (int r = 0; r < kRows; r++)
        sum += weights[r * weight_stride + c] * row[r];
      store(out + c * out_stride + d, sum);
    }
  }
}

constexpr int kRows = 8;  // query rows that share a pass over keys

// What is common to all tasks of one call.
template <typename A>
struct Shape {
  int64_t heads, kv_heads, depth, padded_depth;
  const Run* runs;
  const Span* ranges;
  const int32_t* traces;
  A scale;

  int64_t group() const { return heads / kv_heads; }
  int64_t first(int64_t trace) const { return runs[traces[trace]].start; }
  int64_t last(int64_t trace) const { return runs[traces[trace + 1] - 1].end; }
};

// One head's keys or values of one trace as rows [tokens, padded depth] and, when wanted, columns [depth, tokens + slack].
template <typename A>
struct HeadCopy {
  static constexpr int64_t kSlack = 2 * Lanes<A>::kCount;

  Scratch<A> rows, columns;
  int64_t column_stride;

  HeadCopy(int64_t tokens, int64_t depth, int64_t padded, bool by_row, bool by_column)
      : rows(by_row ? tokens * padded : 1), columns(by_column ? depth * (tokens + kSlack) : 1), column_stride(tokens + kSlack) {}

  template <typename T>
  void read(const T* data, int64_t token_stride, int64_t tokens, int64_t depth, int64_t padded, bool by_row, bool by_column) {
    if (by_row) {
      fill(rows.data(), tokens * padded, A(0));
      for (int64_t t = 0; t < tokens; t++)
        for (int64_t d = 0; d < depth; d++)
          rows[t * padded + d] = widen<A>(data[t * token_stride + d]);
    }
    if (by_column) {
      fill(columns.data(), depth * column_stride, A(0));
      for (int64_t t = 0; t < tokens; t++)
        for (int64_t d = 0; d < depth; d++)
          columns[d * column_stride + t] = widen<A>(data[t * token_stride + d]);
    }
  }
};

// The columns that a block of rows sees, relative to the trace: the run's ranges, then the run itself up to the last row.
struct Columns {
  const Span* ranges;
  int64_t count, base, before, total;
  Span own;

  template <typename A>
  Columns(const Shape<A>& shape, const Run& run, int64_t base, int64_t row_end)
      : ranges(shape.ranges + run.range_begin), count(run.range_end - run.range_begin), base(base), before(0),
        own{static_cast<int32_t>(run.start), static_cast<int32_t>(row_end)} {
    for (int64_t i = 0; i < count; i++)
      before += ranges[i].end - ranges[i].start;
    total = before + row_end - run.start;
  }

  // Calls body(first column, columns, columns before these).
  template <typename Body>
  void for_spans(const Body& body) const {
    int64_t at = 0;
    for (int64_t i = 0; i <= count; i++) {
      const auto span = i < count ? ranges[i] : own;
      body(span.start - base, static_cast<int64_t>(span.end - span.start), at);
      at += span.end - span.start;
    }
  }
};

template <typename A>
void dot_spans(const Columns& columns, const A* rows, int64_t row_stride, HeadCopy<A>& head, int64_t depth, A* out, int64_t stride) {
  columns.for_spans([&](int64_t start, int64_t count, int64_t at) {
    dot_rows<A, kRows>(rows, row_stride, head.columns.data() + start, head.column_stride, depth, out + at, stride, count);
  });
}

template <typename A>
void mix_spans(const Columns& columns, const A* weights, int64_t stride, HeadCopy<A>& head, int64_t padded, A* out) {
  columns.for_spans([&](int64_t start, int64_t count, int64_t at) {
    mix_rows<A, kRows>(weights + at, stride, head.rows.data() + start * padded, padded, count, out, padded, padded);
  });
}

template <typename A>
void scatter_spans(const Columns& columns, const A* weights, int64_t stride, const A* rows, int64_t padded, A* out) {
  columns.for_spans([&](int64_t start, int64_t count, int64_t at) {
    scatter_rows<A, kRows>(weights + at, stride, rows, padded, count, out + start * padded, padded, padded);
  });
}

template <typename A, typename T>
void read_rows(const T* data, int64_t stride, int64_t count, int64_t depth, int64_t padded, A factor, A* out) {
  fill(out, int64_t{kRows} * padded, A(0));
  for (int64_t r = 0; r < count; r++)
    for (int64_t d = 0; d < depth; d++)
      out[r * padded + d] = widen<A>(data[r * stride + d]) * factor;
}

// Calls body(run, first row, rows, columns) for every block of rows of a trace.
template <typename A, typename Body>
void for_row_blocks(const Shape<A>& shape, int64_t trace, Body&& body) {
  const auto base = shape.first(trace);
  for (int32_t r = shape.traces[trace]; r < shape.traces[trace + 1]; r++) {
    const auto& run = shape.runs[r];
    for (int64_t row = run.start; row < run.end; row += kRows) {
      const auto count = smaller<int64_t>(kRows, run.end - row);
      body(run, row, count, Columns(shape, run, base, row + count));
    }
  }
}

template <typename A, typename T>
void forward_task(const Shape<A>& shape, int64_t trace, int64_t kv_head, const T* q, const T* k, const T* v, T* out, A* lse) {
  const auto base = shape.first(trace), tokens = shape.last(trace) - base;
  const auto depth = shape.depth, padded = shape.padded_depth;
  const auto kv_stride = shape.kv_heads * depth, q_stride = shape.heads * depth;
  HeadCopy<A> keys(tokens, depth, padded, false, true), values(tokens, depth, padded, true, false);
  keys.read(k + base * kv_stride + kv_head * depth, kv_stride, tokens, depth, padded, false, true);
  values.read(v + base * kv_stride + kv_head * depth, kv_stride, tokens, depth, padded, true, false);
  const auto stride = round_up(tokens, 16) + 64;
  Scratch<A> scores(kRows * stride), queries(kRows * padded), sums(kRows * padded);
  for_row_blocks(shape, trace, [&](const Run& run, int64_t row, int64_t count, const Columns& columns) {
    for (int64_t head = kv_head * shape.group(); head < (kv_head + 1) * shape.group(); head++) {
      read_rows(q + row * q_stride + head * depth, q_stride, count, depth, padded, shape.scale, queries.data());
      dot_spans(columns, queries.data(), padded, keys, depth, scores.data(), stride);
      A total[kRows] = {};
      for (int64_t r = 0; r < count; r++) {
        auto* line = scores.data() + r * stride;
        const auto visible = columns.before + (row + r - run.start) + 1;
        A maximum;
        exp_row(line, visible, maximum, total[r]);
        fill(line + visible, columns.total - visible, A(0));
        lse[(row + r) * shape.heads + head] = maximum + logarithm(total[r]);
      }
      for (int64_t r = count; r < kRows; r++)
        fill(scores.data() + r * stride, columns.total, A(0));
      fill(sums.data(), kRows * padded, A(0));
      mix_spans(columns, scores.data(), stride, values, padded, sums.data());
      for (int64_t r = 0; r < count; r++)
        for (int64_t d = 0; d < depth; d++)
          out[(row + r) * q_stride + head * depth + d] = narrow<T>(sums[r * padded + d] / total[r]);
    }
  });
}

template <typename A, typename T>
void backward_task(const Shape<A>& shape, int64_t trace, int64_t kv_head, const T* q, const T* k, const T* v, const T* out,
                   const A* lse, const T* grad, T* dq, T* dk, T* dv) {
  const auto base = shape.first(trace), tokens = shape.last(trace) - base;
  const auto depth = shape.depth, padded = shape.padded_depth;
  const auto kv_stride = shape.kv_heads * depth, q_stride = shape.heads * depth;
  HeadCopy<A> keys(tokens, depth, padded, true, true), values(tokens, depth, padded, false, true);
  keys.read(k + base * kv_stride + kv_head * depth, kv_stride, tokens, depth, padded, true, true);
  values.read(v + base * kv_stride + kv_head * depth, kv_stride, tokens, depth, padded, false, true);
  const auto stride = round_up(tokens, 16) + 64;
  Scratch<A> scores(kRows * stride), slopes(kRows * stride), queries(kRows * padded), grads(kRows * padded), sums(kRows * padded);
  Scratch<A> key_grads(tokens * padded), value_grads(tokens * padded);
  fill(key_grads.data(), tokens * padded, A(0));
  fill(value_grads.data(), tokens * padded, A(0));
  for_row_blocks(shape, trace, [&](const Run& run, int64_t row, int64_t count, const Columns& columns) {
    for (int64_t head = kv_head * shape.group(); head < (kv_head + 1) * shape.group(); head++) {
      const auto offset = row * q_stride + head * depth;
      read_rows(q + offset, q_stride, count, depth, padded, shape.scale, queries.data());
      read_rows(grad + offset, q_stride, count, depth, padded, A(1), grads.data());
      dot_spans(columns, queries.data(), padded, keys, depth, scores.data(), stride);
      dot_spans(columns, grads.data(), padded, values, depth, slopes.data(), stride);
      for (int64_t r = 0; r < kRows; r++) {
        auto* p = scores.data() + r * stride;
        auto* s = slopes.data() + r * stride;
        const auto visible = r < count ? columns.before + (row + r - run.start) + 1 : 0;
        if (r < count) {
          A delta = 0;
          for (int64_t d = 0; d < depth; d++)
            delta += grads[r * padded + d] * widen<A>(out[offset + r * q_stride + d]);
          const A level = lse[(row + r) * shape.heads + head];
#pragma omp simd
          for (int64_t c = 0; c < visible; c++) {
            p[c] = exp_nonpositive(smaller(p[c] - level, A(0)));
            s[c] = p[c] * (s[c] - delta);
          }
        }
        fill(p + visible, columns.total - visible, A(0));
        fill(s + visible, columns.total - visible, A(0));
      }
      scatter_spans(columns, scores.data(), stride, grads.data(), padded, value_grads.data());
      scatter_spans(columns, slopes.data(), stride, queries.data(), padded, key_grads.data());
      fill(sums.data(), kRows * padded, A(0));
      mix_spans(columns, slopes.data(), stride, keys, padded, sums.data());
      for (int64_t r = 0; r < count; r++)
        for (int64_t d = 0; d < depth; d++)
          dq[offset + r * q_stride + d] = narrow<T>(sums[r * padded + d] * shape.scale);
    }
  });
  for (int64_t t = 0; t < tokens; t++) {
    for (int64_t d = 0; d < depth; d++) {
      dk[(base + t) * kv_stride + kv_head * depth + d] = narrow<T>(key_grads[t * padded + d]);
      dv[(base + t) * kv_stride + kv_head * depth + d] = narrow<T>(value_grads[t * padded + d]);
    }
  }
}

template <typename A>
Shape<A> shape_of(const PathAttentionForward& call) {
  return {call.heads, call.kv_heads, call.depth, round_up(call.depth, Lanes<A>::kCount), call.runs, call.ranges, call.traces, static_cast<A>(call.scale)};
}

}  // namespace

void path_attention_forward(const PathAttentionForward& call, int64_t begin, int64_t end) {
  by_type(call.type, [&](auto storage, auto accumulate) {
    using T = decltype(storage);
    using A = decltype(accumulate);
    const auto shape = shape_of<A>(call);
    for (int64_t i = begin; i < end; i++)
      forward_task<A, T>(shape, i / call.kv_heads, i % call.kv_heads, static_cast<const T*>(call.q), static_cast<const T*>(call.k),
                         static_cast<const T*>(call.v), static_cast<T*>(call.out), static_cast<A*>(call.level));
  });
}

void path_attention_backward(const PathAttentionBackward& call, int64_t begin, int64_t end) {
  const auto& forward = call.forward;
  by_type(forward.type, [&](auto storage, auto accumulate) {
    using T = decltype(storage);
    using A = decltype(accumulate);
    const auto shape = shape_of<A>(forward);
    for (int64_t i = begin; i < end; i++)
      backward_task<A, T>(shape, i / shape.kv_heads, i % shape.kv_heads, static_cast<const T*>(forward.q), static_cast<const T*>(forward.k),
                          static_cast<const T*>(forward.v), static_cast<const T*>(forward.out), static_cast<const A*>(forward.level),
                          static_cast<const T*>(call.grad), static_cast<T*>(call.dq), static_cast<T*>(call.dk), static_cast<T*>(call.dv));
  });
}

}  // namespace pr1::PR1_LEVEL
