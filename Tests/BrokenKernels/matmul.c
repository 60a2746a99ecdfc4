#include "broken.h"
#include "../../Sources/CKernels/matmul.c"
