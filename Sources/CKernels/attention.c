// QK^T and weights x V of the query heads that share one head of K and V.
//
// Keys lie in panels of CK_KEYS positions, [panel][d][position], so that a vector holds the scores of many keys and
// each score is one fused multiply-add chain over d. Values lie [position][stride], each output one chain over the
// positions: a weight of 0 behind the mask leaves it as it is, however long the row, but for the sign of a zero; values are
// finite.
//
// A tile adds up what it did, head by head: the sums that it made and the steps that its loop took for each. What fills a
// vector beyond the last key or element does not count.
#include <stdatomic.h>

#include "vectors.h"

enum { ROWS = 6, VECTORS = 4 };
_Static_assert(CK_KEYS == LANES, "a panel of keys is a vector wide");

// How many bytes ahead values are asked for, into the second cache, for in a long context they come from memory, and the
// processor's own guesses stop at a page. Keys are asked for a tile ahead. Only the first tile of rows asks, and nobody where a
// head's keys or values are so few that they are near already.
enum { VALUES_AHEAD = 12 << 10, LEAST_ASKED = 32 << 10 };

// Sixteen rows of sixteen floats, transposed by four rounds of exchanges between rows 1, 2, 4 and 8 apart.
BODY void transpose16(const float *from, size_t row_stride, float *to) {
  v16 a[LANES], b[LANES];
  for (int i = 0; i < LANES; i++) a[i] = LOAD(from + i * row_stride);
#define EXCHANGE(from, to, distance)                                                     \
  for (int i = 0; i < LANES; i++)                                                        \
    if (!(i & distance)) {                                                               \
      to[i] = __builtin_shufflevector(from[i], from[i + distance], LOW_##distance);      \
      to[i + distance] = __builtin_shufflevector(from[i], from[i + distance], HIGH_##distance); \
    }
#define LOW_1 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30
#define HIGH_1 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31
#define LOW_2 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29
#define HIGH_2 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31
#define LOW_4 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27
#define HIGH_4 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31
#define LOW_8 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23
#define HIGH_8 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31
  EXCHANGE(a, b, 1)
  EXCHANGE(b, a, 2)
  EXCHANGE(a, b, 4)
  EXCHANGE(b, a, 8)
  for (int i = 0; i < LANES; i++) STORE(to + i * LANES, a[i]);
}

BODY void store_keys_body(const float *keys, size_t rows, size_t row_stride, size_t d,
                          size_t position, float *panels) {
  for (size_t r = 0; r < rows;) {
    const size_t at = (position + r) % CK_KEYS;
    const size_t count = rows - r < CK_KEYS - at ? rows - r : CK_KEYS - at;
    const float *from = keys + r * row_stride;
    float *panel = panels + (position + r) / CK_KEYS * CK_KEYS * d + at;
    const size_t whole = count == CK_KEYS ? d / LANES * LANES : 0;
    for (size_t i = 0; i < whole; i += LANES)
      transpose16(from + i, row_stride, panel + i * CK_KEYS);
    for (size_t n = 0; n < count; n++)
      for (size_t i = whole; i < d; i++) panel[i * CK_KEYS + n] = from[n * row_stride + i];
    r += count;
  }
}

// Row i of a block is query head i % group of row i / group.
static const float *query_of(const ck_queries *q, size_t i, size_t d) {
  return q->first + i / q->group * q->row_stride + i % q->group * d;
}

// Adds the work of a tile, `sums` of `steps` in each of its rows, to the heads of the rows, the first of which is row `first`.
BODY void add_work(ck_work *work, size_t group, size_t first, size_t rows, size_t sums,
                   size_t steps) {
  size_t head = first < group ? first : first % group;
  for (size_t r = 0; r < rows; r++) {
    work[head].sums += sums;
    work[head].multiply_adds += sums * steps;
    head = head + 1 == group ? 0 : head + 1;
  }
}

// Returns the steps of each chain.
BODY size_t scores_tile(const float *const *queries, const float *keys, size_t d, float *scores,
                      size_t stride, const int asks, const int rows, const int vectors) {
  v16 acc[ROWS][VECTORS];
  for (int r = 0; r < rows; r++)
    for (int v = 0; v < vectors; v++) acc[r][v] = SPLAT(0.0f);
  size_t i = 0;
  for (; i < CHAIN_END(d); i++) {
    v16 k[VECTORS];
    for (int v = 0; asks && v < vectors; v++)
      __builtin_prefetch(keys + ((vectors + v) * d + i) * LANES, 0, 2);
    for (int v = 0; v < vectors; v++) k[v] = LOAD(keys + (v * d + i) * LANES);
    for (int r = 0; r < rows; r++)
      for (int v = 0; v < vectors; v++) acc[r][v] = FMA(SPLAT(queries[r][i]), k[v], acc[r][v]);
  }
  for (int r = 0; r < rows; r++)
    for (int v = 0; v < vectors; v++) STORE(scores + r * stride + v * LANES, acc[r][v]);
  return i;
}

#define BY_ROWS(rows, CALL)        \
  switch (rows) {                  \
    case 1: CALL(1); break;        \
    case 2: CALL(2); break;        \
    case 3: CALL(3); break;        \
    case 4: CALL(4); break;        \
    case 5: CALL(5); break;        \
    default: CALL(ROWS);           \
  }

// Keys outside, rows inside: a few panels of keys stay in the first cache while all rows pass over them.
BODY void scores_body(const ck_queries *q, const float *keys, size_t length, size_t d, float *scores,
                      size_t stride, ck_work *work, const int most) {
  const size_t panels = (length + LANES - 1) / LANES;
  const size_t all = q->rows * q->group;
  const int are_many = length * d * sizeof(float) >= LEAST_ASKED;
  for (size_t p = 0; p < panels;) {
    const int vectors = panels - p >= VECTORS ? most : 1;
    for (size_t r = 0; r < all; r += ROWS) {
      const size_t rows = all - r < ROWS ? all - r : ROWS;
      const int asks = are_many && r == 0;
      const float *queries[ROWS];
      for (size_t i = 0; i < rows; i++) queries[i] = query_of(q, r + i, d);
      float *to = scores + r * stride + p * LANES;
      const float *from = keys + p * LANES * d;
      size_t steps = 0;
      if (vectors == 1) {
#define CALL(n) steps = scores_tile(queries, from, d, to, stride, asks, n, 1)
        BY_ROWS(rows, CALL)
#undef CALL
      } else {
#define CALL(n) steps = scores_tile(queries, from, d, to, stride, asks, n, most)
        BY_ROWS(rows, CALL)
#undef CALL
      }
      const size_t width = (size_t)vectors * LANES, rest = length - p * LANES;
      add_work(work, q->group, r, rows, rest < width ? rest : width, steps);
    }
    p += (size_t)vectors;
  }
}

// Returns the steps of each chain.
BODY size_t values_tile(const float *weights, size_t stride, const float *values, size_t value_stride,
                        size_t length, float *const *out, size_t at, size_t used, const int asks,
                        const int rows, const int vectors) {
  v16 acc[ROWS][VECTORS];
  for (int r = 0; r < rows; r++)
    for (int v = 0; v < vectors; v++) acc[r][v] = SPLAT(0.0f);
  size_t j = 0;
  for (; j < CHAIN_END(length); j++) {
    v16 value[VECTORS];
    for (int v = 0; asks && v < vectors; v++)
      __builtin_prefetch(values + j * value_stride + v * LANES + VALUES_AHEAD / sizeof(float), 0, 2);
    for (int v = 0; v < vectors; v++) value[v] = LOAD(values + j * value_stride + v * LANES);
    for (int r = 0; r < rows; r++)
      for (int v = 0; v < vectors; v++)
        acc[r][v] = FMA(SPLAT(weights[r * stride + j]), value[v], acc[r][v]);
  }
  for (int r = 0; r < rows; r++)
    for (int v = 0; v < vectors; v++) {
      const size_t rest = used - (size_t)v * LANES;
      memcpy(out[r] + at + v * LANES, &acc[r][v], (rest < LANES ? rest : LANES) * sizeof(float));
    }
  return j;
}

BODY void values_body(const float *weights, size_t stride, const float *values, size_t value_stride,
                      size_t length, size_t d, const ck_outputs *o, ck_work *work, const int most) {
  const size_t all = o->rows * o->group;
  const int are_many = length * d * sizeof(float) >= LEAST_ASKED;
  for (size_t r = 0; r < all; r += ROWS) {
    const size_t rows = all - r < ROWS ? all - r : ROWS;
    const int asks = are_many && r == 0;
    float *out[ROWS];
    for (size_t i = 0; i < rows; i++)
      out[i] = o->first + (r + i) / o->group * o->row_stride + (r + i) % o->group * o->head_stride;
    for (size_t at = 0; at < d;) {
      const size_t used = d - at;
      const int half = most > 2 ? 2 : 1;
      const int vectors = used > (VECTORS - 1) * LANES ? most : used > LANES ? half : 1;
      const float *w = weights + r * stride, *from = values + at;
      size_t steps = 0;
      if (vectors == 1) {
#define CALL(n) \
  steps = values_tile(w, stride, from, value_stride, length, out, at, used, asks, n, 1)
        BY_ROWS(rows, CALL)
#undef CALL
      } else if (vectors == half) {
#define CALL(n) \
  steps = values_tile(w, stride, from, value_stride, length, out, at, used, asks, n, half)
        BY_ROWS(rows, CALL)
#undef CALL
      } else {
#define CALL(n) \
  steps = values_tile(w, stride, from, value_stride, length, out, at, used, asks, n, most)
        BY_ROWS(rows, CALL)
#undef CALL
      }
      const size_t width = (size_t)vectors * LANES;
      add_work(work, o->group, r, rows, used < width ? used : width, steps);
      at += width;
    }
  }
}

// MARK: Storing

typedef struct {
  ck_tokens tokens;
  __typeof__(((ck_kernels *)0)->store_keys) store_keys;
  atomic_size_t stored;
} job;

static void store_head(void *context, size_t head, int thread) {
  (void)thread;
  job *j = context;
  const ck_tokens *t = &j->tokens;
  j->store_keys(t->keys + head * t->d, t->rows, t->row_stride, t->d, t->position,
                t->panels + head * t->key_stride);
  float *to = t->rows_of_values + head * t->head_stride + t->position * t->value_stride;
  size_t r = 0;
  for (; r < t->rows; r++)
    memcpy(to + r * t->value_stride, t->values + r * t->row_stride + head * t->value_d,
           t->value_d * sizeof(float));
  atomic_fetch_add_explicit(&j->stored, r, memory_order_relaxed);
}

static size_t store(job *j, ck_pool *pool) {
  const ck_tokens *t = &j->tokens;
  const int is_small = t->rows * t->heads * (t->d > t->value_d ? t->d : t->value_d) < CK_SHARED_ELEMENTS;
  ck_pool_run(is_small ? NULL : pool, t->heads, store_head, j);
  return atomic_load_explicit(&j->stored, memory_order_relaxed);
}

// MARK: Copies

#define COPY(set, name, attribute, vectors, has_f16)                                              \
  attribute void KERNEL(store_keys, name)(const float *keys, size_t rows, size_t row_stride,      \
                                          size_t d, size_t position, float *panels) {             \
    store_keys_body(keys, rows, row_stride, d, position, panels);                                 \
  }                                                                                               \
  size_t KERNEL(store, name)(ck_pool *pool, ck_tokens tokens) {                                   \
    return store(&(job){tokens, KERNEL(store_keys, name), 0}, pool);                              \
  }                                                                                               \
  attribute void KERNEL(scores, name)(ck_queries queries, const float *keys, size_t length,       \
                                      size_t d, float *scores, size_t stride, ck_work *work) {    \
    scores_body(&queries, keys, length, d, scores, stride, work, vectors);                        \
  }                                                                                               \
  attribute void KERNEL(weighted_values, name)(const float *weights, size_t stride,               \
                                               const float *values, size_t value_stride,          \
                                               size_t length, size_t d, ck_outputs outputs,       \
                                               ck_work *work) {                                   \
    values_body(weights, stride, values, value_stride, length, d, &outputs, work, vectors);       \
  }
COPIES(COPY)
