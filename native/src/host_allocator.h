// Memory of large tensors on the processor.
#pragma once

#include <cstdint>

namespace pr1 {

struct HostBlocks {
  int64_t live;  // bytes of blocks that tensors hold
  int64_t idle;  // bytes of holes between them that the system has given memory for
};

HostBlocks host_blocks();

// Gives the memory of holes back to the system until no more than so many bytes are kept.
void trim_host_blocks(int64_t limit);

}  // namespace pr1
