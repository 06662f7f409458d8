// Memory of large tensors on the processor. A training step takes and leaves hundreds of blocks of a few megabytes, of sizes that change with
// the length of what is trained. From the heap they leave holes between them, so that it grows to two and three times what is ever used at
// once; mapped one by one they cost more in page faults than their arithmetic takes. Here each is a mapping of its own, in huge pages where
// the system has them, its size rounded up to one of eight in a doubling, and a block that is left is kept for the next of its size.
#include "host_allocator.h"

#ifdef __linux__
#include <c10/core/CPUAllocator.h>
#include <c10/util/Exception.h>

#include <sys/mman.h>

#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <unordered_map>

namespace pr1 {
namespace {

constexpr size_t kLarge = 1 << 20;       // smaller ones are the heap's
constexpr size_t kHugePage = 2 << 20;
constexpr size_t kPage = 1 << 12;        // large blocks begin at a multiple of it
constexpr size_t kAlignment = 64;        // of small ones, as libtorch's own allocator has it
constexpr int64_t kIdleBytes = 256 << 20;

size_t rounded(size_t bytes) {
  size_t step = kLarge / 8;
  while (bytes > 16 * step)
    step *= 2;
  return (bytes + step - 1) / step * step;
}

// Null: the system has no more.
void* map(size_t bytes) {
  const size_t slack = bytes >= kHugePage ? kHugePage : 0;
  void* mapped = mmap(nullptr, bytes + slack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED)
    return nullptr;
  if (slack == 0)
    return mapped;
  char* begin = static_cast<char*>(mapped);
  const size_t before = (kHugePage - reinterpret_cast<uintptr_t>(begin) % kHugePage) % kHugePage;
  if (before > 0)
    munmap(begin, before);
  if (slack > before)
    munmap(begin + before + bytes, slack - before);
  madvise(begin + before, bytes, MADV_HUGEPAGE);  // advice: the system may ignore it
  return begin + before;
}

class Blocks {
 public:
  void* take(size_t bytes) {
    const size_t size = rounded(bytes);
    const std::lock_guard<std::mutex> lock(mutex_);
    void* block = nullptr;
    // One that is a quarter too large serves as well.
    const auto found = idle_.lower_bound(size);
    if (found != idle_.end() && found->first <= size + size / 4) {
      block = found->second.block;
      counted_.idle -= static_cast<int64_t>(found->first);
      counted_.live += static_cast<int64_t>(live_[block] = found->first);
      idle_.erase(found);
      return block;
    }

    block = map(size);
    if (block == nullptr) {
      trim(0);
      block = map(size);
    }

    if (block != nullptr)
      counted_.live += static_cast<int64_t>(live_[block] = size);
    return block;
  }

  // False: not one of these.
  bool leave(void* block) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = live_.find(block);
    if (found == live_.end())
      return false;
    const size_t size = found->second;
    live_.erase(found);
    counted_.live -= static_cast<int64_t>(size);
    counted_.idle += static_cast<int64_t>(size);
    idle_.emplace(size, Idle{block, ++clock_});
    trim(kIdleBytes);
    return true;
  }

  void give_back(int64_t limit) {
    const std::lock_guard<std::mutex> lock(mutex_);
    trim(limit);
  }

  HostBlocks counted() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return counted_;
  }

 private:
  struct Idle {
    void* block;
    uint64_t since;
  };

  void trim(int64_t limit) {
    while (counted_.idle > limit && !idle_.empty()) {
      auto oldest = idle_.begin();
      for (auto other = idle_.begin(); other != idle_.end(); ++other) {
        if (other->second.since < oldest->second.since)
          oldest = other;
      }

      munmap(oldest->second.block, oldest->first);
      counted_.idle -= static_cast<int64_t>(oldest->first);
      idle_.erase(oldest);
    }
  }

  std::mutex mutex_;
  std::unordered_map<void*, size_t> live_;
  std::multimap<size_t, Idle> idle_;
  HostBlocks counted_{};
  uint64_t clock_ = 0;
};

// Never destroyed: tensors may outlive everything.
Blocks& blocks() {
  static Blocks& all = *new Blocks;
  return all;
}

void leave(void* memory) {
  if (reinterpret_cast<uintptr_t>(memory) % kPage != 0 || !blocks().leave(memory))
    std::free(memory);
}

struct HostAllocator final : c10::Allocator {
  // libtorch declares it with const or without, by its version.
  c10::DataPtr allocate(size_t bytes) const { return take(bytes); }
  c10::DataPtr allocate(size_t bytes) { return take(bytes); }
  void copy_data(void* to, const void* from, size_t bytes) const { std::memcpy(to, from, bytes); }
  c10::DeleterFnPtr raw_deleter() const override { return &leave; }

 private:
  static c10::DataPtr take(size_t bytes) {
    void* memory = nullptr;
    if (bytes >= kLarge)
      memory = blocks().take(bytes);
    else if (bytes > 0 && posix_memalign(&memory, kAlignment, bytes) != 0)
      memory = nullptr;
    TORCH_CHECK(memory != nullptr || bytes == 0, "can't allocate memory: ", bytes, " bytes were asked for, and the system has no more");
    return {memory, memory, &leave, c10::Device(c10::DeviceType::CPU)};
  }
};

struct Install {
  Install() {
    static HostAllocator& allocator = *new HostAllocator;
    c10::SetCPUAllocator(&allocator);
  }
} install;

}  // namespace

HostBlocks host_blocks() { return blocks().counted(); }
void trim_host_blocks(int64_t limit) { blocks().give_back(limit); }

}  // namespace pr1

#else

namespace pr1 {

HostBlocks host_blocks() { return {}; }
void trim_host_blocks(int64_t) {}

}  // namespace pr1

#endif
