#include "team.h"

#include <chrono>
#include <thread>

#ifdef __x86_64__
#include <immintrin.h>
#endif

namespace pr1 {

namespace {

constexpr uint64_t kTasks = 1 << 20;
constexpr auto kSpin = std::chrono::microseconds(60);

inline void pause() {
#ifdef __x86_64__
  _mm_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

inline bool has_task(uint64_t word) { return (word & (kTasks - 1)) < ((word >> 20) & (kTasks - 1)); }

// Waits until the condition holds, for a limited time; false where it ran out.
template <typename Condition>
bool spin(const Condition& condition) {
  for (int i = 0; i < 100; i++) {
    if (condition())
      return true;
    pause();
  }
  const auto end = std::chrono::steady_clock::now() + kSpin;
  do {
    for (int i = 0; i < 20; i++) {
      if (condition())
        return true;
      pause();
    }
  } while (std::chrono::steady_clock::now() < end);
  return false;
}

}  // namespace

Team& Team::instance() {
  static auto* team = new Team;  // never destroyed: its threads run until the process ends
  return *team;
}

Team::Hold::Hold(int threads) : lock_(instance().held_) { instance().resize(threads); }
Team::Hold::~Hold() = default;

void Team::resize(int threads) {
  threads = threads < 1 ? 1 : threads > 256 ? 256 : threads;
  for (; started_ < threads; started_++)
    std::thread([this, thread = started_] { work(thread); }).detach();
  threads_ = threads;
  active_.store(threads, std::memory_order_release);
}

void Team::run_all(uint32_t count, Call call, const void* context) {
  call_ = call;
  context_ = context;
  done_.store(0, std::memory_order_relaxed);
  const auto phase = (word_.load(std::memory_order_relaxed) >> 40) + 1;
  word_.store(phase << 40 | static_cast<uint64_t>(count) << 20, std::memory_order_seq_cst);
  if (sleeping_.load(std::memory_order_seq_cst) > 0) {
    { std::lock_guard<std::mutex> lock(sleep_); }
    wake_.notify_all();
  }
  while (take(0, nullptr)) {
  }
  // The rest is in the hands of others; who has been put aside by the system needs this core.
  while (done_.load(std::memory_order_acquire) < count)
    if (!spin([&] { return done_.load(std::memory_order_acquire) >= count; }))
      std::this_thread::yield();
}

// Takes a task and does it; false where none is left. Which phase it belongs to is known once it is taken, and that phase lasts until it is done.
bool Team::take(int thread, Prepare* prepared) {
  if (!has_task(word_.load(std::memory_order_acquire)))
    return false;
  const auto word = word_.fetch_add(1, std::memory_order_acq_rel);
  if (!has_task(word))
    return false;
  if (prepared != nullptr && *prepared != prepare_) {
    if (*prepared != nullptr)
      (*prepared)(false);
    *prepared = prepare_;
    if (*prepared != nullptr)
      (*prepared)(true);
  }
  call_(context_, static_cast<int64_t>(word & (kTasks - 1)), thread);
  done_.fetch_add(1, std::memory_order_acq_rel);
  return true;
}

void Team::work(int thread) {
  const auto wanted = [&] { return thread < active_.load(std::memory_order_relaxed) && has_task(word_.load(std::memory_order_seq_cst)); };
  Prepare prepared = nullptr;
  while (true) {
    while (spin(wanted))
      take(thread, &prepared);
    if (prepared != nullptr)
      prepared(false);
    prepared = nullptr;
    std::unique_lock<std::mutex> lock(sleep_);
    sleeping_.fetch_add(1, std::memory_order_seq_cst);
    wake_.wait(lock, wanted);
    sleeping_.fetch_sub(1, std::memory_order_seq_cst);
  }
}

}  // namespace pr1
