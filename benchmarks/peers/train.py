"""Training steps in PyTorch, the way its users write them: a padded batch, scaled_dot_product_attention, fused AdamW; bf16 by autocast.

Says what it is, then answers each line {"dtype", "vocab", "hidden", …, "lengths"} with the seconds of one step.
"""
import json
import os
import sys
import time

import torch
import torch.nn.functional as F

torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))


class Layer(torch.nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c = c
        hidden, depth = c["hidden"], c["head_dim"]
        linear = lambda i, o: torch.nn.Linear(i, o, bias=False)
        self.q, self.k, self.v = (linear(hidden, h * depth) for h in (c["heads"], c["kv_heads"], c["kv_heads"]))
        self.o = linear(c["heads"] * depth, hidden)
        self.gate, self.up, self.down = linear(hidden, c["intermediate"]), linear(hidden, c["intermediate"]), linear(c["intermediate"], hidden)
        self.norm1, self.norm2 = torch.nn.RMSNorm(hidden, 1e-6), torch.nn.RMSNorm(hidden, 1e-6)
        self.qn, self.kn = (torch.nn.RMSNorm(depth, 1e-6) if c["qk_norm"] else torch.nn.Identity() for _ in range(2))

    def forward(self, x, cos, sin):
        c = self.c
        b, l, _ = x.shape
        h = self.norm1(x)
        q, k, v = (p(h).view(b, l, -1, c["head_dim"]) for p in (self.q, self.k, self.v))
        q, k = (self.turn(n(t).transpose(1, 2), cos, sin) for n, t in ((self.qn, q), (self.kn, k)))
        v = v.transpose(1, 2)
        a = F.scaled_dot_product_attention(q.to(v.dtype), k.to(v.dtype), v, is_causal=True, enable_gqa=c["heads"] != c["kv_heads"])
        x = x + self.o(a.transpose(1, 2).reshape(b, l, -1))
        h = self.norm2(x)
        return x + self.down(F.silu(self.gate(h)) * self.up(h))

    @staticmethod
    def turn(x, cos, sin):
        left, right = x.chunk(2, -1)
        return torch.cat((left * cos - right * sin, right * cos + left * sin), -1)


class Model(torch.nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c = c
        self.embedding = torch.nn.Embedding(c["vocab"], c["hidden"])
        torch.nn.init.normal_(self.embedding.weight, std=0.05)
        self.layers = torch.nn.ModuleList(Layer(c) for _ in range(c["layers"]))
        self.norm = torch.nn.RMSNorm(c["hidden"], 1e-6)
        angle = torch.arange(max(c["lengths"]))[:, None] / 10000 ** (torch.arange(0, c["head_dim"], 2) / c["head_dim"])
        self.cos, self.sin = angle.cos(), angle.sin()

    def forward(self, ids):
        x = self.embedding(ids)
        for layer in self.layers:
            x = layer(x, self.cos[: ids.shape[1]], self.sin[: ids.shape[1]])
        return F.linear(self.norm(x), self.embedding.weight)


class Case:
    def __init__(self, c):
        torch.manual_seed(0)
        self.bf16 = c["dtype"] == "bf16"
        self.model = Model(c)
        self.optimizer = torch.optim.AdamW(self.model.parameters(), 1e-4, betas=(0.9, 0.95), weight_decay=0.01, fused=True)
        longest = max(c["lengths"])
        self.ids = torch.randint(c["vocab"], (len(c["lengths"]), longest))
        self.targets = self.ids[:, 1:].clone()
        for row, length in enumerate(c["lengths"]):
            self.targets[row, length - 1:] = -100

    def step(self):
        start = time.perf_counter()
        with torch.autocast("cpu", torch.bfloat16, enabled=self.bf16):
            logits = self.model(self.ids[:, :-1])
        loss = F.cross_entropy(logits.float().flatten(0, 1), self.targets.flatten())
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        return time.perf_counter() - start


print(f"PyTorch {torch.__version__.split('+')[0]}, padded", flush=True)
key, case = None, None
for line in sys.stdin:
    if line != key:
        key, case = line, Case(json.loads(line))
    print(case.step(), flush=True)
