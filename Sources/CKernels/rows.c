// What works on rows one by one: norms, softmax, activations, rotation, sums.
//
// Each sum along a row runs in sixteen lanes chosen by index, never by length, and one tree adds the lanes.
#include <math.h>

#include "vectors.h"

// MARK: Bodies

// Walks `count` elements sixteen at a time: `STEP(i, n)` for the whole vectors with n = LANES, which the compiler knows,
// then for the tail.
#define EACH_VECTOR(count, STEP)                             \
  do {                                                       \
    const size_t all = (count), whole = all / LANES * LANES; \
    for (size_t i = 0; i < whole; i += LANES) STEP(i, LANES); \
    if (whole < all) STEP(whole, all - whole);               \
  } while (0)

BODY void softmax_body(float *row, size_t visible, size_t length, float scale) {
  v16 largest = SPLAT(-INFINITY);
#define STEP(i, n)                        \
  do {                                    \
    LOAD_TAIL(v, row + (i), n, -INFINITY); \
    keep_larger(&largest, &v);            \
  } while (0)
  EACH_VECTOR(visible, STEP);
#undef STEP
  float lanes[LANES], max = -INFINITY;
  memcpy(lanes, &largest, sizeof lanes);
  for (int i = 0; i < LANES; i++) max = lanes[i] > max ? lanes[i] : max;
  max *= scale;  // which is positive: the order stays
  v16 sum = {0};
#define STEP(i, n)                            \
  do {                                        \
    LOAD_TAIL(e, row + (i), n, -INFINITY);    \
    e = e * scale - max;                      \
    exp16(&e);                                \
    sum += e;                                 \
    memcpy(row + (i), &e, (n) * sizeof(float)); \
  } while (0)
  EACH_VECTOR(visible, STEP);
#undef STEP
  const float share = 1.0f / lane_sum(&sum);
  for (size_t j = 0; j < visible; j++) row[j] *= share;
  memset(row + visible, 0, (length - visible) * sizeof(float));
}

BODY void layer_norm_body(const float *x, size_t rows, size_t width, const float *gain,
                          const float *bias, float epsilon, float *out) {
  for (size_t r = 0; r < rows; r++, x += width, out += width) {
    v16 sum = {0}, squares = {0};
#define STEP(i, n)                     \
  do {                                 \
    LOAD_TAIL(v, x + (i), n, 0.0f);    \
    sum += v;                          \
  } while (0)
    EACH_VECTOR(width, STEP);
#undef STEP
    const float mean = lane_sum(&sum) / (float)width;
#define STEP(i, n)                     \
  do {                                 \
    LOAD_TAIL(v, x + (i), n, mean);    \
    v -= mean;                         \
    squares = FMA(v, v, squares);      \
  } while (0)
    EACH_VECTOR(width, STEP);
#undef STEP
    const float scale = 1.0f / __builtin_sqrtf(lane_sum(&squares) / (float)width + epsilon);
    for (size_t i = 0; i < width; i++) out[i] = (x[i] - mean) * scale * gain[i];
    if (bias)
      for (size_t i = 0; i < width; i++) out[i] += bias[i];
  }
}

BODY void rms_norm_body(const float *x, size_t rows, size_t width, const float *gain,
                        float epsilon, float *out) {
  for (size_t r = 0; r < rows; r++, x += width, out += width) {
    v16 squares = {0};
#define STEP(i, n)                     \
  do {                                 \
    LOAD_TAIL(v, x + (i), n, 0.0f);    \
    squares = FMA(v, v, squares);      \
  } while (0)
    EACH_VECTOR(width, STEP);
#undef STEP
    const float scale = 1.0f / __builtin_sqrtf(lane_sum(&squares) / (float)width + epsilon);
    for (size_t i = 0; i < width; i++) out[i] = x[i] * scale * gain[i];
  }
}

BODY void gelu_tanh16(v16 *x) {
  v16 u = 1.5957691216f * FMA(0.044715f * *x * *x, *x, *x);  // 2 sqrt(2/pi) (x + 0.044715 x^3)
  const v16 high = SPLAT(80.0f);
  const i16 above = u > high;
  u = (v16)(((i16)u & ~above) | ((i16)high & above));
  exp16(&u);
  *x = *x * (1.0f - 1.0f / (u + 1.0f));
}

BODY void gelu_tanh_body(float *x, size_t count) {
#define STEP(i, n)                            \
  do {                                        \
    LOAD_TAIL(v, x + (i), n, 0.0f);           \
    gelu_tanh16(&v);                          \
    memcpy(x + (i), &v, (n) * sizeof(float)); \
  } while (0)
  EACH_VECTOR(count, STEP);
#undef STEP
}

// The error function is libm's, element by element: the same code for every element, whatever the instruction set.
BODY void gelu_body(float *x, size_t count) {
  for (size_t i = 0; i < count; i++) x[i] = 0.5f * x[i] * (1.0f + erff(x[i] * 0.70710678119f));
}

BODY void relu_body(float *x, size_t count) {
  for (size_t i = 0; i < count; i++) x[i] = x[i] < 0.0f ? 0.0f : x[i];
}

BODY void gelu_tanh_multiply_body(float *gate, const float *up, size_t count) {
#define STEP(i, n)                               \
  do {                                           \
    LOAD_TAIL(g, gate + (i), n, 0.0f);           \
    LOAD_TAIL(u, up + (i), n, 0.0f);             \
    gelu_tanh16(&g);                             \
    g *= u;                                      \
    memcpy(gate + (i), &g, (n) * sizeof(float)); \
  } while (0)
  EACH_VECTOR(count, STEP);
#undef STEP
}

BODY void silu_multiply16(v16 *gate, const v16 *up) {
  v16 e = (v16)((i16)*gate | (int)0x80000000);  // -|gate|: its exponential is at most 1
  exp16(&e);
  const i16 negative = *gate < SPLAT(0.0f);
  const v16 share = (v16)(((i16)e & negative) | ((i16)SPLAT(1.0f) & ~negative));
  *gate = *gate * (share / (e + 1.0f)) * *up;
}

BODY void silu_multiply_body(float *gate, const float *up, size_t count) {
#define STEP(i, n)                               \
  do {                                           \
    LOAD_TAIL(g, gate + (i), n, 0.0f);           \
    LOAD_TAIL(u, up + (i), n, 0.0f);             \
    silu_multiply16(&g, &u);                     \
    memcpy(gate + (i), &g, (n) * sizeof(float)); \
  } while (0)
  EACH_VECTOR(count, STEP);
#undef STEP
}

BODY void rotate_body(float *x, size_t heads, size_t stride, size_t d, const float *cosines,
                      const float *sines) {
  const size_t half = d / 2;
  for (size_t h = 0; h < heads; h++, x += stride) {
#define STEP(i, n)                                              \
  do {                                                          \
    LOAD_TAIL(a, x + (i), n, 0.0f);                             \
    LOAD_TAIL(b, x + half + (i), n, 0.0f);                      \
    LOAD_TAIL(c, cosines + (i), n, 0.0f);                       \
    LOAD_TAIL(s, sines + (i), n, 0.0f);                         \
    const v16 first = a * c - b * s, second = b * c + a * s;    \
    memcpy(x + (i), &first, (n) * sizeof(float));               \
    memcpy(x + half + (i), &second, (n) * sizeof(float));       \
  } while (0)
    EACH_VECTOR(half, STEP);
#undef STEP
  }
}

BODY void add_body(float *x, const float *y, size_t count) {
  for (size_t i = 0; i < count; i++) x[i] += y[i];
}

float ck_max_abs_difference(const float *a, const float *b, size_t count) {
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

// MARK: Many elements, shared out among threads

typedef struct job job;
struct job {
  void (*compute)(const job *j, size_t first, size_t rows);
  size_t rows, width, rows_per_part;
  const float *x;
  float *out;
  const float *gain, *bias;
  float epsilon;
  size_t row_stride, heads;  // of the norm of heads, whose rows are parts of longer ones
};

BODY void layer_norm_rows(const job *j, size_t first, size_t rows) {
  const size_t at = first * j->width;
  layer_norm_body(j->x + at, rows, j->width, j->gain, j->bias, j->epsilon, j->out + at);
}

BODY void rms_norm_rows(const job *j, size_t first, size_t rows) {
  const size_t at = first * j->width;
  rms_norm_body(j->x + at, rows, j->width, j->gain, j->epsilon, j->out + at);
}

BODY void head_norm_rows(const job *j, size_t first, size_t rows) {
  for (size_t r = first; r < first + rows; r++) {
    float *row = j->out + r * j->row_stride;
    rms_norm_body(row, j->heads, j->width / j->heads, j->gain, j->epsilon, row);
  }
}

BODY void gelu_tanh_rows(const job *j, size_t first, size_t rows) {
  gelu_tanh_body(j->out + first * j->width, rows * j->width);
}

BODY void gelu_rows(const job *j, size_t first, size_t rows) {
  gelu_body(j->out + first * j->width, rows * j->width);
}

BODY void relu_rows(const job *j, size_t first, size_t rows) {
  relu_body(j->out + first * j->width, rows * j->width);
}

BODY void gelu_tanh_multiply_rows(const job *j, size_t first, size_t rows) {
  gelu_tanh_multiply_body(j->out + first * j->width, j->x + first * j->width, rows * j->width);
}

BODY void silu_multiply_rows(const job *j, size_t first, size_t rows) {
  silu_multiply_body(j->out + first * j->width, j->x + first * j->width, rows * j->width);
}

BODY void add_rows(const job *j, size_t first, size_t rows) {
  add_body(j->out + first * j->width, j->x + first * j->width, rows * j->width);
}

static void part_of_job(void *context, size_t part, int thread) {
  (void)thread;
  const job *j = context;
  const size_t first = part * j->rows_per_part, rest = j->rows - first;
  j->compute(j, first, rest < j->rows_per_part ? rest : j->rows_per_part);
}

// A part is a few thousand elements: some microseconds.
static void share(ck_pool *pool, job *j) {
  j->rows_per_part = j->rows * j->width < CK_SHARED_ELEMENTS ? j->rows : 1 + 8192 / (j->width + 1);
  if (j->rows == 0) return;
  ck_pool_run(pool, (j->rows + j->rows_per_part - 1) / j->rows_per_part, part_of_job, j);
}

// MARK: Copies

#define ROWS_OF(kernel, name, attribute)                                                        \
  attribute static void kernel##_rows_##name(const job *j, size_t first, size_t rows) {         \
    kernel##_rows(j, first, rows);                                                              \
  }

#define COPY(set, name, attribute, vectors, has_f16)                                            \
  attribute void KERNEL(softmax, name)(float *row, size_t visible, size_t length,               \
                                       float scale) {                                           \
    softmax_body(row, visible, length, scale);                                                  \
  }                                                                                             \
  attribute void KERNEL(rotate, name)(float *x, size_t heads, size_t stride, size_t d,          \
                                      const float *cosines, const float *sines) {               \
    rotate_body(x, heads, stride, d, cosines, sines);                                           \
  }                                                                                             \
  ROWS_OF(layer_norm, name, attribute)                                                          \
  void KERNEL(layer_norm, name)(ck_pool *pool, const float *x, size_t rows, size_t width,       \
                                const float *gain, const float *bias, float epsilon,            \
                                float *out) {                                                   \
    share(pool, &(job){.compute = layer_norm_rows_##name, .rows = rows, .width = width, .x = x, \
                       .out = out, .gain = gain, .bias = bias, .epsilon = epsilon});            \
  }                                                                                             \
  ROWS_OF(rms_norm, name, attribute)                                                            \
  void KERNEL(rms_norm, name)(ck_pool *pool, const float *x, size_t rows, size_t width,         \
                              const float *gain, float epsilon, float *out) {                   \
    share(pool, &(job){.compute = rms_norm_rows_##name, .rows = rows, .width = width, .x = x,   \
                       .out = out, .gain = gain, .epsilon = epsilon});                          \
  }                                                                                             \
  ROWS_OF(head_norm, name, attribute)                                                           \
  void KERNEL(head_norm, name)(ck_pool *pool, float *x, size_t rows, size_t row_stride,         \
                               size_t heads, size_t d, const float *gain, float epsilon) {      \
    share(pool, &(job){.compute = head_norm_rows_##name, .rows = rows, .width = heads * d,      \
                       .out = x, .gain = gain, .epsilon = epsilon, .row_stride = row_stride,    \
                       .heads = heads});                                                        \
  }                                                                                             \
  ROWS_OF(gelu_tanh, name, attribute)                                                           \
  void KERNEL(gelu_tanh, name)(ck_pool *pool, float *x, size_t rows, size_t width) {            \
    share(pool, &(job){.compute = gelu_tanh_rows_##name, .rows = rows, .width = width,          \
                       .out = x});                                                              \
  }                                                                                             \
  ROWS_OF(gelu, name, attribute)                                                                \
  void KERNEL(gelu, name)(ck_pool *pool, float *x, size_t rows, size_t width) {                 \
    share(pool, &(job){.compute = gelu_rows_##name, .rows = rows, .width = width, .out = x});   \
  }                                                                                             \
  ROWS_OF(relu, name, attribute)                                                                \
  void KERNEL(relu, name)(ck_pool *pool, float *x, size_t rows, size_t width) {                 \
    share(pool, &(job){.compute = relu_rows_##name, .rows = rows, .width = width, .out = x});   \
  }                                                                                             \
  ROWS_OF(gelu_tanh_multiply, name, attribute)                                                  \
  void KERNEL(gelu_tanh_multiply, name)(ck_pool *pool, float *gate, const float *up,            \
                                        size_t rows, size_t width) {                            \
    share(pool, &(job){.compute = gelu_tanh_multiply_rows_##name, .rows = rows,                 \
                       .width = width, .x = up, .out = gate});                                  \
  }                                                                                             \
  ROWS_OF(silu_multiply, name, attribute)                                                       \
  void KERNEL(silu_multiply, name)(ck_pool *pool, float *gate, const float *up, size_t rows,    \
                                   size_t width) {                                              \
    share(pool, &(job){.compute = silu_multiply_rows_##name, .rows = rows, .width = width,      \
                       .x = up, .out = gate});                                                  \
  }                                                                                             \
  ROWS_OF(add, name, attribute)                                                                 \
  void KERNEL(add, name)(ck_pool *pool, float *x, const float *y, size_t rows, size_t width) {  \
    share(pool, &(job){.compute = add_rows_##name, .rows = rows, .width = width, .x = y,        \
                       .out = x});                                                              \
  }
COPIES(COPY)
