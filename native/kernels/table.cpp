#include "level.h"

namespace pr1::PR1_LEVEL {

extern const Kernels kernels;

const Kernels kernels = {
    PR1_LEVEL_NAME,
    PR1_VECTOR_BYTES,
#ifdef __AVX512BF16__
    true,
#else
    false,
#endif
#ifdef __AMX_BF16__
    true,
#else
    false,
#endif
    pack_panels,
    panel_product,
    configure_amx,
    embed_rows,
    norm_rows,
    place_rows,
    page_attention,
    page_scores,
    page_weights,
    page_values,
    path_attention_forward,
    path_attention_backward,
    path_attention_gather,
    cache_attention,
    rms_norm_forward,
    rms_norm_backward,
    rotary,
    swiglu_forward,
    swiglu_backward,
    token_scores_forward,
    token_scores_backward,
    log_sum_exp,
    draw_rows,
    adamw,
    sum_of_squares,
};

}  // namespace pr1::PR1_LEVEL
