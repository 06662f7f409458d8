// Attention under path visibility, over packed traces.
//
// N tokens of several traces stand one after another. Which earlier tokens a token sees is given by runs: the tokens
// of run [start, end) see the column ranges [range_begin, range_end) of `ranges`, all before `start`, and of the run itself
// every token up to their own. An ordinary causal sequence is one run without ranges; a path of a parallel block is a run
// whose ranges leave out its siblings. Memory is O(tokens + runs); no mask is built.
#include "abi.h"
#include "operators.h"
#include "page_groups.h"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <algorithm>
#include <atomic>

namespace {

using at::Tensor;
using pr1::Run;
using pr1::Span;

pr1::PathAttentionForward forward_call(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& out, const Tensor& level,
                                       const Tensor& runs, const Tensor& ranges, const Tensor& traces, double scale) {
  return {pr1::storage(q.scalar_type()), q.size(1), k.size(1), q.size(2), scale,
          reinterpret_cast<const Run*>(runs.data_ptr<int32_t>()), reinterpret_cast<const Span*>(ranges.data_ptr<int32_t>()), traces.data_ptr<int32_t>(),
          q.data_ptr(), k.data_ptr(), v.data_ptr(), out.data_ptr(), level.data_ptr()};
}

// Traces from this length on are divided further: into single heads and, forward, into as many rows. A rule that must not ask for the
// number of threads, since sums depend on it.
constexpr int32_t kLong = 512;

struct Work {
  std::vector<pr1::PathAttentionTask> tasks;
  std::vector<std::pair<int32_t, int32_t>> split;  // tokens of the traces whose heads of q are apart from those that they share k and v with

  Work(const pr1::PathAttentionForward& call, int64_t traces, bool by_rows) {
    const auto group = static_cast<int32_t>(call.heads / call.kv_heads);
    for (int32_t trace = 0; trace < traces; trace++) {
      const auto first = call.runs[call.traces[trace]].start, last = call.runs[call.traces[trace + 1] - 1].end;
      const auto together = last - first < kLong ? group : 1;
      const auto rows = by_rows ? kLong : last - first;
      if (together < group)
        split.push_back({first, last});
      for (auto begin = first; begin < last; begin += std::min(rows, last - begin))
        for (int32_t head = 0; head < call.heads; head += together)
          tasks.push_back({trace, head, together, begin, begin + std::min(rows, last - begin)});
    }
    // The longest first: a thread takes the next one when it has done its last.
    const auto size = [&](const pr1::PathAttentionTask& task) {
      return (task.end - task.begin) * int64_t{task.end - call.runs[call.traces[task.trace]].start} * task.heads;
    };
    std::stable_sort(tasks.begin(), tasks.end(), [&](const auto& a, const auto& b) { return size(a) > size(b); });
  }
};

template <typename Body>
void for_each(const std::vector<pr1::PathAttentionTask>& list, const Body& body) {
  std::atomic<size_t> next{0};
  at::parallel_for(0, std::min<int64_t>(at::get_num_threads(), list.size()), 1, [&](int64_t, int64_t) {
    for (auto i = next++; i < list.size(); i = next++)
      body(list[i]);
  });
}

std::tuple<Tensor, Tensor> forward_cpu(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& runs,
                                       const Tensor& ranges, const Tensor& traces, double scale) {
  auto out = at::empty_like(q);
  auto level = at::empty({q.size(0), q.size(1)}, q.options().dtype(pr1::accumulator(q.scalar_type())));
  const auto call = forward_call(q, k, v, out, level, runs, ranges, traces, scale);
  const auto run = pr1::kernels().path_attention_forward;
  for_each(Work(call, traces.numel() - 1, true).tasks, [&](const auto& task) { run(call, task); });
  return {out, level};
}

// ---- forward as a decoding step computes it, with the same kernel and so the same bits: keys and values lie in pages, each row reads its own ----

constexpr int64_t kPage = 16;

// Rows [begin, end) of a pack as a step's table.
struct PagedRows {
  std::vector<int32_t> first{0};
  std::vector<pr1::PageRange> ranges;
  int64_t begin = 0, end = 0;
};

// Where the tokens of a pack lie in pages: each trace begins a page.
std::vector<int32_t> entries_of(const pr1::PathAttentionForward& call, int64_t traces, int64_t tokens) {
  std::vector<int32_t> entries(tokens);
  int32_t next = 0;
  for (int64_t trace = 0; trace < traces; trace++) {
    next = (next + kPage - 1) / kPage * kPage;
    for (auto token = call.runs[call.traces[trace]].start; token < call.runs[call.traces[trace + 1] - 1].end; token++)
      entries[token] = next++;
  }
  return entries;
}

// Calls body(rows) for all rows of a pack, in order, some at a time.
template <typename Body>
void for_paged_rows(const pr1::PathAttentionForward& call, int64_t traces, const std::vector<int32_t>& entries, const Body& body) {
  constexpr size_t kMostRanges = 1 << 18;
  constexpr int64_t kMostRows = 4096;
  PagedRows rows;
  const auto see = [&](int32_t start, int32_t end) {
    for (auto entry = entries[start], last = entries[start] + end - start; entry < last;) {
      const auto count = static_cast<int32_t>(std::min<int64_t>(last, (entry / kPage + 1) * kPage) - entry);
      rows.ranges.push_back({entry, count});
      entry += count;
    }
  };
  for (int32_t r = 0; r < call.traces[traces]; r++) {
    const auto run = call.runs[r];
    for (auto row = run.start; row < run.end; row++) {
      for (auto i = run.range_begin; i < run.range_end; i++)
        see(call.ranges[i].start, call.ranges[i].end);
      see(run.start, row + 1);
      rows.first.push_back(static_cast<int32_t>(rows.ranges.size()));
      rows.end = row + 1;
      if (rows.ranges.size() > kMostRanges || rows.end - rows.begin >= kMostRows) {
        body(rows);
        rows.ranges.clear();
        rows.first = {0};
        rows.begin = rows.end;
      }
    }
  }
  if (rows.end > rows.begin)
    body(rows);
}

// k and v [tokens, heads, depth] into the pages of a pool (table.h) of one layer.
template <typename T, int kPair>
void fill_pages(const Tensor& k, const Tensor& v, const std::vector<int32_t>& entries, T* pool) {
  const auto heads = k.size(1), depth = k.size(2), head_size = kPage * depth;
  at::parallel_for(0, k.size(0), 64, [&](int64_t begin, int64_t end) {
    for (auto token = begin; token < end; token++) {
      const auto entry = entries[token] % kPage;
      auto* keys = pool + entries[token] / kPage * 2 * heads * head_size;
      auto* values = keys + heads * head_size;
      const auto *key = static_cast<const T*>(k.data_ptr()) + token * heads * depth, *value = static_cast<const T*>(v.data_ptr()) + token * heads * depth;
      for (int64_t head = 0; head < heads; head++)
        for (int64_t d = 0; d < depth; d++) {
          keys[head * head_size + (d / kPair * kPage + entry) * kPair + d % kPair] = key[head * depth + d];
          values[head * head_size + (entry / kPair * depth + d) * kPair + entry % kPair] = value[head * depth + d];
        }
    }
  });
}

std::tuple<Tensor, Tensor> forward_paged(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& runs, const Tensor& ranges, const Tensor& traces, double scale) {
  const auto dtype = q.scalar_type();
  TORCH_CHECK((dtype == at::kFloat || dtype == at::kBFloat16) && q.size(2) % 2 == 0, "path_attention: paged, it takes float32 or bfloat16 and an even depth, not ", dtype, " ", q.sizes());
  const auto& kernels = pr1::kernels();
  const auto tokens = q.size(0), heads = q.size(1), kv_heads = k.size(1), depth = q.size(2), group = heads / kv_heads;
  auto level = at::empty({tokens, heads}, q.options().dtype(at::kFloat));
  // The left side of products, and what comes of it, as the level of processor has it.
  const auto operand = dtype == at::kBFloat16 && !kernels.dot_bf16 ? at::kFloat : dtype;
  const auto queries = q.to(operand);
  auto out = at::empty_like(queries);
  const auto pack = forward_call(q, k, v, out, level, runs, ranges, traces, scale);
  const auto entries = entries_of(pack, traces.numel() - 1, tokens);
  auto pool = at::empty({tokens == 0 ? 0 : entries.back() / kPage + 1, 1, 2, kv_heads, kPage * depth}, k.options());
  if (dtype == at::kFloat)
    fill_pages<float, 1>(k, v, entries, pool.data_ptr<float>());
  else
    fill_pages<at::BFloat16, 2>(k, v, entries, pool.data_ptr<at::BFloat16>());
  const auto row_bytes = heads * depth * static_cast<int64_t>(out.element_size());
  for_paged_rows(pack, traces.numel() - 1, entries, [&](const PagedRows& rows) {
    const auto groups = pr1::group_rows(rows.first.data(), rows.ranges.data(), rows.end - rows.begin, group);
    const pr1::PageAttention call{{pr1::storage(dtype), kPage, 1, kv_heads, depth, pool.data_ptr()}, 0, heads, heads * depth, heads * depth, scale,
                                  static_cast<const char*>(queries.data_ptr()) + rows.begin * row_bytes, rows.first.data(), rows.ranges.data(),
                                  static_cast<char*>(out.data_ptr()) + rows.begin * row_bytes, level.data_ptr<float>() + rows.begin * heads};
    const auto stride = (groups.most_entries + 2 * kernels.vector_bytes / 4 + 15) / 16 * 16, tasks = static_cast<int64_t>(groups.tasks.size()) * kv_heads;
    std::atomic<int64_t> next{0};
    at::parallel_for(0, std::min<int64_t>(at::get_num_threads(), tasks), 1, [&](int64_t, int64_t) {
      std::vector<float> scratch(groups.most_rows * group * (stride + 2 * depth + 1));
      for (auto i = next++; i < tasks; i = next++) {
        auto task = groups.tasks[i / kv_heads];
        task.head = static_cast<int32_t>(i % kv_heads);
        kernels.page_attention(call, task, scratch.data(), stride);
      }
    });
  });
  return {out.to(dtype), level};
}

std::tuple<Tensor, Tensor, Tensor> backward_cpu(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& out, const Tensor& level,
                                                const Tensor& grad, const Tensor& runs, const Tensor& ranges, const Tensor& traces, double scale) {
  auto dq = at::empty_like(q), dk = at::empty_like(k), dv = at::empty_like(v);
  pr1::PathAttentionBackward call{forward_call(q, k, v, out, level, runs, ranges, traces, scale), grad.data_ptr(), dq.data_ptr(), dk.data_ptr(), dv.data_ptr(), nullptr, nullptr};
  const Work work(call.forward, traces.numel() - 1, false);
  Tensor dk_parts, dv_parts;
  if (!work.split.empty()) {
    dk_parts = at::empty(q.sizes(), level.options());
    dv_parts = at::empty(q.sizes(), level.options());
    call.dk_parts = dk_parts.data_ptr();
    call.dv_parts = dv_parts.data_ptr();
  }
  const auto& kernels = pr1::kernels();
  for_each(work.tasks, [&](const auto& task) { kernels.path_attention_backward(call, task); });
  for (const auto& [first, last] : work.split)
    at::parallel_for(first, last, std::max<int64_t>(1, 16384 / std::max<int64_t>(1, q.size(1) * q.size(2))),
                     [&](int64_t begin, int64_t end) { kernels.path_attention_gather(call, begin, end); });
  return {dq, dk, dv};
}

struct PathAttention : torch::autograd::Function<PathAttention> {
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& q, const Tensor& k, const Tensor& v,
                        const Tensor& runs, const Tensor& ranges, const Tensor& traces, double scale, bool paged) {
    at::AutoDispatchBelowADInplaceOrView guard;
    const auto cq = q.contiguous(), ck = k.contiguous(), cv = v.contiguous();
    auto [out, lse] = (paged ? forward_paged : forward_cpu)(cq, ck, cv, runs, ranges, traces, scale);
    context->save_for_backward({cq, ck, cv, out, lse, runs, ranges, traces});
    context->saved_data["scale"] = scale;
    return out;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context, torch::autograd::variable_list grads) {
    const auto saved = context->get_saved_variables();
    auto [dq, dk, dv] = backward_cpu(saved[0], saved[1], saved[2], saved[3], saved[4], grads[0].contiguous(),
                                     saved[5], saved[6], saved[7], context->saved_data["scale"].toDouble());
    return {dq, dk, dv, Tensor(), Tensor(), Tensor(), Tensor(), Tensor()};
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

Tensor path_attention(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& runs, const Tensor& ranges, const Tensor& traces, double scale, bool paged) {
  TORCH_CHECK(!paged || q.device().is_cpu(), "path_attention: paged, it is on the CPU, not on ", q.device());
  if (!q.device().is_cpu())
    return path_attention_reference(q, k, v, runs, ranges, traces, scale);
  check(q, k, v, runs, ranges, traces);
  return PathAttention::apply(q, k, v, runs, ranges, traces, scale, paged);
}

}  // namespace

TORCH_LIBRARY(parallelr1, library) {
  library.def("path_attention(Tensor q, Tensor k, Tensor v, Tensor runs, Tensor ranges, Tensor traces, float scale, bool paged=False) -> Tensor", &path_attention);
  library.def("path_attention_reference(Tensor q, Tensor k, Tensor v, Tensor runs, Tensor ranges, Tensor traces, float scale) -> Tensor",
              &path_attention_reference);
}
