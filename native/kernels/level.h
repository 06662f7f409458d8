// The kernels of one level, in the level's namespace: PR1_LEVEL is its name, PR1_VECTOR_BYTES the width of its registers,
// PR1_REGISTERS how many of them there are.
#pragma once

#include "table.h"

namespace pr1::PR1_LEVEL {

void path_attention_forward(const PathAttentionForward& call, const PathAttentionTask& task);
void path_attention_backward(const PathAttentionBackward& call, const PathAttentionTask& task);
void path_attention_gather(const PathAttentionBackward& call, int64_t begin, int64_t end);
void cache_attention(const CacheAttention& call, int64_t begin, int64_t end);
void rms_norm_forward(const RmsNormForward& call, int64_t begin, int64_t end);
void rms_norm_backward(const RmsNormBackward& call, int64_t begin, int64_t end);
void rotary(const Rotary& call, int64_t begin, int64_t end);
void swiglu_forward(const SwiGluForward& call, int64_t begin, int64_t end);
void swiglu_backward(const SwiGluBackward& call, int64_t begin, int64_t end);
void token_scores_forward(const TokenScoresForward& call, int64_t begin, int64_t end);
void token_scores_backward(const TokenScoresBackward& call, int64_t begin, int64_t end);
void log_sum_exp(const LogSumExp& call, int64_t begin, int64_t end);
void draw_rows(const DrawRows& call, int64_t begin, int64_t end);
void adamw(const AdamW& call, int64_t begin, int64_t end);
void pack_panels(const PackPanels& call, int64_t begin, int64_t end);
void panel_product(const PanelProduct& call, const ProductTask& task);
void configure_amx(bool on);
void embed_rows(const EmbedRows& call, int64_t begin, int64_t end);
void norm_rows(const NormRows& call, int64_t begin, int64_t end);
void place_rows(const PlaceRows& call, int64_t begin, int64_t end);
void page_attention(const PageAttention& call, const PageTask& task, float* scratch, int64_t stride);
void page_scores(const PageAttention& call, const PageTask& task, int64_t begin, int64_t end, float* scores, int64_t stride);
void page_weights(const PageAttention& call, const PageTask& task, float* scores, int64_t stride, float* totals);
void page_values(const PageAttention& call, const PageTask& task, int64_t part, const float* scores, int64_t stride, const float* totals, float* scratch);
double sum_of_squares(Type type, const void* values, int64_t begin, int64_t end);

// 1 / sqrt(mean(x²) + eps). A function of its own, so that what trains and what decodes have its bits from one place.
float norm_factor(const float* x, int64_t width, double eps);

}  // namespace pr1::PR1_LEVEL
