// Attention of training, in tiles: rows of queries against a block of columns, small enough for the first cache. Scores never leave a tile;
// the backward pass computes them again. Columns that a row does not see are not computed: neither siblings' nor, but for the corners of
// tiles, later ones.
//
// What a row gets depends on its own trace only: tiles begin at the same tokens whatever else is in the pack, and a trace's head is one task.
#include "level.h"
#include "tile.h"

namespace pr1::PR1_LEVEL {

namespace {

constexpr int64_t kRows = 48;      // queries of a tile; a multiple of every level's kTileRows
constexpr int64_t kColumns = 128;  // columns of a tile

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

// One head's queries, keys or values: rows [count, padded depth], each times a factor.
template <typename A, typename T>
void read_rows(const T* data, int64_t stride, int64_t count, int64_t depth, int64_t padded, A factor, A* out) {
  constexpr int W = Lanes<A>::kCount;
  for (int64_t r = 0; r < count; r++) {
    int64_t d = 0;
    for (; d + W <= depth; d += W)
      store(out + r * padded + d, widen_vector<A>(data + r * stride + d) * factor);
    for (; d < depth; d++)
      out[r * padded + d] = widen<A>(data[r * stride + d]) * factor;
    for (; d < padded; d++)
      out[r * padded + d] = 0;
  }
}

// rows [count, padded depth] to where they came from, each times its factor.
template <typename A, typename T>
void write_rows(const A* rows, int64_t count, int64_t depth, int64_t padded, const A* factors, T* data, int64_t stride) {
  constexpr int W = Lanes<A>::kCount;
  for (int64_t r = 0; r < count; r++) {
    int64_t d = 0;
    for (; d + W <= depth; d += W)
      narrow_vector<T, A>(data + r * stride + d, load(rows + r * padded + d) * factors[r]);
    for (; d < depth; d++)
      data[r * stride + d] = narrow<T>(rows[r * padded + d] * factors[r]);
  }
}

// One head's keys or values as columns, in blocks [blocks, depth, kColumns].
template <typename A, typename T>
void read_columns(const T* data, int64_t stride, int64_t tokens, int64_t depth, A* out) {
  constexpr int W = Lanes<A>::kCount;
  for (int64_t block = 0; block < tokens; block += kColumns, out += depth * kColumns) {
    const auto count = smaller(kColumns, tokens - block);
    int64_t t = 0;
    for (; t + W <= count; t += W) {
      int64_t d = 0;
      for (; d + W <= depth; d += W) {
        Vector<A> rows[W];
        for (int i = 0; i < W; i++)
          rows[i] = widen_vector<A>(data + (block + t + i) * stride + d);
        transpose<A>(rows);
        for (int i = 0; i < W; i++)
          store(out + (d + i) * kColumns + t, rows[i]);
      }
      for (; d < depth; d++)
        for (int64_t i = t; i < t + W; i++)
          out[d * kColumns + i] = widen<A>(data[(block + i) * stride + d]);
    }
    for (; t < count; t++)
      for (int64_t d = 0; d < depth; d++)
        out[d * kColumns + t] = widen<A>(data[(block + t) * stride + d]);
  }
}

template <typename A>
int64_t columns_size(int64_t tokens, int64_t depth) {
  return round_up(tokens, kColumns) * depth + 2 * kTileVectors * Lanes<A>::kCount;
}

// Calls body(first row, rows, tile columns...) for every tile of a trace, by blocks of rows: begin(row, count), then
// body(row, count, first column, columns, columns that the first row sees of these) for each block of columns, then end(row, count).
// Columns are relative to the trace.
template <typename A, typename Begin, typename Body, typename End>
void for_row_blocks(const Shape<A>& shape, int64_t trace, const Begin& begin, const Body& body, const End& end) {
  const auto base = shape.first(trace);
  for (int32_t r = shape.traces[trace]; r < shape.traces[trace + 1]; r++) {
    const auto& run = shape.runs[r];
    for (int64_t row = run.start; row < run.end; row += kRows) {
      const auto count = smaller<int64_t>(kRows, run.end - row);
      begin(row, count);
      const auto blocks = [&](int64_t start, int64_t stop, bool own) {
        for (int64_t at = start; at < stop;) {
          const auto next = smaller(stop, (at / kColumns + 1) * kColumns);
          body(row, count, at, next - at, own ? row - base + 1 - at : next - at);
          at = next;
        }
      };
      for (int32_t i = run.range_begin; i < run.range_end; i++)
        blocks(shape.ranges[i].start - base, shape.ranges[i].end - base, false);
      blocks(run.start - base, row + count - base, true);
      end(row, count);
    }
  }
}

// How many of a block's n columns row r of the tile sees, if the first row sees `seen` and (seen < n) each further row one more.
inline int64_t visible(int64_t seen, int64_t r, int64_t n) { return seen >= n ? n : larger<int64_t>(0, smaller(n, seen + r)); }

// scores [rows, kColumns] = rows [rows, padded] * columns [depth, n], as far as a row of the tile sees.
template <typename A>
void score(const A* rows, int64_t padded, const A* columns, int64_t depth, int64_t count, int64_t n, int64_t seen, A* scores) {
  for_tiles(count, [&](int64_t r, auto height) {
    constexpr int kHeight = decltype(height)::kValue;
    const auto width = visible(seen, r + kHeight - 1, n);
    tile_row<A, kHeight, false, false>(rows + r * padded, padded, columns, kColumns, depth, scores + r * kColumns, kColumns, width);
  });
}

// out [rows, padded] += weights [rows, n] * values [n, padded].
template <typename A>
void mix(const A* weights, const A* values, int64_t padded, int64_t count, int64_t n, int64_t seen, A* out) {
  for_tiles(count, [&](int64_t r, auto height) {
    constexpr int kHeight = decltype(height)::kValue;
    const auto width = visible(seen, r + kHeight - 1, n);
    tile_row<A, kHeight, false, true>(weights + r * kColumns, kColumns, values, padded, width, out + r * padded, padded, padded);
  });
}

// out [n, padded] += weights [rows, n]^T * rows [rows, padded].
template <typename A>
void scatter(const A* weights, const A* rows, int64_t padded, int64_t count, int64_t n, int64_t seen, A* out) {
  for_tiles(n, [&](int64_t c, auto height) {
    constexpr int kHeight = decltype(height)::kValue;
    const auto first = seen >= n ? 0 : smaller(count, larger<int64_t>(0, c + 1 - seen));  // the first row that sees column c
    tile_row<A, kHeight, true, true>(weights + first * kColumns + c, kColumns, rows + first * padded, padded, count - first, out + c * padded, padded, padded);
  });
}

// What stands behind the n-th column of a line, up to a whole vector, becomes `value`.
template <typename A>
inline void pad(A* line, int64_t n, A value) {
  for (const auto end = round_up(n, Lanes<A>::kCount); n < end; n++)
    line[n] = value;
}

// line becomes exp(line - top), top the largest of it and of `before`; returns the sum. The line is padded; the padding becomes nearly 0.
template <typename A>
inline A exponentials(A* line, int64_t n, A before, A& top) {
  constexpr int W = Lanes<A>::kCount;
  pad(line, n, A(-1e30));
  Vector<A> tops = load(line);
  for (int64_t i = W; i < n; i += W) {
    const auto x = load(line + i);
    tops = tops < x ? x : tops;
  }
  top = larger(before, largest_of<A>(tops));
  Vector<A> totals = {};
  for (int64_t i = 0; i < n; i += W) {
    const auto x = exp_nonpositive(load(line + i) - top);
    store(line + i, x);
    totals += x;
  }
  return sum_of<A>(totals);
}

template <typename A, typename T>
void forward_task(const Shape<A>& shape, int64_t trace, int64_t kv_head, const T* q, const T* k, const T* v, T* out, A* level) {
  const auto base = shape.first(trace), tokens = shape.last(trace) - base;
  const auto depth = shape.depth, padded = shape.padded_depth;
  const auto kv_stride = shape.kv_heads * depth, q_stride = shape.heads * depth;
  Scratch<A> keys(columns_size<A>(tokens, depth)), values(tokens * padded);
  read_columns(k + base * kv_stride + kv_head * depth, kv_stride, tokens, depth, keys.data());
  read_rows(v + base * kv_stride + kv_head * depth, kv_stride, tokens, depth, padded, A(1), values.data());
  Scratch<A> scores(kRows * kColumns + 64), queries(kRows * padded), sums(kRows * padded);
  A tops[kRows], totals[kRows];
  for (int64_t head = kv_head * shape.group(); head < (kv_head + 1) * shape.group(); head++) {
    for_row_blocks(
        shape, trace,
        [&](int64_t row, int64_t count) {
          read_rows(q + row * q_stride + head * depth, q_stride, count, depth, padded, shape.scale, queries.data());
          fill(sums.data(), count * padded, A(0));
          for (int64_t r = 0; r < count; r++) {
            tops[r] = -kInfinity<A>;
            totals[r] = 0;
          }
        },
        [&](int64_t, int64_t count, int64_t start, int64_t n, int64_t seen) {
          const auto* block = keys.data() + start / kColumns * depth * kColumns + start % kColumns;
          score(queries.data(), padded, block, depth, count, n, seen, scores.data());
          for (int64_t r = 0; r < count; r++) {
            auto* line = scores.data() + r * kColumns;
            const auto width = visible(seen, r, n);
            if (width > 0) {
              A top;
              const auto total = exponentials(line, width, tops[r], top);
              if (totals[r] > 0 && top > tops[r]) {
                const auto factor = exp_nonpositive(tops[r] - top);
                totals[r] *= factor;
#pragma omp simd
                for (int64_t d = 0; d < padded; d++)
                  sums[r * padded + d] *= factor;
              }
              tops[r] = top;
              totals[r] += total;
            }
            fill(line + width, n - width, A(0));
          }
          mix(scores.data(), values.data() + start * padded, padded, count, n, seen, sums.data());
        },
        [&](int64_t row, int64_t count) {
          for (int64_t r = 0; r < count; r++) {
            level[(row + r) * shape.heads + head] = tops[r] + logarithm(totals[r]);
            totals[r] = A(1) / totals[r];
          }
          write_rows(sums.data(), count, depth, padded, totals, out + row * q_stride + head * depth, q_stride);
        });
  }
}

template <typename A, typename T>
void backward_task(const Shape<A>& shape, int64_t trace, int64_t kv_head, const T* q, const T* k, const T* v, const T* out,
                   const A* level, const T* grad, T* dq, T* dk, T* dv) {
  const auto base = shape.first(trace), tokens = shape.last(trace) - base;
  const auto depth = shape.depth, padded = shape.padded_depth;
  const auto kv_stride = shape.kv_heads * depth, q_stride = shape.heads * depth;
  const auto* head_keys = k + base * kv_stride + kv_head * depth;
  Scratch<A> key_columns(columns_size<A>(tokens, depth)), value_columns(columns_size<A>(tokens, depth)), keys(tokens * padded);
  read_columns(head_keys, kv_stride, tokens, depth, key_columns.data());
  read_columns(v + base * kv_stride + kv_head * depth, kv_stride, tokens, depth, value_columns.data());
  read_rows(head_keys, kv_stride, tokens, depth, padded, A(1), keys.data());
  Scratch<A> scores(kRows * kColumns + 64), slopes(kRows * kColumns + 64), queries(kRows * padded), grads(kRows * padded), sums(kRows * padded);
  Scratch<A> key_grads(tokens * padded), value_grads(tokens * padded);
  fill(key_grads.data(), tokens * padded, A(0));
  fill(value_grads.data(), tokens * padded, A(0));
  A deltas[kRows], levels[kRows], scales[kRows], ones[kColumns];
  fill(scales, kRows, shape.scale);
  fill(ones, kColumns, A(1));
  for (int64_t head = kv_head * shape.group(); head < (kv_head + 1) * shape.group(); head++) {
    for_row_blocks(
        shape, trace,
        [&](int64_t row, int64_t count) {
          const auto offset = row * q_stride + head * depth;
          read_rows(q + offset, q_stride, count, depth, padded, shape.scale, queries.data());
          read_rows(grad + offset, q_stride, count, depth, padded, A(1), grads.data());
          fill(sums.data(), count * padded, A(0));
          for (int64_t r = 0; r < count; r++) {
            A delta = 0;
#pragma omp simd reduction(+ : delta)
            for (int64_t d = 0; d < depth; d++)
              delta += grads[r * padded + d] * widen<A>(out[offset + r * q_stride + d]);
            deltas[r] = delta;
            levels[r] = level[(row + r) * shape.heads + head];
          }
        },
        [&](int64_t, int64_t count, int64_t start, int64_t n, int64_t seen) {
          const auto block = start / kColumns * depth * kColumns + start % kColumns;
          score(queries.data(), padded, key_columns.data() + block, depth, count, n, seen, scores.data());
          score(grads.data(), padded, value_columns.data() + block, depth, count, n, seen, slopes.data());
          for (int64_t r = 0; r < count; r++) {
            auto* p = scores.data() + r * kColumns;
            auto* s = slopes.data() + r * kColumns;
            const auto width = visible(seen, r, n);
            const A delta = deltas[r], log_total = levels[r];
            for (int64_t c = 0; c < width; c += Lanes<A>::kCount) {
              const Vector<A> zero = {}, shifted = load(p + c) - log_total;
              const auto x = exp_nonpositive(shifted < zero ? shifted : zero);
              store(p + c, x);
              store(s + c, x * (load(s + c) - delta));
            }
            fill(p + width, n - width, A(0));
            fill(s + width, n - width, A(0));
          }
          scatter(scores.data(), grads.data(), padded, count, n, seen, value_grads.data() + start * padded);
          scatter(slopes.data(), queries.data(), padded, count, n, seen, key_grads.data() + start * padded);
          mix(slopes.data(), keys.data() + start * padded, padded, count, n, seen, sums.data());
        },
        [&](int64_t row, int64_t count) {
          write_rows(sums.data(), count, depth, padded, scales, dq + row * q_stride + head * depth, q_stride);
        });
  }
  for (int64_t t = 0; t < tokens; t += kColumns) {
    const auto offset = (base + t) * kv_stride + kv_head * depth, count = smaller(kColumns, tokens - t);
    write_rows(key_grads.data() + t * padded, count, depth, padded, ones, dk + offset, kv_stride);
    write_rows(value_grads.data() + t * padded, count, depth, padded, ones, dv + offset, kv_stride);
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
