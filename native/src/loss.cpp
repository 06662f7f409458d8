// From logits to the log-probability of each row's target and the row's entropy, in one pass and without a copy of the logits.
#include "abi.h"
#include "operators.h"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <algorithm>

namespace {

using at::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Log-softmax is computed in f32 (f64 for f64).
std::tuple<Tensor, Tensor> token_scores_reference(const Tensor& logits, const Tensor& targets) {
  const auto all = at::log_softmax(logits.to(pr1::accumulator(logits.scalar_type())), -1);
  return {all.gather(1, targets.unsqueeze(1)).squeeze(1), (all.exp() * all).sum(-1).neg()};
}

template <typename Body>
void for_rows(const Tensor& logits, const Body& body) {
  at::parallel_for(0, logits.size(0), std::max<int64_t>(1, 16384 / std::max<int64_t>(logits.size(1), 1)), body);
}

struct TokenScores : torch::autograd::Function<TokenScores> {
  static variable_list forward(AutogradContext* context, const Tensor& input, const Tensor& targets) {
    at::AutoDispatchBelowADInplaceOrView guard;
    const auto logits = input.contiguous();
    const auto options = logits.options().dtype(pr1::accumulator(logits.scalar_type()));
    auto scores = at::empty({logits.size(0)}, options), entropy = at::empty_like(scores), level = at::empty_like(scores);
    const pr1::TokenScoresForward call{pr1::storage(logits.scalar_type()), logits.size(1), logits.data_ptr(), targets.data_ptr<int64_t>(),
                                       scores.data_ptr(), entropy.data_ptr(), level.data_ptr()};
    const auto run = pr1::kernels().token_scores_forward;
    for_rows(logits, [&](int64_t begin, int64_t end) { run(call, begin, end); });
    context->save_for_backward({logits, targets, level, entropy});
    context->set_materialize_grads(false);
    return {scores, entropy};
  }

  // d score / d x_j = [j is the target] - p_j;  d entropy / d x_j = -p_j (log p_j + entropy).
  static variable_list backward(AutogradContext* context, variable_list grads) {
    const auto saved = context->get_saved_variables();
    const auto logits = saved[0], targets = saved[1], level = saved[2], entropy = saved[3];
    const auto by_score = grads[0].defined() ? grads[0].contiguous() : at::zeros_like(level);
    const auto by_entropy = grads[1].defined() ? grads[1].contiguous() : at::zeros_like(level);
    auto result = at::empty_like(logits);
    const pr1::TokenScoresBackward call{pr1::storage(logits.scalar_type()), logits.size(1), logits.data_ptr(), targets.data_ptr<int64_t>(),
                                        level.data_ptr(), entropy.data_ptr(), by_score.data_ptr(), by_entropy.data_ptr(), result.data_ptr()};
    const auto run = pr1::kernels().token_scores_backward;
    for_rows(logits, [&](int64_t begin, int64_t end) { run(call, begin, end); });
    return {result, Tensor()};
  }
};

// Also on a GPU, at the price of waiting for it: there a gather out of range would leave the whole device unusable.
void check_targets(const Tensor& targets, int64_t vocabulary) {
  if (targets.numel() == 0 || targets.is_meta())
    return;
  const auto local = targets.device().is_cpu() ? targets : at::stack({targets.min(), targets.max()}).cpu();
  for (int64_t i = 0; i < local.numel(); i++) {
    const auto id = local.data_ptr<int64_t>()[i];
    TORCH_CHECK(id >= 0 && id < vocabulary, "token_scores: target ", id, " is not in 0 .. ", vocabulary - 1);
  }
}

std::tuple<Tensor, Tensor> token_scores(const Tensor& logits, const Tensor& targets) {
  TORCH_CHECK(logits.dim() == 2 && targets.dim() == 1 && targets.size(0) == logits.size(0) && targets.scalar_type() == at::kLong,
              "token_scores: logits are [tokens, vocabulary], targets int64 [tokens]; found ", logits.sizes(), ", ", targets.scalar_type(), " ", targets.sizes());
  pr1::check_device("token_scores", logits, {&targets});
  const auto ids = targets.contiguous();
  check_targets(ids, logits.size(1));
  if (!logits.device().is_cpu())
    return token_scores_reference(logits, ids);
  auto results = TokenScores::apply(logits, ids);
  return {results[0], results[1]};
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(parallelr1, library) {
  library.def("token_scores(Tensor logits, Tensor targets) -> (Tensor, Tensor)", &token_scores);
  library.def("token_scores_reference(Tensor logits, Tensor targets) -> (Tensor, Tensor)", &token_scores_reference);
}
