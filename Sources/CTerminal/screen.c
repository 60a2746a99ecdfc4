#define _XOPEN_SOURCE_EXTENDED 1  /* curses.h: the wide functions */
#include "ct_screen.h"

#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <unistd.h>
#include <wchar.h>

_Static_assert(CT_SCALARS <= CCHARW_MAX, "a curses cell must hold a glyph");

static FILE *keyboard;

/* Copies without padding marks such as $<5/>: what writes this is not tputs. */
static int copy_without_padding(const char *from, char *to, int size) {
  int count = 0;
  while (*from) {
    const char *end = from[0] == '$' && from[1] == '<' ? strchr(from, '>') : NULL;
    if (end) {
      from = end + 1;
      continue;
    }
    if (count + 1 >= size) return -1;
    to[count++] = *from++;
  }
  to[count] = 0;
  return count;
}

bool ct_terminal_load(const char *term) {
  int error = 0;
  return setupterm(term, STDOUT_FILENO, &error) == OK;
}

void ct_terminal_unload(void) {
  if (cur_term) del_curterm(cur_term);
}

int ct_capability(const char *name, char *buffer, int size) {
  const char *value = cur_term ? tigetstr(name) : NULL;
  if (!value || value == (const char *)-1 || size < 1) return -1;
  return copy_without_padding(value, buffer, size);
}

int ct_capability_number(const char *name) {
  int value = cur_term ? tigetnum(name) : -1;
  return value >= 0 ? value : -1;
}

const char *ct_screen_library(void) { return curses_version(); }

bool ct_screen_open(const char *term, int input) {
  keyboard = input == STDIN_FILENO ? stdin : fdopen(input, "r");
  if (!keyboard || !newterm(term, stdout, keyboard)) return false;
  cbreak();
  noecho();
  keypad(stdscr, TRUE);  /* the arrow keys then send what terminfo says */
  typeahead(-1);         /* or a frame is left half drawn while keys wait */
  leaveok(stdscr, FALSE);
  curs_set(0);
  ct_screen_update_size();
  return true;
}

void ct_screen_close(void) {
  if (keyboard && keyboard != stdin) fclose(keyboard);
  keyboard = NULL;
}

bool ct_size(int *width, int *height) {
  struct winsize size;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0) return false;
  *width = size.ws_col;
  *height = size.ws_row;
  return true;
}

void ct_screen_update_size(void) {
  int width, height;
  if (ct_size(&width, &height) && (height != getmaxy(stdscr) || width != getmaxx(stdscr)))
    resize_term(height, width);
}

int ct_screen_columns(void) { return getmaxx(stdscr); }

int ct_screen_rows(void) { return getmaxy(stdscr); }

int ct_screen_start_colours(void) {
  if (!has_colors() || start_color() != OK) return 0;
  /* Colour -1 stays the terminal's own; where that is impossible, ncurses takes white on black. */
  use_default_colors();
  return COLORS > 0 ? COLORS : 0;
}

int ct_screen_pairs(void) { return COLOR_PAIRS; }

bool ct_screen_define_pair(int pair, int foreground, int background) {
#if defined(NCURSES_EXT_COLORS) && NCURSES_EXT_COLORS
  return init_extended_pair(pair, foreground, background) == OK;
#else
  return init_pair((short)pair, (short)foreground, (short)background) == OK;
#endif
}

static attr_t attributes_of(uint32_t bits) {
  attr_t attributes = A_NORMAL;
  if (bits & CT_BOLD) attributes |= A_BOLD;
  if (bits & CT_DIM) attributes |= A_DIM;
  if (bits & CT_REVERSE) attributes |= A_REVERSE;
  return attributes;
}

static void convert(const struct ct_cell *from, cchar_t *to) {
  wchar_t text[CT_SCALARS + 1] = {0};
  for (int i = 0; i < CT_SCALARS && from->scalars[i]; i++) text[i] = (wchar_t)from->scalars[i];
#if defined(NCURSES_EXT_COLORS) && NCURSES_EXT_COLORS
  /* Through the last argument, or pairs beyond 255 lose their high bits. */
  int pair = from->pair;
  setcchar(to, text, attributes_of(from->attributes), 0, &pair);
#else
  setcchar(to, text, attributes_of(from->attributes), (short)from->pair, NULL);
#endif
}

void ct_screen_draw(int row, const struct ct_cell *cells, int count) {
  static cchar_t *run;
  static int capacity;
  if (count < 1) return;
  if (count > capacity) {
    cchar_t *larger = realloc(run, (size_t)count * sizeof *run);
    if (!larger) return;
    run = larger;
    capacity = count;
  }
  for (int i = 0; i < count; i++) convert(&cells[i], &run[i]);
  mvwadd_wchnstr(stdscr, row, 0, run, count);
}

void ct_screen_erase(void) { werase(stdscr); }

void ct_screen_spoil(int row) { wredrawln(stdscr, row, 1); }

void ct_screen_refresh(bool whole, int row, int column, bool visible) {
  if (whole) {
    clearok(stdscr, TRUE);
    curs_set(visible ? 0 : 1);  /* ncurses' memory of it may be wrong: it sends what changes only */
  }
  curs_set(visible ? 1 : 0);
  wmove(stdscr, row, column);
  wrefresh(stdscr);
}
