// QK^T, softmax and weights x V of the query heads that share one head of K and V.
#include <math.h>

#include "reference.h"

// Where element i of the key at a position lies.
static size_t place(size_t position, size_t i, size_t d) {
  return position / CK_KEYS * CK_KEYS * d + i * CK_KEYS + position % CK_KEYS;
}

void reference_store_keys(const float *keys, size_t rows, size_t row_stride, size_t d,
                          size_t position, float *panels) {
  for (size_t r = 0; r < rows; r++)
    for (size_t i = 0; i < d; i++) panels[place(position + r, i, d)] = keys[r * row_stride + i];
}

size_t reference_store(ck_pool *pool, ck_tokens t) {
  (void)pool;
  for (size_t h = 0; h < t.heads; h++) {
    reference_store_keys(t.keys + h * t.d, t.rows, t.row_stride, t.d, t.position,
                         t.panels + h * t.key_stride);
    for (size_t r = 0; r < t.rows; r++)
      for (size_t i = 0; i < t.value_d; i++)
        t.rows_of_values[h * t.head_stride + (t.position + r) * t.value_stride + i] =
            t.values[r * t.row_stride + h * t.value_d + i];
  }
  return t.heads * t.rows;
}

void reference_scores(ck_queries q, const float *keys, size_t length, size_t d, float *scores,
                      size_t stride, ck_work *work) {
  for (size_t r = 0; r < q.rows; r++)
    for (size_t head = 0; head < q.group; head++) {
      const float *query = q.first + r * q.row_stride + head * d;
      for (size_t j = 0; j < length; j++) {
        float sum = 0;
        for (size_t i = 0; i < d; i++) sum = fmaf(query[i], keys[place(j, i, d)], sum);
        scores[(r * q.group + head) * stride + j] = sum;
        work[head].sums += 1;
        work[head].multiply_adds += d;
      }
    }
}

void reference_softmax(float *row, size_t visible, size_t length, float scale) {
  double largest = -INFINITY, sum = 0;
  for (size_t j = 0; j < visible; j++) largest = fmax(largest, (double)row[j] * scale);
  for (size_t j = 0; j < visible; j++) sum += exp((double)row[j] * scale - largest);
  for (size_t j = 0; j < visible; j++) row[j] = exp((double)row[j] * scale - largest) / sum;
  for (size_t j = visible; j < length; j++) row[j] = 0;
}

void reference_weighted_values(const float *weights, size_t stride, const float *values,
                               size_t value_stride, size_t length, size_t d, ck_outputs o,
                               ck_work *work) {
  for (size_t r = 0; r < o.rows; r++)
    for (size_t head = 0; head < o.group; head++)
      for (size_t i = 0; i < d; i++) {
        float sum = 0;
        for (size_t j = 0; j < length; j++)
          sum = fmaf(weights[(r * o.group + head) * stride + j], values[j * value_stride + i], sum);
        o.first[r * o.row_stride + head * o.head_stride + i] = sum;
        work[head].sums += 1;
        work[head].multiply_adds += length;
      }
}
