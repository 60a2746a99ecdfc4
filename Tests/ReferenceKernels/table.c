// The reference as a table.
#include "reference.h"

ck_kernels reference_kernels(void) {
  ck_kernels kernels = *ck_kernels_of(CK_BASELINE);
#define ENTRY(kernel) kernels.kernel = reference_##kernel;
  REFERENCES(ENTRY)
  return kernels;
}
