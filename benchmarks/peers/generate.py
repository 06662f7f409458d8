"""Decoding in transformers, the way its users write it: a batch of equal prompts' lengths, model.generate with sampling and a cache.

Says what it is, then answers each line {"vocab", "hidden", …, "sequences", "prompt", "tokens"} with the seconds in which the tokens were decoded.
"""
import json
import os
import sys
import time

import torch
import transformers

torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))


def model(c):
    torch.manual_seed(0)
    config = transformers.Qwen3Config(
        vocab_size=c["vocab"], hidden_size=c["hidden"], intermediate_size=c["intermediate"], num_hidden_layers=c["layers"], num_attention_heads=c["heads"],
        num_key_value_heads=c["kv_heads"], head_dim=c["head_dim"], tie_word_embeddings=True, max_position_embeddings=2048, bos_token_id=None, eos_token_id=None,
        pad_token_id=0)
    return transformers.Qwen3ForCausalLM(config).eval()


print(f"transformers {transformers.__version__}, PyTorch {torch.__version__.split('+')[0]}", flush=True)
key, case = None, None
for line in sys.stdin:
    c = json.loads(line)
    if line != key:
        key, case = line, model(c)
    ids = torch.randint(c["vocab"], (c["sequences"], c["prompt"]))
    times = []
    for tokens in (1, c["tokens"]):  # what the prompts take is taken off
        start = time.perf_counter()
        with torch.inference_mode():
            case.generate(ids, attention_mask=torch.ones_like(ids), do_sample=True, temperature=1.0, top_k=0, min_new_tokens=tokens, max_new_tokens=tokens)
        times.append(time.perf_counter() - start)
    print((times[1] - times[0]) * c["tokens"] / max(1, c["tokens"] - 1), flush=True)
