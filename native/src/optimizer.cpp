// The optimizer's arithmetic, in place and in one pass over memory.
#include "abi.h"
#include "operators.h"

#include <ATen/Parallel.h>
#include <torch/library.h>

namespace {

using at::Tensor;

constexpr int64_t kBlock = 1 << 15;  // elements of a partial sum: fixed, so the result does not depend on the thread count

void check_gradient(const Tensor& value, const Tensor& gradient) {
  TORCH_CHECK(gradient.sizes() == value.sizes() && gradient.device() == value.device(), "adamw_: the gradient ", gradient.sizes(), " is not of the shape ", value.sizes());
}

// In the order of operations of torch.optim.AdamW, with the scalars computed in f64 and rounded once:
// value *= 1 - rate * decay; mean, square; value -= rate / (1 - beta1^t) * mean / (sqrt(square) / sqrt(1 - beta2^t) + eps).
struct Factors {
  double clip, keep, beta1, beta2, eps, root, size;

  Factors(double clip, double rate, double beta1, double beta2, double eps, double decay, int64_t step)
      : clip(clip), keep(1 - rate * decay), beta1(beta1), beta2(beta2), eps(eps),
        root(std::sqrt(1 - std::pow(beta2, static_cast<double>(step)))), size(rate / (1 - std::pow(beta1, static_cast<double>(step)))) {}
};

void adamw_reference(Tensor value, Tensor mean, Tensor square, const Tensor& gradient, const c10::optional<Tensor>& copy, double clip, double rate,
                     double beta1, double beta2, double eps, double decay, int64_t step) {
  check_gradient(value, gradient);
  const Factors f(clip, rate, beta1, beta2, eps, decay, step);
  const auto g = gradient.to(value.scalar_type()) * f.clip;
  value.mul_(f.keep);
  mean.mul_(f.beta1).add_(g, 1 - f.beta1);
  square.mul_(f.beta2).addcmul_(g, g, 1 - f.beta2);
  value.addcdiv_(mean, square.sqrt().div_(f.root).add_(f.eps), -f.size);
  if (copy.has_value() && copy->defined())
    copy->copy_(value);
}

void adamw(Tensor value, Tensor mean, Tensor square, const Tensor& gradient, const c10::optional<Tensor>& copy, double clip, double rate,
           double beta1, double beta2, double eps, double decay, int64_t step) {
  const auto dtype = value.scalar_type();
  TORCH_CHECK(mean.sizes() == value.sizes() && square.sizes() == value.sizes() && mean.scalar_type() == dtype && square.scalar_type() == dtype &&
                  value.is_contiguous() && mean.is_contiguous() && square.is_contiguous(),
              "adamw_: value ", value.sizes(), " and moments ", mean.sizes(), ", ", square.sizes(), " must be contiguous and of one shape and dtype");
  pr1::check_device("adamw_", value, {&mean, &square});
  TORCH_CHECK(step >= 1, "adamw_: steps count from 1, not ", step);
  check_gradient(value, gradient);
  const auto narrow = copy.has_value() && copy->defined();
  TORCH_CHECK(!narrow || (copy->sizes() == value.sizes() && copy->device() == value.device()), "adamw_: the copy is not of the shape ", value.sizes());
  const auto known = (dtype == at::kFloat || dtype == at::kDouble) && (gradient.scalar_type() == dtype || (dtype == at::kFloat && gradient.scalar_type() == at::kBFloat16)) &&
      (!narrow || (dtype == at::kFloat && copy->scalar_type() == at::kBFloat16 && copy->is_contiguous()));
  if (!value.device().is_cpu() || !known) {
    adamw_reference(value, mean, square, gradient, copy, clip, rate, beta1, beta2, eps, decay, step);
    return;
  }
  const Factors f(clip, rate, beta1, beta2, eps, decay, step);
  const auto g = gradient.contiguous();
  const pr1::AdamW call{pr1::storage(dtype), pr1::storage(g.scalar_type()), f.clip, f.keep, f.beta1, f.beta2, f.eps, f.root, f.size,
                        value.data_ptr(), mean.data_ptr(), square.data_ptr(), g.data_ptr(), narrow ? copy->data_ptr() : nullptr};
  const auto run = pr1::kernels().adamw;
  at::parallel_for(0, value.numel(), 16384, [&](int64_t begin, int64_t end) { run(call, begin, end); });
}

// The sum of squares in f64.
Tensor squared_norm(const Tensor& x) {
  const auto dtype = x.scalar_type();
  if (!x.device().is_cpu() || (dtype != at::kFloat && dtype != at::kDouble && dtype != at::kBFloat16))
    return x.to(at::kDouble).pow(2).sum();
  const auto values = x.contiguous();
  const auto count = values.numel(), blocks = (count + kBlock - 1) / kBlock;
  std::vector<double> partial(blocks);
  const auto run = pr1::kernels().sum_of_squares;
  at::parallel_for(0, blocks, 1, [&](int64_t begin, int64_t end) {
    for (int64_t block = begin; block < end; block++)
      partial[block] = run(pr1::storage(dtype), values.data_ptr(), block * kBlock, std::min(count, (block + 1) * kBlock));
  });
  double total = 0;
  for (const auto sum : partial)
    total += sum;
  return at::scalar_tensor(total, at::kDouble);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(parallelr1, library) {
  library.def("adamw_(Tensor(a!) value, Tensor(b!) mean, Tensor(c!) square, Tensor gradient, Tensor(d!)? copy, float clip, float rate, float beta1, float beta2, "
              "float eps, float decay, int step) -> ()", &adamw);
  library.def("adamw_reference_(Tensor(a!) value, Tensor(b!) mean, Tensor(c!) square, Tensor gradient, Tensor(d!)? copy, float clip, float rate, float beta1, float beta2, "
              "float eps, float decay, int step) -> ()", &adamw_reference);
  library.def("squared_norm(Tensor x) -> Tensor", &squared_norm);
}
