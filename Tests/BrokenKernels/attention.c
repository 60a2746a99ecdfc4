#define CHAIN_END(count) ((count) - 1)
#define ck_store_keys broken_kv_store_keys
#define ck_store broken_kv_store
#define ck_scores broken_kv_scores
#define ck_weighted_values broken_kv_weighted_values
#include "../../Sources/CKernels/attention.c"
