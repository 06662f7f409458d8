// From the logits of a decoding step to tokens and their log-probabilities: by kernels of our own on the CPU, composed of libtorch's operators elsewhere.
#include "operators.h"
#include "team.h"

#include <ATen/Parallel.h>
#include <torch/library.h>

#include <algorithm>
#include <limits>
#include <vector>

namespace {

using at::Tensor;

// log of the sum of exponentials of each row [tokens] of float logits, in f64: the same bits for a row whatever stands beside it. On the calling
// thread, so that whoever has threads of its own divides the rows.
Tensor log_sum_exp(const Tensor& logits) {
  TORCH_CHECK(logits.dim() == 2 && logits.scalar_type() == at::kFloat && logits.device().is_cpu() && logits.size(1) > 0,
              "log_sum_exp: logits are float32 [tokens, vocabulary] on the CPU; found ", logits.scalar_type(), " ", logits.sizes());
  at::AutoDispatchBelowADInplaceOrView guard;
  const auto x = logits.contiguous();
  auto level = at::empty({x.size(0)}, x.options().dtype(at::kDouble));
  const pr1::LogSumExp call{x.size(1), x.data_ptr<float>(), level.data_ptr<double>()};
  pr1::kernels().log_sum_exp(call, 0, x.size(0));
  return level;
}

// One draw from each row of float logits [rows, vocabulary] on the CPU. draws, f64 [rows, 3]: temperature, least share of the most probable token, uniform draw (below 0: none).
// Banned tokens int32, from first[row] to first[row + 1]. Gives f64 [rows, 3]: the token or -1; log of the sum of exponentials; largest magnitude.
Tensor draw_rows(const Tensor& logits, const Tensor& draws, const Tensor& banned, const Tensor& first) {
  TORCH_CHECK(logits.dim() == 2 && logits.scalar_type() == at::kFloat && logits.device().is_cpu() && logits.size(1) > 0,
              "draw_rows: logits are float32 [rows, vocabulary] on the CPU; found ", logits.scalar_type(), " ", logits.sizes());
  const auto rows = logits.size(0), width = logits.size(1);
  TORCH_CHECK(draws.scalar_type() == at::kDouble && draws.is_contiguous() && draws.dim() == 2 && draws.size(0) == rows && draws.size(1) == 3, "draw_rows: draws are float64 [", rows,
              ", 3]; found ", draws.scalar_type(), " ", draws.sizes());
  TORCH_CHECK(banned.scalar_type() == at::kInt && first.scalar_type() == at::kInt && banned.is_contiguous() && first.is_contiguous() && first.numel() == rows + 1,
              "draw_rows: banned is int32, first int32 [", rows + 1, "]; found ", banned.scalar_type(), ", ", first.scalar_type(), " ", first.sizes());
  const auto *bans = banned.data_ptr<int32_t>(), *starts = first.data_ptr<int32_t>();
  TORCH_CHECK(starts[0] == 0 && starts[rows] == banned.numel() && std::is_sorted(starts, starts + rows + 1), "draw_rows: first must cover all banned tokens");
  for (int64_t i = 0; i < banned.numel(); i++)
    TORCH_CHECK(bans[i] >= 0 && bans[i] < width, "draw_rows: banned token ", bans[i], " is not in 0 .. ", width - 1);
  at::AutoDispatchBelowADInplaceOrView guard;
  const auto x = logits.contiguous();
  auto results = at::empty({rows, 3}, x.options().dtype(at::kDouble));
  const pr1::DrawRows call{width, x.data_ptr<float>(), reinterpret_cast<const pr1::RowDraw*>(draws.data_ptr<double>()), bans, starts, results.data_ptr<double>()};
  const auto run = pr1::kernels().draw_rows;
  const auto size = std::max<int64_t>(1, 16384 / width);
  auto& team = pr1::Team::instance();
  const pr1::Team::Hold hold(at::get_num_threads());
  team.prepare(nullptr);
  team.run((rows + size - 1) / size, [&](int64_t task, int) { run(call, task * size, std::min(rows, (task + 1) * size)); });
  return results;
}

// Logits whose temporaries are alive at once on a device.
constexpr int64_t kEntriesAtOnce = int64_t{1} << 24;
// Weights are counted in units of 2^-40 of the most probable token's: sums of whole numbers are the same in any order, so that the token drawn depends
// neither on the device's way of summing nor on the neighbours. 2^22 tokens fit.
constexpr double kUnits = static_cast<double>(int64_t{1} << 40);

// log of the sum of exponentials of each row [rows], summed in f64.
Tensor level(const Tensor& x) {
  const auto top = x.amax(1, true);
  return (x - top).exp_().sum(1, false, at::kDouble).log_().add_(top.squeeze(1));
}

// What does not compete by top-k and top-p loses its weight. Of equally probable tokens the smallest ids stay.
Tensor truncate(const Tensor& weights, const Tensor& allowed, const Tensor& top_p, const Tensor& top_k) {
  const auto order = std::get<1>(allowed.sort(/*stable=*/true, /*dim=*/1, /*descending=*/true));
  auto sorted = weights.gather(1, order);
  const auto rank = at::arange(weights.size(1), weights.options()).unsqueeze(0);
  sorted.masked_fill_(rank.ge(at::where(top_k.gt(0), top_k, weights.size(1))), 0);
  const auto before = sorted.cumsum(1) - sorted;
  const auto limit = at::where(top_p.lt(1), top_p * sorted.sum(1, true), std::numeric_limits<double>::infinity());
  sorted.masked_fill_(before.ge(limit).logical_and_(rank.gt(0)), 0);
  return at::zeros_like(weights).scatter_(1, order, sorted);
}

// Of rows of logits f64 [rows, 4]: token, log of the sum of exponentials of all tokens and of those that are allowed, largest magnitude.
Tensor sample(const Tensor& logits, const Tensor& draws, const Tensor& places, bool ordered) {
  auto allowed = logits.clone();
  allowed.view(-1).index_fill_(0, places, -std::numeric_limits<float>::infinity());
  const auto column = [&](int64_t i) { return draws.narrow(1, i, 1); };
  const auto temperature = column(0), greedy = temperature.eq(0);
  const auto inverse = at::where(greedy, 1.0, temperature).reciprocal().to(at::kFloat);
  auto weights = ((allowed - allowed.amax(1, true)) * inverse).exp_();
  weights.masked_fill_(weights.lt(column(1).to(at::kFloat)), 0);
  weights = weights.to(at::kDouble).mul_(kUnits).to(at::kLong);
  if (ordered)
    weights = truncate(weights, allowed, column(3), column(4).to(at::kLong));
  const auto sums = weights.cumsum(1);
  const auto total = sums.narrow(1, sums.size(1) - 1, 1);
  const auto mark = at::minimum((total.to(at::kDouble) * column(2).clamp_min(0)).to(at::kLong), total - 1);
  const auto drawn = at::searchsorted(sums, mark, /*out_int32=*/false, /*right=*/true).clamp_(0, logits.size(1) - 1);
  const auto token = at::where(greedy, allowed.argmax(1, true), drawn).squeeze(1);
  return at::stack({token.to(at::kDouble), level(logits), level(allowed), logits.abs().amax(1).to(at::kDouble)}, 1);
}

// What draw_rows does, on any device; only what is wanted goes to the CPU. draws, f64 [rows, 5]: temperature, least share of the most probable token, uniform draw, top-p,
// top-k (0: all). places, int64, of banned tokens and scored, int64, of tokens whose logits are wanted: row * vocabulary + token, banned ones in the order of the rows. All but
// logits on the CPU. Gives f64 [rows, 5]: token, log of the sum of exponentials of all and of allowed tokens, largest magnitude, the token's logit; and f32 logits [scored].
std::tuple<Tensor, Tensor> sample_rows(const Tensor& logits, const Tensor& draws, const Tensor& places, const Tensor& scored) {
  TORCH_CHECK(logits.dim() == 2 && logits.scalar_type() == at::kFloat && logits.size(1) > 0 && logits.size(1) <= (int64_t{1} << 22),
              "sample_rows: logits are float32 [rows, vocabulary], at most 2^22 tokens; found ", logits.scalar_type(), " ", logits.sizes());
  const auto rows = logits.size(0), width = logits.size(1);
  TORCH_CHECK(draws.scalar_type() == at::kDouble && draws.device().is_cpu() && draws.dim() == 2 && draws.size(0) == rows && draws.size(1) == 5, "sample_rows: draws are float64 [", rows,
              ", 5] on the CPU; found ", draws.scalar_type(), " ", draws.sizes());
  for (const auto* list : {&places, &scored}) {
    TORCH_CHECK(list->scalar_type() == at::kLong && list->device().is_cpu() && list->dim() == 1 && list->is_contiguous(), "sample_rows: places are int64 [tokens] on the CPU; found ",
                list->scalar_type(), " ", list->sizes());
    for (int64_t i = 0; i < list->numel(); i++)
      TORCH_CHECK(list->data_ptr<int64_t>()[i] >= 0 && list->data_ptr<int64_t>()[i] < rows * width, "sample_rows: place ", list->data_ptr<int64_t>()[i], " is not in 0 .. ", rows * width - 1);
  }
  const auto* first = places.data_ptr<int64_t>();
  const auto* last = first + places.numel();
  TORCH_CHECK(std::is_sorted(first, last, [&](int64_t a, int64_t b) { return a / width < b / width; }), "sample_rows: banned tokens stand in the order of the rows");
  at::AutoDispatchBelowADInplaceOrView guard;
  const auto x = logits.contiguous();
  const auto ordered = draws.narrow(1, 3, 1).lt(1).logical_or_(draws.narrow(1, 4, 1).gt(0)).any().item<bool>();
  const auto at_once = std::max<int64_t>(1, kEntriesAtOnce / width);
  std::vector<Tensor> parts;
  for (int64_t begin = 0; begin < rows; begin += at_once) {
    const auto count = std::min(at_once, rows - begin);
    const auto *from = std::lower_bound(first, last, begin * width), *to = std::lower_bound(from, last, (begin + count) * width);
    const auto banned = (places.narrow(0, from - first, to - from) - begin * width).to(x.device());
    parts.push_back(sample(x.narrow(0, begin, count), draws.narrow(0, begin, count).to(x.device()), banned, ordered));
  }
  if (parts.empty())
    return {at::empty({0, 5}, draws.options()), at::empty({0}, x.options().device(at::kCPU))};
  const auto found = at::cat(parts);
  const auto tokens = found.narrow(1, 0, 1).to(at::kLong);
  return {at::cat({found, x.gather(1, tokens).to(at::kDouble)}, 1).cpu(), x.view(-1).index_select(0, scored.to(x.device())).cpu()};
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(parallelr1, library) {
  library.def("log_sum_exp(Tensor logits) -> Tensor", &log_sum_exp);
  library.def("draw_rows(Tensor logits, Tensor draws, Tensor banned, Tensor first) -> Tensor", &draw_rows);
  library.def("sample_rows(Tensor logits, Tensor draws, Tensor banned, Tensor scored) -> (Tensor, Tensor)", &sample_rows);
}
