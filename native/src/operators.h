// What our own operators share on libtorch's side; the arithmetic is in native/kernels.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <initializer_list>

#include "../kernels/table.h"

namespace pr1 {

// The kernels in use: the best that the processor has and the environment's PARALLELR1_CPU allows. Throws where that is no level.
const Kernels& kernels();

// Whether products of bf16 may use AMX tiles: the kernels in use are compiled for it, and processor and system have it.
bool amx_here();

// The kernels' name for a dtype; throws where they have none.
inline Type storage(at::ScalarType dtype) {
  switch (dtype) {
    case at::kFloat: return Type::kFloat;
    case at::kDouble: return Type::kDouble;
    case at::kBFloat16: return Type::kBFloat16;
    default: TORCH_CHECK(false, "takes float32, float64 or bfloat16, not ", dtype);
  }
}

inline at::ScalarType accumulator(at::ScalarType dtype) { return dtype == at::kDouble ? at::kDouble : at::kFloat; }

// Kernels read memory directly: an argument on another device would be read as what it is not.
inline void check_device(const char* op, const at::Tensor& first, std::initializer_list<const at::Tensor*> others) {
  for (const auto* other : others)
    TORCH_CHECK(other->device() == first.device(), op, ": the arguments are on ", first.device(), " and ", other->device(), "; they must be on one device");
}

// [n, heads, …] to [n, heads * group, …]: each head `group` times in a row.
inline at::Tensor repeat_heads(const at::Tensor& x, int64_t group) {
  auto shape = x.sizes().vec();
  shape.insert(shape.begin() + 2, group);
  return x.unsqueeze(2).expand(shape).flatten(1, 2);
}

}  // namespace pr1
