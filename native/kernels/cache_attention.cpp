#include "level.h"
#include "vector.h"

namespace pr1::PR1_LEVEL {

namespace {

// row[0..n) becomes exp(row - its maximum); returns the sum.
inline float exp_row(float* row, int64_t n) {
  float top = row[0];
#pragma omp simd reduction(max : top)
  for (int64_t i = 0; i < n; i++)
    top = larger(top, row[i]);
  float total = 0;
#pragma omp simd reduction(+ : total)
  for (int64_t i = 0; i < n; i++) {
    row[i] = exp_nonpositive(row[i] - top);
    total += row[i];
  }
  return total;
}

using Stretch = CacheAttention::Stretch;

// Where the page of a stretch begins, within one head.
template <typename T>
const T* page_of(const CacheAttention& call, const T* pool, Stretch stretch) {
  return pool + stretch.start / call.page * call.kv_heads * call.depth * call.page;
}

// Scores of the entries of one stretch, for kGroup query heads that share the keys and values of one head. What is stored behind the
// stretch's end is overwritten by the next one; the buffer has room for it.
template <typename T, int kGroup>
void score(const CacheAttention& call, const T* pool, Stretch stretch, const float* q, float* scores, int64_t stride) {
  constexpr int W = Lanes<float>::kCount;
  const auto* keys = page_of(call, pool, stretch);
  const int64_t start = stretch.start % call.page, end = start + stretch.count;
  for (int64_t e = start, at = 0; e < end; e += W, at += W) {
    Vector<float> acc[kGroup] = {};
    if (e + W <= call.page) {
      for (int64_t d = 0; d < call.depth; d++) {
        const auto key = widen_vector<float>(keys + d * call.page + e);
        for (int g = 0; g < kGroup; g++)
          acc[g] += q[g * call.depth + d] * key;
      }
    } else {
      for (int64_t d = 0; d < call.depth; d++) {
        T tail[W] = {};
        std::memcpy(tail, keys + d * call.page + e, (end - e) * sizeof(T));
        const auto key = widen_vector<float>(tail);
        for (int g = 0; g < kGroup; g++)
          acc[g] += q[g * call.depth + d] * key;
      }
    }
    for (int g = 0; g < kGroup; g++)
      store(scores + g * stride + at, acc[g]);
  }
}

template <typename T, int kGroup>
void attend(const CacheAttention& call, const T* keys, const T* values, const Stretch* seen, int64_t count, const float* q, float* out,
            float* scores, int64_t stride) {
  constexpr int W = Lanes<float>::kCount;
  int64_t length = 0;
  for (int64_t i = 0; i < count; i++) {
    score<T, kGroup>(call, keys, seen[i], q, scores + length, stride);
    length += seen[i].count;
  }
  float total[kGroup];
  for (int g = 0; g < kGroup; g++)
    total[g] = exp_row(scores + g * stride, length);
  int64_t d = 0;
  for (; d + W <= call.depth; d += W) {
    Vector<float> acc[kGroup] = {};
    int64_t at = 0;
    for (int64_t i = 0; i < count; i++) {
      const auto* of_page = page_of(call, values, seen[i]) + seen[i].start % call.page * call.depth + d;
      for (int64_t e = 0; e < seen[i].count; e++, at++) {
        const auto value = widen_vector<float>(of_page + e * call.depth);
        for (int g = 0; g < kGroup; g++)
          acc[g] += scores[g * stride + at] * value;
      }
    }
    for (int g = 0; g < kGroup; g++)
      store(out + g * call.depth + d, acc[g] / total[g]);
  }
  for (; d < call.depth; d++) {
    for (int g = 0; g < kGroup; g++) {
      float sum = 0;
      int64_t at = 0;
      for (int64_t i = 0; i < count; i++) {
        const auto* of_page = page_of(call, values, seen[i]) + seen[i].start % call.page * call.depth + d;
        for (int64_t e = 0; e < seen[i].count; e++, at++)
          sum += scores[g * stride + at] * widen<float>(of_page[e * call.depth]);
      }
      out[g * call.depth + d] = sum / total[g];
    }
  }
}

template <typename T>
void run(const CacheAttention& call, int64_t begin, int64_t end) {
  const auto depth = call.depth, stride = call.most + 16, head_size = depth * call.page, group = call.heads / call.kv_heads;
  Scratch<float> scores(4 * stride), query(4 * depth), result(4 * depth);
  for (int64_t i = begin; i < end; i++) {
    const auto n = i / call.kv_heads, head = i % call.kv_heads;
    const auto* keys = static_cast<const T*>(call.keys) + head * head_size;
    const auto* values = static_cast<const T*>(call.values) + head * head_size;
    const auto* seen = call.seen + call.first[n];
    const auto count = call.first[n + 1] - call.first[n];
    for (int64_t g = 0; g < group;) {
      const auto size = smaller<int64_t>(group - g, 4);
      const auto offset = (n * call.heads + head * group + g) * depth;
      for (int64_t j = 0; j < size * depth; j++)
        query[j] = widen<float>(static_cast<const T*>(call.q)[offset + j]) * static_cast<float>(call.scale);
      const auto attend_some = size == 4 ? &attend<T, 4> : size == 3 ? &attend<T, 3> : size == 2 ? &attend<T, 2> : &attend<T, 1>;
      attend_some(call, keys, values, seen, count, query.data(), result.data(), scores.data(), stride);
      for (int64_t j = 0; j < size * depth; j++)
        static_cast<T*>(call.out)[offset + j] = narrow<T>(result[j]);
      g += size;
    }
  }
}

}  // namespace

void cache_attention(const CacheAttention& call, int64_t begin, int64_t end) {
  if (call.type == Type::kBFloat16)
    run<BFloat16>(call, begin, end);
  else
    run<float>(call, begin, end);
}

}  // namespace pr1::PR1_LEVEL
