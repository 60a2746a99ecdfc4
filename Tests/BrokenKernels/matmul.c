#define CHAIN_END(count) ((count) - 1)
#define kv_packed_bytes broken_kv_packed_bytes
#define kv_pack broken_kv_pack
#define kv_unpack_output broken_kv_unpack_output
#define kv_matmul broken_kv_matmul
#include "../../Sources/CKernels/matmul.c"
