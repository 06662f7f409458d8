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

namespace {

constexpr int64_t kChunk = 1024;  // summed in float

// The token at which the running sum of the weights passes its share, in the order of the ids.
int64_t pick(const float* weights, int64_t width, double uniform) {
  const auto mass = [&](int64_t start) {
    float part = 0;
#pragma omp simd reduction(+ : part)
    for (int64_t i = start; i < smaller(width, start + kChunk); i++)
      part += weights[i];
    return static_cast<double>(part);
  };
  double total = 0;
  for (int64_t start = 0; start < width; start += kChunk)
    total += mass(start);
  double left = uniform * total;
  int64_t last = -1;
  for (int64_t start = 0; start < width; start += kChunk) {
    const auto part = width <= kChunk ? total : mass(start);
    if (left >= part) {
      left -= part;
      continue;
    }
    for (int64_t i = start; i < smaller(width, start + kChunk); i++) {
      if (weights[i] == 0)
        continue;
      last = i;
      left -= static_cast<double>(weights[i]);
      if (left < 0)
        return i;
    }
  }
  // Rounding can leave a crumb: the last token that has weight takes it.
  for (auto i = width - 1; last < 0 && i >= 0; i--)
    last = weights[i] > 0 ? i : -1;
  return last;
}

int64_t draw(const DrawRows& call, int64_t row, float* weights) {
  const auto width = call.width;
  const auto& how = call.draws[row];
  std::memcpy(weights, call.logits + row * width, width * sizeof(float));
  const auto ban = [&](float value) {
    for (auto i = call.first[row]; i < call.first[row + 1]; i++)
      weights[call.banned[i]] = value;
  };
  ban(-kInfinity<float>);
  float top = -kInfinity<float>;
#pragma omp simd reduction(max : top)
  for (int64_t i = 0; i < width; i++)
    top = larger(top, weights[i]);
  if (how.temperature == 0) {
    for (int64_t i = 0; i < width; i++)
      if (weights[i] == top)
        return i;
    return -1;
  }
  const auto scale = static_cast<float>(1 / how.temperature), least = static_cast<float>(how.least);
#pragma omp simd
  for (int64_t i = 0; i < width; i++) {
    const auto weight = exp_nonpositive((weights[i] - top) * scale);
    weights[i] = weight < least ? 0.0f : weight;
  }
  ban(0);
  return pick(weights, width, how.uniform);
}

}  // namespace

void log_sum_exp(const LogSumExp& call, int64_t begin, int64_t end) {
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

void draw_rows(const DrawRows& call, int64_t begin, int64_t end) {
  Scratch<float> weights(call.width);
  for (int64_t row = begin; row < end; row++) {
    const auto* x = call.logits + row * call.width;
    float largest = 0;
    int32_t odd = 0;
#pragma omp simd reduction(max : largest) reduction(| : odd)
    for (int64_t i = 0; i < call.width; i++) {
      largest = larger(largest, magnitude(x[i]));
      odd |= x[i] != x[i];
    }
    auto* to = call.results + row * 3;
    to[0] = call.draws[row].uniform < 0 ? -1 : static_cast<double>(draw(call, row, weights.data()));
    log_sum_exp({call.width, call.logits, to + 1 - row}, row, row + 1);
    to[2] = odd != 0 ? static_cast<double>(__builtin_nanf("")) : static_cast<double>(largest);
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
