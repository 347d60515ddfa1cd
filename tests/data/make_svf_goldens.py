#!/usr/bin/env python3
"""svf/: matrices of several types, edits of their singular values as JSON, and what numpy makes of them in float64
(U diag(c g s) V', rounded once by torch to the stored type). Needs numpy, torch, safetensors."""
import json
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

OUT = Path(__file__).resolve().parent / "svf"
OUT.mkdir(exist_ok=True)
g = np.random.default_rng(15)
TYPES = {"BF16": torch.bfloat16, "F16": torch.float16, "F32": torch.float32, "F64": torch.float64}


def stored(x, dtype):  # as torch rounds: 16-bit types through float
    t = torch.from_numpy(np.ascontiguousarray(x))
    return t if dtype == torch.float64 else t.float().to(dtype)


shapes = {"tall": (40, 24), "wide": (18, 33), "stack": (3, 10, 14), "blocks": (300, 12)}
base = {}
for kind, shape in shapes.items():
    for name, dtype in TYPES.items():
        if kind == "blocks" and name != "BF16":
            continue
        base[f"{kind}.{name}"] = stored(g.standard_normal(shape) * 0.3, dtype)
deficient = stored(np.outer(g.standard_normal(20), g.standard_normal(16)) + np.outer(g.standard_normal(20), g.standard_normal(16)), torch.float32)
base["deficient.F32"] = deficient


def gains_of(rule, s):
    n = len(s)
    i = np.arange(n)
    if isinstance(rule, list):
        return np.array(rule, dtype=np.float64)
    kind = rule["rule"]
    if kind == "bands":
        out = np.ones(n)
        for a, b, x in rule["bands"]:
            out[a:b] = x
        return out
    if kind == "power":
        return np.where(s > 0, (np.maximum(s, 1e-300) / s[0]) ** (rule["value"] - 1), 1.0)
    if kind == "curve":
        places, values = np.array(rule["points"]).T
        at = i / (n - 1)
        return np.interp(at, places, values) if rule["scale"] == "linear" else np.exp(np.interp(at, places, np.log(values)))
    if kind == "energy":
        before = np.concatenate([[0], np.cumsum(s * s)[:-1]])
        return (before < rule["value"] * np.sum(s * s)).astype(np.float64)
    return (i < rule["value"]).astype(np.float64)


def edited(x, rule, kept, strength):
    u, s, v = np.linalg.svd(x, full_matrices=False)
    m = 1 + strength * (gains_of(rule, s) - 1)
    if kept:
        m = m * (s.sum() / (s * m).sum())
    return (u * (s * m)) @ v


rules = [{"rule": "power", "value": 1.1}, {"rule": "power", "value": 0.5}, {"rule": "bands", "bands": [[0, 3, 1.5], [5, 9, 0.25]]},
         {"rule": "curve", "scale": "linear", "points": [[0, 1.2], [0.5, 1], [1, 0]]},
         {"rule": "curve", "scale": "log", "points": [[0.1, 2], [0.9, 0.125]]},
         {"rule": "energy", "value": 0.9}, {"rule": "rank", "value": 5}, "list"]
cases, expected = [], {}
for name, tensor in base.items():
    x = tensor.double().numpy()
    n = min(x.shape[-2:])
    for k, rule in enumerate(rules):
        if rule == "list":
            rule = [round(float(v), 3) for v in g.uniform(0, 2, n)]
        if name.startswith("deficient") and k in (1, 7):
            continue  # singular values that are noise of the decomposition
        kept, strength = bool((k + len(cases)) % 2), [1, 0.5, 1.5][k % 3]
        parts = x.reshape(-1, *x.shape[-2:])
        want = np.stack([edited(part, rule, kept, strength) for part in parts]).reshape(x.shape)
        key = f"{len(cases)}"
        expected[key] = stored(want, tensor.dtype)
        edit = {"op": "svf", "select": f"name={name}", "gains": rule, "keep_nuclear_norm": kept}
        if strength != 1:
            edit["strength"] = strength
        cases.append({"tensor": name, "expected": key, "edit": edit})
save_file(base, OUT / "base.safetensors")
save_file(expected, OUT / "expected.safetensors")
(OUT / "cases.json").write_text(json.dumps(cases, separators=(",", ":")) + "\n")
print(len(cases), "cases")
for file in OUT.iterdir():
    file.chmod(0o644)
