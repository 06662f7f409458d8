// Attention of decoding: queries over a cache of keys and values in which every entry carries the number of its path.
//
// A slot is one sequence. Keys lie as [slots, kv_heads, depth, capacity] (so scores run along the entries), values as
// [slots, kv_heads, capacity, depth]. `lanes` [slots, capacity]: 0 is seen by every query of the slot, another number only
// by the queries of that path. A query sees the entries before its own `length`.
#include "abi.h"
#include "kernels.h"

#include <ATen/Parallel.h>
#include <torch/library.h>

namespace {

using at::Tensor;

template <typename T>
inline pr1::Vector<float> load_wide(const T* p) {
  if constexpr (std::is_same_v<T, float>) {
    return pr1::load<float>(p);
  } else {
    typedef uint16_t Half __attribute__((vector_size(32)));
    typedef uint32_t Word __attribute__((vector_size(64)));
    Half half;
    std::memcpy(&half, p, sizeof half);
    const Word bits = __builtin_convertvector(half, Word) << 16;
    pr1::Vector<float> wide;
    std::memcpy(&wide, &bits, sizeof wide);
    return wide;
  }
}

struct Cache {
  int64_t kv_heads, depth, capacity, group;
  const int32_t* lanes;
};

// One query head: its path number and how many entries it sees.
struct Row {
  int32_t lane, length;
};

constexpr int kMost = 4;  // query heads that share one pass over keys and values

// Weighted sums of kBlocks vectors of values, from d on. Several sums at once keep the multipliers busy.
template <typename T, int kRows, int kBlocks>
void mix(const T* values, int64_t depth, int64_t d, int64_t length, const float* scores, int64_t stride, const float* total, float* out) {
  constexpr int W = pr1::Lanes<float>::kCount;
  pr1::Vector<float> acc[kRows][kBlocks] = {};
  for (int64_t e = 0; e < length; e++) {
    for (int b = 0; b < kBlocks; b++) {
      const auto value = load_wide(values + e * depth + d + b * W);
      for (int r = 0; r < kRows; r++)
        acc[r][b] += scores[r * stride + e] * value;
    }
  }
  for (int r = 0; r < kRows; r++) {
    for (int b = 0; b < kBlocks; b++)
      pr1::store(out + r * depth + d + b * W, acc[r][b] / total[r]);
  }
}

// kRows query heads over the same keys and values: heads that share a key/value head, paths of the same sequence.
template <typename T, int kRows>
void attend(const Cache& cache, const T* keys, const T* values, const int32_t* lanes, const Row* rows, const float* q, float* out,
            float* scores, int64_t stride) {
  constexpr int W = pr1::Lanes<float>::kCount;
  int64_t length = 0;
  for (int r = 0; r < kRows; r++)
    length = std::max<int64_t>(length, rows[r].length);
  for (int64_t e = 0; e < length; e += W) {
    pr1::Vector<float> acc[kRows] = {};
    for (int64_t d = 0; d < cache.depth; d++) {
      const auto key = load_wide(keys + d * cache.capacity + e);
      for (int r = 0; r < kRows; r++)
        acc[r] += q[r * cache.depth + d] * key;
    }
    for (int r = 0; r < kRows; r++)
      pr1::store(scores + r * stride + e, acc[r]);
  }
  float total[kRows];
  for (int r = 0; r < kRows; r++) {
    auto* line = scores + r * stride;
    const auto [lane, own] = rows[r];
    for (int64_t e = 0; e < own; e++)
      line[e] = lanes[e] == 0 || lanes[e] == lane ? line[e] : -1e30f;
    float maximum;
    pr1::exp_row(line, own, maximum, total[r]);
    for (int64_t e = 0; e < own; e++)
      line[e] = lanes[e] == 0 || lanes[e] == lane ? line[e] : 0.0f;
    std::fill(line + own, line + length, 0.0f);
    total[r] = 0;
    for (int64_t e = 0; e < own; e++)
      total[r] += line[e];
  }
  int64_t d = 0;
  for (; d + 2 * W <= cache.depth; d += 2 * W)
    mix<T, kRows, 2>(values, cache.depth, d, length, scores, stride, total, out);
  for (; d + W <= cache.depth; d += W)
    mix<T, kRows, 1>(values, cache.depth, d, length, scores, stride, total, out);
  for (; d < cache.depth; d++) {
    for (int r = 0; r < kRows; r++) {
      float sum = 0;
      for (int64_t e = 0; e < length; e++)
        sum += scores[r * stride + e] * static_cast<float>(values[e * cache.depth + d]);
      out[r * cache.depth + d] = sum / total[r];
    }
  }
}

// Where the runs of queries of one slot begin, and the end; the paths of a sequence stand next to each other.
std::vector<int64_t> slot_runs(const int32_t* slots, int64_t count) {
  std::vector<int64_t> starts;
  for (int64_t n = 0; n < count; n++) {
    if (n == 0 || slots[n] != slots[n - 1])
      starts.push_back(n);
  }
  starts.push_back(count);
  return starts;
}

template <typename T>
void cache_attention_cpu(const Tensor& q, const Tensor& k_cache, const Tensor& v_cache, const Tensor& lanes, const Tensor& slot,
                         const Tensor& lane, const Tensor& length, double scale, Tensor& out) {
  const Cache cache{k_cache.size(1), k_cache.size(2), k_cache.size(3), q.size(1) / k_cache.size(1), lanes.data_ptr<int32_t>()};
  const auto* keys = k_cache.data_ptr<T>();
  const auto* values = v_cache.data_ptr<T>();
  const auto* queries = q.data_ptr<T>();
  auto* results = out.data_ptr<T>();
  const auto *slots = slot.data_ptr<int32_t>(), *own_lanes = lane.data_ptr<int32_t>(), *limits = length.data_ptr<int32_t>();
  const auto head_size = cache.depth * cache.capacity, heads = q.size(1);
  const auto runs = slot_runs(slots, q.size(0));
  at::parallel_for(0, (static_cast<int64_t>(runs.size()) - 1) * cache.kv_heads, 1, [&](int64_t begin, int64_t end) {
    const auto stride = cache.capacity + 16;
    std::vector<float> scores(kMost * stride), query(kMost * cache.depth), result(kMost * cache.depth);
    for (int64_t i = begin; i < end; i++) {
      const auto run = i / cache.kv_heads, head = i % cache.kv_heads;
      const int64_t first = runs[run], count = (runs[run + 1] - first) * cache.group, s = slots[first];
      const auto* k = keys + (s * cache.kv_heads + head) * head_size;
      const auto* v = values + (s * cache.kv_heads + head) * head_size;
      for (int64_t start = 0; start < count;) {
        const auto size = std::min<int64_t>(count - start, kMost);
        Row rows[kMost];
        int64_t offsets[kMost];
        for (int64_t r = 0; r < size; r++) {
          const auto n = first + (start + r) / cache.group;
          rows[r] = {own_lanes[n], limits[n]};
          offsets[r] = (n * heads + head * cache.group + (start + r) % cache.group) * cache.depth;
          for (int64_t d = 0; d < cache.depth; d++)
            query[r * cache.depth + d] = static_cast<float>(queries[offsets[r] + d]) * static_cast<float>(scale);
        }
        const auto attend_rows = size == 4 ? &attend<T, 4> : size == 3 ? &attend<T, 3> : size == 2 ? &attend<T, 2> : &attend<T, 1>;
        attend_rows(cache, k, v, cache.lanes + s * cache.capacity, rows, query.data(), result.data(), scores.data(), stride);
        for (int64_t r = 0; r < size; r++) {
          for (int64_t d = 0; d < cache.depth; d++)
            results[offsets[r] + d] = static_cast<T>(result[r * cache.depth + d]);
        }
        start += size;
      }
    }
  });
}

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

void check_query(const Tensor& q, const Tensor& k_cache, const Tensor& v_cache, const Tensor& lanes, const Tensor& slot, const Tensor& lane, const Tensor& length) {
  check_cache(k_cache, v_cache);
  TORCH_CHECK(q.dim() == 3 && q.size(2) == k_cache.size(2) && k_cache.size(1) > 0 && q.size(1) % k_cache.size(1) == 0,
              "q is [queries, heads, depth], heads a multiple of the cache's; found ", q.sizes(), " and a cache ", k_cache.sizes());
  TORCH_CHECK(k_cache.scalar_type() == q.scalar_type(), "q and the caches must have one dtype");
  pr1::check_device("cache_attention", q, {&k_cache});
  TORCH_CHECK(lanes.scalar_type() == at::kInt && lanes.dim() == 2 && lanes.is_contiguous() && lanes.size(0) == k_cache.size(0) && lanes.size(1) == k_cache.size(3),
              "lanes is int32 [slots, capacity]; found ", lanes.sizes());
  check_table(slot, q.size(0), "slot");
  check_table(lane, q.size(0), "lane");
  check_table(length, q.size(0), "length");
  check_range(slot, 0, k_cache.size(0), "slot");
  check_range(length, 1, k_cache.size(3) + 1, "length");
}

// The obvious form: gathers every query's cache and masks; other devices use it, tests compare with it.
Tensor cache_attention_reference(const Tensor& q, const Tensor& k_cache, const Tensor& v_cache, const Tensor& lanes, const Tensor& slot,
                                 const Tensor& lane, const Tensor& length, double scale) {
  check_query(q, k_cache, v_cache, lanes, slot, lane, length);
  const auto device = q.device();
  const auto slots = slot.to(device, at::kLong), own = lane.to(device), limit = length.to(device);
  const auto group = q.size(1) / k_cache.size(1);
  const auto keys = pr1::repeat_heads(k_cache.index({slots}), group);    // [n, heads, depth, capacity]
  const auto values = pr1::repeat_heads(v_cache.index({slots}), group);  // [n, heads, capacity, depth]
  const auto entry = lanes.to(device).index({slots});                     // [n, capacity]
  auto visible = entry.eq(0).bitwise_or(entry.eq(own.unsqueeze(1)));
  visible = visible.bitwise_and(at::arange(k_cache.size(3), limit.options()).unsqueeze(0).lt(limit.unsqueeze(1)));
  auto scores = at::matmul(q.unsqueeze(2), keys).squeeze(2).to(q.scalar_type() == at::kDouble ? at::kDouble : at::kFloat) * scale;
  scores = scores.masked_fill(visible.bitwise_not().unsqueeze(1), -std::numeric_limits<double>::infinity());
  return at::matmul(at::softmax(scores, -1).to(q.scalar_type()).unsqueeze(2), values).squeeze(2);
}

Tensor cache_attention(const Tensor& q, const Tensor& k_cache, const Tensor& v_cache, const Tensor& lanes, const Tensor& slot,
                       const Tensor& lane, const Tensor& length, double scale) {
  const auto dtype = q.scalar_type();
  if (!q.device().is_cpu() || (dtype != at::kFloat && dtype != at::kBFloat16))
    return cache_attention_reference(q, k_cache, v_cache, lanes, slot, lane, length, scale);
  check_query(q, k_cache, v_cache, lanes, slot, lane, length);
  TORCH_CHECK(lanes.device().is_cpu(), "lanes of a cache on the CPU lie there too");
  const auto query = q.contiguous();
  auto out = at::empty_like(query);
  if (dtype == at::kFloat)
    cache_attention_cpu<float>(query, k_cache, v_cache, lanes, slot, lane, length, scale, out);
  else
    cache_attention_cpu<c10::BFloat16>(query, k_cache, v_cache, lanes, slot, lane, length, scale, out);
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
      auto* to_k = keys + (s * heads + h) * depth * capacity + e;
      std::copy_n(new_values + (n * heads + h) * depth, depth, values + ((s * heads + h) * capacity + e) * depth);
      for (int64_t d = 0; d < depth; d++)
        to_k[d * capacity] = from_k[d];
    }
  }
}

// Writes keys and values [n, kv_heads, depth] into the cache at (slot, place).
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
  library.def("cache_attention(Tensor q, Tensor k_cache, Tensor v_cache, Tensor lanes, Tensor slot, Tensor lane, Tensor length, float scale) -> Tensor",
              &cache_attention);
  library.def("cache_attention_reference(Tensor q, Tensor k_cache, Tensor v_cache, Tensor lanes, Tensor slot, Tensor lane, Tensor length, float scale) -> Tensor",
              &cache_attention_reference);
  library.def("cache_append(Tensor k, Tensor v, Tensor(a!) k_cache, Tensor(b!) v_cache, Tensor slot, Tensor place) -> ()", &cache_append);
}
