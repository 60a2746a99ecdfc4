/* The locale's character set, and libc's idea of widths. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Copies the name of the character set that the environment's locale has, such as `UTF-8`; that of the
 * C locale if there is no such locale. Changes nothing. */
void ct_codeset(char *buffer, int size);

/* Copies name and version of the C library, which measures widths; nothing where it has no number of its own. */
void ct_c_library(char *buffer, int size);

/* Whether this machine knows the locale `name`. */
bool ct_has_locale(const char *name);

/* Makes the process's LC_CTYPE that of the environment (NULL) or of `name`; the other categories stay
 * as they are, so numbers keep their decimal point. */
bool ct_use_locale(const char *name);

/* wcwidth in C.UTF-8, whatever the environment says; -2 when there is no such locale. */
int ct_width(uint32_t scalar);
