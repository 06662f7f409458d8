// Memory of large tensors on the processor.
#pragma once

#include <cstdint>

namespace pr1 {

struct HostBlocks {
  int64_t live;  // bytes of blocks that tensors hold
  int64_t idle;  // bytes of blocks that are kept for the next tensors
};

HostBlocks host_blocks();

// Gives idle blocks back to the system, those unused for longest first, until no more than so many bytes are kept.
void trim_host_blocks(int64_t limit);

}  // namespace pr1
