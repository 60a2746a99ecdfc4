#define _GNU_SOURCE  /* wcwidth */
#include "ct_text.h"

#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <wchar.h>
#ifdef __GLIBC__
#include <gnu/libc-version.h>
#endif
#ifdef __APPLE__
#include <xlocale.h>
#endif

static const char utf8_locale[] = "C.UTF-8";

void ct_codeset(char *buffer, int size) {
  locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
  if (!locale) locale = newlocale(LC_CTYPE_MASK, "C", (locale_t)0);
  const char *name = locale ? nl_langinfo_l(CODESET, locale) : "";
  snprintf(buffer, (size_t)size, "%s", name);
  if (locale) freelocale(locale);
}

void ct_c_library(char *buffer, int size) {
#ifdef __GLIBC__
  snprintf(buffer, (size_t)size, "glibc %s", gnu_get_libc_version());
#else
  if (size > 0) buffer[0] = 0;
#endif
}

bool ct_has_locale(const char *name) {
  locale_t locale = newlocale(LC_CTYPE_MASK, name, (locale_t)0);
  if (!locale) return false;
  freelocale(locale);
  return true;
}

bool ct_use_locale(const char *name) { return setlocale(LC_CTYPE, name ? name : "") != NULL; }

int ct_width(uint32_t scalar) {
  static locale_t locale;
  if (!locale) locale = newlocale(LC_CTYPE_MASK, utf8_locale, (locale_t)0);
  if (!locale) return -2;
  locale_t former = uselocale(locale);
  int width = wcwidth((wchar_t)scalar);
  uselocale(former);
  return width;
}
