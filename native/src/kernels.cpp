// Which kernels this process uses.
#include "abi.h"
#include "operators.h"

#include <atomic>
#include <cstdlib>
#include <cstring>

#if defined(__x86_64__) && defined(__linux__)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

#define PR1_DECLARE(level) \
  namespace level {        \
  extern const Kernels kernels; \
  }

namespace pr1 {

PR1_DECLARE(baseline)
#ifdef PR1_HAS_AVX2
PR1_DECLARE(avx2)
PR1_DECLARE(avx512)
PR1_DECLARE(avx512_bf16)
#endif

namespace {

// Levels from the least to the most, and whether this processor (and its system) has what they need.
struct Level {
  const char* name;
  const Kernels* kernels;
  bool here;
};

const std::vector<Level>& levels() {
  static const std::vector<Level> all = [] {
    std::vector<Level> list{{"baseline", &baseline::kernels, true}};
#ifdef PR1_HAS_AVX2
    __builtin_cpu_init();
    const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    const bool has_avx512 = has_avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    list.push_back({"avx2", &avx2::kernels, has_avx2});
    list.push_back({"avx512", &avx512::kernels, has_avx512});
    list.push_back({"avx512-bf16", &avx512_bf16::kernels, has_avx512 && __builtin_cpu_supports("avx512bf16")});
#else
    for (const auto* name : {"avx2", "avx512", "avx512-bf16"})
      list.push_back({name, nullptr, false});
#endif
    return list;
  }();
  return all;
}

// The best level that is here and not above `cap` (null or empty: no cap).
const Kernels* choose(const char* cap, const char* what) {
  const Kernels* best = nullptr;
  const bool capped = cap != nullptr && *cap != 0;
  for (const auto& level : levels()) {
    if (level.here)
      best = level.kernels;
    if (capped && level.name == std::string(cap))
      return best;
  }
  TORCH_CHECK(!capped, what, " is '", cap, "'; it must be baseline, avx2, avx512 or avx512-bf16");
  return best;
}

// Whether this processor has AMX for bf16 and the system lets us use it. PARALLELR1_AMX=0: as if not.
bool probe_amx() {
#if defined(__x86_64__) && defined(__linux__)
  if (const char* off = std::getenv("PARALLELR1_AMX"); off != nullptr && std::strcmp(off, "0") == 0)
    return false;
  unsigned a, b, c, d;
  constexpr unsigned kBFloat16 = 1u << 22, kTile = 1u << 24;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || (d & kBFloat16) == 0 || (d & kTile) == 0)
    return false;
  constexpr long kRequestPermission = 0x1023, kTileData = 18;
  return syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
#else
  return false;
#endif
}

std::atomic<const Kernels*> in_use{nullptr};

}  // namespace

const Kernels& kernels() {
  const auto* known = in_use.load(std::memory_order_relaxed);
  if (known == nullptr) {
    known = choose(std::getenv("PARALLELR1_CPU"), "PARALLELR1_CPU");
    in_use.store(known, std::memory_order_relaxed);
  }
  return *known;
}

bool amx_here() {
  static const bool here = probe_amx();
  return here && kernels().has_amx;
}

}  // namespace pr1

// The level of the kernels in use: baseline, avx2, avx512 or avx512-bf16.
PR1_EXPORT int32_t pr1_kernel_level(const char** name) {
  return pr1::guard([&] { *name = pr1::kernels().name; });
}

// Changes it for the whole process: at most `cap`, or what the environment says where that is null.
PR1_EXPORT int32_t pr1_set_kernel_level(const char* cap) {
  return pr1::guard([&] { pr1::in_use.store(cap == nullptr ? nullptr : pr1::choose(cap, "the level"), std::memory_order_relaxed); });
}
