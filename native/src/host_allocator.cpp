// Memory of large tensors on the processor. A training step takes and leaves hundreds of blocks of a few megabytes, of sizes that change with the length of what is
// trained. From the C library's heap they leave holes between them, so that a process grows to two and three times what it ever uses at once. Here they come from ranges
// of addresses that are reserved a gigabyte at a time, in huge pages where the system has them: the smallest hole that is large enough, else what has never been
// used. Holes beside each other become one, so that what is used stays close to the most that was needed at once.
#include "host_allocator.h"

#ifdef __linux__
#include <c10/core/CPUAllocator.h>
#include <c10/util/Exception.h>

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <set>

namespace pr1 {
namespace {

constexpr size_t kLarge = 1 << 20;     // smaller ones are the heap's
constexpr size_t kAlignment = 64;      // as libtorch's own allocator has it
constexpr size_t kReserve = 1 << 30;
constexpr int64_t kIdle = 1 << 30;
// Tensors that are read side by side must not all begin at the same distance from a page: they would compete for the same places of the cache. So blocks are a number of
// units that differ from pages, and never a number that leads to the same distance again.
constexpr size_t kUnit = 4096 + 256, kUnitsAround = 16;

size_t rounded(size_t bytes) {
  const size_t units = (bytes + kUnit - 1) / kUnit;
  return (units % kUnitsAround == 0 ? units + 1 : units) * kUnit;
}

class Blocks {
 public:
  // Null: the system has no more.
  void* take(size_t bytes) {
    const size_t size = rounded(bytes);
    const std::lock_guard<std::mutex> lock(mutex_);
    char* begin = from_hole(size);
    if (begin == nullptr)
      begin = from_reserve(size);
    if (begin != nullptr) {
      live_[begin] = size;
      counted_.live += static_cast<int64_t>(size);
    }

    return begin;
  }

  // False: not one of these.
  bool leave(void* memory) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = live_.find(static_cast<char*>(memory));
    if (found == live_.end())
      return false;
    counted_.live -= static_cast<int64_t>(found->second);
    add_hole(found->first, {found->second, true});
    live_.erase(found);
    trim_to(std::max(kIdle, counted_.live / 4));
    return true;
  }

  void trim(int64_t limit) {
    const std::lock_guard<std::mutex> lock(mutex_);
    trim_to(limit);
  }

  HostBlocks counted() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return counted_;
  }

 private:
  struct Hole {
    size_t size;
    bool used;  // the system has given memory for it
  };

  // The largest holes first.
  void trim_to(int64_t limit) {
    const auto page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
    for (auto size = sizes_.rbegin(); size != sizes_.rend() && counted_.idle > limit; ++size) {
      auto& hole = holes_[size->second];
      if (!hole.used)
        continue;
      const auto begin = (reinterpret_cast<uintptr_t>(size->second) + page - 1) / page * page;
      const auto end = (reinterpret_cast<uintptr_t>(size->second) + hole.size) / page * page;
      if (begin < end)
        madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
      counted_.idle -= static_cast<int64_t>(hole.size);
      hole.used = false;
    }
  }

  char* from_hole(size_t size) {
    const auto fit = sizes_.lower_bound({size, nullptr});
    if (fit == sizes_.end())
      return nullptr;
    char* begin = fit->second;
    const Hole hole = remove_hole(begin);
    if (hole.size > size)
      add_hole(begin + size, {hole.size - size, hole.used});
    return begin;
  }

  char* from_reserve(size_t size) {
    // A hole at the end of what was used is taken along.
    const auto last = holes_.lower_bound(next_);
    if (last != holes_.begin()) {
      const auto [begin, hole] = *std::prev(last);
      if (begin + hole.size == next_ && size <= static_cast<size_t>(end_ - begin)) {
        remove_hole(begin);
        next_ = begin + size;
        return begin;
      }
    }

    if (size > static_cast<size_t>(end_ - next_) && !reserve(size))
      return nullptr;
    char* begin = next_;
    next_ += size;
    return begin;
  }

  bool reserve(size_t size) {
    for (const size_t bytes : {std::max(size, kReserve), size}) {
      void* mapped = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
      if (mapped == MAP_FAILED)
        continue;
      madvise(mapped, bytes, MADV_HUGEPAGE);  // advice: the system may ignore it
      if (end_ > next_)
        add_hole(next_, {static_cast<size_t>(end_ - next_), false});
      next_ = static_cast<char*>(mapped);
      end_ = next_ + bytes;
      return true;
    }

    return false;
  }

  void add_hole(char* begin, Hole hole) {
    const auto after = holes_.find(begin + hole.size);
    if (after != holes_.end()) {
      const Hole other = remove_hole(after->first);
      hole = {hole.size + other.size, hole.used || other.used};
    }

    auto before = holes_.lower_bound(begin);
    if (before != holes_.begin() && (--before)->first + before->second.size == begin) {
      begin = before->first;
      const Hole other = remove_hole(begin);
      hole = {hole.size + other.size, hole.used || other.used};
    }

    holes_[begin] = hole;
    sizes_.emplace(hole.size, begin);
    if (hole.used)
      counted_.idle += static_cast<int64_t>(hole.size);
  }

  Hole remove_hole(char* begin) {
    const auto found = holes_.find(begin);
    const Hole hole = found->second;
    sizes_.erase({hole.size, begin});
    holes_.erase(found);
    if (hole.used)
      counted_.idle -= static_cast<int64_t>(hole.size);
    return hole;
  }

  std::mutex mutex_;
  std::map<char*, size_t> live_;
  std::map<char*, Hole> holes_;
  std::set<std::pair<size_t, char*>> sizes_;  // of the holes
  char* next_ = nullptr;                      // the newest reserve: what has never been used
  char* end_ = nullptr;
  HostBlocks counted_{};
};

// Never destroyed: tensors may outlive everything.
Blocks& blocks() {
  static Blocks& all = *new Blocks;
  return all;
}

void leave(void* memory) {
  if (!blocks().leave(memory))
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
void trim_host_blocks(int64_t limit) { blocks().trim(limit); }

}  // namespace pr1

#else

namespace pr1 {

HostBlocks host_blocks() { return {}; }
void trim_host_blocks(int64_t) {}

}  // namespace pr1

#endif
