// Times llama.cpp through its C API, so that no interpreter stands between two tokens.
//
//   llamacpp                                              version and system info as a line of JSON
//   llamacpp time MODEL THREADS PROMPT TOKENS RUNS        seconds of each run as a line of JSON
//   llamacpp behind STATE MODEL THREADS PROMPT TOKENS RUNS
//       the same of decoding alone, behind a prompt whose K and V are in the file STATE, which is made where there is none
//   llamacpp load MODEL THREADS                           seconds of loading and of a first pass, and the peak of memory

#include "llama.h"
#include "timing.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { WARM_UP = 8, BATCH = 512, ROUNDED = 256, FIRST_CONTEXT = 512 };

typedef struct {
  struct llama_model *model;
  struct llama_context *context;
  llama_token *prompt;
  int prompt_count;
  int vocabulary;
} Session;

static void quiet(enum ggml_log_level level, const char *text, void *data) {
  (void)data;
  if (level == GGML_LOG_LEVEL_ERROR) fputs(text, stderr);
}

static void fail(const char *what) {
  fprintf(stderr, "%s\n", what);
  exit(1);
}

/// Feeds tokens and chooses the next. Only the last one's logits are asked for.
static llama_token feed(Session *session, llama_token *tokens, int count) {
  if (llama_decode(session->context, llama_batch_get_one(tokens, count)) != 0) fail("llama_decode failed");
  const float *logits = llama_get_logits_ith(session->context, -1);
  if (!logits) fail("there are no logits");
  return largest(logits, session->vocabulary);
}

/// One run: the prompt in one pass, then `tokens` - 1 passes of one token.
static void run(Session *session, int tokens, double *prefill, double *decode) {
  llama_memory_clear(llama_get_memory(session->context), false);
  double start = now();
  llama_token token = feed(session, session->prompt, session->prompt_count);
  double middle = now();
  for (int i = 1; i < tokens; i++) token = feed(session, &token, 1);
  *prefill = middle - start;
  *decode = now() - middle;
}

/// Everything that is not set here is as llama.cpp sets it.
static struct llama_model *open_model(const char *path) {
  struct llama_model_params parameters = llama_model_default_params();
  parameters.n_gpu_layers = 0;
  struct llama_model *model = llama_model_load_from_file(path, parameters);
  if (!model) fail("the model cannot be loaded");
  return model;
}

static struct llama_context *open_context(struct llama_model *model, int threads, int batch, int positions) {
  struct llama_context_params parameters = llama_context_default_params();
  parameters.n_ctx = (uint32_t)positions;
  parameters.n_batch = parameters.n_ubatch = batch > BATCH ? (uint32_t)batch : BATCH;
  parameters.n_threads = parameters.n_threads_batch = threads;
  struct llama_context *context = llama_init_from_model(model, parameters);
  if (!context) fail("the context cannot be made");
  return context;
}

/// A model with room for a prompt and new tokens.
static Session open_session(const char *path, int threads, int prompt, int tokens, int batch) {
  int room = (prompt + tokens + ROUNDED - 1) / ROUNDED * ROUNDED;
  struct llama_model *model = open_model(path);
  Session session = {
      .model = model,
      .context = open_context(model, threads, batch, room),
      .prompt = malloc((size_t)prompt * sizeof(llama_token)),
      .prompt_count = prompt,
      .vocabulary = llama_vocab_n_tokens(llama_model_get_vocab(model)),
  };
  if (!session.prompt) fail("out of memory");
  for (int i = 0; i < prompt; i++) session.prompt[i] = prompt_token(i, session.vocabulary);
  return session;
}

static void close_session(Session *session) {
  llama_free(session->context);
  llama_model_free(session->model);
  free(session->prompt);
}

static void measure(const char *path, int threads, int prompt, int tokens, int runs) {
  Session session = open_session(path, threads, prompt, tokens, prompt);
  double *prefill = malloc((size_t)runs * sizeof(double)), *decode = malloc((size_t)runs * sizeof(double));
  if (!prefill || !decode) fail("out of memory");
  run(&session, tokens < WARM_UP ? tokens : WARM_UP, prefill, decode);
  for (int i = 0; i < runs; i++) run(&session, tokens, &prefill[i], &decode[i]);
  printf("{");
  print_times("prefill_seconds", prefill, runs, ",");
  print_times("decode_seconds", decode, runs, "}\n");
  close_session(&session);
}

/// Computes K and V of the prompt with all processors: that is not what is timed.
static void fill(Session *session, const char *state) {
  int all = (int)sysconf(_SC_NPROCESSORS_ONLN);
  llama_set_n_threads(session->context, all, all);
  for (int done = 0; done < session->prompt_count; done += BATCH) {
    int rest = session->prompt_count - done;
    feed(session, session->prompt + done, rest < BATCH ? rest : BATCH);
  }
  size_t count = (size_t)session->prompt_count;
  if (!llama_state_save_file(session->context, state, session->prompt, count)) fail("the state cannot be saved");
}

/// Takes K and V of the prompt from the file, if there is one.
static int restore(Session *session, const char *state) {
  if (access(state, R_OK) != 0) return 0;
  size_t count = 0, room = (size_t)session->prompt_count;
  int is_restored = llama_state_load_file(session->context, state, session->prompt, room, &count);
  return is_restored && count == room;
}

/// One run behind the prompt: a pass that is not timed chooses the first token, as a prefill's end does.
static double run_behind(Session *session, int tokens) {
  llama_memory_seq_rm(llama_get_memory(session->context), 0, session->prompt_count - 1, -1);
  llama_token token = feed(session, session->prompt + session->prompt_count - 1, 1);
  double start = now();
  for (int i = 1; i < tokens; i++) token = feed(session, &token, 1);
  return now() - start;
}

static void measure_behind(const char *state, const char *path, int threads, int prompt, int tokens, int runs) {
  Session session = open_session(path, threads, prompt, tokens, BATCH);
  if (!restore(&session, state)) fill(&session, state);
  llama_set_n_threads(session.context, threads, threads);
  double *decode = malloc((size_t)runs * sizeof(double));
  if (!decode) fail("out of memory");
  run_behind(&session, tokens < WARM_UP ? tokens : WARM_UP);
  for (int i = 0; i < runs; i++) decode[i] = run_behind(&session, tokens);
  printf("{");
  print_times("decode_seconds", decode, runs, "}\n");
  close_session(&session);
}

/// From the file's name to a context, and a first pass of one token behind that.
static void measure_loading(const char *path, int threads) {
  double start = now();
  struct llama_model *model = open_model(path);
  Session session = {
      .model = model,
      .context = open_context(model, threads, BATCH, FIRST_CONTEXT),
      .vocabulary = llama_vocab_n_tokens(llama_model_get_vocab(model)),
  };
  double middle = now();
  llama_token token = 0;
  feed(&session, &token, 1);
  double end = now();
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
#ifdef __APPLE__
  long long peak = usage.ru_maxrss;
#else
  long long peak = usage.ru_maxrss * 1024LL;
#endif
  printf("{\"load_seconds\":%.9f,\"first_pass_seconds\":%.9f,\"peak_bytes\":%lld}\n", middle - start, end - middle, peak);
  close_session(&session);
}

int main(int count, char **words) {
  llama_log_set(quiet, NULL);
  llama_backend_init();
  if (count == 1) {
    printf("{\"version\":\"%s\",\"system\":\"%s\"}\n", llama_version(), llama_print_system_info());
  } else if (count == 7 && strcmp(words[1], "time") == 0) {
    measure(words[2], atoi(words[3]), atoi(words[4]), atoi(words[5]), atoi(words[6]));
  } else if (count == 8 && strcmp(words[1], "behind") == 0) {
    measure_behind(words[2], words[3], atoi(words[4]), atoi(words[5]), atoi(words[6]), atoi(words[7]));
  } else if (count == 4 && strcmp(words[1], "load") == 0) {
    measure_loading(words[2], atoi(words[3]));
  } else {
    fail("usage: see the head of llamacpp.c");
  }
  return 0;
}
