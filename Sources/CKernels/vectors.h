// Vectors of sixteen floats.
//
// A kernel's body is written once and always inlined into its copies (`copies.h`); no value of vector type crosses a
// function boundary.
#pragma once
#include <stddef.h>
#include <string.h>

#include "copies.h"

typedef float v16 __attribute__((vector_size(64), aligned(4)));
typedef int i16 __attribute__((vector_size(64), aligned(4)));

#define LANES 16
#define BODY static inline __attribute__((always_inline))
#define FMA(a, b, c) __builtin_elementwise_fma(a, b, c)
#define LOAD(p) (*(const v16 *)(p))
#define STORE(p, v) (*(v16 *)(p) = (v))
// A list, for `(v16){} + x` would add: -0 is not 0 + -0.
#define SPLAT(x)                                                   \
  ({                                                               \
    const float s = (x);                                           \
    (v16){s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s};         \
  })

// Reads the `count` < LANES floats of a tail; the other lanes are `fill`.
#define LOAD_TAIL(name, p, count, fill)                          \
  v16 name = SPLAT(fill);                                        \
  memcpy(&name, p, (count) * sizeof(float))

// How far the chain of a tile goes. The tests compile the kernels anew with a shorter one, and see the counts fall.
#ifndef CHAIN_END
#define CHAIN_END(count) (count)
#endif

// Adds sixteen lanes as a tree whose shape never changes.
BODY float lane_sum(const v16 *v) {
  float s[LANES];
  memcpy(s, v, sizeof s);
  for (int step = LANES / 2; step > 0; step /= 2)
    for (int i = 0; i < step; i++) s[i] += s[i + step];
  return s[0];
}

// The larger of each pair of lanes; of the first vector where they do not compare.
BODY void keep_larger(v16 *max, const v16 *other) {
  const i16 is_larger = *other > *max;
  *max = (v16)(((i16)*other & is_larger) | ((i16)*max & ~is_larger));
}

// e^x by range reduction and a degree-6 polynomial (Cephes coefficients); x < -87.3 gives exactly 0.
// Call it with x <= 88.
BODY void exp16(v16 *x) {
  const v16 raw = *x;
  const v16 low = SPLAT(-87.3f);
  const i16 vanishes = raw < low;
  v16 v = (v16)(((i16)raw & ~vanishes) | ((i16)low & vanishes));
  const v16 shift = SPLAT(12582912.0f);  // 1.5 * 2^23: adding it rounds to an integer
  v16 n = FMA(v, SPLAT(1.44269504f), shift) - shift;
  v = FMA(n, SPLAT(-0.693359375f), v);
  v = FMA(n, SPLAT(2.12194440e-4f), v);
  v16 p = SPLAT(1.9875691500e-4f);
  p = FMA(p, v, SPLAT(1.3981999507e-3f));
  p = FMA(p, v, SPLAT(8.3334519073e-3f));
  p = FMA(p, v, SPLAT(4.1665795894e-2f));
  p = FMA(p, v, SPLAT(1.6666665459e-1f));
  p = FMA(p, v, SPLAT(5.0000001201e-1f));
  p = FMA(p, v * v, v) + 1.0f;
  i16 power = __builtin_convertvector(n, i16);
  v16 result = (v16)((i16)p + (power << 23));
  *x = (v16)((i16)result & ~vanishes);
}
