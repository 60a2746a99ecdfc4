"""The loop of 22.6.3 on the model that comes with kvtui: with the cache handed back by hand, and without one.

    python3 program.py
    python3 program.py --prompt 世界最高峰是 --tokens 64

Needs torch and transformers, and no network.
"""

import argparse
import time
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

MODEL = Path(__file__).resolve().parents[2] / "models" / "tiny-zh"


def positive(text: str) -> int:
    """A whole number from 1."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is less than 1")
    return number


def with_cache(model, prompt, tokens):
    """Feeds the prompt once, then each new token alone; what is kept goes back in with it."""
    text, fed, past, logits = prompt, prompt, None, []
    for _ in range(tokens):
        # Positions go on behind what is kept: transformers counts them from past_key_values.
        out = model(input_ids=fed, past_key_values=past, use_cache=True)
        past = out.past_key_values
        logits.append(out.logits[:, -1])
        fed = logits[-1].argmax(dim=-1, keepdim=True)
        text = torch.cat([text, fed], dim=1)
    return text, torch.cat(logits)


def without_cache(model, prompt, tokens):
    """Feeds the whole text at every step."""
    text, logits = prompt, []
    for _ in range(tokens):
        out = model(input_ids=text, use_cache=False)
        logits.append(out.logits[:, -1])
        text = torch.cat([text, logits[-1].argmax(dim=-1, keepdim=True)], dim=1)
    return text, torch.cat(logits)


def main() -> None:
    """Runs both loops, and says how equal they are and how long each took."""
    parser = argparse.ArgumentParser(description="The loop of 22.6.3, with and without the KV cache.")
    parser.add_argument("--prompt", default="世界最高峰是", help="what the text begins with (世界最高峰是)")
    parser.add_argument("--tokens", type=positive, default=64, help="tokens to write (64)")
    parser.add_argument("--model", default=str(MODEL), help="a folder (the bundled tiny-zh)")
    options = parser.parse_args()

    tokenizer = AutoTokenizer.from_pretrained(options.model)
    model = AutoModelForCausalLM.from_pretrained(options.model).eval()
    prompt = tokenizer(options.prompt, return_tensors="pt")["input_ids"]
    if prompt.shape[1] == 0:
        parser.error("--prompt: there is no token in it")
    room = model.config.max_position_embeddings - prompt.shape[1]
    if options.tokens > room:
        parser.error(f"--tokens: after the prompt this model has room for {room}")

    results = []
    with torch.inference_mode():
        for name, loop in (("with the cache", with_cache), ("without it", without_cache)):
            loop(model, prompt, min(4, options.tokens))  # not timed: the first calls set things up
            start = time.perf_counter()
            results.append(loop(model, prompt, options.tokens))
            print(f"{name}: {time.perf_counter() - start:.3f} s", flush=True)
        generated = model.generate(
            prompt,
            attention_mask=torch.ones_like(prompt),
            use_cache=True,
            do_sample=False,
            max_new_tokens=options.tokens,
            pad_token_id=tokenizer.eos_token_id,
        )

    (kept, ones), (again, others) = results
    print(f"text: {tokenizer.decode(kept[0])}")
    same = torch.equal(kept, again)
    print(f"same tokens: {'yes' if same else 'no'}")
    if same:
        print(f"largest gap between logits: {(ones - others).abs().max().item():.1e}")
    # generate ends at the end-of-sequence token.
    agrees = torch.equal(generated, kept[:, : generated.shape[1]])
    print(f"generate(use_cache=True) writes the same: {'yes' if agrees else 'no'}")


if __name__ == "__main__":
    main()
