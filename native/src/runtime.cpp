// Process-wide settings: gradient mode, threads, devices, memory, versions.
#include "abi.h"
#include "host_allocator.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <c10/core/GradMode.h>
#include <omp.h>
#include <torch/version.h>

#include <cstdlib>
#include <cstring>

#ifdef __GLIBC__
#include <malloc.h>
#include <unistd.h>

#include <cstdio>
#endif

#ifdef PARALLELR1_CUDA
#include <c10/cuda/CUDACachingAllocator.h>
#endif

#ifdef __GLIBC__
namespace {
// What libraries take for a product of matrices comes and goes in every step. Taken from and given back to the system each time, it costs more in
// page faults than in arithmetic. (Large tensors have an allocator of their own.)
struct KeepMemory {
  KeepMemory() {
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 512 << 20);
    mallopt(M_TOP_PAD, 16 << 20);
  }
} keep_memory;
}  // namespace
#endif

// Without AVX-512, libtorch gives bf16 products to oneDNN on no processor; asked to compute as on such a one, it looks at the processor all
// the same, and oneDNN, which keeps to the limit, refuses.
namespace {
struct LimitOneDnn {
  LimitOneDnn() {
    const char* level = std::getenv("PARALLELR1_CPU");
    if (level != nullptr && (std::strcmp(level, "avx2") == 0 || std::strcmp(level, "baseline") == 0))
      at::globalContext().setUserEnabledMkldnn(false);
  }
} limit_one_dnn;
}  // namespace

PR1_EXPORT const char* pr1_torch_version() { return TORCH_VERSION; }

PR1_EXPORT int32_t pr1_build_info(char* text, int32_t capacity) {
  return pr1::guard([&] {
    const auto info = at::show_config() + "\n" + at::get_parallel_info();
    const auto length = std::min<size_t>(info.size(), capacity - 1);
    std::copy_n(info.data(), length, text);
    text[length] = 0;
  });
}

// Gradient mode is a property of the calling thread.
PR1_EXPORT int32_t pr1_grad_enabled() { return c10::GradMode::is_enabled(); }

PR1_EXPORT void pr1_set_grad_enabled(int32_t value) { c10::GradMode::set_enabled(value != 0); }

PR1_EXPORT int32_t pr1_threads() { return at::get_num_threads(); }

PR1_EXPORT int32_t pr1_set_threads(int32_t count) {
  return pr1::guard([&] {
    at::set_num_threads(count);
    omp_set_num_threads(count);  // a libtorch that brings an OpenMP of its own leaves ours untouched
  });
}

PR1_EXPORT int32_t pr1_manual_seed(uint64_t seed) {
  return pr1::guard([&] { at::manual_seed(seed); });
}

PR1_EXPORT int32_t pr1_set_deterministic(int32_t value) {
  return pr1::guard([&] { at::globalContext().setDeterministicAlgorithms(value != 0, false); });
}

PR1_EXPORT int32_t pr1_cuda_devices() {
  try {
    return at::hasCUDA() ? static_cast<int32_t>(at::getNumGPUs()) : 0;
  } catch (...) {
    return 0;
  }
}

namespace {

void check_device(int32_t device) {
  const auto count = at::hasCUDA() ? static_cast<int32_t>(at::getNumGPUs()) : 0;
  TORCH_CHECK(device >= 0 && device < count, "there is no cuda:", device, "; CUDA devices here: ", count);
  at::empty({0}, at::TensorOptions().device(c10::Device(at::kCUDA, static_cast<c10::DeviceIndex>(device))));  // the allocator is made at first use
}

}  // namespace

// Bytes of a GPU's caching allocator: allocated now, allocated at most, reserved now.
PR1_EXPORT int32_t pr1_cuda_memory(int32_t device, int64_t* allocated, int64_t* peak, int64_t* reserved) {
  return pr1::guard([&] {
    check_device(device);
    *allocated = *peak = *reserved = 0;
#ifdef PARALLELR1_CUDA
    const auto stats = c10::cuda::CUDACachingAllocator::getDeviceStats(device);
    *allocated = stats.allocated_bytes[0].current;
    *peak = stats.allocated_bytes[0].peak;
    *reserved = stats.reserved_bytes[0].current;
#endif
  });
}

// From here on the peak is that of what comes.
PR1_EXPORT int32_t pr1_cuda_reset_peak(int32_t device) {
  return pr1::guard([&] {
    check_device(device);
#ifdef PARALLELR1_CUDA
    c10::cuda::CUDACachingAllocator::resetPeakStats(device);
#endif
  });
}

// Gives what GPUs' caching allocators hold unused back to the driver.
PR1_EXPORT int32_t pr1_cuda_empty_cache() {
  return pr1::guard([] {
#ifdef PARALLELR1_CUDA
    if (at::hasCUDA() && at::getNumGPUs() > 0)
      c10::cuda::CUDACachingAllocator::emptyCache();
#endif
  });
}

#ifdef __GLIBC__
namespace {
// Bytes of memory that the process really holds; pages that were given back do not count, although the heap still lists them as free.
int64_t resident_bytes() {
  long pages = 0;
  if (FILE* file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%*s %ld", &pages) != 1)
      pages = 0;
    std::fclose(file);
  }
  return pages * sysconf(_SC_PAGESIZE);
}
}  // namespace
#endif

// Gives the processor's unused memory back to the system where it is more than so many bytes.
PR1_EXPORT int32_t pr1_trim_host_memory(int64_t limit) {
  return pr1::guard([&] {
    pr1::trim_host_blocks(limit);
#ifdef __GLIBC__
    // The heap's own; it lists what it has given back as free for ever, so what the process really holds decides.
    const auto info = mallinfo2();
    const auto blocks = pr1::host_blocks();
    if (resident_bytes() - blocks.live - blocks.idle - static_cast<int64_t>(info.uordblks + info.hblkhd) > limit)
      malloc_trim(0);
#endif
  });
}

// Bytes of the processor's memory that C++ code (tensors above all) has allocated, and took from the system for it.
PR1_EXPORT int32_t pr1_host_memory(int64_t* allocated, int64_t* reserved) {
  return pr1::guard([&] {
    const auto blocks = pr1::host_blocks();
    *allocated = blocks.live;
    *reserved = blocks.live + blocks.idle;
#ifdef __GLIBC__
    const auto info = mallinfo2();
    *allocated += static_cast<int64_t>(info.uordblks + info.hblkhd);
    *reserved += static_cast<int64_t>(info.arena + info.hblkhd);
#endif
  });
}
