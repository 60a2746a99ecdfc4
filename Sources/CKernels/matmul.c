// Matrix products with packed weights: y = x W + b.
//
// An output is one fused multiply-add chain over the rows of W; of int8 weights one chain a block, then one over the
// blocks. Narrow weights widen exactly, so one row of x and many give the same bits.
//
// A tile adds up what it did: the steps that its loop made, for each of its rows and outputs. What lies beyond the last
// output, to fill a vector, does not count.
#include <stdatomic.h>

#include "packed.h"
#include "vectors.h"
#include "widening.h"

enum { ROWS = 6, VECTORS = CK_PANEL / LANES, CACHE_LINE = 64 };

// How many bytes ahead weights are asked for that are used once, by type: the processor's own guesses stop at a page.
// Found by trying: at 40 GB/s the widest differ by a tenth, and a narrow type needs more distance, for it takes longer.
enum { AHEAD_F32 = 1 << 10, AHEAD_HALF = 4 << 10, AHEAD_INT8 = 12 << 10 };

// Slices in which a block comes from memory while rows pass over the block before it: at least so many.
enum { LEAST_SLICES = 32 };

// MARK: Products

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
  for (; k < CHAIN_END(count); k++) {
    v16 weights[VECTORS];
    for (int v = 0; v < vectors; v++) weights[v] = LOAD(w + k * CK_PANEL + v * LANES);
    for (int r = 0; r < rows; r++)
      for (int v = 0; v < vectors; v++)
        acc[r][v] = FMA(SPLAT(x[r * x_stride + k]), weights[v], acc[r][v]);
  }
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
} product;

// One row of x against a panel: weights are widened as they stream past. Returns the steps of each chain.
BODY size_t row_panel(const product *p, const unsigned char *panel, const float *bias, float *y,
                      const int type, const int has_f16) {
  const int row_bytes = CK_PANEL * (type == CK_INT8 ? 1 : type == CK_F32 ? 4 : 2);
  const int ahead = type == CK_INT8 ? AHEAD_INT8 : type == CK_F32 ? AHEAD_F32 : AHEAD_HALF;
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
      for (int line = 0; line < row_bytes; line += CACHE_LINE)
        __builtin_prefetch((const char *)weights + k * row_bytes + ahead + line);
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

// Many rows of x against a panel, block by block: a block stays in the first cache while all rows pass over it.
// Returns the multiply-adds.
BODY size_t rows_panel(const product *p, const unsigned char *panel, const float *bias, float *y,
                       size_t y_stride, size_t used, const int type, const int vectors,
                       const int has_f16) {
  size_t done = 0;
  const int is_scaled = type == CK_INT8;
  for (size_t start = 0; start < p->inner; start += CK_BLOCK) {
    const size_t count = p->inner - start < CK_BLOCK ? p->inner - start : CK_BLOCK;
    const float *scales = (const float *)panel;
    const float *w = (const float *)panel;
    // The next block comes from memory while this one is used, a slice with each tile.
    const size_t bytes = panel_bytes(type, count);
    const unsigned char *ahead = panel + bytes;
    const size_t slices = p->rows / ROWS < LEAST_SLICES ? LEAST_SLICES : p->rows / ROWS;
    _Alignas(CACHE_LINE) float widened[CK_BLOCK * CK_PANEL];
    if (type != CK_F32) {
      const void *weights = panel + (is_scaled ? CK_PANEL * sizeof(float) : 0);
      for (size_t i = 0; i < count * CK_PANEL; i += LANES) {
        v16 v;
        widen(&v, weights, i, type, has_f16);
        STORE(widened + i, v);
      }
      w = widened;
    }
    for (size_t r = 0; r < p->rows; r += ROWS) {
      const size_t rows = p->rows - r < ROWS ? p->rows - r : ROWS;
      const float *x = p->x + r * p->inner + start;
      float *to = y + r * y_stride;
      for (size_t line = 0; line < bytes / slices; line += CACHE_LINE, ahead += CACHE_LINE)
        __builtin_prefetch(ahead, 0, 2);
      if (used == CK_PANEL) {
        done += tiles(x, p->inner, count, w, scales, start ? to : bias, start ? y_stride : 0, to,
                      y_stride, rows, used, vectors, is_scaled);
      } else {  // the panel hangs over the last output: computed aside
        float aside[ROWS * CK_PANEL] = {0};
        for (size_t i = 0; start && i < rows; i++)
          memcpy(aside + i * CK_PANEL, to + i * y_stride, used * sizeof(float));
        done += tiles(x, p->inner, count, w, scales, start ? aside : bias, start ? CK_PANEL : 0,
                      aside, CK_PANEL, rows, used, vectors, is_scaled);
        for (size_t i = 0; i < rows; i++)
          memcpy(to + i * y_stride, aside + i * CK_PANEL, used * sizeof(float));
      }
    }
    panel += panel_bytes(type, count);
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
      done += rows_panel(p, panel, bias, p->y + start, p->outer, used, type, vectors, has_f16);
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
  p.y += first_row * p.outer;
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
                              const void *packed, size_t outer, const float *bias, float *y) {   \
    return share(pool, panels_##name, type, (product){x, rows, inner, packed, outer, bias, y});  \
  }
COPIES(COPY)
