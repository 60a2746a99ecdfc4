// What works on rows one by one.
#include <math.h>

#include "reference.h"

void reference_layer_norm(ck_pool *pool, const float *x, size_t rows, size_t width,
                          const float *gain, const float *bias, float epsilon, float *out) {
  (void)pool;
  for (size_t r = 0; r < rows; r++, x += width, out += width) {
    double mean = 0, variance = 0;
    for (size_t i = 0; i < width; i++) mean += (double)x[i] / width;
    for (size_t i = 0; i < width; i++) variance += (x[i] - mean) * (x[i] - mean) / width;
    for (size_t i = 0; i < width; i++)
      out[i] = (x[i] - mean) / sqrt(variance + epsilon) * gain[i] + bias[i];
  }
}

static void rms_norm_of(const float *x, size_t width, const float *gain, float epsilon,
                        float *out) {
  double square = 0;
  for (size_t i = 0; i < width; i++) square += (double)x[i] * x[i] / width;
  for (size_t i = 0; i < width; i++) out[i] = x[i] / sqrt(square + epsilon) * gain[i];
}

void reference_rms_norm(ck_pool *pool, const float *x, size_t rows, size_t width, const float *gain,
                        float epsilon, float *out) {
  (void)pool;
  for (size_t r = 0; r < rows; r++)
    rms_norm_of(x + r * width, width, gain, epsilon, out + r * width);
}

void reference_head_norm(ck_pool *pool, float *x, size_t rows, size_t row_stride, size_t heads,
                         size_t d, const float *gain, float epsilon) {
  (void)pool;
  for (size_t r = 0; r < rows; r++)
    for (size_t h = 0; h < heads; h++) {
      float *head = x + r * row_stride + h * d;
      rms_norm_of(head, d, gain, epsilon, head);
    }
}

void reference_rotate(float *x, size_t heads, size_t stride, size_t d, const float *cosines,
                      const float *sines) {
  for (size_t h = 0; h < heads; h++, x += stride)
    for (size_t i = 0; i < d / 2; i++) {
      const double a = x[i], b = x[i + d / 2];
      x[i] = a * cosines[i] - b * sines[i];
      x[i + d / 2] = b * cosines[i] + a * sines[i];
    }
}

static double gelu_tanh_of(double x) {
  return 0.5 * x * (1 + tanh(sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
}

void reference_gelu_tanh(ck_pool *pool, float *x, size_t rows, size_t width) {
  (void)pool;
  for (size_t i = 0; i < rows * width; i++) x[i] = gelu_tanh_of(x[i]);
}

void reference_gelu(ck_pool *pool, float *x, size_t rows, size_t width) {
  (void)pool;
  for (size_t i = 0; i < rows * width; i++) x[i] = 0.5 * x[i] * (1 + erf(x[i] / sqrt(2)));
}

void reference_relu(ck_pool *pool, float *x, size_t rows, size_t width) {
  (void)pool;
  for (size_t i = 0; i < rows * width; i++) x[i] = fmax(x[i], 0);
}

void reference_gelu_tanh_multiply(ck_pool *pool, float *gate, const float *up, size_t rows,
                                  size_t width) {
  (void)pool;
  for (size_t i = 0; i < rows * width; i++) gate[i] = gelu_tanh_of(gate[i]) * up[i];
}

void reference_silu_multiply(ck_pool *pool, float *gate, const float *up, size_t rows,
                             size_t width) {
  (void)pool;
  for (size_t i = 0; i < rows * width; i++)
    gate[i] = gate[i] / (1 + exp(-(double)gate[i])) * up[i];
}

void reference_add(ck_pool *pool, float *x, const float *y, size_t rows, size_t width) {
  (void)pool;
  for (size_t i = 0; i < rows * width; i++) x[i] += y[i];
}
