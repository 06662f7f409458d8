// Threads that compute the phases of one operator together. Between phases they wait by spinning for a few microseconds, then sleep:
// libtorch's own threads sleep at every phase, which costs more than a phase of a small decoding step takes.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <type_traits>

namespace pr1 {

class Team {
 public:
  // The process's team; it lives as long as the process.
  static Team& instance();

  // Holds the team for the calling thread, with so many threads, itself included.
  class Hold {
   public:
    explicit Hold(int threads);
    ~Hold();
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;

   private:
    std::unique_lock<std::mutex> lock_;
  };

  // Runs body(task, thread) for tasks 0 to count - 1, in any order, each once; returns when all are done. Whoever is free takes the next task,
  // so a thread that the system has put aside holds up nobody unless it is amid a task. The body throws nothing.
  template <typename Body>
  void run(int64_t count, const Body& body) {
    if (count <= 0)
      return;
    if (count == 1 || threads_ == 1) {
      for (int64_t i = 0; i < count; i++)
        body(i, 0);
      return;
    }
    run_all(static_cast<uint32_t>(count), [](const void* context, int64_t task, int thread) { (*static_cast<const Body*>(context))(task, thread); }, &body);
  }

  int threads() const { return threads_; }

  // Numbers of threads that tasks may see are below this.
  int slots() const { return started_; }

  // What every other thread calls with true before its first task, and with false before it sleeps. Set while the team is held.
  void prepare(void (*call)(bool)) { prepare_ = call; }

 private:
  using Prepare = void (*)(bool);
  using Call = void (*)(const void* context, int64_t task, int thread);

  Team() = default;
  void resize(int threads);
  void run_all(uint32_t count, Call call, const void* context);
  void work(int thread);
  bool take(int thread, Prepare* prepared);

  std::mutex held_;
  int threads_ = 1, started_ = 1;
  // Phase number (high 24 bits), tasks (20), next task (20).
  alignas(64) std::atomic<uint64_t> word_{0};
  alignas(64) std::atomic<uint32_t> done_{0};
  alignas(64) Call call_ = nullptr;
  const void* context_ = nullptr;
  Prepare prepare_ = nullptr;
  std::atomic<int> active_{1};  // threads of higher numbers sleep
  std::atomic<int> sleeping_{0};
  std::mutex sleep_;
  std::condition_variable wake_;
};

}  // namespace pr1
