// What a decoder does to single rows between its products: embedding, norms, rotation, storing keys and values (table.h).
#include "level.h"
#include "operand.h"

namespace pr1::PR1_LEVEL {

namespace {

// Runs body<storage type>.
template <typename Body>
void by_storage(Type type, const Body& body) {
  if (type == Type::kBFloat16)
    body(BFloat16{});
  else
    body(float{});
}

// A head of queries or keys, in place: norm, rotation.
template <typename T>
void turn(float* x, int64_t depth, const float* norm, double eps, const float* cosine, const float* sine) {
  if (norm != nullptr) {
    const float factor = norm_factor(x, depth, eps);
#pragma omp simd
    for (int64_t i = 0; i < depth; i++)
      x[i] = rounded<T>(x[i] * factor * norm[i]);
  }
  const auto half = depth / 2;
#pragma omp simd
  for (int64_t i = 0; i < half; i++) {
    const float left = x[i], right = x[i + half];
    x[i] = rounded<T>(multiply_add(left, cosine[i], -(right * sine[i])));
    x[i + half] = rounded<T>(multiply_add(right, cosine[i], left * sine[i]));
  }
}

}  // namespace

float norm_factor(const float* x, int64_t width, double eps) {
  float squares = 0;
#pragma omp simd reduction(+ : squares)
  for (int64_t i = 0; i < width; i++)
    squares += x[i] * x[i];
  return 1.0f / square_root(squares / static_cast<float>(width) + static_cast<float>(eps));
}

void embed_rows(const EmbedRows& call, int64_t begin, int64_t end) {
  by_storage(call.type, [&](auto storage) {
    using T = decltype(storage);
    for (auto row = begin; row < end; row++) {
      const auto* from = static_cast<const T*>(call.embedding) + call.tokens[row] * call.width;
      auto* to = call.out + row * call.out_stride;
#pragma omp simd
      for (int64_t i = 0; i < call.width; i++)
        to[i] = widen<float>(from[i]);
    }
  });
}

void norm_rows(const NormRows& call, int64_t begin, int64_t end) {
  by_storage(call.type, [&](auto storage) {
    using T = decltype(storage);
    for (auto row = begin; row < end; row++) {
      const auto* x = call.x + (call.index == nullptr ? row : call.index[row]) * call.x_stride;
      auto* to = static_cast<Operand<T>*>(call.out) + row * call.out_stride;
      const float factor = norm_factor(x, call.width, call.eps);
#pragma omp simd
      for (int64_t i = 0; i < call.width; i++)
        to[i] = operand<Operand<T>>(rounded<T>(x[i] * factor * call.weight[i]));
    }
  });
}

void place_rows(const PlaceRows& call, int64_t begin, int64_t end) {
  by_storage(call.pool.type, [&](auto storage) {
    using T = decltype(storage);
    constexpr int kPair = kSame<T, float> ? 1 : 2;
    const auto &pool = call.pool;
    const auto depth = pool.depth, page = pool.page, half = depth / 2, head_size = page * depth, layer_size = 2 * pool.kv_heads * head_size;
    Scratch<float> scratch(depth);
    float* x = scratch.data();
    for (auto row = begin; row < end; row++) {
      const auto* qkv = call.qkv + row * call.qkv_stride;
      const auto *cosine = call.cosine + call.positions[row] * half, *sine = call.sine + call.positions[row] * half;
      auto* out = static_cast<Operand<T>*>(call.out) + row * call.out_stride;
      for (int64_t head = 0; head < call.heads; head++) {
        std::memcpy(x, qkv + head * depth, depth * sizeof(float));
        turn<T>(x, depth, call.q_norm, call.eps, cosine, sine);
        for (int64_t i = 0; i < depth; i++)
          out[head * depth + i] = operand<Operand<T>>(x[i]);
      }
      const int64_t entry = call.rows[row] % page;
      auto* keys = static_cast<T*>(pool.data) + (call.rows[row] / page * pool.layers + call.layer) * layer_size;
      auto* values = keys + pool.kv_heads * head_size;
      for (int64_t head = 0; head < pool.kv_heads; head++) {
        std::memcpy(x, qkv + call.k_offset + head * depth, depth * sizeof(float));
        turn<T>(x, depth, call.k_norm, call.eps, cosine, sine);
        auto* key = keys + head * head_size + entry * kPair;
        for (int64_t i = 0; i < depth; i += kPair)
          for (int j = 0; j < kPair; j++)
            key[i * page + j] = narrow<T>(x[i + j]);
        const auto* v = qkv + call.v_offset + head * depth;
        auto* value = values + head * head_size + entry / kPair * depth * kPair + entry % kPair;
        for (int64_t i = 0; i < depth; i++)
          value[i * kPair] = narrow<T>(v[i]);
      }
    }
  });
}

}  // namespace pr1::PR1_LEVEL
