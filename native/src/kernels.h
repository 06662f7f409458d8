// Small dense kernels over rows of vectors. Written on GCC's vector extensions, so one text serves AVX-512, AVX2 and NEON.
#pragma once

#include <ATen/ATen.h>
#include <c10/util/BFloat16.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <type_traits>
#include <vector>

namespace pr1 {

template <typename A>
struct Lanes {
  static constexpr int kCount = 64 / sizeof(A);
  typedef A Vector __attribute__((vector_size(64), aligned(sizeof(A)), may_alias));
};

template <typename A>
using Vector = typename Lanes<A>::Vector;

template <typename A>
inline Vector<A> load(const A* p) {
  return *reinterpret_cast<const Vector<A>*>(p);
}

template <typename A>
inline void store(A* p, Vector<A> v) {
  *reinterpret_cast<Vector<A>*>(p) = v;
}

// Between storage and arithmetic. bf16 in integer arithmetic without a branch, so that loops over it vectorise.
template <typename A, typename T>
inline A widen(T value) {
  if constexpr (std::is_same_v<T, c10::BFloat16>) {
    const uint32_t bits = static_cast<uint32_t>(value.x) << 16;
    float wide;
    std::memcpy(&wide, &bits, sizeof wide);
    return wide;
  } else {
    return static_cast<A>(value);
  }
}

// Rounds to nearest, ties to even; NaN stays NaN.
template <typename T, typename A>
inline T narrow(A value) {
  if constexpr (std::is_same_v<T, c10::BFloat16>) {
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    const uint32_t rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
    T result;
    result.x = static_cast<uint16_t>((bits & 0x7fffffffu) > 0x7f800000u ? 0x7fc0u : rounded);
    return result;
  } else {
    return static_cast<T>(value);
  }
}

// Calls body(storage type, accumulator type) for the dtype.
template <typename Body>
void by_dtype(at::ScalarType dtype, Body&& body) {
  switch (dtype) {
    case at::kFloat: body(float{}, float{}); break;
    case at::kDouble: body(double{}, double{}); break;
    case at::kBFloat16: body(c10::BFloat16{}, float{}); break;
    default: TORCH_CHECK(false, "takes float32, float64 or bfloat16, not ", dtype);
  }
}

// Kernels read memory directly: an argument on another device would be read as what it is not.
inline void check_device(const char* op, const at::Tensor& first, std::initializer_list<const at::Tensor*> others) {
  for (const auto* other : others)
    TORCH_CHECK(other->device() == first.device(), op, ": the arguments are on ", first.device(), " and ", other->device(), "; they must be on one device");
}

// [n, heads, …] to [n, heads * group, …]: each head `group` times in a row.
inline at::Tensor repeat_heads(const at::Tensor& x, int64_t group) {
  auto shape = x.sizes().vec();
  shape.insert(shape.begin() + 2, group);
  return x.unsqueeze(2).expand(shape).flatten(1, 2);
}

inline at::ScalarType accumulator(at::ScalarType dtype) { return dtype == at::kDouble ? at::kDouble : at::kFloat; }

inline int64_t round_up(int64_t n, int64_t to) { return (n + to - 1) / to * to; }

// e^x for x <= 0 in f32: 2^k * polynomial (Cephes' expf, relative error about 1e-7); vectorises, as it has no branch.
inline float exp_nonpositive(float x) {
  x = std::max(x, -87.0f);
  const float shifted = x * 1.44269504088896341f + 12582912.0f;  // rounds to an integer in the low bits
  const float k = shifted - 12582912.0f;
  const float r = (x - k * 0.693359375f) + k * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  int32_t bits;
  std::memcpy(&bits, &p, sizeof bits);
  bits += static_cast<int32_t>(k) << 23;
  std::memcpy(&p, &bits, sizeof p);
  return p;
}

inline double exp_nonpositive(double x) { return std::exp(x); }

// row[0..n) becomes exp(row - max); returns the maximum and the sum.
template <typename A>
inline void exp_row(A* row, int64_t n, A& maximum, A& sum) {
  A top = row[0];
#pragma omp simd reduction(max : top)
  for (int64_t i = 0; i < n; i++)
    top = std::max(top, row[i]);
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

}  // namespace pr1
