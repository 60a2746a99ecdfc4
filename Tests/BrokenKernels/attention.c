#define CHAIN_END(count) ((count) - 1)
#define kv_store_keys broken_kv_store_keys
#define kv_store broken_kv_store
#define kv_scores broken_kv_scores
#define kv_weighted_values broken_kv_weighted_values
#include "../../Sources/CKernels/attention.c"
