// Attention of decoding: queries over a cache of keys and values, each over the ranges of rows that it sees.
//
// A slot is one sequence. Keys lie as [slots, kv_heads, depth, capacity] (so scores run along the rows), values as
// [slots, kv_heads, capacity, depth]. Query n sees the rows [start, end) of its slot of `ranges` [ranges, 2] from
// first[n] up to first[n + 1], in that order, and reads nothing else.
#include "abi.h"
#include "operators.h"

#include <ATen/Parallel.h>
#include <torch/library.h>

namespace {

using at::Tensor;
using pr1::Span;

void check_cache(const Tensor& k_cache, const Tensor& v_cache) {
  TORCH_CHECK(k_cache.dim() == 4 && v_cache.dim() == 4 && k_cache.is_contiguous() && v_cache.is_contiguous() &&
                  k_cache.size(0) == v_cache.size(0) && k_cache.size(1) == v_cache.size(1) && k_cache.size(2) == v_cache.size(3) &&
                  k_cache.size(3) == v_cache.size(2) && k_cache.scalar_type() == v_cache.scalar_type(),
              "k_cache is [slots, kv_heads, depth, capacity], v_cache [slots, kv_heads, capacity, depth], of one dtype; found ", k_cache.sizes(), ", ", v_cache.sizes());
  pr1::check_device("cache", k_cache, {&v_cache});
  TORCH_CHECK(k_cache.size(3) % 16 == 0, "the capacity must be a multiple of 16, not ", k_cache.size(3));
}

// One int32 for each query or entry. The tables lie on the CPU, where their values are checked, whatever the device.
void check_table(const Tensor& table, int64_t count, const char* name) {
  TORCH_CHECK(table.scalar_type() == at::kInt && table.device().is_cpu() && table.is_contiguous() && table.dim() == 1 && table.numel() == count,
              name, " is int32 on the CPU, one per query or entry (", count, "); found ", table.scalar_type(), " ", table.sizes());
}

void check_range(const Tensor& values, int64_t low, int64_t high, const char* name) {
  for (int64_t i = 0; i < values.numel(); i++) {
    const auto value = values.data_ptr<int32_t>()[i];
    TORCH_CHECK(value >= low && value < high, name, " ", value, " is not in ", low, " .. ", high - 1);
  }
}

void check_query(const Tensor& q, const Tensor& k_cache, const Tensor& v_cache, const Tensor& slot, const Tensor& ranges, const Tensor& first) {
  check_cache(k_cache, v_cache);
  TORCH_CHECK(q.dim() == 3 && q.size(2) == k_cache.size(2) && k_cache.size(1) > 0 && q.size(1) % k_cache.size(1) == 0,
              "q is [queries, heads, depth], heads a multiple of the cache's; found ", q.sizes(), " and a cache ", k_cache.sizes());
  TORCH_CHECK(k_cache.scalar_type() == q.scalar_type(), "q and the caches must have one dtype");
  pr1::check_device("cache_attention", q, {&k_cache});
  check_table(slot, q.size(0), "slot");
  check_range(slot, 0, k_cache.size(0), "slot");
  check_table(first, q.size(0) + 1, "first");
  TORCH_CHECK(ranges.scalar_type() == at::kInt && ranges.device().is_cpu() && ranges.is_contiguous() && ranges.dim() == 2 && ranges.size(1) == 2,
              "ranges is int32 [ranges, 2] on the CPU; found ", ranges.scalar_type(), " ", ranges.sizes());
  const auto* firsts = first.data_ptr<int32_t>();
  const auto* spans = reinterpret_cast<const Span*>(ranges.data_ptr<int32_t>());
  TORCH_CHECK(firsts[0] == 0 && firsts[q.size(0)] == ranges.size(0), "first must cover all ranges");
  for (int64_t n = 0; n < q.size(0); n++) {
    TORCH_CHECK(firsts[n] < firsts[n + 1] && firsts[n + 1] <= ranges.size(0), "query ", n, " sees no range");
    int64_t rows = 0;
    for (auto i = firsts[n]; i < firsts[n + 1]; i++) {
      TORCH_CHECK(spans[i].start >= 0 && spans[i].start < spans[i].end && spans[i].end <= k_cache.size(3), "range ", i, ", ", spans[i].start, " to ",
                  spans[i].end, ", is empty or outside of the capacity ", k_cache.size(3));
      rows += spans[i].end - spans[i].start;
    }
    TORCH_CHECK(rows <= k_cache.size(3), "query ", n, " sees ", rows, " rows of ", k_cache.size(3), "; its ranges overlap");
  }
}

// The obvious form: gathers every query's cache and masks; other devices use it, tests compare with it.
Tensor cache_attention_reference(const Tensor& q, const Tensor& k_cache, const Tensor& v_cache, const Tensor& slot, const Tensor& ranges,
                                 const Tensor& first, double scale) {
  check_query(q, k_cache, v_cache, slot, ranges, first);
  const auto device = q.device();
  const auto slots = slot.to(device, at::kLong);
  const auto group = q.size(1) / k_cache.size(1);
  const auto keys = pr1::repeat_heads(k_cache.index({slots}), group);    // [n, heads, depth, capacity]
  const auto values = pr1::repeat_heads(v_cache.index({slots}), group);  // [n, heads, capacity, depth]
  auto visible = at::zeros({q.size(0), k_cache.size(3)}, at::kBool);
  const auto* firsts = first.data_ptr<int32_t>();
  const auto* spans = reinterpret_cast<const Span*>(ranges.data_ptr<int32_t>());
  for (int64_t n = 0; n < q.size(0); n++)
    for (auto i = firsts[n]; i < firsts[n + 1]; i++)
      visible[n].slice(0, spans[i].start, spans[i].end).fill_(true);
  auto scores = at::matmul(q.unsqueeze(2), keys).squeeze(2).to(q.scalar_type() == at::kDouble ? at::kDouble : at::kFloat) * scale;
  scores = scores.masked_fill(visible.to(device).bitwise_not().unsqueeze(1), -std::numeric_limits<double>::infinity());
  return at::matmul(at::softmax(scores, -1).to(q.scalar_type()).unsqueeze(2), values).squeeze(2);
}

Tensor cache_attention(const Tensor& q, const Tensor& k_cache, const Tensor& v_cache, const Tensor& slot, const Tensor& ranges, const Tensor& first,
                       double scale) {
  const auto dtype = q.scalar_type();
  if (!q.device().is_cpu() || (dtype != at::kFloat && dtype != at::kBFloat16))
    return cache_attention_reference(q, k_cache, v_cache, slot, ranges, first, scale);
  check_query(q, k_cache, v_cache, slot, ranges, first);
  const auto query = q.contiguous();
  auto out = at::empty_like(query);
  const pr1::CacheAttention call{pr1::storage(dtype), q.size(1), k_cache.size(1), k_cache.size(2), k_cache.size(3), scale,
                                 query.data_ptr(), k_cache.data_ptr(), v_cache.data_ptr(), slot.data_ptr<int32_t>(), first.data_ptr<int32_t>(),
                                 reinterpret_cast<const Span*>(ranges.data_ptr<int32_t>()), out.data_ptr()};
  const auto run = pr1::kernels().cache_attention;
  at::parallel_for(0, q.size(0) * call.kv_heads, 1, [&](int64_t begin, int64_t end) { run(call, begin, end); });
  return out;
}

template <typename T>
void append_cpu(const Tensor& k, const Tensor& v, Tensor& k_cache, Tensor& v_cache, const Tensor& slot, const Tensor& place) {
  const auto heads = k_cache.size(1), depth = k_cache.size(2), capacity = k_cache.size(3);
  const auto *new_keys = k.data_ptr<T>(), *new_values = v.data_ptr<T>();
  auto *keys = k_cache.data_ptr<T>(), *values = v_cache.data_ptr<T>();
  const auto *slots = slot.data_ptr<int32_t>(), *places = place.data_ptr<int32_t>();
  for (int64_t n = 0; n < k.size(0); n++) {
    const int64_t s = slots[n], e = places[n];
    for (int64_t h = 0; h < heads; h++) {
      const auto* from_k = new_keys + (n * heads + h) * depth;
      const auto* from_v = new_values + (n * heads + h) * depth;
      auto* to_k = keys + (s * heads + h) * depth * capacity + e;
      std::copy_n(from_v, depth, values + ((s * heads + h) * capacity + e) * depth);
      for (int64_t d = 0; d < depth; d++)
        to_k[d * capacity] = from_k[d];
    }
  }
}

// Writes keys and values [n, kv_heads, depth] into the cache at (slot, row).
void cache_append(const Tensor& k, const Tensor& v, Tensor k_cache, Tensor v_cache, const Tensor& slot, const Tensor& place) {
  check_cache(k_cache, v_cache);
  TORCH_CHECK(k.dim() == 3 && k.sizes() == v.sizes() && k.size(1) == k_cache.size(1) && k.size(2) == k_cache.size(2),
              "k and v are [entries, kv_heads, depth]; found ", k.sizes(), ", ", v.sizes(), " and a cache ", k_cache.sizes());
  pr1::check_device("cache_append", k_cache, {&k, &v});
  TORCH_CHECK(k.scalar_type() == k_cache.scalar_type() && v.scalar_type() == k_cache.scalar_type(), "k, v and the caches must have one dtype");
  check_table(slot, k.size(0), "slot");
  check_table(place, k.size(0), "place");
  check_range(slot, 0, k_cache.size(0), "slot");
  check_range(place, 0, k_cache.size(3), "place");
  const auto dtype = k.scalar_type();
  if (!k.device().is_cpu() || (dtype != at::kFloat && dtype != at::kBFloat16)) {
    const auto slots = slot.to(k.device(), at::kLong), places = place.to(k.device(), at::kLong);
    k_cache.permute({0, 3, 1, 2}).index_put_({slots, places}, k);
    v_cache.permute({0, 2, 1, 3}).index_put_({slots, places}, v);
  } else if (dtype == at::kFloat) {
    append_cpu<float>(k.contiguous(), v.contiguous(), k_cache, v_cache, slot, place);
  } else {
    append_cpu<c10::BFloat16>(k.contiguous(), v.contiguous(), k_cache, v_cache, slot, place);
  }
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(parallelr1, library) {
  library.def("cache_attention(Tensor q, Tensor k_cache, Tensor v_cache, Tensor slot, Tensor ranges, Tensor first, float scale) -> Tensor",
              &cache_attention);
  library.def("cache_attention_reference(Tensor q, Tensor k_cache, Tensor v_cache, Tensor slot, Tensor ranges, Tensor first, float scale) -> Tensor",
              &cache_attention_reference);
  library.def("cache_append(Tensor k, Tensor v, Tensor(a!) k_cache, Tensor(b!) v_cache, Tensor slot, Tensor place) -> ()", &cache_append);
}
