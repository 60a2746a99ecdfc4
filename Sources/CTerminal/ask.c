#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "ct_guard.h"

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}

/* Whether the last thing in `answer` is what every terminal says of itself when it is asked: ESC [ ? … c. */
static bool is_over(const char *answer, int count) {
  if (count < 4 || answer[count - 1] != 'c') return false;
  int at = count - 2;
  while (at > 0 && (answer[at] == ';' || (answer[at] >= '0' && answer[at] <= '9'))) at--;
  return at >= 2 && answer[at] == '?' && answer[at - 1] == '[' && answer[at - 2] == '\033';
}

static int read_answer(int fd, char *answer, int size, long long end) {
  int count = 0;
  while (count < size && !is_over(answer, count)) {
    long long left = end - now();
    struct pollfd readable = {.fd = fd, .events = POLLIN};
    int ready = left > 0 ? poll(&readable, 1, (int)left) : 0;
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) break;
    ssize_t got = read(fd, answer + count, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    count++;
  }
  return count;
}

int ct_ask(const char *question, char *answer, int size, int milliseconds) {
  int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (fd < 0) return -1;
  int count = -1;
  struct termios settings;
  if (ct_is_foreground(fd) && tcgetattr(fd, &settings) == 0) {
    ct_guard_install(fd);
    /* Keys that raise signals come as bytes, too: half an answer would be left to the shell. */
    settings.c_lflag &= ~(tcflag_t)(ECHO | ICANON | ISIG);
    settings.c_cc[VMIN] = 1;
    settings.c_cc[VTIME] = 0;
    tcsetattr(fd, TCSADRAIN, &settings);
    ct_guard_arm("", "", "");
    ct_write_all(fd, question, (long)strlen(question));
    count = read_answer(fd, answer, size, now() + milliseconds);
    ct_guard_release();
  }
  close(fd);
  return count;
}
