// What the decoder step's kernels share: the left side of products, and rounding to storage.
#pragma once

#include "vector.h"

#ifdef __AVX512BF16__
#include <immintrin.h>
#endif

namespace {

typedef uint32_t Words __attribute__((vector_size(PR1_VECTOR_BYTES), aligned(4), may_alias));

#ifdef __AVX512BF16__
constexpr bool kDotBFloat16 = true;
#else
constexpr bool kDotBFloat16 = false;
#endif

template <typename T>
struct OperandOf {
  using Type = float;
};
#ifdef __AVX512BF16__
template <>
struct OperandOf<BFloat16> {
  using Type = BFloat16;
};
#endif

template <typename T>
using Operand = typename OperandOf<T>::Type;

// A value as storage would hold it.
template <typename T>
inline float rounded(float value) {
  return widen<float>(narrow<T>(value));
}

// A rounded value as an operand.
template <typename O>
inline O operand(float value) {
  return narrow<O>(value);
}

inline Vector<float> as_floats(Words bits) {
  Vector<float> values;
  std::memcpy(&values, &bits, sizeof values);
  return values;
}

// The first and second bf16 of each word.
inline Vector<float> low_half(Words words) { return as_floats(words << 16); }
inline Vector<float> high_half(Words words) { return as_floats(words & 0xffff0000u); }

inline Words load_words(const void* p) { return *static_cast<const Words*>(p); }

inline uint32_t word_at(const BFloat16* p) {
  uint32_t word;
  std::memcpy(&word, p, sizeof word);
  return word;
}

// sum + the products of each lane's pair of bf16 with the pair `left`.
#ifdef __AVX512BF16__
inline Vector<float> add_dot(Vector<float> sum, uint32_t left, Words right) {
  return reinterpret_cast<Vector<float>>(_mm512_dpbf16_ps(reinterpret_cast<__m512>(sum), reinterpret_cast<__m512bh>(Words{} + left), reinterpret_cast<__m512bh>(right)));
}
#endif

}  // namespace
