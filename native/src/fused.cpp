// Fusions of the decoder: root-mean-square norm, rotary position embedding, gated activation. Forward and backward on the CPU;
// other devices (and the tests' references) compose them from ATen's operators.
#include "abi.h"
#include "operators.h"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

namespace {

using at::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr int64_t kChunks = 16;  // partial sums over rows: a fixed number, so the result does not depend on the thread count

// Rows to a thread at least, so that it has enough to do.
int64_t grain(int64_t width) { return std::max<int64_t>(1, 16384 / std::max<int64_t>(width, 1)); }

// ---- y = x / sqrt(mean(x²) + eps) * weight, over the last dimension ----

Tensor rms_norm_reference(const Tensor& x, const Tensor& weight, double eps) {
  const auto wide = x.to(pr1::accumulator(x.scalar_type()));
  const auto normed = wide * at::rsqrt(wide.pow(2).mean(-1, true) + eps);
  return (normed * weight.to(wide.scalar_type())).to(x.scalar_type());
}

struct RmsNorm : torch::autograd::Function<RmsNorm> {
  static Tensor forward(AutogradContext* context, const Tensor& input, const Tensor& weight, double eps) {
    at::AutoDispatchBelowADInplaceOrView guard;
    const auto x = input.contiguous(), w = weight.contiguous();
    const auto width = x.size(-1), rows = width ? x.numel() / width : 0;
    auto y = at::empty_like(x);
    auto factor = at::empty({rows}, x.options().dtype(pr1::accumulator(x.scalar_type())));
    const pr1::RmsNormForward call{pr1::storage(x.scalar_type()), width, eps, x.data_ptr(), w.data_ptr(), y.data_ptr(), factor.data_ptr()};
    const auto run = pr1::kernels().rms_norm_forward;
    at::parallel_for(0, rows, grain(width), [&](int64_t begin, int64_t end) { run(call, begin, end); });
    context->save_for_backward({x, w, factor});
    return y;
  }

  static variable_list backward(AutogradContext* context, variable_list grads) {
    const auto saved = context->get_saved_variables();
    const auto x = saved[0], w = saved[1], factor = saved[2], g = grads[0].contiguous();
    const auto width = x.size(-1), rows = width ? x.numel() / width : 0;
    auto dx = at::empty_like(x);
    auto partial = at::zeros({kChunks, width}, factor.options());
    const pr1::RmsNormBackward call{pr1::storage(x.scalar_type()), rows, width, kChunks, x.data_ptr(), w.data_ptr(), factor.data_ptr(), g.data_ptr(),
                                    dx.data_ptr(), partial.data_ptr()};
    const auto run = pr1::kernels().rms_norm_backward;
    at::parallel_for(0, kChunks, 1, [&](int64_t begin, int64_t end) { run(call, begin, end); });
    return {dx, partial.sum(0).to(w.scalar_type()), Tensor()};
  }
};

Tensor rms_norm(const Tensor& x, const Tensor& weight, double eps) {
  TORCH_CHECK(x.dim() > 0 && weight.dim() == 1 && x.size(-1) == weight.size(0) && x.scalar_type() == weight.scalar_type(),
              "rms_norm: x ", x.sizes(), " ", x.scalar_type(), " does not go with weight ", weight.sizes(), " ", weight.scalar_type());
  pr1::check_device("rms_norm", x, {&weight});
  return x.device().is_cpu() ? RmsNorm::apply(x, weight, eps) : rms_norm_reference(x, weight, eps);
}

// ---- rotary position embedding: x [tokens, heads, depth], cosine and sine [tokens, depth / 2]; first and second half are a pair ----

Tensor rotary_reference(const Tensor& x, const Tensor& cosine, const Tensor& sine) {
  const auto wide = x.to(cosine.scalar_type());
  const auto halves = wide.chunk(2, -1);
  const auto c = cosine.unsqueeze(1), s = sine.unsqueeze(1);
  return at::cat({halves[0] * c - halves[1] * s, halves[1] * c + halves[0] * s}, -1).to(x.scalar_type());
}

Tensor rotate(const Tensor& x, const Tensor& cosine, const Tensor& sine, double direction) {
  auto y = at::empty_like(x);
  const pr1::Rotary call{pr1::storage(x.scalar_type()), x.size(1), x.size(2), direction, x.data_ptr(), cosine.data_ptr(), sine.data_ptr(), y.data_ptr()};
  const auto run = pr1::kernels().rotary;
  at::parallel_for(0, x.size(0), grain(x.size(1) * x.size(2)), [&](int64_t begin, int64_t end) { run(call, begin, end); });
  return y;
}

struct Rotary : torch::autograd::Function<Rotary> {
  static Tensor forward(AutogradContext* context, const Tensor& x, const Tensor& cosine, const Tensor& sine) {
    at::AutoDispatchBelowADInplaceOrView guard;
    context->save_for_backward({cosine, sine});
    return rotate(x.contiguous(), cosine, sine, 1);
  }

  static variable_list backward(AutogradContext* context, variable_list grads) {
    const auto saved = context->get_saved_variables();
    return {rotate(grads[0].contiguous(), saved[0], saved[1], -1), Tensor(), Tensor()};
  }
};

Tensor rotary(const Tensor& x, const Tensor& cosine, const Tensor& sine) {
  TORCH_CHECK(x.dim() == 3 && x.size(2) % 2 == 0 && cosine.dim() == 2 && cosine.sizes() == sine.sizes() &&
                  cosine.size(0) == x.size(0) && cosine.size(1) * 2 == x.size(2),
              "rotary: x ", x.sizes(), " does not go with cosine ", cosine.sizes(), " and sine ", sine.sizes());
  pr1::check_device("rotary", x, {&cosine, &sine});
  if (!x.device().is_cpu())
    return rotary_reference(x, cosine, sine);
  TORCH_CHECK(cosine.scalar_type() == pr1::accumulator(x.scalar_type()) && cosine.is_contiguous() && sine.is_contiguous(),
              "rotary: cosine and sine must be contiguous ", pr1::accumulator(x.scalar_type()));
  return Rotary::apply(x, cosine, sine);
}

// ---- SwiGLU: gate * sigmoid(gate) * up ----

Tensor swiglu_reference(const Tensor& gate, const Tensor& up) {
  const auto wide = pr1::accumulator(gate.scalar_type());
  return (at::silu(gate.to(wide)) * up.to(wide)).to(gate.scalar_type());
}

struct SwiGlu : torch::autograd::Function<SwiGlu> {
  static Tensor forward(AutogradContext* context, const Tensor& gate_in, const Tensor& up_in) {
    at::AutoDispatchBelowADInplaceOrView guard;
    const auto gate = gate_in.contiguous(), up = up_in.contiguous();
    auto y = at::empty_like(gate);
    const pr1::SwiGluForward call{pr1::storage(gate.scalar_type()), gate.data_ptr(), up.data_ptr(), y.data_ptr()};
    const auto run = pr1::kernels().swiglu_forward;
    at::parallel_for(0, gate.numel(), 16384, [&](int64_t begin, int64_t end) { run(call, begin, end); });
    context->save_for_backward({gate, up});
    return y;
  }

  static variable_list backward(AutogradContext* context, variable_list grads) {
    const auto saved = context->get_saved_variables();
    const auto gate = saved[0], up = saved[1], slope = grads[0].contiguous();
    auto dgate = at::empty_like(gate), dup = at::empty_like(up);
    const pr1::SwiGluBackward call{pr1::storage(gate.scalar_type()), gate.data_ptr(), up.data_ptr(), slope.data_ptr(), dgate.data_ptr(), dup.data_ptr()};
    const auto run = pr1::kernels().swiglu_backward;
    at::parallel_for(0, gate.numel(), 16384, [&](int64_t begin, int64_t end) { run(call, begin, end); });
    return {dgate, dup};
  }
};

Tensor swiglu(const Tensor& gate, const Tensor& up) {
  TORCH_CHECK(gate.sizes() == up.sizes() && gate.scalar_type() == up.scalar_type(), "swiglu: gate ", gate.sizes(), " and up ", up.sizes(), " differ");
  pr1::check_device("swiglu", gate, {&up});
  return gate.device().is_cpu() ? SwiGlu::apply(gate, up) : swiglu_reference(gate, up);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(parallelr1, library) {
  library.def("rms_norm(Tensor x, Tensor weight, float eps) -> Tensor", &rms_norm);
  library.def("rms_norm_reference(Tensor x, Tensor weight, float eps) -> Tensor", &rms_norm_reference);
  library.def("rotary(Tensor x, Tensor cosine, Tensor sine) -> Tensor", &rotary);
  library.def("rotary_reference(Tensor x, Tensor cosine, Tensor sine) -> Tensor", &rotary_reference);
  library.def("swiglu(Tensor gate, Tensor up) -> Tensor", &swiglu);
  library.def("swiglu_reference(Tensor gate, Tensor up) -> Tensor", &swiglu_reference);
}
