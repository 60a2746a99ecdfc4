// Weights are packed as `packed.h` says, out of rows as a file holds them, and read back one output at a time.
//
// Numbers are turned as vectors of sixteen rows of sixteen; what is left at the edges is copied one by one.
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "packed.h"
#include "turning.h"
#include "vectors.h"
#include "widening.h"

size_t ck_packed_bytes(int type, size_t inner, size_t outer) {
  return panels_of(outer) * panel_bytes(type, inner);
}

// MARK: Gathering

// A block of the rows that are packed: `count` rows of W and `outputs` outputs, stored `row_bytes` apart and by output or by row.
typedef struct {
  const unsigned char *first;
  size_t row_bytes, count, outputs;
  int by_output;
} stored_block;

// Rows of W in a tile that is turned at once: what a vector holds of an output.
enum { TILE_16 = 2 * LANES, TILE_32 = LANES };

// Pairs are turned as a lane, then parted.
BODY void turn_tile_16(const unsigned char *from, size_t row_bytes, uint16_t *to) {
  i16 a[LANES];
  turn_rows(from, row_bytes, a);
  for (int r = 0; r < LANES; r++) {
    const pairs16 pairs = (pairs16)a[r];
    *(bits16 *)(to + 2 * r * CK_PANEL) = FIRST_OF(pairs);
    *(bits16 *)(to + (2 * r + 1) * CK_PANEL) = SECOND_OF(pairs);
  }
}

BODY void turn_tile_32(const unsigned char *from, size_t row_bytes, float *to) {
  i16 a[LANES];
  turn_rows(from, row_bytes, a);
  for (int r = 0; r < LANES; r++) *(i16 *)(to + r * CK_PANEL) = a[r];
}

// GATHER(bits, number) makes a function that gathers a block of numbers of a width to [count][CK_PANEL], zeros beyond the last
// output.
#define GATHER(bits, number)                                                                      \
  BODY void gather_##bits(const stored_block *from, number *block) {                              \
    if (from->outputs < CK_PANEL) memset(block, 0, from->count * CK_PANEL * sizeof(number));      \
    if (!from->by_output) {                                                                       \
      for (size_t k = 0; k < from->count; k++)                                                    \
        memcpy(block + k * CK_PANEL, from->first + k * from->row_bytes,                           \
               from->outputs * sizeof(number));                                                   \
      return;                                                                                     \
    }                                                                                             \
    const size_t whole = from->count / TILE_##bits * TILE_##bits;                                 \
    for (size_t o = 0; o < from->outputs; o += LANES) {                                           \
      const size_t outputs = from->outputs - o < LANES ? from->outputs - o : LANES;               \
      size_t k = 0;                                                                               \
      for (; outputs == LANES && k < whole; k += TILE_##bits)                                     \
        turn_tile_##bits(from->first + o * from->row_bytes + k * sizeof(number), from->row_bytes, \
                         block + k * CK_PANEL + o);                                               \
      for (size_t i = 0; i < outputs; i++)                                                        \
        for (size_t rest = k; rest < from->count; rest++)                                         \
          memcpy(block + rest * CK_PANEL + o + i,                                                 \
                 from->first + (o + i) * from->row_bytes + rest * sizeof(number), sizeof(number)); \
    }                                                                                             \
  }
GATHER(16, uint16_t)
GATHER(32, float)

// The same as floats, whatever is stored.
BODY void gather_floats(const stored_block *from, int stored, float *block, const int has_f16) {
  if (stored == CK_F32) {
    gather_32(from, block);
    return;
  }
  uint16_t narrow[CK_BLOCK * CK_PANEL];
  gather_16(from, narrow);
  const size_t numbers = from->count * CK_PANEL;
  if (stored == CK_F16)
    for (size_t i = 0; i < numbers; i += LANES) widen_half((v16 *)(block + i), narrow + i, has_f16);
  else
    for (size_t i = 0; i < numbers; i += LANES) widen_brain((v16 *)(block + i), narrow + i);
}

// MARK: Rounding

// Rounds to the nearest binary16, to even in the middle; beyond its range infinity.
static uint16_t half_of(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  const uint16_t sign = (uint16_t)(bits >> 16 & 0x8000);
  bits &= 0x7FFFFFFF;
  if (bits >= 0x47800000) return sign | (uint16_t)(bits > 0x7F800000 ? 0x7E00 : 0x7C00);
  if (bits < 0x38800000) {  // subnormal: adding 1/2 leaves the fraction in the low bits, rounded by the processor
    float magnitude;
    memcpy(&magnitude, &bits, sizeof magnitude);
    magnitude += 0.5f;
    memcpy(&bits, &magnitude, sizeof bits);
    return sign | (uint16_t)(bits - 0x3F000000);
  }
  bits += 0xFFF + (bits >> 13 & 1);
  return sign | (uint16_t)((bits - 0x38000000) >> 13);
}

// Rounds to the nearest bfloat16, to even in the middle; beyond its range infinity.
static uint16_t brain_of(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return (uint16_t)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}

// Sixteen floats in 16 bits.
BODY void narrow(bits16 *out, const float *p, const int type, const int has_f16) {
  if (type == CK_F16 && has_f16) {
    *out = (bits16)__builtin_convertvector(LOAD(p), half16);
    return;
  }
  for (int i = 0; i < LANES; i++) (*out)[i] = type == CK_F16 ? half_of(p[i]) : brain_of(p[i]);
}

// Returns 0 if a weight is beyond the range.
BODY int pack_16(const float *block, size_t count, const int type, uint16_t *packed, const int has_f16) {
  const uint16_t exponent = type == CK_F16 ? 0x7C00 : 0x7F80;  // all of it set: no number
  uint16_t is_beyond = 0;
  for (size_t i = 0; i < count * CK_PANEL; i += LANES) {
    bits16 bits;
    narrow(&bits, block + i, type, has_f16);
    *(bits16 *)(packed + i) = bits;
    for (int lane = 0; lane < LANES; lane++) is_beyond |= (bits[lane] & exponent) == exponent;
  }
  return !is_beyond;
}

// A scale for each output, then the integers. A scale that is no normal number is coarse, and the quotient can be beyond 127, but
// not far. Largest and bounded are looked for among whole numbers, which floats without a sign are ordered like.
BODY void pack_int8(const float *block, size_t count, void *packed) {
  float *scales = packed;
  int8_t *weights = (int8_t *)(scales + CK_PANEL);
  const v16 most = SPLAT(127.0f), shift = SPLAT(12582912.0f);  // 1.5 * 2^23: adding it rounds to an integer, to even in the middle
  const i16 none = {0}, high = none + 127, low = none - 127;
  for (size_t o = 0; o < CK_PANEL; o += LANES) {
    i16 largest = none;
    for (size_t k = 0; k < count; k++)
      largest = __builtin_elementwise_max(largest, (i16)LOAD(block + k * CK_PANEL + o) & 0x7FFFFFFF);
    const v16 scale = (v16)largest / most;
    STORE(scales + o, scale);
    // Where the scale is 0, the weights are so small that they round to 0 by any other.
    const i16 vanishes = scale == SPLAT(0.0f);
    const v16 divisor = (v16)(((i16)SPLAT(1.0f) & vanishes) | ((i16)scale & ~vanishes));
    for (size_t k = 0; k < count; k++) {
      const v16 quotient = LOAD(block + k * CK_PANEL + o) / divisor;
      const i16 integers = __builtin_convertvector(quotient + shift - shift, i16);
      *(byte16 *)(weights + k * CK_PANEL + o) = __builtin_convertvector(
          __builtin_elementwise_max(__builtin_elementwise_min(integers, high), low), byte16);
    }
  }
}

// MARK: Packing

// Returns 0 if a weight is beyond the range of the type.
BODY int pack_block(const ck_packing *to, const stored_block *from, void *packed, const int has_f16) {
  if (to->type == to->stored) {
    if (to->type == CK_F32)
      gather_32(from, packed);
    else
      gather_16(from, packed);
    return 1;
  }
  float block[CK_BLOCK * CK_PANEL];
  gather_floats(from, to->stored, block, has_f16);
  switch (to->type) {
    case CK_INT8: pack_int8(block, from->count, packed); return 1;
    case CK_F16: return pack_16(block, from->count, CK_F16, packed, has_f16);
    case CK_BF16: return pack_16(block, from->count, CK_BF16, packed, has_f16);
    default: memcpy(packed, block, from->count * CK_PANEL * sizeof(float)); return 1;
  }
}

// A span of rows touches whole panels where rows are those of outputs, and a block of every panel where they are those of W.
BODY int pack_rows(const ck_packing *to, const void *rows, size_t first, size_t count, const int has_f16) {
  const size_t width = to->stored == CK_F32 ? sizeof(float) : sizeof(uint16_t);
  const size_t row_bytes = width * (to->by_output ? to->inner : to->outer);
  const size_t first_output = to->by_output ? first : 0, outputs = to->by_output ? count : to->outer;
  const size_t first_k = to->by_output ? 0 : first, inner = to->by_output ? to->inner : count;
  int fits = 1;
  for (size_t o = 0; o < outputs; o += CK_PANEL)
    for (size_t k = 0; k < inner; k += CK_BLOCK) {
      const stored_block from = {
          .first = (const unsigned char *)rows + (to->by_output ? o * row_bytes + k * width : k * row_bytes + o * width),
          .row_bytes = row_bytes,
          .count = inner - k < CK_BLOCK ? inner - k : CK_BLOCK,
          .outputs = outputs - o < CK_PANEL ? outputs - o : CK_PANEL,
          .by_output = to->by_output,
      };
      unsigned char *panel = (unsigned char *)to->packed + (first_output + o) / CK_PANEL * panel_bytes(to->type, to->inner);
      fits &= pack_block(to, &from, panel + panel_bytes(to->type, first_k + k), has_f16);
    }
  return fits;
}

#define COPY(set, name, attribute, vectors, has_f16)                                               \
  attribute int KERNEL(pack, name)(const ck_packing *to, const void *rows, size_t first, size_t count) { \
    return pack_rows(to, rows, first, count, has_f16);                                             \
  }
COPIES(COPY)

// MARK: Stored numbers

// How many bytes ahead numbers are asked for: whoever looks at a file's is the first who needs them, and the processor's own
// guesses stop at a page.
enum { NUMBERS_NEAR = 4 << 10, NUMBERS_FAR = 16 << 10 };

// By whole vectors, so that it keeps up with memory; a tail goes one by one.
BODY int are_finite(int stored, const void *numbers, size_t count) {
  if (stored == CK_F32) {
    const uint32_t *bits = numbers;
    i16 none = {0};
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
      const char *line = (const char *)(bits + i);
      __builtin_prefetch(line + NUMBERS_NEAR);
      __builtin_prefetch(line + NUMBERS_FAR, 0, 2);
      none |= (*(const i16 *)line & 0x7F800000) == 0x7F800000;
    }
    int is_none = 0;
    for (int lane = 0; lane < LANES; lane++) is_none |= none[lane];
    for (; i < count; i++) is_none |= (bits[i] & 0x7F800000) == 0x7F800000;
    return !is_none;
  }
  const uint16_t *bits = numbers;
  const uint16_t exponent = stored == CK_F16 ? 0x7C00 : 0x7F80;
  pairs16 none = {0};
  size_t i = 0;
  for (; i + 2 * LANES <= count; i += 2 * LANES) {
    const char *line = (const char *)(bits + i);
    __builtin_prefetch(line + NUMBERS_NEAR);
    __builtin_prefetch(line + NUMBERS_FAR, 0, 2);
    none |= (pairs16)((*(const pairs16 *)line & exponent) == exponent);
  }
  int is_none = 0;
  for (int lane = 0; lane < 2 * LANES; lane++) is_none |= none[lane];
  for (; i < count; i++) is_none |= (bits[i] & exponent) == exponent;
  return !is_none;
}

#define COPY_CHECK(set, name, attribute, vectors, has_f16)                                         \
  attribute int KERNEL(are_finite, name)(int stored, const void *numbers, size_t count) {          \
    return are_finite(stored, numbers, count);                                                     \
  }
COPIES(COPY_CHECK)

// A half as a float: a subnormal becomes normal by the product, which is exact.
static float float_of(uint16_t half) {
  const uint32_t bits = (uint32_t)(half & 0x7FFF) << 13;
  float magnitude;
  memcpy(&magnitude, &bits, sizeof magnitude);
  return copysignf(magnitude * 0x1p112f, half & 0x8000 ? -1.0f : 1.0f);
}

static float float_of_brain(uint16_t brain) {
  const uint32_t bits = (uint32_t)brain << 16;
  float number;
  memcpy(&number, &bits, sizeof number);
  return number;
}

void ck_widen(int stored, const void *numbers, size_t count, float *floats) {
  const uint16_t *bits = numbers;
  switch (stored) {
    case CK_F16:
      for (size_t i = 0; i < count; i++) floats[i] = float_of(bits[i]);
      break;
    case CK_BF16:
      for (size_t i = 0; i < count; i++) floats[i] = float_of_brain(bits[i]);
      break;
    default: memcpy(floats, numbers, count * sizeof(float));
  }
}

// MARK: Unpacking

void ck_unpack_output(int type, const void *packed, size_t inner, size_t output, float *weights) {
  const unsigned char *panel = (const unsigned char *)packed + output / CK_PANEL * panel_bytes(type, inner);
  const size_t at = output % CK_PANEL;
  for (size_t k = 0; k < inner; k++) {
    if (type == CK_INT8) {
      const unsigned char *block = panel + k / CK_BLOCK * panel_bytes(type, CK_BLOCK);
      const int8_t *integers = (const int8_t *)(block + CK_PANEL * sizeof(float));
      weights[k] = ((const float *)block)[at] * integers[k % CK_BLOCK * CK_PANEL + at];
    } else if (type == CK_F16) {
      weights[k] = float_of(((const uint16_t *)panel)[k * CK_PANEL + at]);
    } else if (type == CK_BF16) {
      weights[k] = float_of_brain(((const uint16_t *)panel)[k * CK_PANEL + at]);
    } else {
      weights[k] = ((const float *)panel)[k * CK_PANEL + at];
    }
  }
}
