// Products of small matrices in register tiles, transposition in registers, and what a softmax needs, for vectors of any width.
#pragma once

#include <type_traits>
#include <utility>

#include "vector.h"

namespace {

// A tile is kTileRows rows of kTileVectors vectors: as many sums as the registers hold beside their operands, and at least as many as
// the processor has multiplications under way.
constexpr int kTileRows = PR1_REGISTERS >= 32 ? 8 : PR1_VECTOR_BYTES >= 32 ? 6 : 4;
constexpr int kTileVectors = 2;

// c[r][·] (+)= sum over k < depth of a[r * kRow + k * kStep] * b[k * b_stride + ·], for kRows rows and kVectors vectors. The steps of `a`
// are known when this is compiled, so one register addresses all rows.
template <typename A, int kRows, int kVectors, int kRow, int kStep, bool kAdd>
inline void tile(const A* a, const A* b, int64_t b_stride, int64_t depth, A* c, int64_t c_stride) {
  constexpr int W = Lanes<A>::kCount;
  Vector<A> sums[kRows][kVectors];
#pragma GCC unroll 16
  for (int r = 0; r < kRows; r++)
#pragma GCC unroll 4
    for (int n = 0; n < kVectors; n++)
      sums[r][n] = kAdd ? load(c + r * c_stride + n * W) : Vector<A>{};
  for (int64_t k = 0; k < depth; k++) {
    Vector<A> right[kVectors];
#pragma GCC unroll 4
    for (int n = 0; n < kVectors; n++)
      right[n] = load(b + n * W);
#pragma GCC unroll 16
    for (int r = 0; r < kRows; r++) {
      const A left = a[r * kRow];
#pragma GCC unroll 4
      for (int n = 0; n < kVectors; n++)
        sums[r][n] += left * right[n];
    }
    a += kStep;
    b += b_stride;
  }
#pragma GCC unroll 16
  for (int r = 0; r < kRows; r++)
#pragma GCC unroll 4
    for (int n = 0; n < kVectors; n++)
      store(c + r * c_stride + n * W, sums[r][n]);
}

// The same for a number of rows up to kTileRows and of vectors up to kTileVectors.
template <typename A, int kRow, int kStep, bool kAdd, int kRows = kTileRows>
inline void product(int64_t rows, int64_t vectors, const A* a, const A* b, int64_t b_stride, int64_t depth, A* c, int64_t c_stride) {
  if constexpr (kRows > 1) {
    if (rows < kRows) {
      product<A, kRow, kStep, kAdd, kRows - 1>(rows, vectors, a, b, b_stride, depth, c, c_stride);
      return;
    }
  }
  if (vectors >= kTileVectors)
    tile<A, kRows, kTileVectors, kRow, kStep, kAdd>(a, b, b_stride, depth, c, c_stride);
  else
    tile<A, kRows, 1, kRow, kStep, kAdd>(a, b, b_stride, depth, c, c_stride);
}

// Lanes whose number has the bit kBit of `low`, against those without it of `high`.
template <size_t kBit, typename V, size_t... kLane>
inline void exchange(V& low, V& high, std::index_sequence<kLane...>) {
  constexpr size_t kCount = sizeof...(kLane);
  const V a = low, b = high;
  low = __builtin_shufflevector(a, b, ((kLane & kBit) == 0 ? kLane : kCount + kLane - kBit)...);
  high = __builtin_shufflevector(a, b, ((kLane & kBit) == 0 ? kLane + kBit : kCount + kLane)...);
}

template <size_t kBit, typename V>
inline void exchange_all(V* rows) {
  constexpr size_t kCount = sizeof(V) / sizeof(rows[0][0]);
#pragma GCC unroll 16
  for (size_t i = 0; i < kCount; i++)
    if ((i & kBit) == 0)
      exchange<kBit>(rows[i], rows[i + kBit], std::make_index_sequence<kCount>{});
  if constexpr (kBit * 2 < kCount)
    exchange_all<kBit * 2>(rows);
}

// A square as wide as a vector: to[c][r] = from[r][c].
template <typename A>
inline void transpose(const A* from, int64_t from_stride, A* to, int64_t to_stride) {
  constexpr int W = Lanes<A>::kCount;
  Vector<A> rows[W];
#pragma GCC unroll 16
  for (int i = 0; i < W; i++)
    rows[i] = load(from + i * from_stride);
  exchange_all<1>(rows);
#pragma GCC unroll 16
  for (int i = 0; i < W; i++)
    store(to + i * to_stride, rows[i]);
}

template <int kBy, typename V, size_t... kLane>
inline V rotate(V v, std::index_sequence<kLane...>) {
  return __builtin_shufflevector(v, v, ((kLane + kBy) % sizeof...(kLane))...);
}

template <typename A, typename V, typename Combine, int kBy = Lanes<A>::kCount / 2>
inline A reduce(V v, const Combine& combine) {
  v = combine(v, rotate<kBy>(v, std::make_index_sequence<Lanes<A>::kCount>{}));
  if constexpr (kBy > 1)
    return reduce<A, V, Combine, kBy / 2>(v, combine);
  else
    return v[0];
}

template <typename A>
inline A sum_of(Vector<A> v) {
  return reduce<A>(v, [](auto a, auto b) { return a + b; });
}

template <typename A>
inline A largest_of(Vector<A> v) {
  return reduce<A>(v, [](auto a, auto b) { return a > b ? a : b; });
}

// The first n lanes of v, and `other` behind them.
template <typename A>
inline Vector<A> first_lanes(Vector<A> v, int64_t n, A other) {
  constexpr int W = Lanes<A>::kCount;
  static constexpr struct Numbers {
    A of[W];
    constexpr Numbers() : of() {
      for (int i = 0; i < W; i++)
        of[i] = static_cast<A>(i);
    }
  } numbers;
  return load(numbers.of) < static_cast<A>(n) ? v : Vector<A>{} + other;
}

// 2^x for x <= 0; zero below 2^-100, NaN of NaN. In f32 to about 1e-7: 2^k times a polynomial of degree 6 (2e-9).
inline Vector<float> exp2_nonpositive(Vector<float> x) {
  typedef int32_t Bits __attribute__((vector_size(PR1_VECTOR_BYTES)));
  const auto shifted = x + 12582912.0f;  // rounds to an integer, which stands in the low bits
  const auto r = x - (shifted - 12582912.0f);
  auto p = r * 1.5353361890e-4f + 1.3398874422e-3f;
  p = p * r + 9.6184373578e-3f;
  p = p * r + 5.5503324711e-2f;
  p = p * r + 2.4022647914e-1f;
  p = p * r + 6.9314720286e-1f;
  p = p * r + 1.0f;
  Bits bits;
  std::memcpy(&bits, &shifted, sizeof bits);
  bits = (bits << 23) + 0x3f800000;
  Vector<float> power;
  std::memcpy(&power, &bits, sizeof power);
  return x < -100.0f ? Vector<float>{} : p * power;
}

inline Vector<double> exp2_nonpositive(Vector<double> x) {
  for (int i = 0; i < Lanes<double>::kCount; i++)
    x[i] = __builtin_exp2(x[i]);
  return x;
}

}  // namespace
