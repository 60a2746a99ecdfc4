// Times llama2.c: built around its run.c as it is (-DTESTING leaves its main out).
//
//   llama2c write FILE WIDTH INNER LAYERS HEADS KV_HEADS VOCABULARY POSITIONS   random weights in its format
//   llama2c time FILE PROMPT TOKENS RUNS                                        seconds of each run as a line of JSON

#include "run.c"
#include "timing.h"

enum { WARM_UP = 8 };

static void fail(const char *what) {
  fprintf(stderr, "%s\n", what);
  exit(1);
}

/// Uniform with a deviation of 0.02.
static float random_weight(void) {
  static uint64_t state = 22;
  state = state * 6364136223846793005u + 1442695040888963407u;
  return ((float)(state >> 40) * 0x1p-23f - 1) * 0.02f * 1.7320508f;
}

static void write_floats(FILE *file, size_t count, int are_gains) {
  for (size_t i = 0; i < count; i++) {
    float value = are_gains ? 1 : random_weight();
    if (fwrite(&value, sizeof value, 1, file) != 1) fail("the weights cannot be written");
  }
}

/// In the order of `memory_map_weights`; a positive vocabulary says that the head is the embedding.
static void write_weights(const char *path, Config shape) {
  FILE *file = fopen(path, "wb");
  if (!file || fwrite(&shape, sizeof shape, 1, file) != 1) fail("the weights cannot be written");
  size_t width = (size_t)shape.dim, layers = (size_t)shape.n_layers, inner = (size_t)shape.hidden_dim;
  size_t head = width / (size_t)shape.n_heads, shared = head * (size_t)shape.n_kv_heads;
  write_floats(file, (size_t)shape.vocab_size * width, 0);
  write_floats(file, layers * width, 1);
  write_floats(file, layers * width * (2 * width + 2 * shared), 0);
  write_floats(file, layers * width, 1);
  write_floats(file, layers * width * 3 * inner, 0);
  write_floats(file, width, 1);
  write_floats(file, (size_t)shape.seq_len * head, 0);
  if (fclose(file) != 0) fail("the weights cannot be written");
}

/// One run: the prompt token by token, as llama2.c does it, then `tokens` - 1 passes.
static void time_run(Transformer *model, int prompt, int tokens, double *prefill, double *decode) {
  int vocabulary = model->config.vocab_size, token = 0;
  double start = now();
  for (int i = 0; i < prompt; i++) token = largest(forward(model, prompt_token(i, vocabulary), i), vocabulary);
  double middle = now();
  for (int i = 0; i < tokens - 1; i++) token = largest(forward(model, token, prompt + i), vocabulary);
  *prefill = middle - start;
  *decode = now() - middle;
}

static void time_runs(char *path, int prompt, int tokens, int runs) {
  Transformer model;
  build_transformer(&model, path);
  if (prompt + tokens > model.config.seq_len) fail("longer than the shape allows");
  double *prefill = malloc((size_t)runs * sizeof(double)), *decode = malloc((size_t)runs * sizeof(double));
  if (!prefill || !decode) fail("out of memory");
  time_run(&model, prompt, tokens < WARM_UP ? tokens : WARM_UP, prefill, decode);
  for (int i = 0; i < runs; i++) time_run(&model, prompt, tokens, &prefill[i], &decode[i]);
  printf("{");
  print_times("prefill_seconds", prefill, runs, ",");
  print_times("decode_seconds", decode, runs, "}\n");
  free_transformer(&model);
}

int main(int count, char **words) {
  if (count == 10 && strcmp(words[1], "write") == 0) {
    Config shape = {
        .dim = atoi(words[3]), .hidden_dim = atoi(words[4]), .n_layers = atoi(words[5]), .n_heads = atoi(words[6]),
        .n_kv_heads = atoi(words[7]), .vocab_size = atoi(words[8]), .seq_len = atoi(words[9]),
    };
    write_weights(words[2], shape);
  } else if (count == 6 && strcmp(words[1], "time") == 0) {
    time_runs(words[2], atoi(words[3]), atoi(words[4]), atoi(words[5]));
  } else {
    fail("usage: see the head of llama2c.c");
  }
  return 0;
}
