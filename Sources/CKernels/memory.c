// Memory for numbers: zeroed, aligned for vectors, in huge pages where it is large.
#include <stdlib.h>
#include <string.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

#include "include/kernels.h"

enum { ALIGNMENT = 64, HUGE_PAGE = 2 << 20 };

void *kv_allocate(size_t bytes) {
  const size_t alignment = bytes >= HUGE_PAGE ? HUGE_PAGE : ALIGNMENT;
  const size_t rounded = (bytes + alignment - 1) / alignment * alignment;
  void *memory = aligned_alloc(alignment, rounded ? rounded : alignment);
  if (!memory) return NULL;
#if defined(__linux__)
  // Refused where the system has none: then the pages are small.
  if (alignment == HUGE_PAGE) madvise(memory, rounded, MADV_HUGEPAGE);
#endif
  memset(memory, 0, rounded);
  return memory;
}

void kv_free(void *memory) { free(memory); }
