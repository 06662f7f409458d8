// Products of small matrices held in registers: what attention is made of. C [m, n] (+)= A [m, k] * B [k, n], with B and C in rows of whole
// vectors; what stands in B behind column n is multiplied too, and lands in C behind column n.
#pragma once

#include "vector.h"

namespace {

// Rows and vectors of the largest tile: its sums, a row of B and one broadcast element fit into the level's registers.
constexpr int kTileRows = PR1_VECTOR_BYTES == 64 ? 12 : PR1_VECTOR_BYTES == 32 ? 6 : 4;
constexpr int kTileVectors = 2;

// A is read as rows, a[m * stride + k], or (kTransposed) as columns, a[k * stride + m].
template <typename A, int kRows, int kVectors, bool kTransposed, bool kAdd>
inline void tile(const A* a, int64_t a_stride, const A* b, int64_t b_stride, int64_t k, A* c, int64_t c_stride) {
  constexpr int W = Lanes<A>::kCount;
  Vector<A> sums[kRows][kVectors];
#pragma GCC unroll 16
  for (int r = 0; r < kRows; r++)
#pragma GCC unroll 4
    for (int v = 0; v < kVectors; v++)
      sums[r][v] = kAdd ? load(c + r * c_stride + v * W) : Vector<A>{};
  for (int64_t i = 0; i < k; i++) {
    Vector<A> row[kVectors];
#pragma GCC unroll 4
    for (int v = 0; v < kVectors; v++)
      row[v] = load(b + i * b_stride + v * W);
#pragma GCC unroll 16
    for (int r = 0; r < kRows; r++) {
      const A x = kTransposed ? a[i * a_stride + r] : a[r * a_stride + i];
#pragma GCC unroll 4
      for (int v = 0; v < kVectors; v++)
        sums[r][v] += x * row[v];
    }
  }
#pragma GCC unroll 16
  for (int r = 0; r < kRows; r++)
#pragma GCC unroll 4
    for (int v = 0; v < kVectors; v++)
      store(c + r * c_stride + v * W, sums[r][v]);
}

template <typename A, int kRows, bool kTransposed, bool kAdd>
inline void tile_row(const A* a, int64_t a_stride, const A* b, int64_t b_stride, int64_t k, A* c, int64_t c_stride, int64_t n) {
  constexpr int W = Lanes<A>::kCount;
  int64_t column = 0;
  for (; column + W < n; column += kTileVectors * W)
    tile<A, kRows, kTileVectors, kTransposed, kAdd>(a, a_stride, b + column, b_stride, k, c + column, c_stride);
  if (column < n)
    tile<A, kRows, 1, kTransposed, kAdd>(a, a_stride, b + column, b_stride, k, c + column, c_stride);
}

// Calls body(first row, rows as a constant) for m rows, in tiles as tall as there are.
template <typename Body>
inline void for_tiles(int64_t m, const Body& body) {
  int64_t row = 0;
  for (; row + kTileRows <= m; row += kTileRows)
    body(row, Constant<kTileRows>{});
  for (; row + 4 <= m; row += 4)
    body(row, Constant<4>{});
  for (; row < m; row++)
    body(row, Constant<1>{});
}

}  // namespace
