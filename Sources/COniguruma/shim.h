#pragma once
#include <oniguruma.h>
#include <stddef.h>

/// Compiles UTF-8 in Oniguruma's own syntax; where that fails, says why in `message`, which has room for
/// ONIG_MAX_ERROR_MESSAGE_LEN bytes. Swift can neither take the address of a C global nor call a variadic function.
static inline OnigRegex kvtui_onig_compile(const OnigUChar *start, const OnigUChar *end, OnigUChar *message) {
  OnigEncoding encodings[] = {ONIG_ENCODING_UTF8};
  onig_initialize(encodings, 1);
  OnigRegex regex = NULL;
  OnigErrorInfo info;
  int code = onig_new(&regex, start, end, ONIG_OPTION_NONE, ONIG_ENCODING_UTF8, ONIG_SYNTAX_DEFAULT, &info);
  if (code == ONIG_NORMAL) return regex;
  onig_error_code_to_str(message, code, &info);
  return NULL;
}

/// Why a search failed, which `code` says; `message` as above.
static inline void kvtui_onig_describe(int code, OnigUChar *message) { onig_error_code_to_str(message, code); }
