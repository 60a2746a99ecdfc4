// The kernels, compiled anew with chains that end a step too early: what they do not do they must not count.
#pragma once
#include <kernels.h>

size_t broken_kv_matmul(int level, ck_pool *pool, int type, const float *x, size_t rows,
                        size_t inner, const void *packed, size_t outer, const float *bias, float *y);

void broken_kv_scores(int level, ck_queries queries, const float *keys, size_t length, size_t d,
                      float *scores, size_t stride, ck_work *work);

void broken_kv_weighted_values(int level, const float *weights, size_t stride, const float *values,
                               size_t value_stride, size_t length, size_t d, ck_outputs outputs,
                               ck_work *work);
