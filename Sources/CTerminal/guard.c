#include "ct_guard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { SEQUENCE_BYTES = 512, STACK_BYTES = 65536 };

struct sequence {
  char bytes[SEQUENCE_BYTES];
  size_t count;
};

static int tty = -1;
static bool installed, has_saved;
static struct termios saved, working;
static struct sequence enter_sequence, modes_sequence, reset_sequence;
/* Set while the terminal is ours. Whoever takes it to 0 gives the terminal back: only one does. */
static atomic_int armed;
static atomic_int events;
static atomic_int stopping;
static int event_pipe[2] = {-1, -1};

/* Every signal that ends a process by default and can be caught; those of real time come on top. */
static const int fatal[] = {
    SIGHUP,  SIGINT,  SIGQUIT, SIGTERM, SIGABRT, SIGSEGV,   SIGBUS,  SIGFPE,  SIGILL,  SIGTRAP,
    SIGSYS,  SIGPIPE, SIGALRM, SIGUSR1, SIGUSR2, SIGVTALRM, SIGPROF, SIGXCPU, SIGXFSZ,
#ifdef __linux__
    SIGPOLL, SIGPWR,  SIGSTKFLT,
#endif
};
enum { FATAL_COUNT = sizeof fatal / sizeof *fatal };
static struct sigaction former_fatal[FATAL_COUNT];
#ifdef SIGRTMIN
enum { MOST_REAL_TIME = 64 };
static struct sigaction former_real_time[MOST_REAL_TIME];
#endif
/* Until when, in milliseconds of the monotonic clock, the terminal may still answer; 0: nothing was asked. */
static _Atomic long long answer_end;
static struct sigaction former_stop, former_continue, former_resize;

void ct_write_all(int fd, const char *bytes, long count) {
  while (count > 0) {
    ssize_t written = write(fd, bytes, (size_t)count);
    if (written > 0) {
      bytes += written;
      count -= written;
    } else if (written < 0 && errno == EAGAIN) {
      struct pollfd writable = {.fd = fd, .events = POLLOUT};
      if (poll(&writable, 1, 1000) <= 0) return;
    } else if (written == 0 || errno != EINTR) {
      return;
    }
  }
}

static void write_sequence(const struct sequence *sequence) {
  ct_write_all(tty, sequence->bytes, (long)sequence->count);
}

static void set_termios(const struct termios *settings) {
  while (tcsetattr(tty, TCSANOW, settings) != 0 && errno == EINTR) continue;
}

/* Everything from here to on_resize runs in signal handlers: async-signal-safe calls only. */

static void change_mask(int how, int sig) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, sig);
  pthread_sigmask(how, &set, NULL);
}

static void post(int event) {
  int error = errno;
  atomic_fetch_or(&events, event);
  ssize_t ignored = write(event_pipe[1], "", 1);  /* full is fine: it is readable then */
  (void)ignored;
  errno = error;
}

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}

/* Reads up to the end of an answer that is still on its way: nobody else would, and it would be typed into the shell. */
static void swallow_answer(void) {
  long long end = atomic_exchange(&answer_end, 0);
  bool within = false;
  char byte = 0, last = 0;
  if (end == 0 || tcgetpgrp(tty) != getpgrp()) return;
  for (long long left; (left = end - now()) > 0;) {
    struct pollfd readable = {.fd = tty, .events = POLLIN};
    int count = poll(&readable, 1, (int)left);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0 || !(readable.revents & POLLIN) || read(tty, &byte, 1) != 1) return;
    if (last == '\033' && byte == '[') within = true;
    else if (within && byte == 'R') return;
    else if (within && byte != ';' && (byte < '0' || byte > '9')) within = false;
    last = byte;
  }
}

static void give_back(void) {
  swallow_answer();
  write_sequence(&reset_sequence);
  if (has_saved) set_termios(&saved);
}

static bool is_fault(int sig) {
  return sig == SIGSEGV || sig == SIGBUS || sig == SIGFPE || sig == SIGILL || sig == SIGTRAP ||
         sig == SIGABRT || sig == SIGSYS;
}

/* The former action for a fault may be the Swift runtime's, which reports it and returns to the instruction that
 * faulted. A signal that somebody else sent has no such instruction: the process would go on, without its screen. */
static bool is_sent(int sig, const siginfo_t *info) {
  return is_fault(sig) && info->si_code <= 0 && info->si_pid != getpid();
}

static struct sigaction *former_of(int sig) {
  for (int i = 0; i < FATAL_COUNT; i++)
    if (fatal[i] == sig) return &former_fatal[i];
#ifdef SIGRTMIN
  if (sig >= SIGRTMIN && sig - SIGRTMIN < MOST_REAL_TIME) return &former_real_time[sig - SIGRTMIN];
#endif
  return NULL;
}

static void on_fatal(int sig, siginfo_t *info, void *context) {
  (void)context;
  int error = errno;
  if (atomic_exchange(&armed, 0)) {
    change_mask(SIG_BLOCK, SIGTTOU);  /* we may be in the background */
    give_back();
  }
  /* The former action (default, or the Swift runtime's) gets the signal when this handler returns, so
   * the exit status tells the signal. */
  static const struct sigaction by_default = {.sa_handler = SIG_DFL};
  const struct sigaction *former = former_of(sig);
  sigaction(sig, is_sent(sig, info) || !former ? &by_default : former, NULL);
  errno = error;
  raise(sig);
}

static void stop_by_default(int sig) {
  struct sigaction by_default = {.sa_handler = SIG_DFL}, ours;
  sigemptyset(&by_default.sa_mask);
  sigaction(sig, &by_default, &ours);
  raise(sig);
  change_mask(SIG_UNBLOCK, sig);  /* stopped here until SIGCONT */
  change_mask(SIG_BLOCK, sig);
  sigaction(sig, &ours, NULL);
}

/* ncurses has a handler of its own for this, but it draws from inside the handler and knows nothing of
 * the modes that are not in terminfo. */
static void on_stop(int sig) {
  int error = errno;
  bool was_armed = atomic_exchange(&armed, 0);
  atomic_store(&stopping, 1);
  if (was_armed) give_back();
  stop_by_default(sig);
  if (was_armed) {
    /* Should this be the background still, the next call stops the process once more. */
    change_mask(SIG_UNBLOCK, SIGTTOU);
    set_termios(&working);
    write_sequence(&enter_sequence);
    write_sequence(&modes_sequence);
    atomic_store(&armed, 1);
    post(CT_EVENT_REPAINT | CT_EVENT_RESIZED);
  }
  atomic_store(&stopping, 0);
  errno = error;
}

static void on_continue(int sig) {
  (void)sig;
  /* Somebody sent SIGSTOP, which nobody can catch. */
  if (!atomic_load(&stopping)) post(CT_EVENT_REENTER | CT_EVENT_REPAINT | CT_EVENT_RESIZED);
}

static void on_resize(int sig) {
  (void)sig;
  post(CT_EVENT_RESIZED);
}

static void take(int sig, void (*handler)(int), int flags, struct sigaction *former) {
  sigaction(sig, NULL, former);
  if (former->sa_handler == SIG_IGN) return;  /* nohup, and shells without job control */
  struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
  sigfillset(&action.sa_mask);
  sigaction(sig, &action, NULL);
}

static void take_fatal(int sig, struct sigaction *former) {
  sigaction(sig, NULL, former);
  bool has_handler = former->sa_flags & SA_SIGINFO || former->sa_handler != SIG_DFL;
  if (!(former->sa_flags & SA_SIGINFO) && former->sa_handler == SIG_IGN) return;
  /* A timer or a profiler of somebody's: its signal does not end the process. */
  if (has_handler && !is_fault(sig) && sig != SIGHUP && sig != SIGINT && sig != SIGQUIT && sig != SIGTERM) return;
  struct sigaction action = {.sa_sigaction = on_fatal, .sa_flags = SA_ONSTACK | SA_SIGINFO};
  sigfillset(&action.sa_mask);
  sigaction(sig, &action, NULL);
}

static void use_alternate_stack(void) {
  static char bytes[STACK_BYTES];
  stack_t stack = {.ss_sp = bytes, .ss_size = sizeof bytes}, present;
  if (sigaltstack(NULL, &present) == 0 && (present.ss_flags & SS_DISABLE)) sigaltstack(&stack, NULL);
}

static void open_event_pipe(void) {
  if (event_pipe[0] >= 0 || pipe(event_pipe) != 0) return;
  for (int i = 0; i < 2; i++) {
    fcntl(event_pipe[i], F_SETFL, O_NONBLOCK);
    fcntl(event_pipe[i], F_SETFD, FD_CLOEXEC);
  }
}

static void at_exit(void) { ct_guard_release(); }

void ct_fill_standard_descriptors(void) {
  int fd;
  do fd = open("/dev/null", O_RDWR);
  while (fd >= 0 && fd <= STDERR_FILENO);
  if (fd >= 0) close(fd);
}

int ct_open_controlling_terminal(void) { return open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC); }

void ct_await_foreground(int fd) {
  /* Orphans are not stopped by this signal and would ask for ever. */
  for (int tries = 0; tries < 10; tries++) {
    pid_t foreground = tcgetpgrp(fd);
    if (foreground < 0 || foreground == getpgrp()) return;
    kill(0, SIGTTOU);
  }
}

void ct_guard_install(int fd) {
  if (installed) return;
  static bool registered;
  if (!registered) registered = atexit(at_exit) == 0;
  tty = fd;
  has_saved = tcgetattr(fd, &saved) == 0;
  open_event_pipe();
  use_alternate_stack();
  for (int i = 0; i < FATAL_COUNT; i++) take_fatal(fatal[i], &former_fatal[i]);
#ifdef SIGRTMIN
  for (int i = SIGRTMIN; i <= SIGRTMAX && i - SIGRTMIN < MOST_REAL_TIME; i++)
    take_fatal(i, &former_real_time[i - SIGRTMIN]);
#endif
  take(SIGTSTP, on_stop, SA_ONSTACK | SA_RESTART, &former_stop);
  take(SIGCONT, on_continue, SA_ONSTACK | SA_RESTART, &former_continue);
  take(SIGWINCH, on_resize, SA_ONSTACK | SA_RESTART, &former_resize);
  installed = true;
}

static void keep(struct sequence *sequence, const char *bytes) {
  size_t count = strlen(bytes);
  sequence->count = count <= SEQUENCE_BYTES ? count : 0;
  memcpy(sequence->bytes, bytes, sequence->count);
}

void ct_guard_arm(const char *enter, const char *modes, const char *reset) {
  if (!installed) return;
  atomic_store(&armed, 0);
  keep(&enter_sequence, enter);
  keep(&modes_sequence, modes);
  keep(&reset_sequence, reset);
  if (tcgetattr(tty, &working) != 0) working = saved;
  atomic_store(&armed, 1);
}

void ct_guard_release(void) {
  if (!installed) return;
  installed = false;
  if (atomic_exchange(&armed, 0)) give_back();
  for (int i = 0; i < FATAL_COUNT; i++) sigaction(fatal[i], &former_fatal[i], NULL);
#ifdef SIGRTMIN
  for (int i = SIGRTMIN; i <= SIGRTMAX && i - SIGRTMIN < MOST_REAL_TIME; i++)
    sigaction(i, &former_real_time[i - SIGRTMIN], NULL);
#endif
  sigaction(SIGTSTP, &former_stop, NULL);
  sigaction(SIGCONT, &former_continue, NULL);
  sigaction(SIGWINCH, &former_resize, NULL);
}

void ct_guard_expect_answer(int milliseconds) {
  atomic_store(&answer_end, milliseconds > 0 ? now() + milliseconds : 0);
}

void ct_guard_silence(const char *reset) {
  ct_guard_install(STDERR_FILENO);
  struct termios silent = saved;
  silent.c_lflag &= ~(tcflag_t)ECHO;
  if (has_saved) set_termios(&silent);
  ct_guard_arm("", "", reset);
}

bool ct_is_foreground(int fd) { return tcgetpgrp(fd) == getpgrp(); }

bool ct_lacks_descriptors(void) {
  int fd = dup(STDIN_FILENO);
  if (fd < 0) return errno == EMFILE || errno == ENFILE;
  close(fd);
  return false;
}

void ct_guard_reenter(void) {
  if (!atomic_load(&armed)) return;
  set_termios(&working);
  write_sequence(&modes_sequence);
}

int ct_guard_event_descriptor(void) { return installed ? event_pipe[0] : -1; }

int ct_guard_take_events(void) {
  char bytes[256];
  while (read(event_pipe[0], bytes, sizeof bytes) > 0) continue;
  return atomic_exchange(&events, 0);
}
