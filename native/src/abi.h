// The C ABI between ParallelR1.Torch and libtorch. Nothing here knows of language models.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <exception>
#include <string>

#define PR1_EXPORT extern "C" __attribute__((visibility("default")))

namespace pr1 {

// The error text of the last failed call on this thread; owned by the thread.
inline std::string& last_error() {
  thread_local std::string text;
  return text;
}

// A tensor handle is an owned TensorImpl*; null is an undefined tensor.
using Handle = c10::TensorImpl*;

Handle wrap(at::Tensor tensor);          // gives one reference to the caller
at::Tensor borrow(Handle handle);        // adds a reference for the duration of the call
void release(Handle handle) noexcept;    // takes the caller's reference back

// Runs the body; an exception becomes -1 and the error text.
template <typename Body>
int32_t guard(Body&& body) noexcept {
  try {
    body();
    return 0;
  } catch (const c10::Error& e) {
    last_error() = e.what_without_backtrace();
  } catch (const std::exception& e) {
    last_error() = e.what();
  } catch (...) {
    last_error() = "unknown C++ exception";
  }
  return -1;
}

}  // namespace pr1
