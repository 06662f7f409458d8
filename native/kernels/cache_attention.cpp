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

// Scores of the rows of one range, for kGroup query heads that share the keys and values of one head. What is stored behind the
// range's end is overwritten by the next one; the buffer has room for it.
template <typename T, int kGroup>
void score(const CacheAttention& call, const T* keys, Span span, const float* q, float* scores, int64_t stride) {
  constexpr int W = Lanes<float>::kCount;
  for (int64_t e = span.start, at = 0; e < span.end; e += W, at += W) {
    Vector<float> acc[kGroup] = {};
    if (e + W <= call.capacity) {
      for (int64_t d = 0; d < call.depth; d++) {
        const auto key = widen_vector<float>(keys + d * call.capacity + e);
        for (int g = 0; g < kGroup; g++)
          acc[g] += q[g * call.depth + d] * key;
      }
    } else {
      for (int64_t d = 0; d < call.depth; d++) {
        T tail[W] = {};
        std::memcpy(tail, keys + d * call.capacity + e, (span.end - e) * sizeof(T));
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
void attend(const CacheAttention& call, const T* keys, const T* values, const Span* spans, int64_t count, const float* q, float* out,
            float* scores, int64_t stride) {
  constexpr int W = Lanes<float>::kCount;
  int64_t length = 0;
  for (int64_t i = 0; i < count; i++) {
    score<T, kGroup>(call, keys, spans[i], q, scores + length, stride);
    length += spans[i].end - spans[i].start;
  }
  float total[kGroup];
  for (int g = 0; g < kGroup; g++)
    total[g] = exp_row(scores + g * stride, length);
  int64_t d = 0;
  for (; d + W <= call.depth; d += W) {
    Vector<float> acc[kGroup] = {};
    int64_t at = 0;
    for (int64_t i = 0; i < count; i++) {
      for (int64_t e = spans[i].start; e < spans[i].end; e++, at++) {
        const auto value = widen_vector<float>(values + e * call.depth + d);
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
      for (int64_t i = 0; i < count; i++)
        for (int64_t e = spans[i].start; e < spans[i].end; e++, at++)
          sum += scores[g * stride + at] * widen<float>(values[e * call.depth + d]);
      out[g * call.depth + d] = sum / total[g];
    }
  }
}

template <typename T>
void run(const CacheAttention& call, int64_t begin, int64_t end) {
  const auto depth = call.depth, stride = call.capacity + 16, head_size = depth * call.capacity, group = call.heads / call.kv_heads;
  Scratch<float> scores(4 * stride), query(4 * depth), result(4 * depth);
  for (int64_t i = begin; i < end; i++) {
    const auto n = i / call.kv_heads, head = i % call.kv_heads;
    const int64_t slot = call.slot[n];
    const auto* keys = static_cast<const T*>(call.keys) + (slot * call.kv_heads + head) * head_size;
    const auto* values = static_cast<const T*>(call.values) + (slot * call.kv_heads + head) * head_size;
    const auto* spans = call.ranges + call.first[n];
    const auto count = call.first[n + 1] - call.first[n];
    for (int64_t g = 0; g < group;) {
      const auto size = smaller<int64_t>(group - g, 4);
      const auto offset = (n * call.heads + head * group + g) * depth;
      for (int64_t j = 0; j < size * depth; j++)
        query[j] = widen<float>(static_cast<const T*>(call.q)[offset + j]) * static_cast<float>(call.scale);
      const auto attend_some = size == 4 ? &attend<T, 4> : size == 3 ? &attend<T, 3> : size == 2 ? &attend<T, 2> : &attend<T, 1>;
      attend_some(call, keys, values, spans, count, query.data(), result.data(), scores.data(), stride);
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
