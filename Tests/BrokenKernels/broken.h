// Before a file of kernels: what it holds gets names of its own, and its chains end a step too early.
#pragma once
#define KERNEL(kernel, name) broken_##kernel##_##name
#define CHAIN_END(count) ((count) - 1)
