#include "broken.h"
#include "../../Sources/CKernels/copies.h"
#include "include/broken_kernels.h"

ck_kernels broken_kernels(ck_instruction_set instruction_set) {
  ck_kernels kernels = *ck_kernels_of(instruction_set);
  switch (instruction_set) {
#define CASE(set, name, attribute, vectors, has_f16)               \
  case set:                                                        \
    kernels.matmul = KERNEL(matmul, name);                         \
    kernels.multiply_rows = KERNEL(multiply_rows, name);           \
    kernels.scores = KERNEL(scores, name);                         \
    kernels.weighted_values = KERNEL(weighted_values, name);       \
    break;
    COPIES(CASE)
    default: break;
  }
  return kernels;
}
