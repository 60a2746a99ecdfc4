// Each kernel once more, as its definition says it: plain loops over single numbers, on one thread. The tests hold the
// fast kernels against them.
//
// Where a fast kernel promises the bits of one chain of fused multiply-adds, so does the reference, and both are equal.
// Everywhere else the reference sums in double, and the fast one, which sums in float, is near it.
#pragma once
#include <kernels.h>

#pragma clang assume_nonnull begin

// The reference as a table of kernels. Its int8 products have weights that are rounded once more, and are near. What
// measures a machine has no reference, and is the baseline's.
ck_kernels reference_kernels(void);

// y[rows][outer] = x[rows][inner] * matrix[inner][outer] + bias[outer], with the matrix held as a type of weights, to the
// bit. A matrix for binary16 has been rounded to it.
void reference_product(int type, const float *x, size_t rows, size_t inner, const float *matrix,
                       size_t outer, const float *_Nullable bias, float *y);

#pragma clang assume_nonnull end
