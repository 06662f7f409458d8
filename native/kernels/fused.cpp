#include "level.h"
#include "vector.h"

namespace pr1::PR1_LEVEL {

namespace {

// 1 / sqrt(mean(x²) + eps) of a row; wide [width] is for values that are not stored as they are computed with.
template <typename T, typename A>
A factor_of(const T* x, int64_t width, double eps, A* wide) {
  if constexpr (kSame<T, double>) {
    double squares = 0;
#pragma omp simd reduction(+ : squares)
    for (int64_t i = 0; i < width; i++)
      squares += x[i] * x[i];
    return 1 / square_root(squares / static_cast<double>(width) + eps);
  } else if constexpr (kSame<T, float>) {
    return norm_factor(x, width, eps);
  } else {
    for (int64_t i = 0; i < width; i++)
      wide[i] = widen<A>(x[i]);
    return norm_factor(wide, width, eps);
  }
}

}  // namespace

// y = x / sqrt(mean(x²) + eps) * weight.
void rms_norm_forward(const RmsNormForward& call, int64_t begin, int64_t end) {
  by_type(call.type, [&](auto storage, auto accumulate) {
    using T = decltype(storage);
    using A = decltype(accumulate);
    const auto width = call.width;
    const auto* weights = static_cast<const T*>(call.weight);
    Scratch<A> wide(width);
    for (int64_t row = begin; row < end; row++) {
      const auto* from = static_cast<const T*>(call.x) + row * width;
      auto* to = static_cast<T*>(call.y) + row * width;
      const A r = factor_of(from, width, call.eps, wide.data());
      static_cast<A*>(call.factor)[row] = r;
#pragma omp simd
      for (int64_t i = 0; i < width; i++)
        to[i] = narrow<T>(widen<A>(from[i]) * r * widen<A>(weights[i]));
    }
  });
}

void rms_norm_backward(const RmsNormBackward& call, int64_t begin, int64_t end) {
  by_type(call.type, [&](auto storage, auto accumulate) {
    using T = decltype(storage);
    using A = decltype(accumulate);
    const auto width = call.width;
    const auto* weights = static_cast<const T*>(call.weight);
    for (int64_t chunk = begin; chunk < end; chunk++) {
      auto* sums = static_cast<A*>(call.sums) + chunk * width;
      for (int64_t row = call.rows * chunk / call.chunks; row < call.rows * (chunk + 1) / call.chunks; row++) {
        const auto* from = static_cast<const T*>(call.x) + row * width;
        const auto* grad = static_cast<const T*>(call.grad) + row * width;
        auto* to = static_cast<T*>(call.dx) + row * width;
        const A r = static_cast<const A*>(call.factor)[row];
        A dot = 0;
#pragma omp simd reduction(+ : dot)
        for (int64_t i = 0; i < width; i++)
          dot += widen<A>(grad[i]) * widen<A>(weights[i]) * widen<A>(from[i]);
        const A back = dot * r * r * r / static_cast<A>(width);
#pragma omp simd
        for (int64_t i = 0; i < width; i++) {
          const A in = widen<A>(from[i]), slope = widen<A>(grad[i]);
          sums[i] += slope * in * r;
          to[i] = narrow<T>(slope * widen<A>(weights[i]) * r - in * back);
        }
      }
    }
  });
}

// The first and second half of a head's depth are a pair.
void rotary(const Rotary& call, int64_t begin, int64_t end) {
  by_type(call.type, [&](auto storage, auto accumulate) {
    using T = decltype(storage);
    using A = decltype(accumulate);
    const auto half = call.depth / 2;
    for (int64_t token = begin; token < end; token++) {
      const auto* c = static_cast<const A*>(call.cosine) + token * half;
      const auto* s = static_cast<const A*>(call.sine) + token * half;
      for (int64_t head = 0; head < call.heads; head++) {
        const auto* from = static_cast<const T*>(call.x) + (token * call.heads + head) * call.depth;
        auto* to = static_cast<T*>(call.y) + (token * call.heads + head) * call.depth;
#pragma omp simd
        for (int64_t i = 0; i < half; i++) {
          const A left = widen<A>(from[i]), right = widen<A>(from[i + half]), turn = s[i] * static_cast<A>(call.direction);
          to[i] = narrow<T>(multiply_add(left, c[i], -(right * turn)));
          to[i + half] = narrow<T>(multiply_add(right, c[i], left * turn));
        }
      }
    }
  });
}

// gate * sigmoid(gate) * up.
void swiglu_forward(const SwiGluForward& call, int64_t begin, int64_t end) {
  by_type(call.type, [&](auto storage, auto accumulate) {
    using T = decltype(storage);
    using A = decltype(accumulate);
    const auto* g = static_cast<const T*>(call.gate);
    const auto* u = static_cast<const T*>(call.up);
    auto* to = static_cast<T*>(call.y);
#pragma omp simd
    for (int64_t i = begin; i < end; i++)
      to[i] = narrow<T>(widen<A>(g[i]) * sigmoid_of<A>(widen<A>(g[i])) * widen<A>(u[i]));
  });
}

void swiglu_backward(const SwiGluBackward& call, int64_t begin, int64_t end) {
  by_type(call.type, [&](auto storage, auto accumulate) {
    using T = decltype(storage);
    using A = decltype(accumulate);
    const auto* g = static_cast<const T*>(call.gate);
    const auto* u = static_cast<const T*>(call.up);
    const auto* d = static_cast<const T*>(call.grad);
    auto* to_gate = static_cast<T*>(call.dgate);
    auto* to_up = static_cast<T*>(call.dup);
#pragma omp simd
    for (int64_t i = begin; i < end; i++) {
      const A x = widen<A>(g[i]), s = sigmoid_of<A>(x), grad = widen<A>(d[i]);
      to_gate[i] = narrow<T>(grad * widen<A>(u[i]) * s * (A(1) + x * (A(1) - s)));
      to_up[i] = narrow<T>(grad * x * s);
    }
  });
}

}  // namespace pr1::PR1_LEVEL
