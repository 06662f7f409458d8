// Generators of random numbers that operators with an argument `Generator? generator` draw from.
#include "abi.h"

#include <ATen/Context.h>

#include <memory>
#include <mutex>

namespace {

template <typename Body>
int32_t locked(at::Generator* generator, Body&& body) {
  return pr1::guard([&] {
    std::lock_guard<std::mutex> hold(generator->mutex());
    body(*generator);
  });
}

}  // namespace

// A generator of its own for a device ("cpu", "cuda:0"), started from a seed.
PR1_EXPORT int32_t pr1_generator_new(const char* device, uint64_t seed, at::Generator** result) {
  return pr1::guard([&] {
    const auto& common = at::globalContext().defaultGenerator(c10::Device(device));
    auto generator = std::make_unique<at::Generator>();
    {
      auto source = common;
      std::lock_guard<std::mutex> hold(source.mutex());
      *generator = source.clone();
    }
    generator->set_current_seed(seed);
    *result = generator.release();
  });
}

PR1_EXPORT void pr1_generator_free(at::Generator* generator) { delete generator; }

PR1_EXPORT int32_t pr1_generator_seed(at::Generator* generator, uint64_t* seed) {
  return locked(generator, [&](at::Generator& g) { *seed = g.current_seed(); });
}

PR1_EXPORT int32_t pr1_generator_set_seed(at::Generator* generator, uint64_t seed) {
  return locked(generator, [&](at::Generator& g) { g.set_current_seed(seed); });
}

// The whole state as a tensor of bytes on the CPU.
PR1_EXPORT int32_t pr1_generator_state(at::Generator* generator, pr1::Handle* state) {
  return locked(generator, [&](at::Generator& g) { *state = pr1::wrap(g.get_state()); });
}

PR1_EXPORT int32_t pr1_generator_set_state(at::Generator* generator, pr1::Handle state) {
  return locked(generator, [&](at::Generator& g) { g.set_state(pr1::borrow(state)); });
}
