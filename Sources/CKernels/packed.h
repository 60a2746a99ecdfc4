// How packed weights lie in memory, and how many bytes they take.
//
// [panel of CK_PANEL outputs][block of CK_BLOCK rows of W][row][output]; an int8 block begins with the scale of each of
// its outputs. The last block has the rows that are left, the last panel zeros beyond the last output.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "include/kernels.h"

static inline size_t panels_of(size_t outer) { return (outer + CK_PANEL - 1) / CK_PANEL; }

// Of so many rows of W.
static inline size_t panel_bytes(int type, size_t inner) {
  switch (type) {
    case CK_INT8: return CK_PANEL * (inner + sizeof(float) * ((inner + CK_BLOCK - 1) / CK_BLOCK));
    case CK_F16:
    case CK_BF16: return CK_PANEL * inner * sizeof(uint16_t);
    default: return CK_PANEL * inner * sizeof(float);
  }
}
