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

// Decoding: float or bf16, over a pool of pages of `page` entries. Query n sees the stretches of `seen` from first[n] up to first[n + 1],
// each on one page, `most` entries at most. A task is a query's head of k and v: query * kv_heads + head.
struct CacheAttention {
  struct Stretch {
    int32_t start, count;
  };
  Type type;
  int64_t heads, kv_heads, depth, page, most;
  double scale;
  const void *q, *keys, *values;
  const int32_t* first;
  const Stretch* seen;
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

// Tasks are rows of floats. level [rows]: log of the sum of exponentials, summed in an order that depends on the width alone.
struct LogSumExp {
  int64_t width;
  const float* logits;
  double* level;
};

// Tasks are elements. `type` is that of value, mean and square (not bf16); copy may be null, else it is bf16.
struct AdamW {
  Type type, gradient_type;
  double clip, keep, beta1, beta2, eps, root, size;
  void *value, *mean, *square;
  const void* gradient;
  void* copy;
};

// ---- A step of a decoder as one operator (src/decoder_step.cpp): float or bf16 weights and cache, arithmetic in float. ----
//
// Where weights are bf16, every result that the composed decoder would store in bf16 is rounded to it at the same place. Between kernels
// values lie as floats (which hold the rounded values), or as *operands*: what the left side of a product reads, bf16 where the level
// multiplies bf16 (`dot_bf16`) and weights are bf16, else float.

// Weights [n, k] into panels: as many rows as a vector has lanes, their columns one after the other; in bf16 in pairs of columns, so that
// a word of the vector is two weights of one row. Rows beyond n and columns beyond k (up to padded_k) are zero. A task is a panel of the
// source; it becomes panel first + task * step.
struct PackPanels {
  Type type;
  int64_t n, k, padded_k, first, step;
  const void* weights;
  void* panels;
};

enum class Product : int32_t { kStore, kAddTo, kGated, kLogits };

// y[r, n] = sum over k of a[r, k] * weights[n, k] + bias[n], rounded, for the panels and rows of a task. Each sum goes through k in order,
// whatever the number of rows and panels. What becomes of y: kStore: out[r, n]. kAddTo: out[r, n] += y, rounded. kGated: panels are in pairs,
// gate and up; operand[r, n] = gate * sigmoid(gate) * up. kLogits: as kStore, columns beyond `width` left out.
struct PanelProduct {
  Type type;
  Product product;
  bool amx;
  int64_t k, a_stride, out_stride, width;
  const void* a;       // operands [rows, a_stride]; with amx the rows up to the next multiple of 32 can be read
  const void* panels;
  const float* bias;   // by column of the panels; null: none
  float* out;
  void* operand;
};

struct ProductTask {
  int64_t panel_begin, panel_end, row_begin, row_end;
};

// Rows of the embedding [vocabulary, width] as floats.
struct EmbedRows {
  Type type;
  int64_t width, out_stride;
  const void* embedding;
  const int32_t* tokens;
  float* out;
};

// RMSNorm of rows of floats, as operands. index: which rows, or null: all.
struct NormRows {
  Type type;
  int64_t width, x_stride, out_stride;
  double eps;
  const float *x, *weight;
  const int32_t* index;
  void* out;
};

// A pool of pages of keys and values: [pages, layers, 2, kv_heads, page * depth]. Keys of a head lie [depth, page], values [page, depth]; in
// bf16 keys in words of two depths [depth / 2, page, 2], values in words of two entries [page / 2, depth, 2].
struct PagePool {
  Type type;
  int64_t page, layers, kv_heads, depth;
  void* data;
};

// From the projections of a row [q | k | v] (each padded to whole vectors): norm and rotation of queries and keys; queries become operands,
// keys and values go to their row of the pool.
struct PlaceRows {
  PagePool pool;
  int64_t layer, heads, qkv_stride, k_offset, v_offset, out_stride;
  double eps;
  const float* qkv;
  const float *q_norm, *k_norm;  // null: none
  const float *cosine, *sine;    // [positions, depth / 2]
  const int32_t *positions, *rows;
  void* out;
};

// Entries [start, start + count) of the pool that a row sees; they lie on one page.
struct PageRange {
  int32_t start, count;
};

// Attention of rows over the ranges that each sees. Scores and weights of a row's entries lie one after the other, in the order of its ranges; the
// values of entries of even and of odd number are summed apart, in order. So what a row gets depends on the entries alone: not on the rows
// beside it, nor on who computes which part, nor on how the entries lie on pages.
struct PageAttention {
  PagePool pool;
  int64_t layer, heads, q_stride, out_stride;
  double scale;
  const void* q;  // operands
  const int32_t* first;
  const PageRange* ranges;
  void* out;      // operands
  float* levels;  // [rows, heads]: logarithm to base 2 of the sum of exponentials; null: not wanted
};

// Depths of a part of a row's output.
constexpr int64_t kPartOfDepth = 32;

// Rows [row, row + rows), whose first `shared` ranges are the same, over a head of keys and values: all their ranges.
struct PageTask {
  int32_t row, rows, shared, head;
};

// How a row's token is drawn.
struct RowDraw {
  double temperature;  // 0: the most probable token, the first of several
  double least;        // tokens less probable than so many times the most probable one are left out
  double uniform;      // from [0, 1); below 0: nothing is drawn
};

// Draws from rows of logits. What a row gives depends on nothing else.
struct DrawRows {
  int64_t width;
  const float* logits;         // [rows, width]
  const RowDraw* draws;        // [rows]
  const int32_t *banned, *first;  // tokens that may not be drawn, from first[row] to first[row + 1]
  double* results;             // [rows, 3]: the token or -1, logarithm of the sum of all exponentials, largest magnitude (NaN where there is one)
};

struct Kernels {
  const char* name;
  int32_t vector_bytes;
  bool dot_bf16;
  bool has_amx;  // compiled for it; whether the processor has it is another question
  void (*pack_panels)(const PackPanels&, int64_t begin, int64_t end);
  void (*panel_product)(const PanelProduct&, const ProductTask&);
  void (*configure_amx)(bool on);
  void (*embed_rows)(const EmbedRows&, int64_t begin, int64_t end);
  void (*norm_rows)(const NormRows&, int64_t begin, int64_t end);
  void (*place_rows)(const PlaceRows&, int64_t begin, int64_t end);
  // scratch: for each query (row and head of the group) `stride` floats, at least the row's entries and two vectors more; 2 * depth; and one.
  void (*page_attention)(const PageAttention&, const PageTask&, float* scratch, int64_t stride);
  // The same for one row in parts. Scores [heads of the group, stride] of the ranges [begin, end); then weights and their totals [heads of the
  // group]; then the output at depths from part * kPartOfDepth on, with scratch [heads of the group, 2 * depth].
  void (*page_scores)(const PageAttention&, const PageTask&, int64_t begin, int64_t end, float* scores, int64_t stride);
  void (*page_weights)(const PageAttention&, const PageTask&, float* scores, int64_t stride, float* totals);
  void (*page_values)(const PageAttention&, const PageTask&, int64_t part, const float* scores, int64_t stride, const float* totals, float* scratch);
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
  void (*log_sum_exp)(const LogSumExp&, int64_t begin, int64_t end);
  void (*draw_rows)(const DrawRows&, int64_t begin, int64_t end);
  void (*adamw)(const AdamW&, int64_t begin, int64_t end);
  double (*sum_of_squares)(Type, const void* values, int64_t begin, int64_t end);
};

}  // namespace pr1
