// Compiled without contraction: rounds after every operation, as the reference values do.
#include "level.h"
#include "vector.h"

namespace pr1::PR1_LEVEL {

namespace {

template <typename A, typename G, bool kCopies>
void update(const AdamW& call, int64_t begin, int64_t end) {
  const A clip = static_cast<A>(call.clip), keep = static_cast<A>(call.keep), beta1 = static_cast<A>(call.beta1), beta2 = static_cast<A>(call.beta2);
  const A rest1 = static_cast<A>(1 - call.beta1), rest2 = static_cast<A>(1 - call.beta2), eps = static_cast<A>(call.eps);
  const A root = static_cast<A>(call.root), size = static_cast<A>(call.size);
  auto *value = static_cast<A*>(call.value), *mean = static_cast<A*>(call.mean), *square = static_cast<A*>(call.square);
  const auto* gradient = static_cast<const G*>(call.gradient);
  auto* copy = static_cast<BFloat16*>(call.copy);
#pragma omp simd
  for (int64_t i = begin; i < end; i++) {
    const A g = widen<A>(gradient[i]) * clip;
    const A m = mean[i] * beta1 + rest1 * g;
    const A v = square[i] * beta2 + rest2 * g * g;
    const A x = value[i] * keep - size * m / (square_root(v) / root + eps);
    mean[i] = m;
    square[i] = v;
    value[i] = x;
    if constexpr (kCopies)
      copy[i] = narrow<BFloat16>(static_cast<float>(x));
  }
}

template <typename A, typename G>
void update(const AdamW& call, int64_t begin, int64_t end) {
  if (call.copy != nullptr)
    update<A, G, true>(call, begin, end);
  else
    update<A, G, false>(call, begin, end);
}

}  // namespace

void adamw(const AdamW& call, int64_t begin, int64_t end) {
  by_type(call.gradient_type, [&](auto storage, auto) {
    using G = decltype(storage);
    if (call.type == Type::kDouble)
      update<double, G>(call, begin, end);
    else
      update<float, G>(call, begin, end);
  });
}

double sum_of_squares(Type type, const void* values, int64_t begin, int64_t end) {
  double sum = 0;
  by_type(type, [&](auto storage, auto accumulate) {
    using A = decltype(accumulate);
    const auto* from = static_cast<const decltype(storage)*>(values);
#pragma omp simd reduction(+ : sum)
    for (int64_t i = begin; i < end; i++) {
      const double value = widen<A>(from[i]);
      sum += value * value;
    }
  });
  return sum;
}

}  // namespace pr1::PR1_LEVEL
