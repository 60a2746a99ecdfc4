// Products of rows with a matrix.
#include <math.h>
#include <stdlib.h>

#include "reference.h"

// One output of one row: a chain over the rows of W that begins at the bias.
static float chain(const float *x, const float *weights, size_t inner, float bias) {
  float sum = bias;
  for (size_t k = 0; k < inner; k++) sum = fmaf(x[k], weights[k], sum);
  return sum;
}

// The same of weights that are scale x integer, where each block of the rows of W has a scale of its own: a chain in each
// block, and one over the blocks.
static float chain_of_blocks(const float *x, const float *weights, size_t inner, float bias) {
  float sum = bias;
  for (size_t start = 0; start < inner; start += CK_BLOCK) {
    const size_t end = start + CK_BLOCK < inner ? start + CK_BLOCK : inner;
    float largest = 0;
    for (size_t k = start; k < end; k++) largest = fmaxf(largest, fabsf(weights[k]));
    const float scale = largest / 127;
    float part = 0;
    for (size_t k = start; k < end; k++)
      part = fmaf(x[k], scale > 0 ? rintf(weights[k] / scale) : 0, part);
    sum = fmaf(scale, part, sum);
  }
  return sum;
}

void reference_product(int type, const float *x, size_t rows, size_t inner, const float *matrix,
                       size_t outer, const float *bias, float *y) {
  float *weights = malloc((inner + 1) * sizeof(float));
  if (!weights) abort();
  for (size_t o = 0; o < outer; o++) {
    for (size_t k = 0; k < inner; k++) weights[k] = matrix[k * outer + o];
    for (size_t r = 0; r < rows; r++)
      y[r * outer + o] = (type == CK_INT8 ? chain_of_blocks : chain)(
          x + r * inner, weights, inner, bias ? bias[o] : 0);
  }
  free(weights);
}

size_t reference_matmul(ck_pool *pool, int type, const float *x, size_t rows, size_t inner,
                        const void *packed, size_t outer, const float *bias, float *y,
                        size_t y_stride) {
  (void)pool;
  float *weights = malloc((inner + 1) * sizeof(float));
  if (!weights) abort();
  for (size_t o = 0; o < outer; o++) {
    ck_unpack_output(type, packed, inner, o, weights);
    for (size_t r = 0; r < rows; r++)
      y[r * y_stride + o] = chain(x + r * inner, weights, inner, bias ? bias[o] : 0);
  }
  free(weights);
  return rows * inner * outer;
}
