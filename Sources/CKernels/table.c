// The kernels of each instruction set, and which one this machine has.
#include "copies.h"

#define ENTRY(kernel, name) .kernel = KERNEL(kernel, name),
#define COUNT(kernel, name) +1
#define TABLE(set, name, attribute, vectors, has_f16) \
  static const ck_kernels name = {KERNELS(ENTRY, name)};
COPIES(TABLE)
_Static_assert(sizeof(ck_kernels) == (KERNELS(COUNT, )) * sizeof(void (*)(void)),
               "every kernel of the table is in the list");

const ck_kernels *ck_kernels_of(ck_instruction_set set) {
  switch (set) {
#define CASE(set, name, attribute, vectors, has_f16) \
  case set: return &name;
    COPIES(CASE)
#undef CASE
    default: return &baseline;
  }
}

ck_instruction_set ck_best_instruction_set(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl"))
    return CK_AVX512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
      __builtin_cpu_supports("f16c"))
    return CK_AVX2;
#endif
  return CK_BASELINE;
}
