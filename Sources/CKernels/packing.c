// Weights are packed as `packed.h` says, and read back one output at a time.
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "packed.h"

// MARK: Packing

size_t ck_packed_bytes(int type, size_t inner, size_t outer) {
  return panels_of(outer) * panel_bytes(type, inner);
}

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

// The numbers of a block of W, row-major [count][CK_PANEL], zeros beyond the last output.
typedef struct {
  const float *matrix;
  size_t outer, inner_stride, outer_stride;
} source;

static void gather(const source *from, size_t first_row, size_t count, size_t first_output,
                   float *block) {
  const size_t outputs =
      from->outer - first_output < CK_PANEL ? from->outer - first_output : CK_PANEL;
  memset(block, 0, CK_PANEL * count * sizeof(float));
  for (size_t o = 0; o < outputs; o++) {
    const float *column =
        from->matrix + first_row * from->inner_stride + (first_output + o) * from->outer_stride;
    for (size_t k = 0; k < count; k++) block[k * CK_PANEL + o] = column[k * from->inner_stride];
  }
}

// A scale that is no normal number is coarse, and the quotient can be beyond 127.
static int8_t nearest_byte(float quotient) {
  return (int8_t)lrintf(fminf(fmaxf(quotient, -127), 127));
}

static void pack_int8(const float *block, size_t count, void *packed) {
  float *scales = packed;
  int8_t *weights = (int8_t *)(scales + CK_PANEL);
  for (size_t o = 0; o < CK_PANEL; o++) {
    float largest = 0;
    for (size_t k = 0; k < count; k++) largest = fmaxf(largest, fabsf(block[k * CK_PANEL + o]));
    scales[o] = largest / 127;
    for (size_t k = 0; k < count; k++)
      weights[k * CK_PANEL + o] =
          scales[o] > 0 ? nearest_byte(block[k * CK_PANEL + o] / scales[o]) : 0;
  }
}

// In 16 bits, of which those of `exponent` are all set in what is no number. Returns 0 if a weight is beyond the range.
static int pack_16(const float *block, size_t count, uint16_t (*nearest)(float), uint16_t exponent,
                   uint16_t *packed) {
  int fits = 1;
  for (size_t i = 0; i < count * CK_PANEL; i++) {
    packed[i] = nearest(block[i]);
    fits &= (packed[i] & exponent) != exponent;
  }
  return fits;
}

int ck_pack(int type, const float *matrix, size_t inner, size_t outer, size_t inner_stride,
            size_t outer_stride, void *packed) {
  const source from = {matrix, outer, inner_stride, outer_stride};
  unsigned char *to = packed;
  int fits = 1;
  for (size_t o = 0; o < outer; o += CK_PANEL)
    for (size_t k = 0; k < inner; k += CK_BLOCK) {
      const size_t count = inner - k < CK_BLOCK ? inner - k : CK_BLOCK;
      float block[CK_BLOCK * CK_PANEL];
      gather(&from, k, count, o, block);
      switch (type) {
        case CK_INT8: pack_int8(block, count, to); break;
        case CK_F16: fits &= pack_16(block, count, half_of, 0x7C00, (uint16_t *)to); break;
        case CK_BF16: fits &= pack_16(block, count, brain_of, 0x7F80, (uint16_t *)to); break;
        default: memcpy(to, block, count * CK_PANEL * sizeof(float));
      }
      to += panel_bytes(type, count);
    }
  return fits;
}

// MARK: Unpacking

// A half as a float: a subnormal becomes normal by the product, which is exact.
static float float_of(uint16_t half) {
  const uint32_t bits = (uint32_t)(half & 0x7FFF) << 13;
  float magnitude;
  memcpy(&magnitude, &bits, sizeof magnitude);
  return copysignf(magnitude * 0x1p112f, half & 0x8000 ? -1.0f : 1.0f);
}

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
      const uint32_t bits = (uint32_t)((const uint16_t *)panel)[k * CK_PANEL + at] << 16;
      memcpy(weights + k, &bits, sizeof bits);
    } else {
      weights[k] = ((const float *)panel)[k * CK_PANEL + at];
    }
  }
}
