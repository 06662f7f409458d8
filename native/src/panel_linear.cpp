// A linear map of any number of rows with the products of a decoding step (decoder_step.cpp): every output has the same bits as there. Its
// gradients are libtorch's products.
#include "abi.h"
#include "operators.h"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <atomic>
#include <cstring>

namespace {

using at::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

int64_t round_up(int64_t n, int64_t to) { return (n + to - 1) / to * to; }

int64_t lanes() { return pr1::kernels().vector_bytes / 4; }

int64_t padded_depth(at::ScalarType dtype, int64_t k) { return dtype == at::kBFloat16 ? round_up(k, 32) : k; }

// A matrix [out, in] in panels: [panels, in (in bf16 padded to a multiple of 32), lanes].
Tensor panel_pack(const Tensor& weight) {
  TORCH_CHECK(weight.dim() == 2 && weight.device().is_cpu() && (weight.scalar_type() == at::kFloat || weight.scalar_type() == at::kBFloat16),
              "panel_pack: the weight is float32 or bfloat16 [out, in] on the CPU; found ", weight.scalar_type(), " ", weight.sizes(), " on ", weight.device());
  at::AutoDispatchBelowADInplaceOrView guard;
  const auto w = weight.contiguous();
  const auto n = w.size(0), k = w.size(1), panels = round_up(n, lanes()) / lanes(), padded = padded_depth(w.scalar_type(), k);
  auto packed = at::empty({panels, padded, lanes()}, w.options());
  const pr1::PackPanels call{pr1::storage(w.scalar_type()), n, k, padded, 0, 1, w.data_ptr(), packed.data_ptr()};
  const auto run = pr1::kernels().pack_panels;
  at::parallel_for(0, panels, 8, [&](int64_t begin, int64_t end) { run(call, begin, end); });
  return packed;
}

// Rows as the left side of products.
struct Operands {
  Tensor memory;
  int64_t stride;
};

Operands operands(const Tensor& x, int64_t padded) {
  if (x.scalar_type() == at::kFloat)
    return {x, x.size(1)};
  // Whole tiles of rows and columns, and no multiple of 4096 bytes from row to row.
  const auto rows = x.size(0), k = x.size(1), stride = round_up(padded, 64) + 32;
  auto memory = at::empty({round_up(rows, 32), stride}, x.options().dtype(pr1::kernels().dot_bf16 ? at::kBFloat16 : at::kFloat));
  memory.slice(0, 0, rows).slice(1, 0, k).copy_(x);
  memory.slice(0, 0, rows).slice(1, k, padded).zero_();
  return {memory, stride};
}

constexpr int64_t kRows = 192, kPanels = 4;  // of a task: whole tiles

void multiply(const Tensor& x, const Tensor& packed, const float* bias, Tensor& y) {
  const auto& kernels = pr1::kernels();
  const auto dtype = x.scalar_type();
  const auto rows = x.size(0), n = y.size(1), width = lanes(), panels = packed.size(0), padded = packed.size(1);
  const bool half = dtype == at::kBFloat16, tiles = half && pr1::amx_here();
  const auto [memory, stride] = operands(x, padded);
  const auto* left = static_cast<const char*>(memory.data_ptr());
  const auto* right = static_cast<const char*>(packed.data_ptr());
  const auto left_row = stride * static_cast<int64_t>(memory.element_size()), panel_bytes = padded * width * static_cast<int64_t>(packed.element_size());
  auto* out = static_cast<char*>(y.data_ptr());
  const auto row_tasks = (rows + kRows - 1) / kRows, tasks = row_tasks * ((panels + kPanels - 1) / kPanels);
  const auto one = [&](int64_t task, float* buffer) {
    const auto row = task % row_tasks * kRows, panel = task / row_tasks * kPanels, column = panel * width;
    const auto row_count = std::min(kRows, rows - row), panel_count = std::min(kPanels, panels - panel), columns = std::min(n - column, panel_count * width);
    float* to = half ? buffer : reinterpret_cast<float*>(out) + row * n + column;
    const auto to_stride = half ? kPanels * width : n;
    const pr1::PanelProduct call{pr1::storage(dtype), pr1::Product::kLogits, tiles, padded, stride, to_stride, columns, left + row * left_row, right + panel * panel_bytes,
                                 bias == nullptr ? nullptr : bias + column, to, nullptr};
    kernels.panel_product(call, {0, panel_count, 0, row_count});
    if (!half)
      return;
    // What comes is rounded already: its first half is all of it.
    for (int64_t r = 0; r < row_count; r++) {
      auto* halves = reinterpret_cast<uint16_t*>(out) + (row + r) * n + column;
      for (int64_t c = 0; c < columns; c++) {
        uint32_t bits;
        std::memcpy(&bits, buffer + r * to_stride + c, sizeof bits);
        halves[c] = static_cast<uint16_t>(bits >> 16);
      }
    }
  };
  std::atomic<int64_t> next{0};
  at::parallel_for(0, std::min<int64_t>(at::get_num_threads(), tasks), 1, [&](int64_t, int64_t) {
    std::vector<float> buffer(half ? kRows * kPanels * width : 0);
    if (tiles)
      kernels.configure_amx(true);
    for (auto task = next++; task < tasks; task = next++)
      one(task, buffer.data());
    if (tiles)
      kernels.configure_amx(false);
  });
}

// Without a bias: one without elements.
struct PanelLinear : torch::autograd::Function<PanelLinear> {
  static Tensor forward(AutogradContext* context, const Tensor& input, const Tensor& weight, const Tensor& bias, const Tensor& packed) {
    at::AutoDispatchBelowADInplaceOrView guard;
    const auto x = input.contiguous();
    auto y = at::empty({x.size(0), weight.size(0)}, x.options());
    const bool biased = bias.numel() > 0;
    Tensor wide;
    if (biased) {
      wide = at::zeros({packed.size(0) * packed.size(2)}, x.options().dtype(at::kFloat));
      wide.slice(0, 0, weight.size(0)).copy_(bias);
    }
    if (y.numel() > 0)
      multiply(x, packed, biased ? wide.data_ptr<float>() : nullptr, y);
    context->save_for_backward({x, weight});
    context->saved_data["wanted"] = (input.requires_grad() ? 1 : 0) | (weight.requires_grad() ? 2 : 0) | (biased && bias.requires_grad() ? 4 : 0);
    return y;
  }

  static variable_list backward(AutogradContext* context, variable_list grads) {
    const auto saved = context->get_saved_variables();
    const auto x = saved[0], weight = saved[1], slope = grads[0];
    const auto wanted = context->saved_data["wanted"].toInt();
    return {wanted & 1 ? slope.mm(weight) : Tensor(), wanted & 2 ? slope.t().mm(x) : Tensor(), wanted & 4 ? slope.sum(0) : Tensor(), Tensor()};
  }
};

// x [rows, in], weight [out, in], bias [out], packed: panel_pack(weight).
Tensor panel_linear(const Tensor& x, const Tensor& weight, const c10::optional<Tensor>& bias, const Tensor& packed) {
  TORCH_CHECK(x.dim() == 2 && weight.dim() == 2 && x.size(1) == weight.size(1) && x.scalar_type() == weight.scalar_type() && x.device().is_cpu() &&
                  (x.scalar_type() == at::kFloat || x.scalar_type() == at::kBFloat16),
              "panel_linear: x [rows, in] and weight [out, in] are float32 or bfloat16 on the CPU; found ", x.scalar_type(), " ", x.sizes(), " and ", weight.scalar_type(), " ",
              weight.sizes(), " on ", x.device());
  const std::vector<int64_t> panels{round_up(weight.size(0), lanes()) / lanes(), padded_depth(x.scalar_type(), x.size(1)), lanes()};
  TORCH_CHECK(packed.sizes() == at::IntArrayRef(panels) && packed.scalar_type() == x.scalar_type() && packed.is_contiguous(), "panel_linear: the panels ", packed.sizes(), " are those of another weight or level of processor; expected ",
              panels);
  const bool biased = bias.has_value() && bias->defined();
  TORCH_CHECK(!biased || (bias->dim() == 1 && bias->size(0) == weight.size(0)), "panel_linear: the bias is [", weight.size(0), "]");
  return PanelLinear::apply(x, weight, biased ? *bias : at::empty({0}, x.options().requires_grad(false)), packed);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(parallelr1, library) {
  library.def("panel_pack(Tensor weight) -> Tensor", &panel_pack);
  library.def("panel_linear(Tensor x, Tensor weight, Tensor? bias, Tensor packed) -> Tensor", &panel_linear);
}
