// Rows of sixteen numbers become columns.
#pragma once
#include "vectors.h"

#define LOW(a, b) \
  __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define HIGH(a, b) \
  __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)

// Turns sixteen rows of sixteen lanes, by four rounds in which those of the upper and the lower half are dealt out in turn.
BODY void turn(i16 *a) {
  i16 b[LANES];
  for (int round = 0; round < 2; round++) {
    for (int r = 0; r < LANES / 2; r++) b[2 * r] = LOW(a[r], a[r + 8]), b[2 * r + 1] = HIGH(a[r], a[r + 8]);
    for (int r = 0; r < LANES / 2; r++) a[2 * r] = LOW(b[r], b[r + 8]), a[2 * r + 1] = HIGH(b[r], b[r + 8]);
  }
}

// Reads sixteen rows, `row_bytes` apart, a vector of each, and turns them: of 32 bits a number of each row is a vector then, of
// 16 bits a pair of numbers is a lane.
BODY void turn_rows(const unsigned char *from, size_t row_bytes, i16 *a) {
  for (int r = 0; r < LANES; r++) a[r] = *(const i16 *)(from + (size_t)r * row_bytes);
  turn(a);
}

// The first and the second numbers of sixteen pairs.
#define FIRST_OF(pairs) \
  __builtin_shufflevector(pairs, pairs, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
#define SECOND_OF(pairs) \
  __builtin_shufflevector(pairs, pairs, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31)
