#define CHAIN_END(count) ((count) - 1)
#define ck_packed_bytes broken_kv_packed_bytes
#define ck_pack broken_kv_pack
#define ck_unpack_output broken_kv_unpack_output
#define ck_matmul broken_kv_matmul
#include "../../Sources/CKernels/matmul.c"
