// The hot loops of the transformer.
//
// Bit identity: each output of a matrix product is one fused multiply-add chain over k, in the same
// order for one row as for many, for every instruction set and any number of threads; each sum along a row runs in
// sixteen lanes chosen by index, never by length. So a run that recomputes everything and a run that reads a cache give
// the same bits.
#pragma once
#include <stddef.h>

#pragma clang assume_nonnull begin

// MARK: Threads and memory

enum {
  CK_MOST_THREADS = 64,
  // Multiply-adds from which a product is worth sharing among threads, and elements from which a norm is.
  CK_SHARED_WORK = 200000,
  CK_SHARED_ELEMENTS = 20000,
};

// Threads that wait for work by spinning for a moment; null is a pool of one, the caller.
typedef struct ck_pool ck_pool;

// Starts `threads` - 1 threads beside the caller's, or as many as the system grants; null without memory.
ck_pool *_Nullable ck_pool_create(int threads);

// Ends the threads; no job may be under way.
void ck_pool_destroy(ck_pool *_Nullable pool);

// Processors that this process may use.
int ck_processors(void);

// Threads of the pool, the caller's among them.
int ck_pool_threads(const ck_pool *_Nullable pool);

// Lets the rest of the program go before the calling thread, for good (on Linux; elsewhere nothing): what is worked out beside
// a screen keeps no key waiting.
void ck_give_way(void);

// The same for the threads of the pool beside the caller's, from their next job on.
void ck_pool_give_way(ck_pool *_Nullable pool);

// Calls body(context, part, thread) for each of `parts` parts and returns when all are done. A part goes to whichever
// thread is free. Where the pool is at work, for somebody else or for the body that calls this, the caller does it alone, as
// thread 0.
void ck_pool_run(ck_pool *_Nullable pool, size_t parts,
                 void (*body)(void *context, size_t part, int thread), void *context);

// Zeroed memory, aligned for vectors, in huge pages where it is large; null where there is none.
void *_Nullable ck_allocate(size_t bytes);

// The same memory with whatever lies in it.
void *_Nullable ck_allocate_unset(size_t bytes);

// What `ck_allocate` takes for so many bytes, of which there are no more than half of what size_t holds.
size_t ck_allocated_bytes(size_t bytes);
void ck_free(void *memory);

// MARK: Weights

enum {
  // Outputs per panel of a packed weight matrix.
  CK_PANEL = 64,
  // Rows of W per block of a panel: a block of f32 fits the first cache, and an output's weights of an int8 block share a
  // scale.
  CK_BLOCK = 128,
};

// What the weights are held as; sums are f32. An int8 weight is scale x integer.
enum { CK_F32 = 0, CK_F16 = 1, CK_INT8 = 2, CK_BF16 = 3 };

// Bytes that a packed matrix of inner x outer takes: outer rounded up to whole panels.
size_t ck_packed_bytes(int type, size_t inner, size_t outer);

// A matrix that is packed out of rows as they are stored: as f32, f16 or bf16, finite, each row the weights of an output or of
// an input.
typedef struct {
  int type, stored;
  size_t inner, outer;
  int by_output;
  void *packed;
} ck_packing;

// Numbers that are stored so, as floats, exactly.
void ck_widen(int stored, const void *numbers, size_t count, float *floats);

// The weights of one output, [inner], out of a packed matrix.
void ck_unpack_output(int type, const void *packed, size_t inner, size_t output, float *weights);

// MARK: Attention

// Positions per panel of keys.
enum { CK_KEYS = 16 };

// The K and V of `heads` heads, K in rows `d` and V in rows `value_d` wide and side by side, rows `row_stride` floats apart; and
// where they are kept, a head's panels `key_stride` floats behind the one before, its values `head_stride` and a position's
// `value_stride`.
typedef struct {
  const float *keys, *values;
  size_t rows, row_stride, heads, d, value_d, position;
  float *panels, *rows_of_values;
  size_t key_stride, head_stride, value_stride;
} ck_tokens;

// Rows of queries: `group` heads of d floats side by side, rows `row_stride` floats apart. Their scores are rows * group
// rows, the heads of a row one after another. Outputs likewise, but their heads are `head_stride` floats apart: d may be some of
// a head's columns.
typedef struct {
  const float *first;
  size_t rows, row_stride, group;
} ck_queries;
typedef struct {
  float *first;
  size_t rows, row_stride, group, head_stride;
} ck_outputs;

// What the tiles of a kernel added up for one head of a group: sums made, and the multiply-adds in them. A sum is a cell
// of scores, or an element of an output.
typedef struct {
  size_t sums, multiply_adds;
} ck_work;

// MARK: Kernels

// Which of many measured rates counts: the median of long runs, which lasts, or the best of short ones.
typedef enum { CK_LASTING = 0, CK_BEST = 1 } ck_rate;

// The kernels as compiled for one instruction set. Every set gives the same bits.
typedef struct {
  // y[rows][outer] = x[rows][inner] * packed + bias[outer], rows of y `y_stride` floats apart.
  // Returns the multiply-adds that its tiles added up.
  size_t (*matmul)(ck_pool *_Nullable pool, int type, const float *x, size_t rows, size_t inner,
                   const void *packed, size_t outer, const float *_Nullable bias, float *y,
                   size_t y_stride);

  // y[count] = a row of x[inner] * weights + bias[count], of rows of weights [count][inner] as f32, f16 or bf16 that are not packed.
  // Returns the multiply-adds.
  size_t (*multiply_rows)(int type, const float *x, size_t inner, const void *rows, size_t count,
                          const float *_Nullable bias, float *y);

  // Packs `count` rows of a matrix from row `first` on. Of rows by output both are multiples of CK_PANEL, of others of CK_BLOCK,
  // or the rows are the last ones. Several threads may pack different rows.
  // Returns 0 if a weight is beyond the range of the type.
  int (*pack)(const ck_packing *to, const void *rows, size_t first, size_t count);

  // Whether numbers that are stored so are finite, all of them.
  int (*are_finite)(int stored, const void *numbers, size_t count);

  // Copies keys [rows], `row_stride` floats apart, to positions `position` and on of panels [panel][d][CK_KEYS].
  void (*store_keys)(const float *keys, size_t rows, size_t row_stride, size_t d, size_t position,
                     float *panels);

  // Stores the K and V of tokens at `position` and on. Returns how many tokens were stored, over all heads.
  size_t (*store)(ck_pool *_Nullable pool, ck_tokens tokens);

  // scores[rows * group][stride]: the dot product of each query with each of `length` keys in panels. Stride is a
  // multiple of CK_KEYS; what lies between `length` and it is scratch. Adds what was done to work[group].
  void (*scores)(ck_queries queries, const float *keys, size_t length, size_t d, float *scores,
                 size_t stride, ck_work *work);

  // In place on one row: weights = softmax(scores * scale) over the first `visible` of `length` scores; a score of -inf
  // and those that are not visible give exactly 0.
  void (*softmax)(float *row, size_t visible, size_t length, float scale);

  // Each output: the sum over `length` positions of weight * value. values: [position][value_stride], a multiple of 16
  // floats; beyond d zeros, or columns that are not wanted. Adds what was done to work[group].
  void (*weighted_values)(const float *weights, size_t stride, const float *values,
                          size_t value_stride, size_t length, size_t d, ck_outputs outputs,
                          ck_work *work);

  // In place on the first `d` elements of each of the `heads` heads of one row, `stride` floats apart: element i turns
  // with element i + d/2 by the angle whose cosine and sine are at i.
  void (*rotate)(float *x, size_t heads, size_t stride, size_t d, const float *cosines,
                 const float *sines);

  // out = (x - mean) / sqrt(variance + epsilon) * gain + bias, where there is one, row by row over `width`.
  void (*layer_norm)(ck_pool *_Nullable pool, const float *x, size_t rows, size_t width,
                     const float *gain, const float *_Nullable bias, float epsilon, float *out);

  // out = x / sqrt(mean of x^2 + epsilon) * gain, row by row over `width`.
  void (*rms_norm)(ck_pool *_Nullable pool, const float *x, size_t rows, size_t width,
                   const float *gain, float epsilon, float *out);

  // The same in place on each of the `heads` heads of a row, `d` wide and side by side, rows `row_stride` floats apart.
  void (*head_norm)(ck_pool *_Nullable pool, float *x, size_t rows, size_t row_stride,
                    size_t heads, size_t d, const float *gain, float epsilon);

  // In place: 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))), the "gelu_new" of GPT-2.
  void (*gelu_tanh)(ck_pool *_Nullable pool, float *x, size_t rows, size_t width);

  // In place: 0.5 x (1 + erf(x / sqrt(2))), the "gelu" of Hugging Face.
  void (*gelu)(ck_pool *_Nullable pool, float *x, size_t rows, size_t width);

  // In place: max(x, 0).
  void (*relu)(ck_pool *_Nullable pool, float *x, size_t rows, size_t width);

  // In place: gate = gelu_tanh(gate) * up, the GELU of GeGLU.
  void (*gelu_tanh_multiply)(ck_pool *_Nullable pool, float *gate, const float *up, size_t rows,
                             size_t width);

  // In place: gate = gate / (1 + e^-gate) * up, the SiLU of SwiGLU.
  void (*silu_multiply)(ck_pool *_Nullable pool, float *gate, const float *up, size_t rows,
                        size_t width);

  // In place: x += y.
  void (*add)(ck_pool *_Nullable pool, float *x, const float *y, size_t rows, size_t width);

  // FLOP a second of all threads of the pool that do nothing but fused multiply-adds in registers, over
  // runs of `seconds` in all.
  double (*measure_flops)(ck_pool *_Nullable pool, double seconds, ck_rate rate);

  // Bytes a second of all threads of the pool that read `count` floats from end to end, each its share, over
  // runs of `seconds` in all.
  double (*measure_bandwidth)(ck_pool *_Nullable pool, const float *buffer, size_t count,
                              double seconds, ck_rate rate);
} ck_kernels;

// What the kernels are compiled for, each better than the one before.
typedef enum { CK_BASELINE = 0, CK_AVX2 = 1, CK_AVX512 = 2 } ck_instruction_set;

// The best instruction set of this machine.
ck_instruction_set ck_best_instruction_set(void);

// The kernels for an instruction set; those of the baseline where this kind of processor has no such set.
const ck_kernels *ck_kernels_of(ck_instruction_set set);

// The largest |a - b| over `count`; NaN if any difference is NaN.
float ck_max_abs_difference(const float *a, const float *b, size_t count);

#pragma clang assume_nonnull end
