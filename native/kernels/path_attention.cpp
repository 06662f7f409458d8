// Attention in blocks of query rows and chunks of the columns that they see, as products of register tiles. Scores of a block live in a
// buffer that stays in the cache; over several chunks the softmax is kept up to date row by row. Tiles of columns that none of their rows
// sees are left out. What a row gets does not depend on the block that it stands in: columns that it does not see have weight 0.
#include "level.h"
#include "tiles.h"

namespace pr1::PR1_LEVEL {

namespace {

constexpr int kRows = 64;       // rows of a block
constexpr int kColumns = 256;   // columns of a chunk
constexpr int kStride = kColumns + 48;  // a row of scores: the chunk, what whole tiles write behind it, and not a power of two
constexpr double kLog2E = 1.4426950408889634, kLn2 = 0.6931471805599453;

static_assert(kRows % Lanes<float>::kCount == 0 && 2 * Lanes<float>::kCount + kTileRows <= kStride - kColumns);

template <typename A, typename T>
inline void read_row(const T* from, int64_t depth, int64_t padded, A factor, A* to) {
  constexpr int W = Lanes<A>::kCount;
  int64_t d = 0;
  for (; d + W <= depth; d += W)
    store(to + d, widen_vector<A>(from + d) * factor);
  for (; d < depth; d++)
    to[d] = widen<A>(from[d]) * factor;
  for (; d < padded; d++)
    to[d] = 0;
}

// One head's rows of one trace [rounded tokens, padded depth], and the same as columns: blocks of kColumns tokens, each [padded depth,
// kStride], which overlap by what a tile may read behind a block.
template <typename A>
struct Head {
  static constexpr int W = Lanes<A>::kCount;

  int64_t tokens, padded, rounded;
  Scratch<A> rows, columns;

  Head(int64_t tokens, int64_t padded, bool by_column)
      : tokens(tokens), padded(padded), rounded(round_up(tokens, W)), rows(rounded * padded),
        columns(by_column ? (tokens + kColumns - 1) / kColumns * padded * kStride : 1) {}

  template <typename T>
  void read(const T* data, int64_t stride, int64_t depth) {
    for (int64_t t = 0; t < tokens; t++)
      read_row(data + t * stride, depth, padded, A(1), rows.data() + t * padded);
    fill(rows.data() + tokens * padded, (rounded - tokens) * padded, A(0));
  }

  void turn() {
    for (int64_t block = 0; block < tokens; block += kColumns) {
      auto* to = columns.data() + block * padded / kColumns * kStride;
      for (int64_t c = 0; c < kColumns + 2 * W && block + c < rounded + 2 * W; c += W) {
        for (int64_t d = 0; d < padded; d += W) {
          if (block + c < rounded)
            transpose(rows.data() + (block + c) * padded + d, padded, to + d * kStride + c, kStride);
          else
            for (int i = 0; i < W; i++)
              store(to + (d + i) * kStride + c, Vector<A>{});
        }
      }
    }
  }

  const A* row(int64_t token) { return rows.data() + token * padded; }
  const A* column(int64_t token) { return columns.data() + token / kColumns * padded * kStride + token % kColumns; }
};

// A block's rows of one head [kRows, padded depth], and turned [padded depth, kRows].
template <typename A>
struct Rows {
  int64_t padded;
  Scratch<A> rows, turned;

  explicit Rows(int64_t padded) : padded(padded), rows(kRows * padded), turned(kRows * padded) {}

  template <typename T>
  void read(const T* data, int64_t stride, int64_t count, int64_t depth, A factor) {
    constexpr int W = Lanes<A>::kCount;
    const auto rounded = round_up(count, W);
    for (int64_t r = 0; r < count; r++)
      read_row(data + r * stride, depth, padded, factor, rows.data() + r * padded);
    fill(rows.data() + count * padded, (rounded - count) * padded, A(0));
    for (int64_t r = 0; r < rounded; r += W)
      for (int64_t d = 0; d < padded; d += W)
        transpose(rows.data() + r * padded + d, padded, turned.data() + d * kRows + r, kRows);
  }
};

// The columns that a block of rows sees: the run's ranges one after another, then the run itself up to the last row.
struct Sight {
  const Span* ranges;
  int64_t range_count, own, base, shift, rows;

  Sight(const PathAttentionForward& call, const Run& run, int64_t base, int64_t row, int64_t rows)
      : ranges(call.ranges + run.range_begin), range_count(run.range_end - run.range_begin), own(run.start), base(base), shift(row - run.start), rows(rows) {
    for (int64_t i = 0; i < range_count; i++)
      shift += ranges[i].end - ranges[i].start;
  }

  int64_t columns() const { return shift + rows; }
};

// A chunk of them: `size` columns from number `from` on.
struct Chunk {
  const Sight& sight;
  int64_t from, size;

  // How many of them row r sees.
  int64_t visible(int64_t r) const { return larger<int64_t>(0, smaller(sight.shift + r + 1 - from, size)); }

  // The first row that sees column c, rows if none.
  int64_t first_row(int64_t c) const { return larger<int64_t>(0, smaller(from + c - sight.shift, sight.rows)); }

  // Calls body(first token of the trace, tokens, column of the first) for what stands together.
  template <typename Body>
  void for_pieces(const Body& body) const {
    int64_t at = -from;
    for (int64_t i = 0; i <= sight.range_count && at < size; i++) {
      const auto start = i < sight.range_count ? sight.ranges[i].start : sight.own;
      const auto count = i < sight.range_count ? sight.ranges[i].end - start : sight.columns() - from - at;
      const auto first = larger<int64_t>(0, -at), last = smaller<int64_t>(count, size - at);
      if (first < last)
        body(start - sight.base + first, last - first, at + first);
      at += count;
    }
  }
};

template <typename Body>
inline void for_chunks(const Sight& sight, const Body& body) {
  for (int64_t from = 0; from < sight.columns(); from += kColumns)
    body(Chunk{sight, from, smaller<int64_t>(kColumns, sight.columns() - from)});
}

// out[r][c] = rows[r] · column c of the chunk.
template <typename A>
void dot(const Chunk& chunk, Rows<A>& rows, Head<A>& head, int64_t depth, A* out) {
  constexpr int W = Lanes<A>::kCount;
  chunk.for_pieces([&](int64_t token, int64_t count, int64_t at) {
    for (int64_t c = 0; c < count; c += kTileVectors * W) {
      const auto vectors = (count - c + W - 1) / W;
      for (int64_t r = 0; r < chunk.sight.rows; r += kTileRows) {
        const auto some = smaller<int64_t>(kTileRows, chunk.sight.rows - r);
        if (chunk.visible(r + some - 1) > at + c)
          product<A, 1, kRows, false>(some, vectors, rows.turned.data() + r, head.column(token + c), kStride, depth, out + r * kStride + at + c, kStride);
      }
    }
  });
}

// out[r] += sum over c of weights[r][c] * row of column c.
template <typename A>
void mix(const Chunk& chunk, const A* weights, Head<A>& head, A* out) {
  constexpr int W = Lanes<A>::kCount;
  chunk.for_pieces([&](int64_t token, int64_t count, int64_t at) {
    for (int64_t d = 0; d < head.padded; d += kTileVectors * W) {
      for (int64_t r = 0; r < chunk.sight.rows; r += kTileRows) {
        const auto some = smaller<int64_t>(kTileRows, chunk.sight.rows - r);
        const auto depth = smaller(count, chunk.visible(r + some - 1) - at);
        if (depth > 0)
          product<A, kStride, 1, true>(some, (head.padded - d) / W, weights + r * kStride + at, head.row(token) + d, head.padded, depth, out + r * head.padded + d, head.padded);
      }
    }
  });
}

// out[row of column c] += sum over r of weights[r][c] * rows[r].
template <typename A>
void scatter(const Chunk& chunk, const A* weights, Rows<A>& rows, A* out) {
  constexpr int W = Lanes<A>::kCount;
  const auto padded = rows.padded;
  chunk.for_pieces([&](int64_t token, int64_t count, int64_t at) {
    for (int64_t c = 0; c < count; c += kTileRows) {
      const auto first = chunk.first_row(at + c);
      for (int64_t d = 0; d < padded; d += kTileVectors * W)
        product<A, 1, kStride, true>(smaller<int64_t>(kTileRows, count - c), (padded - d) / W, weights + first * kStride + at + c, rows.rows.data() + first * padded + d,
                                     padded, chunk.sight.rows - first, out + (token + c) * padded + d, padded);
    }
  });
}

// Tiles read up to kTileRows weights behind those of a row.
template <typename A>
inline void clear_behind(A* row, int64_t visible) {
  for (int i = 0; i < kTileRows; i += Lanes<A>::kCount)
    store(row + visible + i, Vector<A>{});
}

// Calls body(run, first row, rows, head) for the blocks of rows of a task.
template <typename Body>
inline void for_blocks(const PathAttentionForward& call, const PathAttentionTask& task, const Body& body) {
  for (int64_t head = task.head; head < task.head + task.heads; head++) {
    for (int32_t r = call.traces[task.trace]; r < call.traces[task.trace + 1]; r++) {
      const auto& run = call.runs[r];
      for (int64_t row = run.start; row < run.end; row += kRows)
        if (row >= task.begin && row < task.end)
          body(run, row, smaller<int64_t>(kRows, run.end - row), head);
    }
  }
}

inline int64_t first_token(const PathAttentionForward& call, int64_t trace) { return call.runs[call.traces[trace]].start; }
inline int64_t last_token(const PathAttentionForward& call, int64_t trace) { return call.runs[call.traces[trace + 1] - 1].end; }

template <typename T, typename A>
void forward(const PathAttentionForward& call, const PathAttentionTask& task) {
  constexpr int W = Lanes<A>::kCount;
  const auto base = first_token(call, task.trace), tokens = smaller<int64_t>(last_token(call, task.trace), task.end + kRows) - base;
  const auto depth = call.depth, padded = round_up(depth, W), group = call.heads / call.kv_heads;
  const auto kv_stride = call.kv_heads * depth, q_stride = call.heads * depth;
  const auto kv_offset = base * kv_stride + task.head / group * depth;
  Head<A> keys(tokens, padded, true), values(tokens, padded, false);
  keys.read(static_cast<const T*>(call.k) + kv_offset, kv_stride, depth);
  keys.turn();
  values.read(static_cast<const T*>(call.v) + kv_offset, kv_stride, depth);
  Rows<A> queries(padded);
  Scratch<A> weights(kRows * kStride), sums(kRows * padded);
  A tops[kRows], totals[kRows];
  for_blocks(call, task, [&](const Run& run, int64_t row, int64_t count, int64_t head) {
    queries.read(static_cast<const T*>(call.q) + row * q_stride + head * depth, q_stride, count, depth, static_cast<A>(call.scale * kLog2E));
    fill(sums.data(), count * padded, A(0));
    for (int64_t r = 0; r < count; r++) {
      tops[r] = -kInfinity<A>;
      totals[r] = 0;
    }
    const Sight sight(call, run, base, row, count);
    for_chunks(sight, [&](const Chunk& chunk) {
      dot(chunk, queries, keys, depth, weights.data());
      for (int64_t r = 0; r < count; r++) {
        auto* line = weights.data() + r * kStride;
        const auto visible = chunk.visible(r), whole = visible / W * W;
        if (visible > 0) {
          auto most = Vector<A>{} - kInfinity<A>;
          for (int64_t c = 0; c < whole; c += W) {
            const auto x = load(line + c);
            most = x > most ? x : most;
          }
          if (whole < visible) {
            const auto x = first_lanes(load(line + whole), visible - whole, -kInfinity<A>);
            most = x > most ? x : most;
          }
          const A top = larger(tops[r], largest_of<A>(most));
          auto total = Vector<A>{};
          for (int64_t c = 0; c < whole; c += W) {
            const auto e = exp2_nonpositive(load(line + c) - top);
            total += e;
            store(line + c, e);
          }
          if (whole < visible) {
            const auto e = first_lanes(exp2_nonpositive(load(line + whole) - top), visible - whole, A(0));
            total += e;
            store(line + whole, e);
          }
          if (chunk.from > 0) {
            const A factor = exp2_nonpositive(Vector<A>{} + (tops[r] - top))[0];
            totals[r] *= factor;
            for (int64_t d = 0; d < padded; d += W)
              store(sums.data() + r * padded + d, load(sums.data() + r * padded + d) * factor);
          }
          totals[r] += sum_of<A>(total);
          tops[r] = top;
        }
        clear_behind(line, visible);
      }
      mix(chunk, weights.data(), values, sums.data());
    });
    for (int64_t r = 0; r < count; r++) {
      const auto* from = sums.data() + r * padded;
      auto* to = static_cast<T*>(call.out) + (row + r) * q_stride + head * depth;
      const A factor = A(1) / totals[r];
      for (int64_t d = 0; d < depth; d++)
        to[d] = narrow<T>(from[d] * factor);
      static_cast<A*>(call.level)[(row + r) * call.heads + head] = tops[r] + logarithm(totals[r]) * static_cast<A>(kLog2E);
    }
  });
}

template <typename T, typename A>
void backward(const PathAttentionBackward& all, const PathAttentionTask& task) {
  constexpr int W = Lanes<A>::kCount;
  const auto& call = all.forward;
  const auto base = first_token(call, task.trace), tokens = last_token(call, task.trace) - base;
  const auto depth = call.depth, padded = round_up(depth, W), group = call.heads / call.kv_heads;
  const auto kv_stride = call.kv_heads * depth, q_stride = call.heads * depth;
  const auto kv_offset = base * kv_stride + task.head / group * depth;
  Head<A> keys(tokens, padded, true), values(tokens, padded, true);
  keys.read(static_cast<const T*>(call.k) + kv_offset, kv_stride, depth);
  keys.turn();
  values.read(static_cast<const T*>(call.v) + kv_offset, kv_stride, depth);
  values.turn();
  Rows<A> queries(padded), grads(padded), outs(padded);
  Scratch<A> weights(kRows * kStride), slopes(kRows * kStride), sums(kRows * padded), key_grads(tokens * padded), value_grads(tokens * padded);
  fill(key_grads.data(), tokens * padded, A(0));
  fill(value_grads.data(), tokens * padded, A(0));
  A deltas[kRows];
  for_blocks(call, task, [&](const Run& run, int64_t row, int64_t count, int64_t head) {
    const auto offset = row * q_stride + head * depth;
    queries.read(static_cast<const T*>(call.q) + offset, q_stride, count, depth, static_cast<A>(call.scale * kLog2E));
    grads.read(static_cast<const T*>(all.grad) + offset, q_stride, count, depth, A(1));
    fill(sums.data(), count * padded, A(0));
    // In the order in which `dot` adds, so that a row that sees one column has slopes of exactly 0.
    outs.read(static_cast<const T*>(call.out) + offset, q_stride, count, depth, A(1));
    for (int64_t r = 0; r < count; r += W) {
      auto delta = Vector<A>{};
      for (int64_t d = 0; d < depth; d++)
        delta += load(grads.turned.data() + d * kRows + r) * load(outs.turned.data() + d * kRows + r);
      store(deltas + r, delta);
    }
    const Sight sight(call, run, base, row, count);
    for_chunks(sight, [&](const Chunk& chunk) {
      dot(chunk, queries, keys, depth, weights.data());
      dot(chunk, grads, values, depth, slopes.data());
      for (int64_t r = 0; r < count; r++) {
        auto *p = weights.data() + r * kStride, *s = slopes.data() + r * kStride;
        const auto visible = chunk.visible(r);
        const A level = static_cast<const A*>(call.level)[(row + r) * call.heads + head], delta = deltas[r];
        for (int64_t c = 0; c < visible; c += W) {
          const auto x = load(p + c) - level;
          auto e = exp2_nonpositive(x > A(0) ? Vector<A>{} : x);
          auto slope = e * (load(s + c) - delta);
          if (c + W > visible) {
            e = first_lanes(e, visible - c, A(0));
            slope = first_lanes(slope, visible - c, A(0));
          }
          store(p + c, e);
          store(s + c, slope);
        }
        clear_behind(p, visible);
        clear_behind(s, visible);
      }
      scatter(chunk, weights.data(), grads, value_grads.data());
      scatter(chunk, slopes.data(), queries, key_grads.data());
      mix(chunk, slopes.data(), keys, sums.data());
    });
    for (int64_t r = 0; r < count; r++)
      for (int64_t d = 0; d < depth; d++)
        static_cast<T*>(all.dq)[offset + r * q_stride + d] = narrow<T>(sums[r * padded + d] * static_cast<A>(call.scale));
  });
  const auto write = [&](auto* dk, auto* dv, int64_t stride) {
    using Out = std::remove_pointer_t<decltype(dk)>;
    for (int64_t t = 0; t < tokens; t++) {
      for (int64_t d = 0; d < depth; d++) {
        dk[t * stride + d] = narrow<Out>(key_grads[t * padded + d] * static_cast<A>(kLn2));
        dv[t * stride + d] = narrow<Out>(value_grads[t * padded + d]);
      }
    }
  };
  const auto part = base * q_stride + task.head * depth;
  if (task.heads == group)
    write(static_cast<T*>(all.dk) + kv_offset, static_cast<T*>(all.dv) + kv_offset, kv_stride);
  else
    write(static_cast<A*>(all.dk_parts) + part, static_cast<A*>(all.dv_parts) + part, q_stride);
}

}  // namespace

void path_attention_forward(const PathAttentionForward& call, const PathAttentionTask& task) {
  by_type(call.type, [&](auto storage, auto accumulate) { forward<decltype(storage), decltype(accumulate)>(call, task); });
}

void path_attention_backward(const PathAttentionBackward& call, const PathAttentionTask& task) {
  by_type(call.forward.type, [&](auto storage, auto accumulate) { backward<decltype(storage), decltype(accumulate)>(call, task); });
}

void path_attention_gather(const PathAttentionBackward& call, int64_t begin, int64_t end) {
  const auto& forward = call.forward;
  const auto group = forward.heads / forward.kv_heads, depth = forward.depth;
  by_type(forward.type, [&](auto storage, auto accumulate) {
    using T = decltype(storage);
    using A = decltype(accumulate);
    const auto add = [&](const A* parts, T* to) {
      for (int64_t i = begin * forward.kv_heads; i < end * forward.kv_heads; i++) {
#pragma omp simd
        for (int64_t d = 0; d < depth; d++) {
          A sum = 0;
          for (int64_t g = 0; g < group; g++)
            sum += parts[(i * group + g) * depth + d];
          to[i * depth + d] = narrow<T>(sum);
        }
      }
    };
    add(static_cast<const A*>(call.dk_parts), static_cast<T*>(call.dk));
    add(static_cast<const A*>(call.dv_parts), static_cast<T*>(call.dv));
  });
}

}  // namespace pr1::PR1_LEVEL
