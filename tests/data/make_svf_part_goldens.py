#!/usr/bin/env python3
"""svf/parts.*: other singular values of one part of a matrix that holds several (q, k and v; gate and up), of the tiny models in
models.safetensors: numpy's SVD in float64 of the rows (or columns) that transformers' modelling code takes for that part, written back where
they were and rounded once by torch. Needs numpy, torch, safetensors."""
import json
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file

HERE = Path(__file__).resolve().parent
OUT = HERE / "svf"
models = load_file(HERE / "models.safetensors")


def blocks(*sizes):  # one after the other
    ends = np.cumsum(sizes)
    return [np.arange(end - size, end) for size, end in zip(sizes, ends)]


def by_head(heads, size):  # GPT-NeoX and BLOOM: view(heads, 3, size)
    return list(np.arange(heads * 3 * size).reshape(heads, 3, size).transpose(1, 0, 2).reshape(3, -1))


def by_group(groups, queries, size):  # Falcon 40B: view(groups, queries + 2, size)
    all_rows = np.arange(groups * (queries + 2) * size).reshape(groups, queries + 2, size)
    return [all_rows[:, :-2].reshape(-1), all_rows[:, -2].reshape(-1), all_rows[:, -1].reshape(-1)]


QKV = ["q_proj", "k_proj", "v_proj"]
layouts = [
    ("phi3", "model.layers.1.self_attn.qkv_proj.weight", QKV, blocks(32, 16, 16), False),
    ("phi3", "model.layers.0.mlp.gate_up_proj.weight", ["gate_proj", "up_proj"], blocks(48, 48), False),
    ("gpt2", "transformer.h.1.attn.c_attn.weight", QKV, blocks(32, 32, 32), True),
    ("neox", "gpt_neox.layers.0.attention.query_key_value.weight", QKV, by_head(4, 8), False),
    ("falcon-40b", "transformer.h.0.self_attention.query_key_value.weight", QKV, by_group(2, 2, 8), False),
]


def edited(x, gains, kept):
    u, s, v = np.linalg.svd(x, full_matrices=False)
    m = (s / s[0]) ** (gains["value"] - 1) if gains["rule"] == "power" else (np.arange(len(s)) < gains["value"]).astype(float)
    if kept:
        m = m * (s.sum() / (s * m).sum())
    return (u * (s * m)) @ v


cases, expected = [], {}
for family, name, roles, places, columns in layouts:
    for k, (role, own) in enumerate(zip(roles, places)):
        x = models[f"{family}/{name}"].double().numpy().copy()
        gains = [{"rule": "power", "value": 1.3}, {"rule": "rank", "value": 4}, {"rule": "power", "value": 0.6}][k]
        if columns:
            x[:, own] = edited(x[:, own], gains, k == 0)
        else:
            x[own] = edited(x[own], gains, k == 0)
        key = str(len(cases))
        expected[key] = torch.from_numpy(x).float().to(torch.bfloat16)
        edit = {"op": "svf", "select": f"name={name}", "gains": gains, "keep_nuclear_norm": k == 0, "elements": {"part": role}}
        cases.append({"model": family, "tensor": name, "rows": [] if columns else own.tolist(), "cols": own.tolist() if columns else [],
                      "expected": key, "edit": edit})
save_file(expected, OUT / "parts.safetensors")
(OUT / "parts.json").write_text(json.dumps(cases, separators=(",", ":")) + "\n")
print(len(cases), "cases")
for file in OUT.glob("parts.*"):
    file.chmod(0o644)
