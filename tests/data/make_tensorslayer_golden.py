#!/usr/bin/env python3
"""Writes tensorslayer.json: the SHA-256 of every tensor that the 44 published edits of Tensor Slayer change, after torch
made them on a Qwen3 of 28 layers with small matrices, and of all tensors together. Needs torch; run in this folder."""
import hashlib
import json

import torch

RECIPE = json.load(open("../../resources/recipes/tensor-slayer-qwen3-0.6b.json"))
SHAPES = {"self_attn.q_proj": [64, 32], "self_attn.k_proj": [32, 32], "self_attn.v_proj": [32, 32], "self_attn.o_proj": [32, 64],
          "self_attn.q_norm": [16], "self_attn.k_norm": [16], "mlp.gate_proj": [48, 32], "mlp.up_proj": [48, 32], "mlp.down_proj": [32, 48],
          "input_layernorm": [32], "post_attention_layernorm": [32]}
names = [("model.embed_tokens.weight", [128, 32]), ("model.norm.weight", [32]), ("lm_head.weight", [128, 32])]
names += [(f"model.layers.{n}.{part}.weight", shape) for n in range(28) for part, shape in SHAPES.items()]


# (i·2654435761 mod 2^32 − 2^31) / 2^26 for i from 1000 times the tensor's number on: between −32 and 32, beyond the clamps.
def tensor(number, shape):
    n = shape[0] * (shape[1] if len(shape) == 2 else 1)
    i = torch.arange(n, dtype=torch.int64) + 1000 * number
    return (((i * 2654435761) % 2**32 - 2**31).double() / 2**26).bfloat16().reshape(shape)


tensors = {name: tensor(number, shape) for number, (name, shape) in enumerate(names)}
for e in RECIPE["edits"]:
    name = e["select"].removeprefix("name=")
    x = tensors[name]
    tensors[name] = x * e["factor"] if e["op"] == "scale" else torch.clamp(x, e["min"], e["max"])
edited = sorted({e["select"].removeprefix("name=") for e in RECIPE["edits"]})
raw = {name: x.view(torch.int16).numpy().tobytes() for name, x in tensors.items()}
whole = hashlib.sha256()
for name, _ in names:
    whole.update(raw[name])
json.dump({"tensors": [[name, shape] for name, shape in names], "all": whole.hexdigest(),
           "edited": {name: hashlib.sha256(raw[name]).hexdigest() for name in edited}}, open("tensorslayer.json", "w"), indent=0)
