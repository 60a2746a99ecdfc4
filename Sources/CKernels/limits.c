// What this machine can do at most, measured: the yardstick of a benchmark.
#include "kernels.h"

#include <stdint.h>
#include <time.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

typedef float v16 __attribute__((vector_size(64)));

// Twelve independent chains of fused multiply-adds: enough to hide their latency.
#define CHAINS 12
#define MULTIPLY_ADDS(name, attribute)                                                       \
  attribute static double multiply_adds_##name(long rounds) {                                \
    v16 acc[CHAINS], factor = (v16){} + 0.999999f, term = (v16){} + 1e-6f;                   \
    for (int c = 0; c < CHAINS; c++) acc[c] = (v16){} + (float)c;                            \
    for (long r = 0; r < rounds; r++)                                                        \
      for (int c = 0; c < CHAINS; c++) acc[c] = __builtin_elementwise_fma(acc[c], factor, term); \
    double sum = 0;                                                                          \
    for (int c = 0; c < CHAINS; c++) sum += acc[c][0];                                       \
    return sum;                                                                              \
  }

MULTIPLY_ADDS(baseline, )
#if defined(__x86_64__)
MULTIPLY_ADDS(avx2, __attribute__((target("avx2,fma"))))
MULTIPLY_ADDS(avx512, __attribute__((target("avx512f"))))
#endif

static double multiply_adds(int level, long rounds) {
#if defined(__x86_64__)
  if (level == KV_AVX512) return multiply_adds_avx512(rounds);
  if (level == KV_AVX2) return multiply_adds_avx2(rounds);
#endif
  (void)level;
  return multiply_adds_baseline(rounds);
}

double kv_measure_flops(int level, double seconds) {
  volatile double sink = 0;
  double best = 0;
  const long rounds = level == KV_BASELINE ? 20000 : 2000000;
  for (double end = now() + seconds; now() < end;) {
    const double start = now();
    sink += multiply_adds(level, rounds);
    const double rate = 2.0 * 16 * CHAINS * (double)rounds / (now() - start);
    if (rate > best) best = rate;
  }
  (void)sink;
  return best;
}

double kv_measure_bandwidth(const float *buffer, size_t count, double seconds) {
  volatile uint64_t sink = 0;
  double best = 0;
  const uint64_t *words = (const uint64_t *)buffer;
  const size_t n = count / 2 / 8 * 8;
  for (double end = now() + seconds; now() < end;) {
    const double start = now();
    uint64_t sums[8] = {0};
    for (size_t i = 0; i < n; i += 8)
      for (int j = 0; j < 8; j++) sums[j] += words[i + j];
    for (int j = 0; j < 8; j++) sink += sums[j];
    const double rate = (double)n * 8 / (now() - start);
    if (rate > best) best = rate;
  }
  (void)sink;
  return best;
}
