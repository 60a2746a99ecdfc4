// How a kernel is compiled once for each instruction set, and what its copies are called.
#pragma once
#include "include/kernels.h"

// COPIES(M) makes M(instruction set, its name, attribute, vectors of a register tile, has a widening of f16) for each.
#if defined(__x86_64__)
#define COPIES(M)                                                      \
  M(CK_BASELINE, baseline, , 1, 0)                                     \
  M(CK_AVX2, avx2, __attribute__((target("avx2,fma,f16c"))), 1, 1)     \
  M(CK_AVX512, avx512, __attribute__((target("avx512f,avx512bw,avx512vl"))), 4, 1)
#else
#define COPIES(M) M(CK_BASELINE, baseline, , 1, 0)
#endif

// KERNELS(M, name) makes M(kernel, name) for each kernel of the table.
#define KERNELS(M, name)                                               \
  M(matmul, name) M(multiply_rows, name) M(pack, name) M(are_finite, name) \
  M(store_keys, name) M(store, name) M(scores, name)                   \
  M(softmax, name) M(weighted_values, name) M(rotate, name)            \
  M(layer_norm, name) M(rms_norm, name) M(head_norm, name)             \
  M(gelu_tanh, name) M(gelu, name) M(relu, name)                       \
  M(gelu_tanh_multiply, name) M(silu_multiply, name) M(add, name)      \
  M(measure_flops, name) M(measure_bandwidth, name)

// The copy of a kernel for an instruction set. The tests compile some anew, under another name.
#ifndef KERNEL
#define KERNEL(kernel, name) ck_##kernel##_##name
#endif

// Declared with the types of the table: a copy of another type does not compile.
#define DECLARE(kernel, name) extern __typeof__(*((ck_kernels *)0)->kernel) KERNEL(kernel, name);
#define DECLARE_COPY(set, name, attribute, vectors, has_f16) KERNELS(DECLARE, name)
COPIES(DECLARE_COPY)
