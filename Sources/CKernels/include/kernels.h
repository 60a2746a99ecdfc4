// The hot loops of the transformer.
//
// Bit identity: each output of a matrix product is one fused multiply-add chain over k, in the same
// order for one row as for many and for every instruction set; each sum along a row runs in sixteen lanes chosen by
// index, never by length. So a run that recomputes everything and a run that reads a cache give the same bits.
#pragma once
#include <stddef.h>

// Outputs per panel of a packed weight matrix.
enum { KV_PANEL = 64 };

// Instruction sets, each better than the one before.
enum { KV_BASELINE = 0, KV_AVX2 = 1, KV_AVX512 = 2 };

// The best instruction set of this machine.
int kv_best_level(void);

// Floats that a packed matrix of inner x outer takes: outer rounded up to whole panels.
size_t kv_packed_count(size_t inner, size_t outer);

// Packs a row-major [inner][outer] matrix into panels [panel][inner][KV_PANEL], zero-padded.
void kv_pack(const float *matrix, size_t inner, size_t outer, float *packed);

// Packs the transpose of a row-major [outer][inner] matrix into the same panels.
void kv_pack_transposed(const float *matrix, size_t inner, size_t outer, float *packed);

// y[rows][outer] = x[rows][inner] * packed + bias[outer]; bias may be null.
void kv_matmul(int level, const float *x, size_t rows, size_t inner, const float *packed,
               size_t outer, const float *bias, float *y);

// scores[rows][score_stride]: the dot product of each query row with each of `length` keys.
// query: [rows] rows `query_stride` floats apart; keys: [length][d].
void kv_scores(int level, const float *query, size_t rows, size_t query_stride, const float *keys,
               size_t length, size_t d, float *scores, size_t score_stride);

// In place on one row: weights = softmax(scores * scale) over `length`; a score of -inf gives exactly 0.
void kv_softmax(int level, float *row, size_t length, float scale);

// out[rows], `out_stride` floats apart: the sum over `length` positions of weight * value[position][d].
void kv_weighted_values(int level, const float *weights, size_t rows, size_t weight_stride,
                        const float *values, size_t length, size_t d, float *out,
                        size_t out_stride);

// out = (x - mean) / sqrt(variance + epsilon) * gain + bias, row by row over `width`.
void kv_layer_norm(int level, const float *x, size_t rows, size_t width, const float *gain,
                   const float *bias, float epsilon, float *out);

// In place: 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))), the "gelu_new" of GPT-2.
void kv_gelu_tanh(int level, float *x, size_t count);

// out = x / sqrt(mean of x^2 + epsilon) * gain, row by row over `width`.
void kv_rms_norm(int level, const float *x, size_t rows, size_t width, const float *gain,
                 float epsilon, float *out);

// In place on the `heads` heads of one row, `d` wide each: element i turns with element i + d/2 by the angle whose
// cosine and sine are at i.
void kv_rotate(int level, float *x, size_t heads, size_t d, const float *cosines,
               const float *sines);

// In place: gate = gate / (1 + e^-gate) * up, the SiLU of SwiGLU.
void kv_silu_multiply(int level, float *gate, const float *up, size_t count);

// In place: x += y.
void kv_add(float *x, const float *y, size_t count);

// The largest |a - b| over `count`; NaN if any difference is NaN.
float kv_max_abs_difference(const float *a, const float *b, size_t count);

// FLOP a second of one thread that does nothing but fused multiply-adds in registers; the best of `seconds`.
double kv_measure_flops(int level, double seconds);

// Bytes a second of one thread that reads `count` floats from end to end; the best of `seconds`.
double kv_measure_bandwidth(const float *buffer, size_t count, double seconds);
