// Narrow weights as floats, exactly.
#pragma once
#include <stdint.h>

#include "vectors.h"

typedef _Float16 half16 __attribute__((vector_size(32), aligned(2)));
typedef uint16_t bits16 __attribute__((vector_size(32), aligned(2)));
typedef uint16_t pairs16 __attribute__((vector_size(64), aligned(2)));
typedef int8_t byte16 __attribute__((vector_size(16), aligned(1)));

// Sixteen binary16 as floats; they are finite.
BODY void widen_half(v16 *out, const uint16_t *p, const int has_f16) {
  if (has_f16) {
    *out = __builtin_convertvector(*(const half16 *)p, v16);
  } else {
    const i16 bits = __builtin_convertvector(*(const bits16 *)p, i16);
    const v16 magnitude = (v16)((bits & 0x7FFF) << 13) * 0x1p112f;
    *out = (v16)((i16)magnitude | (bits & 0x8000) << 16);
  }
}

// Sixteen bfloat16 as floats: the upper halves of their bits.
BODY void widen_brain(v16 *out, const uint16_t *p) {
  *out = (v16)(__builtin_convertvector(*(const bits16 *)p, i16) << 16);
}

// Sixteen weights of a block as floats, without their scale.
BODY void widen(v16 *out, const void *weights, size_t index, const int type, const int has_f16) {
  switch (type) {
    case CK_INT8:
      *out = __builtin_convertvector(*(const byte16 *)((const int8_t *)weights + index), v16);
      break;
    case CK_F16: widen_half(out, (const uint16_t *)weights + index, has_f16); break;
    case CK_BF16: widen_brain(out, (const uint16_t *)weights + index); break;
    default: *out = LOAD((const float *)weights + index);
  }
}
