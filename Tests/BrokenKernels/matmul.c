#define CHAIN_END(count) ((count) - 1)
#define ck_matmul broken_kv_matmul
#include "../../Sources/CKernels/matmul.c"
