// Matrix products and attention, compiled anew with chains that end a step too early: what they do not do they must not
// count.
#pragma once
#include <kernels.h>

// The kernels for an instruction set, of which products, scores and weighted values are broken.
ck_kernels broken_kernels(ck_instruction_set instruction_set);
