// A pool of threads that wait for work by spinning for a moment, then by sleeping: a product of a large layer takes tens
// of microseconds, and waking a sleeping thread as long.
#define _GNU_SOURCE  // for the processors of a process
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "include/kernels.h"

// Some tens of microseconds to a tenth of a millisecond, by processor.
enum { SPINS = 3000 };

// How nice a thread is that gives way.
enum { CK_NICE = 10 };

struct ck_pool {
  int threads;
  pthread_mutex_t owner;  // held by who runs a job
  pthread_mutex_t mutex;
  pthread_cond_t wake;
  atomic_uint generation;
  atomic_int sleeping;
  atomic_int stops;
  atomic_int gives_way;
  _Alignas(64) atomic_size_t next;
  // A thread that comes late finds the job closed, and nobody waits for it.
  _Alignas(64) atomic_int closed;
  atomic_int at_work;
  size_t parts;
  void (*body)(void *, size_t, int);
  void *context;
  pthread_t handles[CK_MOST_THREADS];
};

typedef struct {
  ck_pool *pool;
  int thread;
} worker;

static void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb");  // yield returns at once
#endif
}

static void take_parts(ck_pool *pool, int thread) {
  for (size_t part; (part = atomic_fetch_add(&pool->next, 1)) < pool->parts;)
    pool->body(pool->context, part, thread);
}

// Returns the newest generation once it is no longer `seen`.
static unsigned wait_for_job(ck_pool *pool, unsigned seen) {
  for (int spin = 0; spin < SPINS; spin++) {
    const unsigned newest = atomic_load(&pool->generation);
    if (newest != seen) return newest;
    pause_briefly();
  }
  pthread_mutex_lock(&pool->mutex);
  atomic_fetch_add(&pool->sleeping, 1);
  while (atomic_load(&pool->generation) == seen) pthread_cond_wait(&pool->wake, &pool->mutex);
  atomic_fetch_sub(&pool->sleeping, 1);
  pthread_mutex_unlock(&pool->mutex);
  return atomic_load(&pool->generation);
}

void ck_give_way(void) {
#if defined(__linux__)
  // Here a nice value is a thread's own; refused, the thread stays what it was.
  (void)setpriority(PRIO_PROCESS, 0, CK_NICE);
#endif
}

void ck_pool_give_way(ck_pool *pool) {
  if (pool) atomic_store(&pool->gives_way, 1);
}

static void *work(void *argument) {
  const worker self = *(worker *)argument;
  free(argument);
  int gives_way = 0;
  for (unsigned seen = 0;;) {
    seen = wait_for_job(self.pool, seen);
    if (atomic_load(&self.pool->stops)) return NULL;
    if (!gives_way && atomic_load(&self.pool->gives_way)) {
      ck_give_way();
      gives_way = 1;
    }
    atomic_fetch_add(&self.pool->at_work, 1);
    if (!atomic_load(&self.pool->closed)) take_parts(self.pool, self.thread);
    atomic_fetch_sub(&self.pool->at_work, 1);
  }
}

static void announce(ck_pool *pool) {
  atomic_fetch_add(&pool->generation, 1);
  if (atomic_load(&pool->sleeping) == 0) return;
  pthread_mutex_lock(&pool->mutex);
  pthread_cond_broadcast(&pool->wake);
  pthread_mutex_unlock(&pool->mutex);
}

static int start_worker(ck_pool *pool, int thread) {
  worker *argument = malloc(sizeof *argument);
  if (!argument) return 0;
  *argument = (worker){pool, thread};
  if (pthread_create(&pool->handles[thread], NULL, work, argument) == 0) return 1;
  free(argument);
  return 0;
}

ck_pool *ck_pool_create(int threads) {
  ck_pool *pool = aligned_alloc(64, (sizeof(ck_pool) + 63) / 64 * 64);
  if (!pool) return NULL;
  *pool = (ck_pool){.threads = 1, .closed = 1};
  pthread_mutex_init(&pool->owner, NULL);
  pthread_mutex_init(&pool->mutex, NULL);
  pthread_cond_init(&pool->wake, NULL);
  // Signals are for the threads that wait for them; faults are a thread's own, and have their handler.
  sigset_t mask, before;
  sigfillset(&mask);
  const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP};
  for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) sigdelset(&mask, faults[i]);
  pthread_sigmask(SIG_SETMASK, &mask, &before);
  const int wanted = threads < CK_MOST_THREADS ? threads : CK_MOST_THREADS;
  while (pool->threads < wanted && start_worker(pool, pool->threads)) pool->threads++;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return pool;
}

void ck_pool_destroy(ck_pool *pool) {
  if (!pool) return;
  atomic_store(&pool->stops, 1);
  announce(pool);
  for (int thread = 1; thread < pool->threads; thread++) pthread_join(pool->handles[thread], NULL);
  pthread_mutex_destroy(&pool->owner);
  pthread_mutex_destroy(&pool->mutex);
  pthread_cond_destroy(&pool->wake);
  free(pool);
}

int ck_processors(void) {
#if defined(__linux__)
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) return CPU_COUNT(&allowed);
#endif
  const long online = sysconf(_SC_NPROCESSORS_ONLN);
  return online > 0 ? (int)online : 1;
}

int ck_pool_threads(const ck_pool *pool) { return pool ? pool->threads : 1; }

void ck_pool_run(ck_pool *pool, size_t parts, void (*body)(void *, size_t, int), void *context) {
  const int is_shared = pool && pool->threads > 1 && parts > 1;
  if (!is_shared || pthread_mutex_trylock(&pool->owner) != 0) {
    for (size_t part = 0; part < parts; part++) body(context, part, 0);
    return;
  }
  pool->parts = parts;
  pool->body = body;
  pool->context = context;
  atomic_store(&pool->next, 0);
  atomic_store(&pool->closed, 0);
  announce(pool);
  take_parts(pool, 0);
  atomic_store(&pool->closed, 1);
  for (int spin = 0; atomic_load(&pool->at_work) != 0; spin++) {
    pause_briefly();
    if (spin % SPINS == SPINS - 1) sched_yield();  // a worker may have lost its processor
  }
  pthread_mutex_unlock(&pool->owner);
}
