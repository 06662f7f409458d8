// Attention under path visibility, over packed traces.
//
// N tokens of several traces stand one after another. Which earlier tokens a token sees is given by runs: the tokens
// of run [start, end) see the column ranges [range_begin, range_end) of `ranges`, all before `start`, and of the run itself
// every token up to their own. An ordinary causal sequence is one run without ranges; a path of a parallel block is a run
// whose ranges leave out its siblings. Memory is O(tokens + runs); no mask is built.
#include "abi.h"
#include "kernels.h"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

namespace {

using at::Tensor;

constexpr int kRows = 8;  // query rows that share a pass over keys

struct Run {
  int32_t start, end, range_begin, range_end;
};

struct Span {
  int32_t start, end;
};

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
  std::vector<A> rows, columns;
  int64_t column_stride = 0;

  template <typename T>
  void read(const T* data, int64_t token_stride, int64_t tokens, int64_t depth, int64_t padded, bool by_row, bool by_column) {
    constexpr int64_t kSlack = 2 * pr1::Lanes<A>::kCount;
    if (by_row) {
      rows.assign(tokens * padded, A(0));
      for (int64_t t = 0; t < tokens; t++)
        for (int64_t d = 0; d < depth; d++)
          rows[t * padded + d] = pr1::widen<A>(data[t * token_stride + d]);
    }
    if (by_column) {
      column_stride = tokens + kSlack;
      columns.assign(depth * column_stride, A(0));
      for (int64_t t = 0; t < tokens; t++)
        for (int64_t d = 0; d < depth; d++)
          columns[d * column_stride + t] = pr1::widen<A>(data[t * token_stride + d]);
    }
  }
};

// The columns that a block of rows sees, relative to the trace: the run's ranges, then the run itself up to the last row.
struct Columns {
  std::vector<Span> spans;
  int64_t before = 0, total = 0;

  template <typename A>
  void set(const Shape<A>& shape, const Run& run, int64_t base, int64_t row_end) {
    spans.clear();
    before = 0;
    for (int32_t i = run.range_begin; i < run.range_end; i++) {
      const auto range = shape.ranges[i];
      spans.push_back({static_cast<int32_t>(range.start - base), static_cast<int32_t>(range.end - base)});
      before += range.end - range.start;
    }
    spans.push_back({static_cast<int32_t>(run.start - base), static_cast<int32_t>(row_end - base)});
    total = before + row_end - run.start;
  }
};

template <typename A>
void dot_spans(const Columns& columns, const A* rows, int64_t row_stride, const HeadCopy<A>& head, int64_t depth, A* out, int64_t stride) {
  int64_t at = 0;
  for (const auto& span : columns.spans) {
    pr1::dot_rows<A, kRows>(rows, row_stride, head.columns.data() + span.start, head.column_stride, depth, out + at, stride, span.end - span.start);
    at += span.end - span.start;
  }
}

template <typename A>
void mix_spans(const Columns& columns, const A* weights, int64_t stride, const HeadCopy<A>& head, int64_t padded, A* out) {
  int64_t at = 0;
  for (const auto& span : columns.spans) {
    pr1::mix_rows<A, kRows>(weights + at, stride, head.rows.data() + span.start * padded, padded, span.end - span.start, out, padded, padded);
    at += span.end - span.start;
  }
}

template <typename A>
void scatter_spans(const Columns& columns, const A* weights, int64_t stride, const A* rows, int64_t padded, std::vector<A>& out) {
  int64_t at = 0;
  for (const auto& span : columns.spans) {
    pr1::scatter_rows<A, kRows>(weights + at, stride, rows, padded, span.end - span.start, out.data() + span.start * padded, padded, padded);
    at += span.end - span.start;
  }
}

template <typename A, typename T>
void read_rows(const T* data, int64_t stride, int64_t count, int64_t depth, int64_t padded, A factor, A* out) {
  std::fill_n(out, kRows * padded, A(0));
  for (int64_t r = 0; r < count; r++)
    for (int64_t d = 0; d < depth; d++)
      out[r * padded + d] = pr1::widen<A>(data[r * stride + d]) * factor;
}

// Calls body(run, first row, rows, columns) for every block of rows of a trace.
template <typename A, typename Body>
void for_row_blocks(const Shape<A>& shape, int64_t trace, Body&& body) {
  Columns columns;
  const auto base = shape.first(trace);
  for (int32_t r = shape.traces[trace]; r < shape.traces[trace + 1]; r++) {
    const auto& run = shape.runs[r];
    for (int64_t row = run.start; row < run.end; row += kRows) {
      const auto count = std::min<int64_t>(kRows, run.end - row);
      columns.set(shape, run, base, row + count);
      body(run, row, count, columns);
    }
  }
}

template <typename A, typename T>
void forward_task(const Shape<A>& shape, int64_t trace, int64_t kv_head, const T* q, const T* k, const T* v, T* out, A* lse) {
  const auto base = shape.first(trace), tokens = shape.last(trace) - base;
  const auto depth = shape.depth, padded = shape.padded_depth;
  const auto kv_stride = shape.kv_heads * depth, q_stride = shape.heads * depth;
  HeadCopy<A> keys, values;
  keys.read(k + base * kv_stride + kv_head * depth, kv_stride, tokens, depth, padded, false, true);
  values.read(v + base * kv_stride + kv_head * depth, kv_stride, tokens, depth, padded, true, false);
  const auto stride = pr1::round_up(tokens, 16) + 64;
  std::vector<A> scores(kRows * stride), queries(kRows * padded), sums(kRows * padded);
  for_row_blocks(shape, trace, [&](const Run& run, int64_t row, int64_t count, const Columns& columns) {
    for (int64_t head = kv_head * shape.group(); head < (kv_head + 1) * shape.group(); head++) {
      read_rows(q + row * q_stride + head * depth, q_stride, count, depth, padded, shape.scale, queries.data());
      dot_spans(columns, queries.data(), padded, keys, depth, scores.data(), stride);
      A total[kRows] = {};
      for (int64_t r = 0; r < count; r++) {
        auto* line = scores.data() + r * stride;
        const auto visible = columns.before + (row + r - run.start) + 1;
        A maximum;
        pr1::exp_row(line, visible, maximum, total[r]);
        std::fill(line + visible, line + columns.total, A(0));
        lse[(row + r) * shape.heads + head] = maximum + std::log(total[r]);
      }
      for (int64_t r = count; r < kRows; r++)
        std::fill_n(scores.data() + r * stride, columns.total, A(0));
      std::fill(sums.begin(), sums.end(), A(0));
      mix_spans(columns, scores.data(), stride, values, padded, sums.data());
      for (int64_t r = 0; r < count; r++)
        for (int64_t d = 0; d < depth; d++)
          out[(row + r) * q_stride + head * depth + d] = pr1::narrow<T>(sums[r * padded + d] / total[r]);
    }
  });
}

template <typename A, typename T>
void backward_task(const Shape<A>& shape, int64_t trace, int64_t kv_head, const T* q, const T* k, const T* v, const T* out,
                   const A* lse, const T* grad, T* dq, T* dk, T* dv) {
  const auto base = shape.first(trace), tokens = shape.last(trace) - base;
  const auto depth = shape.depth, padded = shape.padded_depth;
  const auto kv_stride = shape.kv_heads * depth, q_stride = shape.heads * depth;
  HeadCopy<A> keys, values;
  keys.read(k + base * kv_stride + kv_head * depth, kv_stride, tokens, depth, padded, true, true);
  values.read(v + base * kv_stride + kv_head * depth, kv_stride, tokens, depth, padded, false, true);
  const auto stride = pr1::round_up(tokens, 16) + 64;
  std::vector<A> scores(kRows * stride), slopes(kRows * stride), queries(kRows * padded), grads(kRows * padded), sums(kRows * padded);
  std::vector<A> key_grads(tokens * padded, A(0)), value_grads(tokens * padded, A(0));
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
            delta += grads[r * padded + d] * pr1::widen<A>(out[offset + r * q_stride + d]);
          const A level = lse[(row + r) * shape.heads + head];
#pragma omp simd
          for (int64_t c = 0; c < visible; c++) {
            p[c] = pr1::exp_nonpositive(std::min(p[c] - level, A(0)));
            s[c] = p[c] * (s[c] - delta);
          }
        }
        std::fill(p + visible, p + columns.total, A(0));
        std::fill(s + visible, s + columns.total, A(0));
      }
      scatter_spans(columns, scores.data(), stride, grads.data(), padded, value_grads);
      scatter_spans(columns, slopes.data(), stride, queries.data(), padded, key_grads);
      std::fill(sums.begin(), sums.end(), A(0));
      mix_spans(columns, slopes.data(), stride, keys, padded, sums.data());
      for (int64_t r = 0; r < count; r++)
        for (int64_t d = 0; d < depth; d++)
          dq[offset + r * q_stride + d] = pr1::narrow<T>(sums[r * padded + d] * shape.scale);
    }
  });
  for (int64_t t = 0; t < tokens; t++) {
    for (int64_t d = 0; d < depth; d++) {
      dk[(base + t) * kv_stride + kv_head * depth + d] = pr1::narrow<T>(key_grads[t * padded + d]);
      dv[(base + t) * kv_stride + kv_head * depth + d] = pr1::narrow<T>(value_grads[t * padded + d]);
    }
  }
}

template <typename A>
Shape<A> shape_of(const Tensor& q, const Tensor& k, const Tensor& runs, const Tensor& ranges, const Tensor& traces, double scale) {
  return {q.size(1), k.size(1), q.size(2), pr1::round_up(q.size(2), pr1::Lanes<A>::kCount),
          reinterpret_cast<const Run*>(runs.data_ptr<int32_t>()),
          reinterpret_cast<const Span*>(ranges.data_ptr<int32_t>()), traces.data_ptr<int32_t>(), static_cast<A>(scale)};
}

template <typename Task>
void for_tasks(const Tensor& traces, int64_t kv_heads, Task&& task) {
  at::parallel_for(0, (traces.numel() - 1) * kv_heads, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++)
      task(i / kv_heads, i % kv_heads);
  });
}

std::tuple<Tensor, Tensor> forward_cpu(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& runs,
                                       const Tensor& ranges, const Tensor& traces, double scale) {
  auto out = at::empty_like(q);
  auto lse = at::empty({q.size(0), q.size(1)}, q.options().dtype(pr1::accumulator(q.scalar_type())));
  pr1::by_dtype(q.scalar_type(), [&](auto storage, auto accumulate) {
    using T = decltype(storage);
    using A = decltype(accumulate);
    const auto shape = shape_of<A>(q, k, runs, ranges, traces, scale);
    for_tasks(traces, shape.kv_heads, [&](int64_t trace, int64_t head) {
      forward_task<A, T>(shape, trace, head, q.data_ptr<T>(), k.data_ptr<T>(), v.data_ptr<T>(), out.data_ptr<T>(), lse.data_ptr<A>());
    });
  });
  return {out, lse};
}

std::tuple<Tensor, Tensor, Tensor> backward_cpu(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& out, const Tensor& lse,
                                                const Tensor& grad, const Tensor& runs, const Tensor& ranges, const Tensor& traces, double scale) {
  auto dq = at::empty_like(q), dk = at::empty_like(k), dv = at::empty_like(v);
  pr1::by_dtype(q.scalar_type(), [&](auto storage, auto accumulate) {
    using T = decltype(storage);
    using A = decltype(accumulate);
    const auto shape = shape_of<A>(q, k, runs, ranges, traces, scale);
    for_tasks(traces, shape.kv_heads, [&](int64_t trace, int64_t head) {
      backward_task<A, T>(shape, trace, head, q.data_ptr<T>(), k.data_ptr<T>(), v.data_ptr<T>(), out.data_ptr<T>(), lse.data_ptr<A>(),
                          grad.data_ptr<T>(), dq.data_ptr<T>(), dk.data_ptr<T>(), dv.data_ptr<T>());
    });
  });
  return {dq, dk, dv};
}

struct PathAttention : torch::autograd::Function<PathAttention> {
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& q, const Tensor& k, const Tensor& v,
                        const Tensor& runs, const Tensor& ranges, const Tensor& traces, double scale) {
    at::AutoDispatchBelowADInplaceOrView guard;
    const auto cq = q.contiguous(), ck = k.contiguous(), cv = v.contiguous();
    auto [out, lse] = forward_cpu(cq, ck, cv, runs, ranges, traces, scale);
    context->save_for_backward({cq, ck, cv, out, lse, runs, ranges, traces});
    context->saved_data["scale"] = scale;
    return out;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context, torch::autograd::variable_list grads) {
    const auto saved = context->get_saved_variables();
    auto [dq, dk, dv] = backward_cpu(saved[0], saved[1], saved[2], saved[3], saved[4], grads[0].contiguous(),
                                     saved[5], saved[6], saved[7], context->saved_data["scale"].toDouble());
    return {dq, dk, dv, Tensor(), Tensor(), Tensor(), Tensor()};
  }
};

void check(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& runs, const Tensor& ranges, const Tensor& traces) {
  TORCH_CHECK(q.dim() == 3 && k.dim() == 3 && v.sizes() == k.sizes(), "q is [tokens, heads, depth], k and v [tokens, kv_heads, depth]; found ",
              q.sizes(), ", ", k.sizes(), ", ", v.sizes());
  TORCH_CHECK(q.size(0) == k.size(0) && q.size(2) == k.size(2) && k.size(1) > 0 && q.size(1) % k.size(1) == 0,
              "heads must be a multiple of kv_heads, tokens and depth equal; found ", q.sizes(), ", ", k.sizes());
  TORCH_CHECK(q.scalar_type() == k.scalar_type() && q.scalar_type() == v.scalar_type(), "q, k and v must have one dtype");
  pr1::check_device("path_attention", q, {&k, &v});
  for (const auto& table : {runs, ranges, traces})
    TORCH_CHECK(table.scalar_type() == at::kInt && table.device().is_cpu() && table.is_contiguous(), "runs, ranges and traces are int32 on the CPU");
  TORCH_CHECK(runs.dim() == 2 && runs.size(1) == 4 && ranges.dim() == 2 && ranges.size(1) == 2 && traces.dim() == 1 && traces.numel() > 0,
              "runs is [runs, 4], ranges [ranges, 2], traces [traces + 1]");
  const auto* run = reinterpret_cast<const Run*>(runs.data_ptr<int32_t>());
  const auto* range = reinterpret_cast<const Span*>(ranges.data_ptr<int32_t>());
  const auto* trace = traces.data_ptr<int32_t>();
  int64_t token = 0;
  TORCH_CHECK(trace[0] == 0 && trace[traces.numel() - 1] == runs.size(0), "traces must cover all runs");
  for (int64_t t = 0; t + 1 < traces.numel(); t++) {
    TORCH_CHECK(trace[t] < trace[t + 1] && trace[t + 1] <= runs.size(0), "a trace has at least one run");
    const auto base = token;
    for (int32_t r = trace[t]; r < trace[t + 1]; r++) {
      TORCH_CHECK(run[r].start == token && run[r].end > run[r].start, "runs must follow each other; run ", r, " starts at ", run[r].start, ", expected ", token);
      token = run[r].end;
      TORCH_CHECK(run[r].range_begin >= 0 && run[r].range_begin <= run[r].range_end && run[r].range_end <= ranges.size(0), "run ", r, " has no such ranges");
      int64_t previous = base;
      for (int32_t i = run[r].range_begin; i < run[r].range_end; i++) {
        TORCH_CHECK(range[i].start >= previous && range[i].end > range[i].start && range[i].end <= run[r].start,
                    "ranges of run ", r, " must be sorted, not empty, in its trace and before it");
        previous = range[i].end;
      }
    }
  }
  TORCH_CHECK(token == q.size(0), "runs cover ", token, " tokens, q has ", q.size(0));
}

// The obvious form with a dense mask, differentiable by itself: the reference of the tests, and what other devices use.
Tensor path_attention_reference(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& runs, const Tensor& ranges,
                                const Tensor& traces, double scale) {
  check(q, k, v, runs, ranges, traces);
  const auto group = q.size(1) / k.size(1);
  const auto* run = reinterpret_cast<const Run*>(runs.data_ptr<int32_t>());
  const auto* range = reinterpret_cast<const Span*>(ranges.data_ptr<int32_t>());
  const auto* trace = traces.data_ptr<int32_t>();
  std::vector<Tensor> outputs;
  for (int64_t t = 0; t + 1 < traces.numel(); t++) {
    const int64_t base = run[trace[t]].start, tokens = run[trace[t + 1] - 1].end - base;
    auto mask = at::zeros({tokens, tokens}, at::kBool);
    for (int32_t r = trace[t]; r < trace[t + 1]; r++) {
      auto rows = mask.slice(0, run[r].start - base, run[r].end - base);
      for (int32_t i = run[r].range_begin; i < run[r].range_end; i++)
        rows.slice(1, range[i].start - base, range[i].end - base).fill_(true);
      rows.slice(1, run[r].start - base, run[r].end - base).fill_(true);
    }
    mask = mask.tril().to(q.device());
    const auto queries = q.slice(0, base, base + tokens).transpose(0, 1);
    const auto keys = pr1::repeat_heads(k.slice(0, base, base + tokens), group).transpose(0, 1);
    const auto values = pr1::repeat_heads(v.slice(0, base, base + tokens), group).transpose(0, 1);
    auto scores = at::matmul(queries, keys.transpose(1, 2)).to(pr1::accumulator(q.scalar_type())) * scale;
    scores = scores.masked_fill(mask.bitwise_not(), -std::numeric_limits<double>::infinity());
    outputs.push_back(at::matmul(at::softmax(scores, -1).to(q.scalar_type()), values).transpose(0, 1));
  }
  return outputs.empty() ? at::zeros_like(q) : at::cat(outputs, 0);
}

Tensor path_attention(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& runs, const Tensor& ranges, const Tensor& traces, double scale) {
  if (!q.device().is_cpu())
    return path_attention_reference(q, k, v, runs, ranges, traces, scale);
  check(q, k, v, runs, ranges, traces);
  return PathAttention::apply(q, k, v, runs, ranges, traces, scale);
}

}  // namespace

TORCH_LIBRARY(parallelr1, library) {
  library.def("path_attention(Tensor q, Tensor k, Tensor v, Tensor runs, Tensor ranges, Tensor traces, float scale) -> Tensor", &path_attention);
  library.def("path_attention_reference(Tensor q, Tensor k, Tensor v, Tensor runs, Tensor ranges, Tensor traces, float scale) -> Tensor",
              &path_attention_reference);
}
