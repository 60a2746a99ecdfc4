/* What Swift needs of ncursesw and of signals, in plain C types.
 *
 * curses.h itself stays out of here: most of it is macros and mutable globals, which Swift 6 does not
 * import, and its short names would reach every file that imports this module. */
#pragma once

#include "ct_guard.h"
#include "ct_screen.h"
#include "ct_text.h"
