// Each kernel by its name, with the type that the table gives it.
#pragma once
#include "include/reference_kernels.h"

#define REFERENCES(M)                                                      \
  M(matmul) M(store_keys) M(store) M(scores) M(softmax) M(weighted_values) \
  M(rotate) M(layer_norm) M(rms_norm) M(head_norm) M(gelu_tanh)            \
  M(gelu) M(relu) M(gelu_tanh_multiply) M(silu_multiply) M(add)

#define DECLARE(kernel) extern __typeof__(*((ck_kernels *)0)->kernel) reference_##kernel;
REFERENCES(DECLARE)
