// What this machine can do at most, measured: the yardstick of a benchmark.
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include "vectors.h"

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

// Numbers in (-1, 1) that differ from lane to lane: a processor is slower when more bits change, so with equal lanes the
// limit would be one that no real product reaches.
static void fill(float *numbers, size_t count) {
  uint32_t state = 1;
  for (size_t i = 0; i < count; i++) {
    state = state * 1664525 + 1013904223;
    numbers[i] = (float)(int32_t)state * 0x1p-31f;
  }
}

// Independent chains of fused multiply-adds: enough to hide their latency, few enough to stay in registers, of which a
// vector of sixteen takes one, two or four.
enum { MOST_CHAINS = 12, FEW_CHAINS = 6 };

BODY int chains_of(ck_instruction_set set) { return set == CK_AVX512 ? MOST_CHAINS : FEW_CHAINS; }

BODY void multiply_adds_body(long rounds, double *result, const int chains) {
  float numbers[(MOST_CHAINS + 2) * LANES];
  fill(numbers, (MOST_CHAINS + 2) * LANES);
  v16 acc[MOST_CHAINS];
  for (int c = 0; c < chains; c++) acc[c] = LOAD(numbers + c * LANES);
  const v16 factor = LOAD(numbers + MOST_CHAINS * LANES);
  const v16 term = LOAD(numbers + (MOST_CHAINS + 1) * LANES);
  for (long r = 0; r < rounds; r++)
    for (int c = 0; c < chains; c++) acc[c] = FMA(acc[c], factor, term);
  for (int c = 0; c < chains; c++) *result += lane_sum(&acc[c]);
}

// Four streams of whole vectors.
enum { STREAMS = 4 };

// For the best rate a run reads so little of the buffer that it is seldom interrupted; all of them together read all of
// it, so that none finds its part in a cache.
enum { RUNS_PER_BUFFER = 32 };

BODY void read_body(const float *from, size_t count, double *result) {
  const size_t share = count / STREAMS / LANES * LANES;
  i16 sums[STREAMS] = {0};
  for (size_t i = 0; i < share; i += LANES)
    for (int s = 0; s < STREAMS; s++) sums[s] += *(const i16 *)(from + s * share + i);
  for (int s = 0; s < STREAMS; s++) *result += sums[s][0];
}

// Each part is one thread's; `results` keep the work from being left out.
typedef struct {
  long rounds;
  const float *from;
  // Of each part of the buffer, and of one run, which goes on where the one before it ended.
  size_t floats_per_part, floats_per_run;
  size_t run;
  double results[CK_MOST_THREADS];
} job;

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

enum { MOST_RUNS = 256 };

// The rate of `amount` a run over runs of `seconds` in all: the median, or the best, since other programs take time from
// a run and never give any.
static double rate_of(ck_pool *pool, void (*part)(void *, size_t, int), job *j, double amount,
                      double seconds, ck_rate rate) {
  volatile double sink = 0;
  double rates[MOST_RUNS], best = 0;
  size_t runs = 0;
  const double end = now() + seconds;
  do {
    const double start = now();
    ck_pool_run(pool, (size_t)ck_pool_threads(pool), part, j);
    const double found = amount / (now() - start);
    if (runs < MOST_RUNS) rates[runs++] = found;
    if (found > best) best = found;
    sink += j->results[0];
    j->run++;
  } while (now() < end && (rate == CK_BEST || runs < MOST_RUNS));
  (void)sink;
  if (rate == CK_BEST) return best;
  qsort(rates, runs, sizeof *rates, ascending);
  return rates[runs / 2];
}

typedef void part_of_job(void *job, size_t part, int thread);

// Of a run for the best rate: the fewest that hide what it takes to begin one.
enum { SHORTER = 40 };

static long rounds_of(ck_instruction_set set, ck_rate rate) {
  const long shorter = rate == CK_BEST ? SHORTER : 1;
#if defined(__x86_64__)
  if (set == CK_BASELINE) return 20000 / shorter;  // which fuses by calling a function
#endif
  (void)set;
  return 2000000 / shorter;
}

static double flops(ck_pool *pool, part_of_job *part, ck_instruction_set set, double seconds,
                    ck_rate rate) {
  job j = {.rounds = rounds_of(set, rate)};
  const double flops = 2.0 * LANES * chains_of(set) * (double)j.rounds * ck_pool_threads(pool);
  return rate_of(pool, part, &j, flops, seconds, rate);
}

static double bandwidth(ck_pool *pool, part_of_job *part, const float *buffer, size_t count,
                        double seconds, ck_rate rate) {
  const size_t threads = (size_t)ck_pool_threads(pool);
  const size_t step = STREAMS * LANES;
  const size_t whole = count / threads / step * step;
  const size_t share = rate == CK_BEST ? whole / RUNS_PER_BUFFER / step * step : whole;
  job j = {.from = buffer, .floats_per_part = whole, .floats_per_run = share > 0 ? share : step};
  const double bytes = (double)(j.floats_per_run * threads * sizeof(float));
  return rate_of(pool, part, &j, bytes, seconds, rate);
}

#define COPY(set, name, attribute, vectors, has_f16)                                         \
  attribute static void multiply_adds_##name(void *context, size_t part, int thread) {       \
    (void)thread;                                                                            \
    job *j = context;                                                                        \
    multiply_adds_body(j->rounds, &j->results[part], chains_of(set));                        \
  }                                                                                          \
  attribute static void read_##name(void *context, size_t part, int thread) {                \
    (void)thread;                                                                            \
    job *j = context;                                                                        \
    const size_t runs = j->floats_per_part / j->floats_per_run;                              \
    const float *from = j->from + part * j->floats_per_part;                                 \
    read_body(from + (runs > 0 ? j->run % runs : 0) * j->floats_per_run, j->floats_per_run,  \
              &j->results[part]);                                                            \
  }                                                                                          \
  double KERNEL(measure_flops, name)(ck_pool *pool, double seconds, ck_rate rate) {          \
    return flops(pool, multiply_adds_##name, set, seconds, rate);                            \
  }                                                                                          \
  double KERNEL(measure_bandwidth, name)(ck_pool *pool, const float *buffer, size_t count,   \
                                         double seconds, ck_rate rate) {                     \
    return bandwidth(pool, read_##name, buffer, count, seconds, rate);                       \
  }
COPIES(COPY)
