// What the kernels are made of: vectors as wide as the level's registers, storage types, the exponential. Written on the compiler's
// vector extensions, so that one text serves every processor. All of it is local to the file that includes it (see table.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>

#include "table.h"

namespace {

struct BFloat16 {
  uint16_t bits;
};

template <typename A, typename B>
constexpr bool kSame = false;
template <typename A>
constexpr bool kSame<A, A> = true;

template <typename A>
struct Lanes {
  static constexpr int kCount = PR1_VECTOR_BYTES / sizeof(A);
  typedef A Vector __attribute__((vector_size(PR1_VECTOR_BYTES), aligned(sizeof(A)), may_alias));
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

template <typename A>
inline A smaller(A a, A b) {
  return b < a ? b : a;
}

template <typename A>
inline A larger(A a, A b) {
  return a < b ? b : a;
}

inline int64_t round_up(int64_t n, int64_t to) { return (n + to - 1) / to * to; }

template <typename A>
inline void fill(A* p, int64_t n, A value) {
  for (int64_t i = 0; i < n; i++)
    p[i] = value;
}

// Memory of one call, aligned to whole cache lines, not cleared.
template <typename A>
class Scratch {
 public:
  explicit Scratch(int64_t count) : data_(static_cast<A*>(::operator new(count * sizeof(A), std::align_val_t{64}))) {}
  ~Scratch() { ::operator delete(data_, std::align_val_t{64}); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  A* data() { return data_; }
  A& operator[](int64_t i) { return data_[i]; }

 private:
  A* data_;
};

// Between storage and arithmetic. bf16 in integer arithmetic without a branch, so that loops over it vectorise.
template <typename A, typename T>
inline A widen(T value) {
  if constexpr (kSame<T, BFloat16>) {
    const uint32_t bits = static_cast<uint32_t>(value.bits) << 16;
    float wide;
    std::memcpy(&wide, &bits, sizeof wide);
    return wide;
  } else {
    return static_cast<A>(value);
  }
}

template <typename A, typename T>
inline Vector<A> widen_vector(const T* p) {
  if constexpr (kSame<T, BFloat16>) {
    typedef uint16_t Half __attribute__((vector_size(PR1_VECTOR_BYTES / 2)));
    typedef uint32_t Word __attribute__((vector_size(PR1_VECTOR_BYTES)));
    Half half;
    std::memcpy(&half, p, sizeof half);
    const Word bits = __builtin_convertvector(half, Word) << 16;
    Vector<float> wide;
    std::memcpy(&wide, &bits, sizeof wide);
    return wide;
  } else {
    return load(p);
  }
}

// Rounds to nearest, ties to even; NaN stays NaN.
template <typename T, typename A>
inline T narrow(A value) {
  if constexpr (kSame<T, BFloat16>) {
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    const uint32_t rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
    return {static_cast<uint16_t>((bits & 0x7fffffffu) > 0x7f800000u ? 0x7fc0u : rounded)};
  } else {
    return static_cast<T>(value);
  }
}

// Calls body(storage type, accumulator type) for the type.
template <typename Body>
inline void by_type(pr1::Type type, const Body& body) {
  switch (type) {
    case pr1::Type::kFloat: body(float{}, float{}); break;
    case pr1::Type::kDouble: body(double{}, double{}); break;
    case pr1::Type::kBFloat16: body(BFloat16{}, float{}); break;
  }
}

// e^x for x <= 0 in f32: 2^k * polynomial (Cephes' expf, relative error about 1e-7); vectorises, as it has no branch.
inline float exp_nonpositive(float x) {
  x = larger(x, -87.0f);
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

inline double exp_nonpositive(double x) { return __builtin_exp(x); }

inline float square_root(float x) { return __builtin_sqrtf(x); }
inline double square_root(double x) { return __builtin_sqrt(x); }
inline float logarithm(float x) { return __builtin_logf(x); }
inline double logarithm(double x) { return __builtin_log(x); }
inline float magnitude(float x) { return __builtin_fabsf(x); }
inline double magnitude(double x) { return __builtin_fabs(x); }

// a * b + c, rounded once on processors that do so in one instruction. Said, not left to the compiler: a formula with two products has the same
// bits wherever it stands.
template <typename A>
inline A multiply_add(A a, A b, A c) {
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
  if constexpr (kSame<A, float>)
    return __builtin_fmaf(a, b, c);
  else
    return __builtin_fma(a, b, c);
#else
  return a * b + c;
#endif
}

template <typename A>
inline A sigmoid_of(A x) {
  const A e = exp_nonpositive(-magnitude(x));  // no overflow on either side
  return (x >= 0 ? A(1) : e) / (A(1) + e);
}

template <typename A>
constexpr A kInfinity = static_cast<A>(__builtin_inf());

}  // namespace
