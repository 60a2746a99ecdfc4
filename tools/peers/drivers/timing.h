// What both drivers share: a clock, the greedy choice, the prompt, and how times are printed.

#ifndef TIMING_H
#define TIMING_H

#include <stdint.h>
#include <stdio.h>
#include <time.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static int largest(const float *logits, int count) {
  int best = 0;
  for (int i = 1; i < count; i++) {
    if (logits[i] > logits[best]) best = i;
  }
  return best;
}

/// Spread over the vocabulary, so that a prompt's rows of the embedding are not one row in a cache.
static int prompt_token(int index, int vocabulary) {
  return (int)(((int64_t)index * 7919 + 13) % vocabulary);
}

static void print_times(const char *name, const double *seconds, int count, const char *end) {
  printf("\"%s\":[", name);
  for (int i = 0; i < count; i++) printf("%s%.9f", i ? "," : "", seconds[i]);
  printf("]%s", end);
}

#endif
