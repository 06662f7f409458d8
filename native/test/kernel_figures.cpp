// Calls the kernels of one level on drawn values and prints sums of what they give, for a comparison between machines
// (eng/arm-test). The sums weigh places differently, so that exchanged values show.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <vector>

#include "table.h"

namespace pr1::PR1_LEVEL {
extern const Kernels kernels;
}

namespace {

using namespace pr1;

// bf16 as it is stored.
struct Half {
  uint16_t bits = 0;
};

uint64_t state = 7;

float draw() {
  state = state * 6364136223846793005ull + 1442695040888963407ull;
  return float(int64_t(state >> 33) - (1ll << 30)) / float(1ll << 30);
}

void set(float& to, float value) { to = value; }
void set(double& to, float value) { to = value; }
void set(Half& to, float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, 4);
  to.bits = uint16_t(bits >> 16);
}

double get(float value) { return value; }
double get(double value) { return value; }
double get(Half value) {
  const uint32_t bits = uint32_t(value.bits) << 16;
  float result;
  std::memcpy(&result, &bits, 4);
  return result;
}

template <class T>
std::vector<T> values(int64_t count) {
  std::vector<T> result(count);
  for (auto& x : result) set(x, draw());
  return result;
}

template <class T>
void show(const char* name, const std::vector<T>& values) {
  double weighted = 0, absolute = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    weighted += get(values[i]) * double(i % 7 + 1);
    absolute += std::fabs(get(values[i]));
  }
  std::printf("%s %.9g %.9g\n", name, weighted, absolute);
}

// What a decoding step is made of; the left sides of products are floats at the baseline.
template <class T>
void step(Type type) {
  const auto& kernels = PR1_LEVEL::kernels;
  const int64_t lanes = kernels.vector_bytes / 4, n = 40, k = 38, rows = 7, padded_k = type == Type::kFloat ? k : 64, panels = (n + lanes - 1) / lanes, width = panels * lanes, stride = 64;
  const auto weights = values<T>(n * k);
  auto left = values<float>(rows * stride);
  for (int64_t i = 0; i < rows * stride; ++i)
    if (i % stride >= k) left[i] = 0;
  std::vector<T> packed(panels * lanes * padded_k);
  kernels.pack_panels({type, n, k, padded_k, 0, 1, weights.data(), packed.data()}, 0, panels);
  std::vector<float> out(rows * width), gated(rows * width / 2);
  kernels.panel_product({type, Product::kStore, false, padded_k, stride, width, 0, left.data(), packed.data(), nullptr, out.data(), nullptr}, {0, panels, 0, rows});
  show("product", out);
  kernels.panel_product({type, Product::kGated, false, padded_k, stride, width / 2, 0, left.data(), packed.data(), nullptr, nullptr, gated.data()}, {0, panels / 2 * 2, 0, rows});
  show("gated", gated);
  const int64_t heads = 4, kv_heads = 2, page = 16;
  for (int64_t depth : {12, 32}) {
    const auto half = depth / 2, q_stride = heads * depth, qkv_stride = (heads + 2 * kv_heads) * depth;
    std::vector<T> pool(3 * 2 * kv_heads * page * depth);
    const PagePool pages{type, page, 1, kv_heads, depth, pool.data()};
    const auto qkv = values<float>(40 * qkv_stride), cosine = values<float>(40 * half), sine = values<float>(40 * half), norm = values<float>(depth);
    std::vector<int32_t> places(40), first(41);
    std::vector<PageRange> ranges;
    for (int32_t i = 0; i < 40; ++i) {
      places[i] = i;
      for (int32_t start = 0; start <= i; start += 16) ranges.push_back({start, i + 1 - start < 16 ? i + 1 - start : 16});
      first[i + 1] = int32_t(ranges.size());
    }
    std::vector<float> queries(40 * q_stride), mixed(40 * q_stride), scratch(4096);
    kernels.place_rows({pages, 0, heads, qkv_stride, heads * depth, (heads + kv_heads) * depth, q_stride, 1e-6, qkv.data(), norm.data(), norm.data(), cosine.data(), sine.data(),
                        places.data(), places.data(), queries.data()}, 0, 40);
    show("queries", queries);
    for (int32_t row = 0; row < 40; ++row)
      for (int32_t head = 0; head < kv_heads; ++head)
        kernels.page_attention({pages, 0, heads, q_stride, q_stride, 0.25, queries.data(), first.data(), ranges.data(), mixed.data()}, {row, 1, first[row + 1] - first[row], head}, scratch.data(), 80);
    show("pages", mixed);
  }
}

// T is storage, A arithmetic.
template <class T, class A>
void all(const char* name, Type type) {
  std::printf("-- %s\n", name);
  const auto& kernels = PR1_LEVEL::kernels;
  const int64_t tokens = 150, heads = 4, kv_heads = 2;
  for (int64_t depth : {12, 32, 64}) {
    const auto q = values<T>(tokens * heads * depth), k = values<T>(tokens * kv_heads * depth), v = values<T>(tokens * kv_heads * depth);
    const auto grad = values<T>(tokens * heads * depth);
    std::vector<T> out(q.size()), dq(q.size()), dk(k.size()), dv(k.size());
    std::vector<A> level(tokens * heads), dk_parts(q.size()), dv_parts(q.size());
    // A prompt and two paths, of which the second does not see the first.
    const Run runs[] = {{0, 60, 0, 0}, {60, 100, 0, 1}, {100, 150, 1, 2}};
    const Span ranges[] = {{0, 60}, {0, 60}};
    const int32_t traces[] = {0, 3};
    const PathAttentionForward forward{type, heads, kv_heads, depth, 1 / std::sqrt(double(depth)), runs, ranges, traces,
                                       q.data(), k.data(), v.data(), out.data(), level.data()};
    const PathAttentionBackward backward{forward, grad.data(), dq.data(), dk.data(), dv.data(), dk_parts.data(), dv_parts.data()};
    for (int32_t head = 0; head < heads; head += 2) kernels.path_attention_forward(forward, {0, head, 2, 0, 150});
    for (int32_t head = 0; head < heads; head += 2) kernels.path_attention_backward(backward, {0, head, 2, 0, 150});
    show("attention", out), show("level", level), show("dq", dq), show("dk", dk), show("dv", dv);
  }
  const int64_t rows = 37, width = 531;
  const auto x = values<T>(rows * width), weight = values<T>(width), grad = values<T>(rows * width);
  std::vector<T> y(x.size()), dx(x.size()), dup(x.size());
  std::vector<A> factor(rows), sums(width);
  kernels.rms_norm_forward({type, width, 1e-6, x.data(), weight.data(), y.data(), factor.data()}, 0, rows);
  show("norm", y);
  kernels.rms_norm_backward({type, rows, width, 1, x.data(), weight.data(), factor.data(), grad.data(), dx.data(), sums.data()}, 0, 1);
  show("dnorm", dx), show("dweight", sums);
  kernels.swiglu_forward({type, x.data(), grad.data(), y.data()}, 0, rows * width);
  show("swiglu", y);
  kernels.swiglu_backward({type, x.data(), grad.data(), y.data(), dx.data(), dup.data()}, 0, rows * width);
  show("dgate", dx), show("dup", dup);
  std::vector<int64_t> targets(rows);
  for (int64_t i = 0; i < rows; ++i) targets[i] = i * 97 % width;
  std::vector<A> scores(rows), entropy(rows), level(rows);
  const auto by_score = values<A>(rows), by_entropy = values<A>(rows);
  kernels.token_scores_forward({type, width, x.data(), targets.data(), scores.data(), entropy.data(), level.data()}, 0, rows);
  show("scores", scores), show("entropy", entropy);
  kernels.token_scores_backward(
      {type, width, x.data(), targets.data(), level.data(), entropy.data(), by_score.data(), by_entropy.data(), dx.data()}, 0, rows);
  show("dlogits", dx);
  if (type != Type::kDouble) step<T>(type);
  std::printf("squares %.9g\n", kernels.sum_of_squares(type, x.data(), 0, rows * width));
}

}  // namespace

int main() {
  all<float, float>("f32", Type::kFloat);
  all<double, double>("f64", Type::kDouble);
  all<Half, float>("bf16", Type::kBFloat16);
}
