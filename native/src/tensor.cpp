// Tensor lifetime, raw data, and automatic differentiation.
#include "abi.h"

#include <torch/csrc/autograd/autograd.h>

#include <atomic>
#include <cstring>

namespace {
std::atomic<int64_t> live_handles{0};
}

namespace pr1 {

Handle wrap(at::Tensor tensor) {
  if (!tensor.defined())
    return nullptr;
  live_handles.fetch_add(1, std::memory_order_relaxed);
  return tensor.unsafeReleaseTensorImpl();
}

at::Tensor borrow(Handle handle) {
  if (handle == nullptr)
    return {};
  return at::Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim_copy(handle));
}

void release(Handle handle) noexcept {
  if (handle == nullptr)
    return;
  live_handles.fetch_sub(1, std::memory_order_relaxed);
  at::Tensor released(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim(handle));
}

}  // namespace pr1

PR1_EXPORT const char* pr1_last_error() { return pr1::last_error().c_str(); }

PR1_EXPORT int64_t pr1_live_tensors() { return live_handles.load(); }

PR1_EXPORT void pr1_tensor_free(pr1::Handle handle) { pr1::release(handle); }

// A tensor on the CPU with a copy of `bytes` bytes of data.
PR1_EXPORT int32_t pr1_tensor_from(
    const void* data, int64_t bytes, const int64_t* sizes, int32_t dimensions, int32_t dtype, pr1::Handle* result) {
  return pr1::guard([&] {
    TORCH_CHECK(dtype >= 0 && dtype < static_cast<int32_t>(at::ScalarType::Undefined), "no dtype has the number ", dtype);
    auto tensor = at::empty(at::IntArrayRef(sizes, dimensions), at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype)));
    TORCH_CHECK(static_cast<int64_t>(tensor.nbytes()) == bytes, "the shape holds ", tensor.nbytes(), " bytes, ", bytes, " were given");
    if (bytes > 0)
      std::memcpy(tensor.data_ptr(), data, bytes);
    *result = pr1::wrap(std::move(tensor));
  });
}

// -1 and the error text for what has no shape of this kind, such as a nested tensor.
PR1_EXPORT int32_t pr1_tensor_dimensions(pr1::Handle handle) {
  int32_t count = -1;
  pr1::guard([&] { count = static_cast<int32_t>(handle->sizes().size()); });
  return count;
}

// For a handle whose dimensions are known.
PR1_EXPORT void pr1_tensor_sizes(pr1::Handle handle, int64_t* sizes) {
  pr1::guard([&] {
    const auto shape = handle->sizes();
    std::copy(shape.begin(), shape.end(), sizes);
  });
}

PR1_EXPORT int32_t pr1_tensor_dtype(pr1::Handle handle) {
  return static_cast<int32_t>(c10::typeMetaToScalarType(handle->dtype()));
}

PR1_EXPORT int32_t pr1_tensor_device(pr1::Handle handle, int32_t* type, int32_t* index) {
  return pr1::guard([&] {
    *type = static_cast<int32_t>(handle->device().type());
    *index = handle->device().index();
  });
}

// libtorch's name of a kind of device.
PR1_EXPORT int32_t pr1_device_name(int32_t type, char* text, int32_t capacity) {
  return pr1::guard([&] {
    const auto name = c10::DeviceTypeName(static_cast<c10::DeviceType>(type), true);
    const auto length = std::min<size_t>(name.size(), capacity - 1);
    std::copy_n(name.data(), length, text);
    text[length] = 0;
  });
}

// The raw data of a contiguous tensor on the CPU; valid while the tensor lives.
PR1_EXPORT int32_t pr1_tensor_data(pr1::Handle handle, void** data) {
  return pr1::guard([&] {
    const auto tensor = pr1::borrow(handle);
    TORCH_CHECK(tensor.device().is_cpu(), "raw data of a tensor on ", tensor.device(), "; copy it to the CPU first");
    TORCH_CHECK(tensor.is_contiguous(), "raw data of a tensor that is not contiguous");
    *data = tensor.data_ptr();
  });
}

PR1_EXPORT int32_t pr1_tensor_requires_grad(pr1::Handle handle) { return pr1::borrow(handle).requires_grad(); }

PR1_EXPORT int32_t pr1_tensor_set_requires_grad(pr1::Handle handle, int32_t value) {
  return pr1::guard([&] { pr1::borrow(handle).set_requires_grad(value != 0); });
}

PR1_EXPORT int32_t pr1_tensor_grad(pr1::Handle handle, pr1::Handle* result) {
  return pr1::guard([&] { *result = pr1::wrap(pr1::borrow(handle).grad()); });
}

PR1_EXPORT int32_t pr1_tensor_set_grad(pr1::Handle handle, pr1::Handle grad) {
  return pr1::guard([&] {
    const auto tensor = pr1::borrow(handle), value = pr1::borrow(grad);
    TORCH_CHECK(!value.defined() || (value.sizes() == tensor.sizes() && value.scalar_type() == tensor.scalar_type() && value.device() == tensor.device()),
                "a gradient has the shape, dtype and device of its tensor");
    tensor.mutable_grad() = value;
  });
}

// Accumulates gradients of the leaves; `gradient` may be null for a scalar.
PR1_EXPORT int32_t pr1_tensor_backward(pr1::Handle handle, pr1::Handle gradient) {
  return pr1::guard([&] {
    torch::autograd::backward({pr1::borrow(handle)}, {pr1::borrow(gradient)});
  });
}
