// Memory for numbers: aligned for vectors, in huge pages where it is large.
#include <stdlib.h>
#include <string.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

#include "include/kernels.h"

enum { ALIGNMENT = 64, HUGE_PAGE = 2 << 20 };

static size_t alignment_of(size_t bytes) { return bytes >= HUGE_PAGE ? HUGE_PAGE : ALIGNMENT; }

size_t ck_allocated_bytes(size_t bytes) {
  const size_t alignment = alignment_of(bytes);
  const size_t rounded = (bytes + alignment - 1) / alignment * alignment;
  return rounded ? rounded : alignment;
}

void *ck_allocate_unset(size_t bytes) {
  const size_t alignment = alignment_of(bytes), rounded = ck_allocated_bytes(bytes);
  void *memory = aligned_alloc(alignment, rounded);
  if (!memory) return NULL;
#if defined(__linux__)
  // Refused where the system has none: then the pages are small.
  if (alignment == HUGE_PAGE) madvise(memory, rounded, MADV_HUGEPAGE);
#endif
  return memory;
}

void *ck_allocate(size_t bytes) {
  void *memory = ck_allocate_unset(bytes);
  if (memory) memset(memory, 0, ck_allocated_bytes(bytes));
  return memory;
}

void ck_free(void *memory) { free(memory); }
