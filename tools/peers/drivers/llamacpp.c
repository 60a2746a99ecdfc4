// Times llama.cpp through its C API, so that no interpreter stands between two tokens.
//
//   llamacpp                                          version and system info as a line of JSON
//   llamacpp MODEL THREADS PROMPT TOKENS RUNS POSITIONS   seconds of each run as a line of JSON

#include "llama.h"
#include "timing.h"

#include <stdlib.h>

enum { WARM_UP = 8 };

typedef struct {
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
static struct llama_context *open_context(struct llama_model *model, int threads, int prompt, int positions) {
  struct llama_context_params parameters = llama_context_default_params();
  parameters.n_ctx = (uint32_t)positions;
  parameters.n_batch = parameters.n_ubatch = prompt > 512 ? (uint32_t)prompt : 512;
  parameters.n_threads = parameters.n_threads_batch = threads;
  struct llama_context *context = llama_init_from_model(model, parameters);
  if (!context) fail("the context cannot be made");
  return context;
}

static void measure(const char *path, int threads, int prompt, int tokens, int runs, int positions) {
  struct llama_model_params parameters = llama_model_default_params();
  parameters.n_gpu_layers = 0;
  struct llama_model *model = llama_model_load_from_file(path, parameters);
  if (!model) fail("the model cannot be loaded");
  Session session = {
      .context = open_context(model, threads, prompt, positions),
      .prompt = malloc((size_t)prompt * sizeof(llama_token)),
      .prompt_count = prompt,
      .vocabulary = llama_vocab_n_tokens(llama_model_get_vocab(model)),
  };
  double *prefill = malloc((size_t)runs * sizeof(double)), *decode = malloc((size_t)runs * sizeof(double));
  if (!session.prompt || !prefill || !decode) fail("out of memory");
  for (int i = 0; i < prompt; i++) session.prompt[i] = prompt_token(i, session.vocabulary);

  run(&session, tokens < WARM_UP ? tokens : WARM_UP, prefill, decode);
  for (int i = 0; i < runs; i++) run(&session, tokens, &prefill[i], &decode[i]);
  printf("{");
  print_times("prefill_seconds", prefill, runs, ",");
  print_times("decode_seconds", decode, runs, "}\n");
  llama_free(session.context);
  llama_model_free(model);
}

int main(int count, char **words) {
  llama_log_set(quiet, NULL);
  llama_backend_init();
  if (count == 1) {
    printf("{\"version\":\"%s\",\"system\":\"%s\"}\n", llama_version(), llama_print_system_info());
    return 0;
  }
  if (count != 7) fail("usage: llamacpp [MODEL THREADS PROMPT TOKENS RUNS POSITIONS]");
  measure(words[1], atoi(words[2]), atoi(words[3]), atoi(words[4]), atoi(words[5]), atoi(words[6]));
  return 0;
}
