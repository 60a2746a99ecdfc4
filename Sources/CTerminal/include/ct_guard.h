/* Gives the terminal back whatever happens: crash, signal, Ctrl-Z. */
#pragma once

#include <stdbool.h>

/* What ct_guard_take_events reports. */
enum {
  CT_EVENT_RESIZED = 1,  /* the terminal may have a new size */
  CT_EVENT_REPAINT = 2,  /* what the screen shows is unknown */
  CT_EVENT_REENTER = 4,  /* it was stopped from outside: the terminal's modes are unknown too */
};

/* Opens the null device for those of descriptors 0 to 2 that are closed: whatever is opened next would
 * otherwise become standard error, say. */
void ct_fill_standard_descriptors(void);

/* Opens the terminal that the process belongs to, for reading keys while standard input is data;
 * -1 if there is none. */
int ct_open_controlling_terminal(void);

/* Waits, stopped, until the process is in the terminal's foreground: what the settings are before
 * that is the shell's own business. */
void ct_await_foreground(int fd);

/* Saves the settings of terminal `fd` and takes the signals that end or stop the process.
 * Call it before ct_screen_open: ncurses leaves alone what it finds taken. */
void ct_guard_install(int fd);

/* From now on a signal gives the terminal back. `enter` starts the full screen, `modes` sets the
 * modes that go with it, `reset` undoes both; each is written as it is. The terminal's settings at
 * this moment are those that the program works with. */
void ct_guard_arm(const char *enter, const char *modes, const char *reset);

/* Puts the saved settings and the former signal handlers back; does nothing when not installed. */
void ct_guard_release(void);

/* The terminal was asked something and may answer within this time; 0: it has answered. Whatever ends the process
 * meanwhile waits for the answer, which would else be typed into the shell. */
void ct_guard_expect_answer(int milliseconds);

/* Installs the guard on the terminal that is standard error and switches its echo off, until ct_guard_release;
 * `reset` is written when the terminal is given back. */
void ct_guard_silence(const char *reset);

/* Writes `question` to the terminal that the process belongs to, and reads what it answers: up to the answer to ESC [ c, with
 * which a question ends, or for so long. Returns how many bytes, 0 where it says nothing, -1 where there is none to be asked,
 * as in the background. Not while a screen is open. */
int ct_ask(const char *question, char *answer, int size, int milliseconds);

/* Whether the process may change the settings of terminal `fd` without being stopped for it. */
bool ct_is_foreground(int fd);

/* Whether no more files can be opened. */
bool ct_lacks_descriptors(void);

/* After CT_EVENT_REENTER: the program's settings and modes once more. */
void ct_guard_reenter(void);

/* Becomes readable when there are events; -1 when not installed. */
int ct_guard_event_descriptor(void);

/* Returns the events since the last call as bits and makes the descriptor unreadable again. */
int ct_guard_take_events(void);

/* Writes all of it, whatever interrupts; gives up when the terminal is gone. */
void ct_write_all(int fd, const char *bytes, long count);
