// Fusions of the decoder: root-mean-square norm, rotary position embedding, gated activation. Forward and backward on the CPU;
// other devices (and the tests' references) compose them from ATen's operators.
#include "abi.h"
#include "kernels.h"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

namespace {

using at::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr int64_t kChunks = 16;  // partial sums over rows: a fixed number, so the result does not depend on the thread count

template <typename Body>
void for_rows(int64_t rows, int64_t width, Body&& body) {
  at::parallel_for(0, rows, std::max<int64_t>(1, 16384 / std::max<int64_t>(width, 1)), [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; row++)
      body(row);
  });
}

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
    pr1::by_dtype(x.scalar_type(), [&](auto storage, auto accumulate) {
      using T = decltype(storage);
      using A = decltype(accumulate);
      const auto* weights = w.data_ptr<T>();
      for_rows(rows, width, [&](int64_t row) {
        const auto* from = x.data_ptr<T>() + row * width;
        auto* to = y.data_ptr<T>() + row * width;
        A squares = 0;
#pragma omp simd reduction(+ : squares)
        for (int64_t i = 0; i < width; i++)
          squares += pr1::widen<A>(from[i]) * pr1::widen<A>(from[i]);
        const A r = A(1) / std::sqrt(squares / static_cast<A>(width) + static_cast<A>(eps));
        factor.data_ptr<A>()[row] = r;
#pragma omp simd
        for (int64_t i = 0; i < width; i++)
          to[i] = pr1::narrow<T>(pr1::widen<A>(from[i]) * r * pr1::widen<A>(weights[i]));
      });
    });
    context->save_for_backward({x, w, factor});
    return y;
  }

  static variable_list backward(AutogradContext* context, variable_list grads) {
    const auto saved = context->get_saved_variables();
    const auto x = saved[0], w = saved[1], factor = saved[2], g = grads[0].contiguous();
    const auto width = x.size(-1), rows = width ? x.numel() / width : 0;
    auto dx = at::empty_like(x);
    auto partial = at::zeros({kChunks, width}, factor.options());
    pr1::by_dtype(x.scalar_type(), [&](auto storage, auto accumulate) {
      using T = decltype(storage);
      using A = decltype(accumulate);
      const auto* weights = w.data_ptr<T>();
      at::parallel_for(0, kChunks, 1, [&](int64_t begin, int64_t end) {
        for (int64_t chunk = begin; chunk < end; chunk++) {
          auto* sums = partial.data_ptr<A>() + chunk * width;
          for (int64_t row = rows * chunk / kChunks; row < rows * (chunk + 1) / kChunks; row++) {
            const auto* from = x.data_ptr<T>() + row * width;
            const auto* grad = g.data_ptr<T>() + row * width;
            auto* to = dx.data_ptr<T>() + row * width;
            const A r = factor.data_ptr<A>()[row];
            A dot = 0;
#pragma omp simd reduction(+ : dot)
            for (int64_t i = 0; i < width; i++)
              dot += pr1::widen<A>(grad[i]) * pr1::widen<A>(weights[i]) * pr1::widen<A>(from[i]);
            const A back = dot * r * r * r / static_cast<A>(width);
#pragma omp simd
            for (int64_t i = 0; i < width; i++) {
              const A in = pr1::widen<A>(from[i]), slope = pr1::widen<A>(grad[i]);
              sums[i] += slope * in * r;
              to[i] = pr1::narrow<T>(slope * pr1::widen<A>(weights[i]) * r - in * back);
            }
          }
        }
      });
    });
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
  const auto tokens = x.size(0), heads = x.size(1), depth = x.size(2), half = depth / 2;
  auto y = at::empty_like(x);
  pr1::by_dtype(x.scalar_type(), [&](auto storage, auto accumulate) {
    using T = decltype(storage);
    using A = decltype(accumulate);
    for_rows(tokens, heads * depth, [&](int64_t token) {
      const auto* c = cosine.data_ptr<A>() + token * half;
      const auto* s = sine.data_ptr<A>() + token * half;
      for (int64_t head = 0; head < heads; head++) {
        const auto* from = x.data_ptr<T>() + (token * heads + head) * depth;
        auto* to = y.data_ptr<T>() + (token * heads + head) * depth;
#pragma omp simd
        for (int64_t i = 0; i < half; i++) {
          const A left = pr1::widen<A>(from[i]), right = pr1::widen<A>(from[i + half]), turn = s[i] * static_cast<A>(direction);
          to[i] = pr1::narrow<T>(left * c[i] - right * turn);
          to[i + half] = pr1::narrow<T>(right * c[i] + left * turn);
        }
      }
    });
  });
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

template <typename A>
inline A sigmoid(A x) {
  const A e = pr1::exp_nonpositive(-std::abs(x));  // no overflow on either side
  return (x >= 0 ? A(1) : e) / (A(1) + e);
}

struct SwiGlu : torch::autograd::Function<SwiGlu> {
  static Tensor forward(AutogradContext* context, const Tensor& gate_in, const Tensor& up_in) {
    at::AutoDispatchBelowADInplaceOrView guard;
    const auto gate = gate_in.contiguous(), up = up_in.contiguous();
    auto y = at::empty_like(gate);
    pr1::by_dtype(gate.scalar_type(), [&](auto storage, auto accumulate) {
      using T = decltype(storage);
      using A = decltype(accumulate);
      const auto* g = gate.data_ptr<T>();
      const auto* u = up.data_ptr<T>();
      auto* to = y.data_ptr<T>();
      at::parallel_for(0, gate.numel(), 16384, [&](int64_t begin, int64_t end) {
#pragma omp simd
        for (int64_t i = begin; i < end; i++)
          to[i] = pr1::narrow<T>(pr1::widen<A>(g[i]) * sigmoid<A>(pr1::widen<A>(g[i])) * pr1::widen<A>(u[i]));
      });
    });
    context->save_for_backward({gate, up});
    return y;
  }

  static variable_list backward(AutogradContext* context, variable_list grads) {
    const auto saved = context->get_saved_variables();
    const auto gate = saved[0], up = saved[1], slope = grads[0].contiguous();
    auto dgate = at::empty_like(gate), dup = at::empty_like(up);
    pr1::by_dtype(gate.scalar_type(), [&](auto storage, auto accumulate) {
      using T = decltype(storage);
      using A = decltype(accumulate);
      const auto* g = gate.data_ptr<T>();
      const auto* u = up.data_ptr<T>();
      const auto* d = slope.data_ptr<T>();
      auto* to_gate = dgate.data_ptr<T>();
      auto* to_up = dup.data_ptr<T>();
      at::parallel_for(0, gate.numel(), 16384, [&](int64_t begin, int64_t end) {
#pragma omp simd
        for (int64_t i = begin; i < end; i++) {
          const A x = pr1::widen<A>(g[i]), s = sigmoid<A>(x), grad = pr1::widen<A>(d[i]);
          to_gate[i] = pr1::narrow<T>(grad * pr1::widen<A>(u[i]) * s * (A(1) + x * (A(1) - s)));
          to_up[i] = pr1::narrow<T>(grad * x * s);
        }
      });
    });
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
