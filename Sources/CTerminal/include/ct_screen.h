/* ncursesw in plain C types. One screen at a time, used from one thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Attributes of a cell, to be joined with |. */
enum { CT_BOLD = 1, CT_DIM = 2, CT_REVERSE = 4 };

/* One glyph: a base scalar and up to four marks, ended by 0 where there are fewer. */
enum { CT_SCALARS = 5 };
struct ct_cell {
  uint32_t scalars[CT_SCALARS];
  uint32_t attributes;
  int32_t pair;
};

/* Loads terminfo's description of terminal `term`; false if there is none. Not while a screen is open. */
bool ct_terminal_load(const char *term);

void ct_terminal_unload(void);

/* Copies terminfo's string `name` of the loaded terminal into `buffer`, NUL ended and with padding such
 * as $<5> taken out. Returns its length, or -1: no such string, no room. */
int ct_capability(const char *name, char *buffer, int size);

/* terminfo's number `name` of the loaded terminal; -1 where it has none. */
int ct_capability_number(const char *name);

/* The size of the terminal that is standard output; false where it is none, or says none. */
bool ct_size(int *width, int *height);

/* Name and version of the library. */
const char *ct_screen_library(void);

/* Opens the screen on standard output, in cbreak mode without echo and with the cursor hidden.
 * Keys are not read by ncurses; `input` is where they will come from. */
bool ct_screen_open(const char *term, int input);

/* Lets the input go. The terminal itself is given back by ct_guard_release, on the one way that crashes
 * take too: endwin() beside it would leave the full screen twice, which clears some terminals. */
void ct_screen_close(void);

/* Takes over the terminal's present size. */
void ct_screen_update_size(void);

int ct_screen_columns(void);
int ct_screen_rows(void);

/* Starts colours. Returns how many there are, 0 for none or for those of direct-colour terminals
 * that have no palette. */
int ct_screen_start_colours(void);

/* How many colour pairs can be defined, 0 being taken. */
int ct_screen_pairs(void);

/* Defines a pair of palette indices; -1 is the terminal's own colour. */
bool ct_screen_define_pair(int pair, int foreground, int background);

/* Replaces what row `row` shows from its first column on, in one piece: single cells would leave half
 * glyphs behind. */
void ct_screen_draw(int row, const struct ct_cell *cells, int count);

/* Blanks the picture, not yet the terminal. */
void ct_screen_erase(void);

/* Marks a row as spoilt by somebody else: the next refresh draws it whole. */
void ct_screen_spoil(int row);

/* Shows the picture; `whole` first clears the terminal. The cursor is left at the given place and is
 * seen there if `visible`. */
void ct_screen_refresh(bool whole, int row, int column, bool visible);
