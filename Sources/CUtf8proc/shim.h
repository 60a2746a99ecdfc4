#pragma once
#include <stdlib.h>
#include <utf8proc.h>

/// Frees what `utf8proc_map` has allocated, which it does with `malloc`.
static inline void kvtui_utf8proc_free(utf8proc_uint8_t *text) { free(text); }
