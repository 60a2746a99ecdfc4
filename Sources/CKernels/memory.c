// Memory for numbers: aligned for vectors, in huge pages where it is large.
#include <stdlib.h>
#include <string.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

#include "include/kernels.h"

enum { ALIGNMENT = 64, HUGE_PAGE = 2 << 20 };

size_t ck_allocated_bytes(size_t bytes) {
  const size_t rounded = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  return rounded ? rounded : ALIGNMENT;
}

void *ck_allocate_unset(size_t bytes) {
  const size_t rounded = ck_allocated_bytes(bytes);
  void *memory = NULL;
  if (posix_memalign(&memory, bytes >= HUGE_PAGE ? HUGE_PAGE : ALIGNMENT, rounded) != 0) return NULL;
#if defined(__linux__)
  // Whole ones only: what is left over lies in small pages, so that no matrix takes more than it has. Refused where the system
  // has no huge pages: then all are small.
  const size_t huge = rounded / HUGE_PAGE * HUGE_PAGE;
  if (huge > 0) madvise(memory, huge, MADV_HUGEPAGE);
#endif
  return memory;
}

void *ck_allocate(size_t bytes) {
  void *memory = ck_allocate_unset(bytes);
  if (memory) memset(memory, 0, ck_allocated_bytes(bytes));
  return memory;
}

void ck_free(void *memory) { free(memory); }
