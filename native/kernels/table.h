// What the operators ask of the kernels: plain functions over memory, in one table for each level of processor.
//
// The kernels in this folder are compiled once per level (native/CMakeLists.txt), each time into a namespace of its own. They include
// nothing of libtorch and no header whose inline functions the linker might share between levels: of two copies of such a function it
// keeps one, and that could be the one that an older processor cannot run. The build checks that (check_symbols.cmake).
//
// A kernel works on a part [begin, end) of its tasks; who calls it divides the tasks among threads.
#pragma once

#include <cstdint>

namespace pr1 {

// Storage; arithmetic is double for kDouble, float otherwise.
enum class Type : int32_t { kFloat, kDouble, kBFloat16 };

// Tokens [start, end) of a pack, which see the column ranges [range_begin, range_end), and of themselves what is not after them.
struct Run {
  int32_t start, end, range_begin, range_end;
};

struct Span {
  int32_t start, end;
};

// Attention over packed traces: q, out [tokens, heads, depth]; k, v [tokens, kv_heads, depth]; level [tokens, heads]: logarithm to base 2
// of the sum of exponentials.
struct PathAttentionForward {
  Type type;
  int64_t heads, kv_heads, depth;
  double scale;
  const Run* runs;
  const Span* ranges;
  const int32_t* traces;
  const void *q, *k, *v;
  void *out, *level;
};

// dk_parts, dv_parts [tokens, heads, depth] in the type of arithmetic: what each head of q adds, where those that share a head of k and v
// are not in one task.
struct PathAttentionBackward {
  PathAttentionForward forward;
  const void* grad;
  void *dq, *dk, *dv, *dk_parts, *dv_parts;
};

// Heads [head, head + heads) of q, which share a head of k and v, of one trace; and of its tokens the blocks of rows that begin in
// [begin, end), in numbers of the pack (backward: all of them).
struct PathAttentionTask {
  int32_t trace, head, heads, begin, end;
};

// Decoding: float or bf16. Query n sees the rows of `ranges` from first[n] up to first[n + 1] of its slot. A task is a query's head of
// k and v: query * kv_heads + head.
struct CacheAttention {
  Type type;
  int64_t heads, kv_heads, depth, capacity;
  double scale;
  const void *q, *keys, *values;
  const int32_t *slot, *first;
  const Span* ranges;
  void* out;
};

// Rows of `width`; factor [rows] keeps what the backward pass needs.
struct RmsNormForward {
  Type type;
  int64_t width;
  double eps;
  const void *x, *weight;
  void *y, *factor;
};

// A task is a chunk of the rows, with a row of its own in sums [chunks, width], which holds zeros before.
struct RmsNormBackward {
  Type type;
  int64_t rows, width, chunks;
  const void *x, *weight, *factor, *grad;
  void *dx, *sums;
};

// Tasks are tokens. direction 1 or -1.
struct Rotary {
  Type type;
  int64_t heads, depth;
  double direction;
  const void *x, *cosine, *sine;
  void* y;
};

// Tasks are elements.
struct SwiGluForward {
  Type type;
  const void *gate, *up;
  void* y;
};

struct SwiGluBackward {
  Type type;
  const void *gate, *up, *grad;
  void *dgate, *dup;
};

// Tasks are rows. level: log of the sum of exponentials.
struct TokenScoresForward {
  Type type;
  int64_t width;
  const void* logits;
  const int64_t* targets;
  void *scores, *entropy, *level;
};

struct TokenScoresBackward {
  Type type;
  int64_t width;
  const void* logits;
  const int64_t* targets;
  const void *level, *entropy, *by_score, *by_entropy;
  void* dlogits;
};

// Tasks are elements. `type` is that of value, mean and square (not bf16); copy may be null, else it is bf16.
struct AdamW {
  Type type, gradient_type;
  double clip, keep, beta1, beta2, eps, root, size;
  void *value, *mean, *square;
  const void* gradient;
  void* copy;
};

struct Kernels {
  const char* name;
  void (*path_attention_forward)(const PathAttentionForward&, const PathAttentionTask&);
  void (*path_attention_backward)(const PathAttentionBackward&, const PathAttentionTask&);
  void (*path_attention_gather)(const PathAttentionBackward&, int64_t begin, int64_t end);  // tokens: dk, dv from their parts
  void (*cache_attention)(const CacheAttention&, int64_t begin, int64_t end);
  void (*rms_norm_forward)(const RmsNormForward&, int64_t begin, int64_t end);
  void (*rms_norm_backward)(const RmsNormBackward&, int64_t begin, int64_t end);
  void (*rotary)(const Rotary&, int64_t begin, int64_t end);
  void (*swiglu_forward)(const SwiGluForward&, int64_t begin, int64_t end);
  void (*swiglu_backward)(const SwiGluBackward&, int64_t begin, int64_t end);
  void (*token_scores_forward)(const TokenScoresForward&, int64_t begin, int64_t end);
  void (*token_scores_backward)(const TokenScoresBackward&, int64_t begin, int64_t end);
  void (*adamw)(const AdamW&, int64_t begin, int64_t end);
  double (*sum_of_squares)(Type, const void* values, int64_t begin, int64_t end);
};

}  // namespace pr1
