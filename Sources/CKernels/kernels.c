#include "kernels.h"

#include "kernel_bodies.h"

#include <math.h>

// One copy of every kernel for an instruction set; `vectors` is how many vectors of a panel a register tile takes.
#define KERNELS(name, attribute, vectors)                                                         \
  attribute static void matmul_##name(const float *x, size_t rows, size_t inner,                  \
                                      const float *packed, size_t outer, const float *bias,       \
                                      float *y) {                                                 \
    matmul_body(x, rows, inner, packed, outer, bias, y, vectors);                                 \
  }                                                                                               \
  attribute static void scores_##name(const float *query, size_t rows, size_t query_stride,       \
                                      const float *keys, size_t length, size_t d, float *scores,  \
                                      size_t score_stride) {                                      \
    scores_body(query, rows, query_stride, keys, length, d, scores, score_stride);                \
  }                                                                                               \
  attribute static void softmax_##name(float *row, size_t length, float scale) {                  \
    softmax_body(row, length, scale);                                                             \
  }                                                                                               \
  attribute static void weighted_values_##name(const float *weights, size_t rows,                 \
                                               size_t weight_stride, const float *values,         \
                                               size_t length, size_t d, float *out,               \
                                               size_t out_stride) {                               \
    weighted_values_body(weights, rows, weight_stride, values, length, d, out, out_stride);       \
  }                                                                                               \
  attribute static void layer_norm_##name(const float *x, size_t rows, size_t width,              \
                                          const float *gain, const float *bias, float epsilon,    \
                                          float *out) {                                           \
    layer_norm_body(x, rows, width, gain, bias, epsilon, out);                                    \
  }                                                                                               \
  attribute static void gelu_tanh_##name(float *x, size_t count) { gelu_tanh_body(x, count); }    \
  attribute static void rms_norm_##name(const float *x, size_t rows, size_t width,                \
                                        const float *gain, float epsilon, float *out) {           \
    rms_norm_body(x, rows, width, gain, epsilon, out);                                            \
  }                                                                                               \
  attribute static void rotate_##name(float *x, size_t heads, size_t d, const float *cosines,     \
                                      const float *sines) {                                       \
    rotate_body(x, heads, d, cosines, sines);                                                     \
  }                                                                                               \
  attribute static void silu_multiply_##name(float *gate, const float *up, size_t count) {        \
    silu_multiply_body(gate, up, count);                                                          \
  }

KERNELS(baseline, , 1)

#if defined(__x86_64__)
KERNELS(avx2, __attribute__((target("avx2,fma"))), 1)
KERNELS(avx512, __attribute__((target("avx512f"))), 4)
#define DISPATCH(level, name, ...)                 \
  switch (level) {                                 \
    case KV_AVX512: name##_avx512(__VA_ARGS__); break; \
    case KV_AVX2: name##_avx2(__VA_ARGS__); break; \
    default: name##_baseline(__VA_ARGS__);         \
  }
#else
#define DISPATCH(level, name, ...) ((void)(level), name##_baseline(__VA_ARGS__))
#endif

int kv_best_level(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return KV_AVX512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return KV_AVX2;
#endif
  return KV_BASELINE;
}

size_t kv_packed_count(size_t inner, size_t outer) {
  return (outer + KV_PANEL - 1) / KV_PANEL * KV_PANEL * inner;
}

void kv_pack(const float *matrix, size_t inner, size_t outer, float *packed) {
  for (size_t start = 0; start < outer; start += KV_PANEL)
    for (size_t k = 0; k < inner; k++)
      for (size_t o = 0; o < KV_PANEL; o++)
        *packed++ = start + o < outer ? matrix[k * outer + start + o] : 0.0f;
}

void kv_pack_transposed(const float *matrix, size_t inner, size_t outer, float *packed) {
  for (size_t start = 0; start < outer; start += KV_PANEL)
    for (size_t k = 0; k < inner; k++)
      for (size_t o = 0; o < KV_PANEL; o++)
        *packed++ = start + o < outer ? matrix[(start + o) * inner + k] : 0.0f;
}

void kv_matmul(int level, const float *x, size_t rows, size_t inner, const float *packed,
               size_t outer, const float *bias, float *y) {
  DISPATCH(level, matmul, x, rows, inner, packed, outer, bias, y);
}

void kv_scores(int level, const float *query, size_t rows, size_t query_stride, const float *keys,
               size_t length, size_t d, float *scores, size_t score_stride) {
  DISPATCH(level, scores, query, rows, query_stride, keys, length, d, scores, score_stride);
}

void kv_softmax(int level, float *row, size_t length, float scale) {
  DISPATCH(level, softmax, row, length, scale);
}

void kv_weighted_values(int level, const float *weights, size_t rows, size_t weight_stride,
                        const float *values, size_t length, size_t d, float *out,
                        size_t out_stride) {
  DISPATCH(level, weighted_values, weights, rows, weight_stride, values, length, d, out,
           out_stride);
}

void kv_layer_norm(int level, const float *x, size_t rows, size_t width, const float *gain,
                   const float *bias, float epsilon, float *out) {
  DISPATCH(level, layer_norm, x, rows, width, gain, bias, epsilon, out);
}

void kv_gelu_tanh(int level, float *x, size_t count) { DISPATCH(level, gelu_tanh, x, count); }

void kv_rms_norm(int level, const float *x, size_t rows, size_t width, const float *gain,
                 float epsilon, float *out) {
  DISPATCH(level, rms_norm, x, rows, width, gain, epsilon, out);
}

void kv_rotate(int level, float *x, size_t heads, size_t d, const float *cosines,
               const float *sines) {
  DISPATCH(level, rotate, x, heads, d, cosines, sines);
}

void kv_silu_multiply(int level, float *gate, const float *up, size_t count) {
  DISPATCH(level, silu_multiply, gate, up, count);
}

void kv_add(float *x, const float *y, size_t count) {
  for (size_t i = 0; i < count; i++) x[i] += y[i];
}

float kv_max_abs_difference(const float *a, const float *b, size_t count) {
  // Magnitudes as bits order as the magnitudes do, NaN above infinity; integers let the loop be vectorised.
  unsigned max = 0;
  for (size_t i = 0; i < count; i++) {
    const float difference = fabsf(a[i] - b[i]);
    unsigned bits;
    memcpy(&bits, &difference, sizeof bits);
    max = bits > max ? bits : max;
  }
  float result;
  memcpy(&result, &max, sizeof result);
  return result;
}
