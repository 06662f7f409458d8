#include "level.h"
#include "vector.h"

namespace pr1::PR1_LEVEL {

void token_scores_forward(const TokenScoresForward& call, int64_t begin, int64_t end) {
  by_type(call.type, [&](auto storage, auto accumulate) {
    using T = decltype(storage);
    using A = decltype(accumulate);
    const auto width = call.width;
    for (int64_t row = begin; row < end; row++) {
      const auto* x = static_cast<const T*>(call.logits) + row * width;
      A top = -kInfinity<A>;
#pragma omp simd reduction(max : top)
      for (int64_t i = 0; i < width; i++)
        top = larger(top, widen<A>(x[i]));
      A total = 0, weighted = 0;
#pragma omp simd reduction(+ : total, weighted)
      for (int64_t i = 0; i < width; i++) {
        const A shifted = widen<A>(x[i]) - top, e = exp_nonpositive(shifted);
        total += e;
        weighted += e > 0 ? e * shifted : A(0);
      }
      const A log_total = logarithm(total);
      static_cast<A*>(call.scores)[row] = widen<A>(x[call.targets[row]]) - top - log_total;
      static_cast<A*>(call.entropy)[row] = log_total - weighted / total;
      static_cast<A*>(call.level)[row] = top + log_total;
    }
  });
}

void log_sum_exp(const LogSumExp& call, int64_t begin, int64_t end) {
  constexpr int64_t kChunk = 1024;  // summed in float
  for (int64_t row = begin; row < end; row++) {
    const auto* x = call.logits + row * call.width;
    float top = -kInfinity<float>;
#pragma omp simd reduction(max : top)
    for (int64_t i = 0; i < call.width; i++)
      top = larger(top, x[i]);
    double total = 0;
    for (int64_t start = 0; start < call.width; start += kChunk) {
      const auto stop = smaller(call.width, start + kChunk);
      float part = 0;
#pragma omp simd reduction(+ : part)
      for (int64_t i = start; i < stop; i++)
        part += exp_nonpositive(x[i] - top);
      total += static_cast<double>(part);
    }
    call.level[row] = static_cast<double>(top) + logarithm(total);
  }
}

// d score / d x_j = [j is the target] - p_j;  d entropy / d x_j = -p_j (log p_j + entropy).
void token_scores_backward(const TokenScoresBackward& call, int64_t begin, int64_t end) {
  by_type(call.type, [&](auto storage, auto accumulate) {
    using T = decltype(storage);
    using A = decltype(accumulate);
    const auto width = call.width;
    for (int64_t row = begin; row < end; row++) {
      const auto* x = static_cast<const T*>(call.logits) + row * width;
      auto* to = static_cast<T*>(call.dlogits) + row * width;
      const A base = static_cast<const A*>(call.level)[row], mean = static_cast<const A*>(call.entropy)[row];
      const A s = static_cast<const A*>(call.by_score)[row], h = static_cast<const A*>(call.by_entropy)[row];
#pragma omp simd
      for (int64_t i = 0; i < width; i++) {
        const A log_p = smaller(widen<A>(x[i]) - base, A(0)), p = exp_nonpositive(log_p);
        to[i] = narrow<T>(-p * (s + (h != 0 ? h * (log_p + mean) : A(0))));
      }
      const auto target = call.targets[row];
      const A log_p = smaller(widen<A>(x[target]) - base, A(0)), p = exp_nonpositive(log_p);
      to[target] = narrow<T>(s - p * (s + (h != 0 ? h * (log_p + mean) : A(0))));
    }
  });
}

}  // namespace pr1::PR1_LEVEL
