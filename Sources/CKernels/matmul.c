// Matrix products with packed weights: y = x W + b.
//
// An output is one fused multiply-add chain over the rows of W; of int8 weights one chain a block, then one over the
// blocks. Narrow weights widen exactly, so one row of x and many give the same bits.
//
// A tile adds up what it did: the steps that its loop made, for each of its rows and outputs. What lies beyond the last
// output, to fill a vector, does not count.
#include <stdatomic.h>

#include "packed.h"
#include "turning.h"
#include "vectors.h"
#include "widening.h"

enum { ROWS = 6, VECTORS = CK_PANEL / LANES, CACHE_LINE = 64 };

// How many bytes ahead weights are asked for that are used once: the processor's own guesses stop at a page. What comes to the
// second cache from far is fetched to the first from near.
typedef struct {
  size_t near, far;  // far is 0 where near is from memory
} distances;

// Found by trying (docs/performance.md): Intel's cores hold more lines on their way to the second cache than to the first; on the
// others the widest distances differ by a tenth, and a narrow type needs more, for it takes longer.
static distances distances_of(int type) {
#if defined(__x86_64__)
  if (__builtin_cpu_is("intel")) return (distances){2 << 10, 16 << 10};
#endif
  const size_t near = type == CK_INT8 ? 12 << 10 : type == CK_F32 ? 1 << 10 : 4 << 10;
  return (distances){near, 0};
}

// Slices in which a block comes from memory while rows pass over the block before it: at least so many.
enum { LEAST_SLICES = 32 };

// Rows whose sums wait side by side between blocks, in the second cache: in y, rows that lie a power of two apart would take each
// other's place there.
enum { WAITING_ROWS = 42 * ROWS };

// MARK: Products

// Steps of a tile at once: where vector units share their ports with whole numbers (Intel), each count and each address takes a turn
// from a product.
enum { STEPS = 8 };

// A step of every chain of a tile.
#define STEP(acc, x, x_stride, w, rows, vectors)                                  \
  do {                                                                            \
    v16 weights[VECTORS];                                                         \
    for (int v = 0; v < vectors; v++) weights[v] = LOAD((w) + v * LANES);         \
    for (int r = 0; r < rows; r++)                                                \
      for (int v = 0; v < vectors; v++)                                           \
        acc[r][v] = FMA(SPLAT((x)[r * x_stride]), weights[v], acc[r][v]);         \
  } while (0)

// y += x W of one block for a tile of rows and vectors. `from` is what is added to: a bias (stride 0) or y itself.
// Returns the steps of each chain.
BODY size_t tile(const float *x, size_t x_stride, size_t count, const float *w, const float *scales,
               const float *from, size_t from_stride, float *y, size_t y_stride, const int rows,
               const int vectors, const int is_scaled) {
  v16 acc[ROWS][VECTORS];
  for (int r = 0; r < rows; r++)
    for (int v = 0; v < vectors; v++)
      acc[r][v] = is_scaled ? SPLAT(0.0f) : LOAD(from + r * from_stride + v * LANES);
  size_t k = 0;
  for (; k + STEPS <= CHAIN_END(count); k += STEPS)
    for (int i = 0; i < STEPS; i++)
      STEP(acc, x + k + i, x_stride, w + (k + i) * CK_PANEL, rows, vectors);
  for (; k < CHAIN_END(count); k++) STEP(acc, x + k, x_stride, w + k * CK_PANEL, rows, vectors);
  for (int r = 0; r < rows; r++)
    for (int v = 0; v < vectors; v++) {
      const float *base = from + r * from_stride + v * LANES;
      STORE(y + r * y_stride + v * LANES,
            is_scaled ? FMA(LOAD(scales + v * LANES), acc[r][v], LOAD(base)) : acc[r][v]);
    }
  return k;
}

// How many of `width` outputs from `at` on are among the `used` ones.
BODY size_t outputs_of(size_t used, size_t at, size_t width) {
  const size_t rest = used > at ? used - at : 0;
  return rest < width ? rest : width;
}

// A tile of any number of rows up to ROWS, all vectors of the panel. Returns the multiply-adds of its `used` outputs.
BODY size_t tiles(const float *x, size_t x_stride, size_t count, const float *w, const float *scales,
                  const float *from, size_t from_stride, float *y, size_t y_stride, size_t rows,
                  size_t used, const int vectors, const int is_scaled) {
  size_t done = 0;
  for (int v = 0; v < VECTORS; v += vectors) {
    const size_t at = (size_t)v * LANES;
    size_t steps = 0;
#define CASE(n)                                                                                \
  case n:                                                                                      \
    steps = tile(x, x_stride, count, w + at, scales + (is_scaled ? at : 0), from + at,         \
                 from_stride, y + at, y_stride, n, vectors, is_scaled);                        \
    break
    switch (rows) {  // constant row counts, so that the tile stays in registers
      CASE(1); CASE(2); CASE(3); CASE(4); CASE(5);
      default: CASE(ROWS);
    }
#undef CASE
    done += steps * rows * outputs_of(used, at, (size_t)vectors * LANES);
  }
  return done;
}

typedef struct {
  const float *x;
  size_t rows, inner;
  const unsigned char *packed;
  size_t outer;
  const float *bias;
  float *y;
  size_t y_stride;
  distances ahead;
} product;

// One row of x against a panel: weights are widened as they stream past. Returns the steps of each chain.
BODY size_t row_panel(const product *p, const unsigned char *panel, const float *bias, float *y,
                      const int type, const int has_f16) {
  const int row_bytes = CK_PANEL * (type == CK_INT8 ? 1 : type == CK_F32 ? 4 : 2);
  size_t steps = 0;
  v16 sums[VECTORS];
  for (int v = 0; v < VECTORS; v++) sums[v] = LOAD(bias + v * LANES);
  for (size_t start = 0; start < p->inner; start += CK_BLOCK) {
    const size_t count = p->inner - start < CK_BLOCK ? p->inner - start : CK_BLOCK;
    const int is_scaled = type == CK_INT8;
    const float *scales = (const float *)panel;
    const void *weights = panel + (is_scaled ? CK_PANEL * sizeof(float) : 0);
    v16 acc[VECTORS];
    for (int v = 0; v < VECTORS; v++) acc[v] = is_scaled ? SPLAT(0.0f) : sums[v];
    size_t k = 0;
    for (; k < CHAIN_END(count); k++) {
      const char *row = (const char *)weights + k * row_bytes;
      for (int line = 0; line < row_bytes; line += CACHE_LINE)
        __builtin_prefetch(row + p->ahead.near + line);
      for (int line = 0; p->ahead.far && line < row_bytes; line += CACHE_LINE)
        __builtin_prefetch(row + p->ahead.far + line, 0, 2);
      for (int v = 0; v < VECTORS; v++) {
        v16 w;
        widen(&w, weights, k * CK_PANEL + v * LANES, type, has_f16);
        acc[v] = FMA(SPLAT(p->x[start + k]), w, acc[v]);
      }
    }
    steps += k;
    for (int v = 0; v < VECTORS; v++)
      sums[v] = is_scaled ? FMA(LOAD(scales + v * LANES), acc[v], sums[v]) : acc[v];
    panel += panel_bytes(type, count);
  }
  for (int v = 0; v < VECTORS; v++) STORE(y + v * LANES, sums[v]);
  return steps;
}

// A block of W for many rows of x, and how their sums go on.
typedef struct {
  const float *x;
  size_t x_stride, rows, count;
  const unsigned char *packed;  // the block
  const float *from;            // what is added to: a bias (stride 0) or the sums so far
  size_t from_stride;
  float *to;
  size_t to_stride;
} block_of_rows;

// The block stays in the first cache while all rows pass over it, and the next one comes from memory, a slice with each tile.
// Returns the multiply-adds of the `used` outputs.
BODY size_t rows_block(const block_of_rows *b, size_t used, const int type, const int vectors,
                       const int has_f16) {
  const int is_scaled = type == CK_INT8;
  const float *scales = (const float *)b->packed;
  const float *w = (const float *)b->packed;
  _Alignas(CACHE_LINE) float widened[CK_BLOCK * CK_PANEL];
  if (type != CK_F32) {
    const void *weights = b->packed + (is_scaled ? CK_PANEL * sizeof(float) : 0);
    for (size_t i = 0; i < b->count * CK_PANEL; i += LANES) {
      v16 v;
      widen(&v, weights, i, type, has_f16);
      STORE(widened + i, v);
    }
    w = widened;
  }
  const size_t bytes = panel_bytes(type, b->count);
  const unsigned char *next = b->packed + bytes;
  const size_t slices = b->rows / ROWS < LEAST_SLICES ? LEAST_SLICES : b->rows / ROWS;
  size_t done = 0;
  for (size_t r = 0; r < b->rows; r += ROWS) {
    const size_t rows = b->rows - r < ROWS ? b->rows - r : ROWS;
    for (size_t line = 0; line < bytes / slices; line += CACHE_LINE, next += CACHE_LINE)
      __builtin_prefetch(next, 0, 2);
    done += tiles(b->x + r * b->x_stride, b->x_stride, b->count, w, scales,
                  b->from + r * b->from_stride, b->from_stride, b->to + r * b->to_stride,
                  b->to_stride, rows, used, vectors, is_scaled);
  }
  return done;
}

// Many rows of x against a panel, block by block. Returns the multiply-adds.
BODY size_t rows_panel(const product *p, const unsigned char *panel, const float *bias, float *y,
                       size_t used, const int type, const int vectors, const int has_f16) {
  _Alignas(CACHE_LINE) float sums[WAITING_ROWS * CK_PANEL];
  size_t done = 0;
  for (size_t first = 0; first < p->rows; first += WAITING_ROWS) {
    const size_t rest = p->rows - first, rows = rest < WAITING_ROWS ? rest : WAITING_ROWS;
    const unsigned char *packed = panel;
    float *out = y + first * p->y_stride;
    for (size_t start = 0; start < p->inner; start += CK_BLOCK) {
      const size_t count = p->inner - start < CK_BLOCK ? p->inner - start : CK_BLOCK;
      // Where the panel hangs over the last output, the last sums too are computed aside.
      const int goes_out = start + count == p->inner && used == CK_PANEL;
      const block_of_rows block = {
          p->x + first * p->inner + start, p->inner, rows, count, packed,
          start ? sums : bias, start ? CK_PANEL : 0,
          goes_out ? out : sums, goes_out ? p->y_stride : CK_PANEL,
      };
      done += rows_block(&block, used, type, vectors, has_f16);
      packed += panel_bytes(type, count);
    }
    for (size_t r = 0; used < CK_PANEL && r < rows; r++)
      memcpy(out + r * p->y_stride, sums + r * CK_PANEL, used * sizeof(float));
  }
  return done;
}

// The outputs of panels `first` ..< `end`. Returns the multiply-adds.
BODY size_t panels(const product *p, size_t first, size_t end, const int type, const int vectors,
                   const int has_f16) {
  size_t done = 0;
  for (size_t index = first; index < end; index++) {
    const size_t start = index * CK_PANEL;
    const size_t used = p->outer - start < CK_PANEL ? p->outer - start : CK_PANEL;
    const unsigned char *panel = p->packed + index * panel_bytes(type, p->inner);
    float bias[CK_PANEL] = {0};
    if (p->bias) memcpy(bias, p->bias + start, used * sizeof(float));
    if (p->rows > 1) {
      done += rows_panel(p, panel, bias, p->y + start, used, type, vectors, has_f16);
    } else if (used == CK_PANEL) {
      done += used * row_panel(p, panel, bias, p->y + start, type, has_f16);
    } else {
      float aside[CK_PANEL];
      done += used * row_panel(p, panel, bias, aside, type, has_f16);
      memcpy(p->y + start, aside, used * sizeof(float));
    }
  }
  return done;
}

// MARK: Rows as they are stored

// Numbers k and on of sixteen rows against x, as many as a vector holds of a row.
BODY void step_of_rows(const unsigned char *from, size_t row_bytes, const float *x, v16 *sums,
                       const int type, const int has_f16) {
  i16 a[LANES];
  for (int r = 0; r < LANES; r++) __builtin_prefetch(from + r * row_bytes + 2 * CACHE_LINE);
  turn_rows(from, row_bytes, a);
  for (int r = 0; r < LANES; r++) {
    if (type == CK_F32) {
      *sums = FMA(SPLAT(x[r]), (v16)a[r], *sums);
      continue;
    }
    v16 first, second;
    if (type == CK_BF16) {
      first = (v16)(a[r] << 16), second = (v16)(a[r] & (int)0xFFFF0000);
    } else {
      const pairs16 pairs = (pairs16)a[r];
      const bits16 low = FIRST_OF(pairs), high = SECOND_OF(pairs);
      widen_half(&first, (const uint16_t *)&low, has_f16);
      widen_half(&second, (const uint16_t *)&high, has_f16);
    }
    *sums = FMA(SPLAT(x[2 * r]), first, *sums);
    *sums = FMA(SPLAT(x[2 * r + 1]), second, *sums);
  }
}

// A row of x against rows of weights, each the weights of an output. Returns the multiply-adds.
BODY size_t stored_rows(size_t inner, const unsigned char *rows, size_t count, const float *x,
                        const float *bias, float *y, const int type, const int has_f16) {
  const size_t width = type == CK_F32 ? sizeof(float) : sizeof(uint16_t), row_bytes = inner * width;
  const size_t columns = type == CK_F32 ? LANES : 2 * LANES;
  size_t done = 0;
  for (size_t o = 0; o < count; o += LANES) {
    const size_t used = count - o < LANES ? count - o : LANES;
    const unsigned char *first = rows + o * row_bytes;
    LOAD_TAIL(sums, bias ? bias + o : y, bias ? used : 0, 0.0f);
    size_t k = 0;
    for (; used == LANES && k + columns <= CHAIN_END(inner); k += columns)
      step_of_rows(first + k * width, row_bytes, x + k, &sums, type, has_f16);
    for (; k < CHAIN_END(inner); k++) {
      float weights[LANES] = {0};
      for (size_t lane = 0; lane < used; lane++)
        ck_widen(type, first + lane * row_bytes + k * width, 1, weights + lane);
      sums = FMA(SPLAT(x[k]), LOAD(weights), sums);
    }
    memcpy(y + o, &sums, used * sizeof(float));
    done += k * used;
  }
  return done;
}

// MARK: Threads

// The outputs of panels `first` ..< `end`, as compiled for an instruction set. Returns the multiply-adds.
typedef size_t copy(const product *p, int type, size_t first, size_t end);

typedef struct {
  product product;
  copy *panels_of_type;
  int type;
  size_t panels, panels_per_part, rows_per_part, parts_of_rows;
  atomic_size_t multiply_adds;
} job;

static void part_of_job(void *context, size_t part, int thread) {
  (void)thread;
  job *j = context;
  product p = j->product;
  const size_t first_row = part % j->parts_of_rows * j->rows_per_part, rest = p.rows - first_row;
  p.x += first_row * p.inner;
  p.y += first_row * p.y_stride;
  p.rows = rest < j->rows_per_part ? rest : j->rows_per_part;
  const size_t first = part / j->parts_of_rows * j->panels_per_part;
  const size_t end = first + j->panels_per_part;
  const size_t done = j->panels_of_type(&p, j->type, first, end < j->panels ? end : j->panels);
  atomic_fetch_add_explicit(&j->multiply_adds, done, memory_order_relaxed);
}

// A part of a product of one row is long enough to stream well. Of many rows it is a panel, and where the panels do not
// give every thread a few parts, some of the rows.
enum { PART_BYTES = 128 << 10, PARTS_PER_THREAD = 4, LEAST_PART_ROWS = 8 * ROWS };

static void divide(job *j, size_t threads) {
  const product *p = &j->product;
  if (p->rows == 1) {
    j->panels_per_part = 1 + PART_BYTES / panel_bytes(j->type, p->inner);
    return;
  }
  j->panels_per_part = 1;
  const size_t wanted = PARTS_PER_THREAD * threads / j->panels + 1;
  const size_t tiles = (p->rows + ROWS - 1) / ROWS;
  j->rows_per_part = (tiles + wanted - 1) / wanted * ROWS;
  if (j->rows_per_part < LEAST_PART_ROWS) j->rows_per_part = LEAST_PART_ROWS;
  j->parts_of_rows = (p->rows + j->rows_per_part - 1) / j->rows_per_part;
}

static size_t share(ck_pool *pool, copy *panels_of_type, int type, product p) {
  if (p.rows == 0 || p.outer == 0) return 0;
  const size_t all = panels_of(p.outer);
  job j = {p, panels_of_type, type, all, all, p.rows, 1, 0};
  const size_t threads = (size_t)ck_pool_threads(pool);
  if (threads > 1 && p.rows * p.inner * p.outer >= CK_SHARED_WORK) divide(&j, threads);
  const size_t parts_of_panels = (all + j.panels_per_part - 1) / j.panels_per_part;
  ck_pool_run(pool, parts_of_panels * j.parts_of_rows, part_of_job, &j);
  return atomic_load_explicit(&j.multiply_adds, memory_order_relaxed);
}

// MARK: Copies

#define COPY(set, name, attribute, vectors, has_f16)                                             \
  attribute static size_t panels_##name(const product *p, int type, size_t first, size_t end) {  \
    switch (type) {                                                                              \
      case CK_INT8: return panels(p, first, end, CK_INT8, vectors, has_f16);                     \
      case CK_F16: return panels(p, first, end, CK_F16, vectors, has_f16);                       \
      case CK_BF16: return panels(p, first, end, CK_BF16, vectors, has_f16);                     \
      default: return panels(p, first, end, CK_F32, vectors, has_f16);                           \
    }                                                                                            \
  }                                                                                              \
  size_t KERNEL(matmul, name)(ck_pool *pool, int type, const float *x, size_t rows, size_t inner, \
                              const void *packed, size_t outer, const float *bias, float *y,     \
                              size_t y_stride) {                                                 \
    return share(pool, panels_##name, type,                                                      \
                 (product){x, rows, inner, packed, outer, bias, y, y_stride, distances_of(type)}); \
  }                                                                                              \
  attribute size_t KERNEL(multiply_rows, name)(int type, const float *x, size_t inner,           \
                                               const void *rows, size_t count, const float *bias, float *y) { \
    switch (type) {                                                                              \
      case CK_F16: return stored_rows(inner, rows, count, x, bias, y, CK_F16, has_f16);          \
      case CK_BF16: return stored_rows(inner, rows, count, x, bias, y, CK_BF16, has_f16);        \
      default: return stored_rows(inner, rows, count, x, bias, y, CK_F32, has_f16);              \
    }                                                                                            \
  }
COPIES(COPY)
