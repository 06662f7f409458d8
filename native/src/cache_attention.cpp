// Attention of decoding: queries over a pool of pages of keys and values, each over the entries that it sees.
//
// Keys lie as [pages, kv_heads, depth, page] (so scores run along the entries), values as [pages, kv_heads, page, depth]. Entry e of the
// pool is entry e % page of page e / page. Query n sees the stretches (start, count) of `seen` [stretches, 2] from first[n] up to
// first[n + 1], in that order, and reads nothing else; a stretch lies on one page.
#include "abi.h"
#include "operators.h"

#include <ATen/Parallel.h>
#include <torch/library.h>

namespace {

using at::Tensor;
using at::indexing::TensorIndex;
using Stretch = pr1::CacheAttention::Stretch;

void check_pool(const Tensor& keys, const Tensor& values) {
  TORCH_CHECK(keys.dim() == 4 && values.dim() == 4 && keys.is_contiguous() && values.is_contiguous() && keys.size(0) == values.size(0) &&
                  keys.size(1) == values.size(1) && keys.size(2) == values.size(3) && keys.size(3) == values.size(2) &&
                  keys.scalar_type() == values.scalar_type(),
              "keys are [pages, kv_heads, depth, page], values [pages, kv_heads, page, depth], of one dtype; found ", keys.sizes(), ", ", values.sizes());
  pr1::check_device("cache", keys, {&values});
}

int64_t entries(const Tensor& keys) { return keys.size(0) * keys.size(3); }

// One int32 for each query or entry. The tables lie on the CPU, where their values are checked, whatever the device.
void check_table(const Tensor& table, int64_t count, const char* name) {
  TORCH_CHECK(table.scalar_type() == at::kInt && table.device().is_cpu() && table.is_contiguous() && table.dim() == 1 && table.numel() == count,
              name, " is int32 on the CPU, one per query or entry (", count, "); found ", table.scalar_type(), " ", table.sizes());
}

void check_places(const Tensor& places, int64_t count, int64_t end, const char* name) {
  check_table(places, count, name);
  for (int64_t i = 0; i < places.numel(); i++) {
    const auto value = places.data_ptr<int32_t>()[i];
    TORCH_CHECK(value >= 0 && value < end, name, " ", value, " is not in 0 .. ", end - 1);
  }
}

// Gives the largest number of entries that a query sees.
int64_t check_query(const Tensor& q, const Tensor& keys, const Tensor& values, const Tensor& seen, const Tensor& first) {
  check_pool(keys, values);
  TORCH_CHECK(q.dim() == 3 && q.size(2) == keys.size(2) && keys.size(1) > 0 && q.size(1) % keys.size(1) == 0,
              "q is [queries, heads, depth], heads a multiple of the pool's; found ", q.sizes(), " and a pool ", keys.sizes());
  TORCH_CHECK(keys.scalar_type() == q.scalar_type(), "q and the pool must have one dtype");
  pr1::check_device("cache_attention", q, {&keys});
  check_table(first, q.size(0) + 1, "first");
  TORCH_CHECK(seen.scalar_type() == at::kInt && seen.device().is_cpu() && seen.is_contiguous() && seen.dim() == 2 && seen.size(1) == 2,
              "seen is int32 [stretches, 2] on the CPU; found ", seen.scalar_type(), " ", seen.sizes());
  const auto* firsts = first.data_ptr<int32_t>();
  const auto* stretches = reinterpret_cast<const Stretch*>(seen.data_ptr<int32_t>());
  TORCH_CHECK(firsts[0] == 0 && firsts[q.size(0)] == seen.size(0), "first must cover all stretches");
  const auto page = keys.size(3);
  int64_t most = 0;
  for (int64_t n = 0; n < q.size(0); n++) {
    TORCH_CHECK(firsts[n] < firsts[n + 1] && firsts[n + 1] <= seen.size(0), "query ", n, " sees nothing");
    int64_t sum = 0;
    for (auto i = firsts[n]; i < firsts[n + 1]; i++) {
      const auto [start, count] = stretches[i];
      TORCH_CHECK(start >= 0 && count > 0 && start / page < keys.size(0) && start % page + count <= page, "stretch ", i, ", ", count, " entries from ", start,
                  ", is empty, crosses a page of ", page, " entries or lies outside of the pool of ", entries(keys));
      sum += count;
    }
    TORCH_CHECK(sum <= entries(keys), "query ", n, " sees ", sum, " entries of ", entries(keys), "; its stretches overlap");
    most = std::max(most, sum);
  }
  return most;
}

// Keys and values as [pages, page, kv_heads, depth], whatever lies behind.
Tensor by_entry(const Tensor& keys) { return keys.permute({0, 3, 1, 2}); }
Tensor values_by_entry(const Tensor& values) { return values.permute({0, 2, 1, 3}); }

std::vector<TensorIndex> at_places(const Tensor& places, int64_t page, c10::Device device) {
  const auto wide = places.to(device, at::kLong);
  return {wide.div(page, "floor"), wide.remainder(page)};
}

// The obvious form: gathers what every query sees and masks what is beyond it; other devices use it, tests compare with it.
Tensor cache_attention_reference(const Tensor& q, const Tensor& keys, const Tensor& values, const Tensor& seen, const Tensor& first, double scale) {
  const auto most = check_query(q, keys, values, seen, first);
  const auto group = q.size(1) / keys.size(1);
  auto places = at::zeros({q.size(0), most}, at::kInt), hidden = at::ones({q.size(0), most}, at::kBool);
  const auto* firsts = first.data_ptr<int32_t>();
  const auto* stretches = reinterpret_cast<const Stretch*>(seen.data_ptr<int32_t>());
  for (int64_t n = 0; n < q.size(0); n++) {
    int64_t at = 0;
    for (auto i = firsts[n]; i < firsts[n + 1]; i++)
      for (int32_t e = 0; e < stretches[i].count; e++, at++) {
        places.data_ptr<int32_t>()[n * most + at] = stretches[i].start + e;
        hidden.data_ptr<bool>()[n * most + at] = false;
      }
  }
  const auto index = at_places(places, keys.size(3), q.device());
  const auto some_keys = pr1::repeat_heads(by_entry(keys).index(index).permute({0, 2, 3, 1}), group);             // [n, heads, depth, most]
  const auto some_values = pr1::repeat_heads(values_by_entry(values).index(index).permute({0, 2, 1, 3}), group);  // [n, heads, most, depth]
  auto scores = at::matmul(q.unsqueeze(2), some_keys).squeeze(2).to(q.scalar_type() == at::kDouble ? at::kDouble : at::kFloat) * scale;
  scores = scores.masked_fill(hidden.to(q.device()).unsqueeze(1), -std::numeric_limits<double>::infinity());
  return at::matmul(at::softmax(scores, -1).to(q.scalar_type()).unsqueeze(2), some_values).squeeze(2);
}

Tensor cache_attention(const Tensor& q, const Tensor& keys, const Tensor& values, const Tensor& seen, const Tensor& first, double scale) {
  const auto dtype = q.scalar_type();
  if (!q.device().is_cpu() || (dtype != at::kFloat && dtype != at::kBFloat16))
    return cache_attention_reference(q, keys, values, seen, first, scale);
  const auto most = check_query(q, keys, values, seen, first);
  const auto query = q.contiguous();
  auto out = at::empty_like(query);
  const pr1::CacheAttention call{pr1::storage(dtype), q.size(1), keys.size(1), keys.size(2), keys.size(3), most, scale,
                                 query.data_ptr(), keys.data_ptr(), values.data_ptr(), first.data_ptr<int32_t>(),
                                 reinterpret_cast<const Stretch*>(seen.data_ptr<int32_t>()), out.data_ptr()};
  const auto run = pr1::kernels().cache_attention;
  at::parallel_for(0, q.size(0) * call.kv_heads, 1, [&](int64_t begin, int64_t end) { run(call, begin, end); });
  return out;
}

template <typename T>
void append_cpu(const Tensor& k, const Tensor& v, Tensor& keys, Tensor& values, const Tensor& place) {
  const auto heads = keys.size(1), depth = keys.size(2), page = keys.size(3);
  const auto *new_keys = k.data_ptr<T>(), *new_values = v.data_ptr<T>();
  auto *to_keys = keys.data_ptr<T>(), *to_values = values.data_ptr<T>();
  const auto* places = place.data_ptr<int32_t>();
  for (int64_t n = 0; n < k.size(0); n++) {
    const int64_t p = places[n] / page, e = places[n] % page;
    for (int64_t h = 0; h < heads; h++) {
      const auto* from_k = new_keys + (n * heads + h) * depth;
      std::copy_n(new_values + (n * heads + h) * depth, depth, to_values + ((p * heads + h) * page + e) * depth);
      auto* to_k = to_keys + (p * heads + h) * depth * page + e;
      for (int64_t d = 0; d < depth; d++)
        to_k[d * page] = from_k[d];
    }
  }
}

// Writes keys and values [n, kv_heads, depth] into the pool.
void cache_append(const Tensor& k, const Tensor& v, Tensor keys, Tensor values, const Tensor& place) {
  check_pool(keys, values);
  TORCH_CHECK(k.dim() == 3 && k.sizes() == v.sizes() && k.size(1) == keys.size(1) && k.size(2) == keys.size(2),
              "k and v are [entries, kv_heads, depth]; found ", k.sizes(), ", ", v.sizes(), " and a pool ", keys.sizes());
  pr1::check_device("cache_append", keys, {&k, &v});
  TORCH_CHECK(k.scalar_type() == keys.scalar_type() && v.scalar_type() == keys.scalar_type(), "k, v and the pool must have one dtype");
  check_places(place, k.size(0), entries(keys), "place");
  const auto dtype = k.scalar_type();
  if (!k.device().is_cpu() || (dtype != at::kFloat && dtype != at::kBFloat16)) {
    const auto index = at_places(place, keys.size(3), k.device());
    by_entry(keys).index_put_(index, k);
    values_by_entry(values).index_put_(index, v);
  } else if (dtype == at::kFloat) {
    append_cpu<float>(k.contiguous(), v.contiguous(), keys, values, place);
  } else {
    append_cpu<c10::BFloat16>(k.contiguous(), v.contiguous(), keys, values, place);
  }
}

// Copies entries within the pool; none is both read and written.
void cache_copy(Tensor keys, Tensor values, const Tensor& from, const Tensor& to) {
  check_pool(keys, values);
  check_places(from, from.numel(), entries(keys), "from");
  check_places(to, from.numel(), entries(keys), "to");
  const auto source = at_places(from, keys.size(3), keys.device()), target = at_places(to, keys.size(3), keys.device());
  by_entry(keys).index_put_(target, by_entry(keys).index(source));
  values_by_entry(values).index_put_(target, values_by_entry(values).index(source));
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(parallelr1, library) {
  library.def("cache_attention(Tensor q, Tensor keys, Tensor values, Tensor seen, Tensor first, float scale) -> Tensor", &cache_attention);
  library.def("cache_attention_reference(Tensor q, Tensor keys, Tensor values, Tensor seen, Tensor first, float scale) -> Tensor",
              &cache_attention_reference);
  library.def("cache_append(Tensor k, Tensor v, Tensor(a!) keys, Tensor(b!) values, Tensor place) -> ()", &cache_append);
  library.def("cache_copy(Tensor(a!) keys, Tensor(b!) values, Tensor from, Tensor to) -> ()", &cache_copy);
}
