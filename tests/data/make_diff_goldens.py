#!/usr/bin/env python3
"""Makes diff-{base,a,b}.safetensors and diff.json: ranks of differences and three-way figures, by numpy.
   python make_diff_goldens.py        (needs numpy, torch, safetensors)"""
import json
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

here = Path(__file__).parent
r = np.random.default_rng(12)


def low(rows, cols, rank, size):
    d = r.normal(size=(rows, rank)) @ np.diag(np.linspace(1, 0.3, rank)) @ r.normal(size=(rank, cols))
    return d * size / np.sqrt(np.mean(d * d))


def stored(x, dtype):
    return torch.tensor(x).to(dtype)


base, a, b, rank_a = {}, {}, {}, {}
for name, shape, dtype, ranks, size in [("exact", (96, 80), torch.float32, (3, 2), 0.05),
                                        ("rounded", (128, 144), torch.bfloat16, (4, 1), 0.01),
                                        ("larger", (300, 272), torch.bfloat16, (5, 2), 0.02)]:
    w = stored(r.normal(scale=0.02, size=shape), dtype)
    base[name] = w
    a[name] = stored(w.double().numpy() + low(*shape, ranks[0], size), dtype)
    b[name] = stored(w.double().numpy() + low(*shape, ranks[1], size), dtype)
    rank_a[name] = ranks[0]
w = stored(r.normal(scale=0.02, size=(64, 64)), torch.float32)
base["full"], a["full"], b["full"] = w, w + stored(r.normal(scale=0.001, size=(64, 64)), torch.float32), w.clone()
w = stored(r.normal(size=(40,)), torch.float32)
x, y = w.clone(), w.clone()
x[:10] += 1
y[5:15] += 1
y[7] += 1
base["overlap"], a["overlap"], b["overlap"] = w, x, y
base["alike"], a["alike"], b["alike"] = w.clone(), w * 2, w * 2
base["untouched"] = w.clone()
a["untouched"], b["untouched"] = w.clone(), w.clone()
base["gone"] = w.clone()
a["gone"] = w.clone()

golden = {"ranks": {}, "three_way": {}}
for name in ("exact", "rounded", "larger"):
    d = a[name].double().numpy() - base[name].double().numpy()
    s = np.linalg.svd(d, compute_uv=False)
    s_all, k = float((s * s).sum()), rank_a[name]
    p = s[:k] / s[:k].sum()
    golden["ranks"][name] = {"rank": k, "effective_rank": float(np.exp(-(p * np.log(p)).sum())),
                             "captured": float((s[:k] ** 2).sum() / s_all)}
for name in base:
    if name not in b:
        continue
    w, x, y = (t[name].double().numpy() for t in (base, a, b))
    da, db = x - w, y - w
    if not (da != 0).any() and not (db != 0).any():
        continue
    both = bool(da.any() and db.any())
    golden["three_way"][name] = {
        "elements_a": int((da != 0).sum()), "elements_b": int((db != 0).sum()),
        "elements_both": int(((da != 0) & (db != 0)).sum()),
        "conflicts": int(((da != 0) & (db != 0) & (x != y)).sum()),
        "relative_a": float(np.linalg.norm(da) / np.linalg.norm(w)), "relative_b": float(np.linalg.norm(db) / np.linalg.norm(w)),
        "cosine": float((da * db).sum() / np.linalg.norm(da) / np.linalg.norm(db)) if both else None}
for name, tensors in (("base", base), ("a", a), ("b", b)):
    save_file({k: v.contiguous() for k, v in tensors.items()}, here / f"diff-{name}.safetensors")
(here / "diff.json").write_text(json.dumps(golden, indent=1) + "\n")
