#include "broken.h"
#include "../../Sources/CKernels/attention.c"
