// The optimizer's arithmetic, in place and in one pass over memory.
#include "abi.h"
#include "kernels.h"

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

template <typename A, typename G, typename C>
void update(const Factors& f, A* value, A* mean, A* square, const G* gradient, C* copy, int64_t begin, int64_t end) {
  const A clip = static_cast<A>(f.clip), keep = static_cast<A>(f.keep), beta1 = static_cast<A>(f.beta1), beta2 = static_cast<A>(f.beta2);
  const A rest1 = static_cast<A>(1 - f.beta1), rest2 = static_cast<A>(1 - f.beta2), eps = static_cast<A>(f.eps);
  const A root = static_cast<A>(f.root), size = static_cast<A>(f.size);
#pragma omp simd
  for (int64_t i = begin; i < end; i++) {
    const A g = pr1::widen<A>(gradient[i]) * clip;
    const A m = mean[i] * beta1 + rest1 * g;
    const A v = square[i] * beta2 + rest2 * g * g;
    const A x = value[i] * keep - size * m / (std::sqrt(v) / root + eps);
    mean[i] = m;
    square[i] = v;
    value[i] = x;
    if constexpr (!std::is_same_v<C, void>)
      copy[i] = pr1::narrow<C>(x);
  }
}

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
  at::parallel_for(0, value.numel(), 16384, [&](int64_t begin, int64_t end) {
    if (dtype == at::kDouble) {
      update<double, double, void>(f, value.data_ptr<double>(), mean.data_ptr<double>(), square.data_ptr<double>(), g.data_ptr<double>(), nullptr, begin, end);
      return;
    }
    const auto run = [&](const auto* from) {
      auto *x = value.data_ptr<float>(), *m = mean.data_ptr<float>(), *v = square.data_ptr<float>();
      using G = std::remove_const_t<std::remove_pointer_t<decltype(from)>>;
      if (narrow)
        update<float, G, c10::BFloat16>(f, x, m, v, from, copy->data_ptr<c10::BFloat16>(), begin, end);
      else
        update<float, G, void>(f, x, m, v, from, nullptr, begin, end);
    };
    if (g.scalar_type() == at::kBFloat16)
      run(g.data_ptr<c10::BFloat16>());
    else
      run(g.data_ptr<float>());
  });
}

// The sum of squares in f64.
Tensor squared_norm(const Tensor& x) {
  const auto dtype = x.scalar_type();
  if (!x.device().is_cpu() || (dtype != at::kFloat && dtype != at::kDouble && dtype != at::kBFloat16))
    return x.to(at::kDouble).pow(2).sum();
  const auto values = x.contiguous();
  const auto count = values.numel(), blocks = (count + kBlock - 1) / kBlock;
  std::vector<double> partial(blocks);
  pr1::by_dtype(dtype, [&](auto storage, auto accumulate) {
    using T = decltype(storage);
    using A = decltype(accumulate);
    const auto* from = values.data_ptr<T>();
    at::parallel_for(0, blocks, 1, [&](int64_t begin, int64_t end) {
      for (int64_t block = begin; block < end; block++) {
        double sum = 0;
        const auto last = std::min(count, (block + 1) * kBlock);
#pragma omp simd reduction(+ : sum)
        for (int64_t i = block * kBlock; i < last; i++) {
          const double value = pr1::widen<A>(from[i]);
          sum += value * value;
        }
        partial[block] = sum;
      }
    });
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
