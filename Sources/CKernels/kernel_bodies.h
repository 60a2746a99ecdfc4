// The bodies of the kernels, written once over vectors of sixteen floats; kernels.c compiles them once
// for each instruction set. No value of vector type crosses a function boundary.
#include <string.h>

typedef float v16 __attribute__((vector_size(64), aligned(4)));
typedef int i16 __attribute__((vector_size(64), aligned(4)));

#define LANES 16
#define BODY static inline __attribute__((always_inline))
#define FMA(a, b, c) __builtin_elementwise_fma(a, b, c)
#define LOAD(p) (*(const v16 *)(p))
#define SPLAT(x) ((v16){} + (x))

// Reads the `count` < LANES floats of a tail; the other lanes are `fill`.
#define LOAD_TAIL(name, p, count, fill)                          \
  v16 name = SPLAT(fill);                                        \
  memcpy(&name, p, (count) * sizeof(float))

// Adds sixteen lanes as a tree whose shape never changes.
BODY float lane_sum(const v16 *v) {
  float s[LANES];
  memcpy(s, v, sizeof s);
  for (int step = LANES / 2; step > 0; step /= 2)
    for (int i = 0; i < step; i++) s[i] += s[i + step];
  return s[0];
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

// `rows` <= 6 rows of x against `vectors` vectors of a panel: a register tile.
BODY void matmul_tile(const float *x, size_t inner, const float *panel, const float *bias,
                      float *y, size_t y_stride, const int rows, const int vectors) {
  v16 acc[6][4];
  for (int r = 0; r < rows; r++)
    for (int v = 0; v < vectors; v++) acc[r][v] = LOAD(bias + v * LANES);
  for (size_t k = 0; k < inner; k++) {
    v16 w[4];
    for (int v = 0; v < vectors; v++) w[v] = LOAD(panel + k * KV_PANEL + v * LANES);
    for (int r = 0; r < rows; r++)
      for (int v = 0; v < vectors; v++) acc[r][v] = FMA(SPLAT(x[r * inner + k]), w[v], acc[r][v]);
  }
  for (int r = 0; r < rows; r++)
    for (int v = 0; v < vectors; v++) *(v16 *)(y + r * y_stride + v * LANES) = acc[r][v];
}

// Walks the panels; a panel that hangs over the last output is computed aside and copied.
BODY void matmul_body(const float *x, size_t rows, size_t inner, const float *packed,
                      size_t outer, const float *bias, float *y, const int vectors) {
  for (size_t start = 0; start < outer; start += KV_PANEL) {
    const float *panel = packed + start * inner;
    const size_t used = outer - start < KV_PANEL ? outer - start : KV_PANEL;
    float padded_bias[KV_PANEL] = {0};
    if (bias) memcpy(padded_bias, bias + start, used * sizeof(float));
    for (size_t r = 0; r < rows; r += 6) {
      const size_t block = rows - r < 6 ? rows - r : 6;
      float aside[6 * KV_PANEL];
      const int whole = used == KV_PANEL;
      float *out = whole ? y + r * outer + start : aside;
      const size_t stride = whole ? outer : KV_PANEL;
      for (int v = 0; v < KV_PANEL / LANES; v += vectors) {
        const float *at = panel + v * LANES, *b = padded_bias + v * LANES;
        const float *from = x + r * inner;
        float *to = out + v * LANES;
        switch (block) {  // constant row counts, so that the tile stays in registers
          case 1: matmul_tile(from, inner, at, b, to, stride, 1, vectors); break;
          case 2: matmul_tile(from, inner, at, b, to, stride, 2, vectors); break;
          case 3: matmul_tile(from, inner, at, b, to, stride, 3, vectors); break;
          case 4: matmul_tile(from, inner, at, b, to, stride, 4, vectors); break;
          case 5: matmul_tile(from, inner, at, b, to, stride, 5, vectors); break;
          default: matmul_tile(from, inner, at, b, to, stride, 6, vectors);
        }
      }
      if (!whole)
        for (size_t i = 0; i < block; i++)
          memcpy(y + (r + i) * outer + start, aside + i * KV_PANEL, used * sizeof(float));
    }
  }
}

BODY void scores_body(const float *query, size_t rows, size_t query_stride, const float *keys,
                      size_t length, size_t d, float *scores, size_t score_stride) {
  const size_t whole = d / LANES * LANES, tail = d - whole;
  for (size_t r = 0; r < rows; r++) {
    const float *q = query + r * query_stride;
    LOAD_TAIL(q_tail, q + whole, tail, 0.0f);
    for (size_t j = 0; j < length; j++) {
      const float *k = keys + j * d;
      v16 acc = {0};
      for (size_t i = 0; i < whole; i += LANES) acc = FMA(LOAD(q + i), LOAD(k + i), acc);
      if (tail) {
        LOAD_TAIL(k_tail, k + whole, tail, 0.0f);
        acc = FMA(q_tail, k_tail, acc);
      }
      scores[r * score_stride + j] = lane_sum(&acc);
    }
  }
}

BODY void softmax_body(float *row, size_t length, float scale) {
  float max = -__builtin_inff();
  for (size_t j = 0; j < length; j++) {
    row[j] *= scale;
    max = row[j] > max ? row[j] : max;
  }
  v16 sum = {0};
  for (size_t j = 0; j < length; j += LANES) {
    const size_t count = length - j < LANES ? length - j : LANES;
    LOAD_TAIL(e, row + j, count, -__builtin_inff());
    e -= max;
    exp16(&e);
    sum += e;
    memcpy(row + j, &e, count * sizeof(float));
  }
  const float total = lane_sum(&sum);
  for (size_t j = 0; j < length; j++) row[j] /= total;
}

BODY void weighted_values_body(const float *weights, size_t rows, size_t weight_stride,
                               const float *values, size_t length, size_t d, float *out,
                               size_t out_stride) {
  for (size_t r = 0; r < rows; r++) {
    const float *w = weights + r * weight_stride;
    for (size_t i = 0; i < d; i += LANES) {
      const size_t count = d - i < LANES ? d - i : LANES;
      v16 acc = {0};
      if (count == LANES) {
        for (size_t j = 0; j < length; j++)
          acc = FMA(SPLAT(w[j]), LOAD(values + j * d + i), acc);
      } else {
        for (size_t j = 0; j < length; j++) {
          LOAD_TAIL(v, values + j * d + i, count, 0.0f);
          acc = FMA(SPLAT(w[j]), v, acc);
        }
      }
      memcpy(out + r * out_stride + i, &acc, count * sizeof(float));
    }
  }
}

BODY void layer_norm_body(const float *x, size_t rows, size_t width, const float *gain,
                          const float *bias, float epsilon, float *out) {
  for (size_t r = 0; r < rows; r++, x += width, out += width) {
    v16 sum = {0}, squares = {0};
    for (size_t i = 0; i < width; i += LANES) {
      const size_t count = width - i < LANES ? width - i : LANES;
      LOAD_TAIL(v, x + i, count, 0.0f);
      sum += v;
    }
    const float mean = lane_sum(&sum) / (float)width;
    for (size_t i = 0; i < width; i += LANES) {
      const size_t count = width - i < LANES ? width - i : LANES;
      LOAD_TAIL(v, x + i, count, mean);
      v -= mean;
      squares = FMA(v, v, squares);
    }
    const float scale = 1.0f / __builtin_sqrtf(lane_sum(&squares) / (float)width + epsilon);
    for (size_t i = 0; i < width; i++) out[i] = (x[i] - mean) * scale * gain[i] + bias[i];
  }
}

BODY void gelu_tanh_body(float *x, size_t count) {
  for (size_t i = 0; i < count; i += LANES) {
    const size_t used = count - i < LANES ? count - i : LANES;
    LOAD_TAIL(v, x + i, used, 0.0f);
    v16 u = 1.5957691216f * FMA(0.044715f * v * v, v, v);  // 2 sqrt(2/pi) (x + 0.044715 x^3)
    const v16 high = SPLAT(80.0f);
    const i16 above = u > high;
    u = (v16)(((i16)u & ~above) | ((i16)high & above));
    exp16(&u);
    v = v * (1.0f - 1.0f / (u + 1.0f));
    memcpy(x + i, &v, used * sizeof(float));
  }
}

BODY void rms_norm_body(const float *x, size_t rows, size_t width, const float *gain,
                        float epsilon, float *out) {
  for (size_t r = 0; r < rows; r++, x += width, out += width) {
    v16 squares = {0};
    for (size_t i = 0; i < width; i += LANES) {
      const size_t count = width - i < LANES ? width - i : LANES;
      LOAD_TAIL(v, x + i, count, 0.0f);
      squares = FMA(v, v, squares);
    }
    const float scale = 1.0f / __builtin_sqrtf(lane_sum(&squares) / (float)width + epsilon);
    for (size_t i = 0; i < width; i++) out[i] = x[i] * scale * gain[i];
  }
}

BODY void rotate_body(float *x, size_t heads, size_t d, const float *cosines, const float *sines) {
  const size_t half = d / 2;
  for (size_t h = 0; h < heads; h++, x += d) {
    for (size_t i = 0; i < half; i += LANES) {
      const size_t count = half - i < LANES ? half - i : LANES;
      LOAD_TAIL(a, x + i, count, 0.0f);
      LOAD_TAIL(b, x + half + i, count, 0.0f);
      LOAD_TAIL(c, cosines + i, count, 0.0f);
      LOAD_TAIL(s, sines + i, count, 0.0f);
      const v16 first = a * c - b * s, second = b * c + a * s;
      memcpy(x + i, &first, count * sizeof(float));
      memcpy(x + half + i, &second, count * sizeof(float));
    }
  }
}

BODY void silu_multiply_body(float *gate, const float *up, size_t count) {
  for (size_t i = 0; i < count; i += LANES) {
    const size_t used = count - i < LANES ? count - i : LANES;
    LOAD_TAIL(g, gate + i, used, 0.0f);
    LOAD_TAIL(u, up + i, used, 0.0f);
    v16 e = (v16)((i16)g | (int)0x80000000);  // -|g|: its exponential is at most 1
    exp16(&e);
    const i16 negative = g < SPLAT(0.0f);
    const v16 share = (v16)(((i16)e & negative) | ((i16)SPLAT(1.0f) & ~negative));
    const v16 result = g * (share / (e + 1.0f)) * u;
    memcpy(gate + i, &result, used * sizeof(float));
  }
}
