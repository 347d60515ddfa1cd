#!/usr/bin/env python3
"""Writes chains.json: what torch's CPU makes of chains of edits, with elements and strengths, on tensors of four types.
The result of each chain is given as SHA-256 of the stored bits. Needs torch; run in this folder.

The mean of F32 is taken in double and rounded: torch's own float32 sum depends on its vector width. F64 has no
normalize here for the same reason."""
import hashlib
import json
import random

import torch

TYPES = {"BF16": torch.bfloat16, "F16": torch.float16, "F32": torch.float32, "F64": torch.float64}
SHAPES = ([48, 64], [7, 5], [4, 6, 8], [37], [1, 1], [131, 257])
rng = random.Random(12)


# The same integers as in the other goldens: (i·2654435761 mod 2^32 − 2^31) / 2^28, between −8 and 8.
def source(shape, dtype):
    n = 1
    for d in shape:
        n *= d
    i = torch.arange(n, dtype=torch.int64)
    return (((i * 2654435761) % 2**32 - 2**31).double() / 2**28).to(dtype).reshape(shape)


def region(x, e):
    matrix = x.reshape(-1, x.shape[-1])
    mask = torch.zeros(matrix.shape, dtype=torch.bool)
    rows, cols = e.get("rows", [0, matrix.shape[0]]), e.get("cols", [0, matrix.shape[1]])
    mask[rows[0]:rows[1], cols[0]:cols[1]] = True
    if "experts" in e:
        chosen = torch.zeros(x.shape, dtype=torch.bool)
        chosen[e["experts"]] = True
        mask &= chosen.reshape(matrix.shape)
    return mask.reshape(x.shape)


def selected(x, elements):
    if elements == "all":
        return torch.ones(x.shape, dtype=torch.bool)
    mask = region(x, elements)
    wide = x if x.dtype == torch.float64 else x.float()
    wide = wide.abs() if elements.get("of") == "magnitude" else wide
    inside = wide[mask]
    if "top" in elements:
        mask &= wide >= torch.quantile(inside, 1 - elements["top"])
    if "bottom" in elements:
        mask &= wide <= torch.quantile(inside, elements["bottom"])
    if "quantile" in elements:
        low, high = elements["quantile"]
        mask &= (wide >= torch.quantile(inside, low)) & (wide <= torch.quantile(inside, high))
    return mask


def normalized(x, e):
    exact = x.dtype == torch.float32
    mean = x.double().mean().to(x.dtype) if exact else x.mean()
    std = x.double().std().to(x.dtype) if exact else x.std()
    if e["form"] == "standard":
        return (x - mean) / std
    if e["form"] == "around_mean":
        return (x - mean) / (std * e["value"]) + mean
    return (x - mean) / (std + 1e-8)


def changed(x, e):
    op = e["op"]
    if op == "scale":
        return x * e["factor"]
    if op == "add":
        return x + e["value"]
    if op == "clamp":
        return torch.clamp(x, e["min"], e["max"])
    if op == "normalize":
        return normalized(x, e)
    if op == "prune":
        k = round(e["share"] * x.numel())
        return x if k == 0 else x.masked_fill(x.abs() <= x.double().abs().kthvalue(k).values.to(x.dtype), 0.0)
    return torch.full_like(x, e.get("value", 0.0))


def apply(x, e):
    mask = selected(x, e["elements"])
    old, s = x[mask], e["strength"]
    if old.numel() == 0:
        return x
    e = dict(e)
    if s != 1 and e["op"] == "scale":
        e["factor"], s = 1 + s * (e["factor"] - 1), 1
    elif s != 1 and e["op"] == "add":
        e["value"], s = s * e["value"], 1
    new = changed(old, e)
    if s != 1:
        new = (old.double() + s * (new.double() - old.double())).to(x.dtype)
    x = x.clone()
    x[mask] = new
    return x


def elements(shape):
    if rng.random() < 0.3:
        return "all"
    rows = 1
    for d in shape[:-1]:
        rows *= d
    e = {}
    for key, count in (("rows", rows), ("cols", shape[-1])):
        if rng.random() < 0.4:
            first = rng.randrange(count)
            e[key] = [first, rng.randint(first + 1, count)]
    if len(shape) == 3 and rng.random() < 0.5:
        e = {"experts": sorted(rng.sample(range(shape[0]), 2))}
    if not e or rng.random() < 0.5:
        band = rng.choice(["top", "bottom", "quantile"])
        e[band] = sorted([round(rng.random(), 2), round(rng.random(), 2)]) if band == "quantile" else rng.choice([0.1, 0.2, 0.01, 0.5, 1.0])
        e["of"] = rng.choice(["value", "magnitude"])
    return e


def edit(name, shape):
    ops = [{"op": "scale", "factor": rng.choice([1.02, 0.5, -1.5, 3.0, 1 / 3])}, {"op": "add", "value": rng.choice([0.1, -0.25, 1 / 3])},
           {"op": "clamp", "min": rng.choice([None, -2.5, -0.1]), "max": rng.choice([1.7, 6.0])}, {"op": "set", "value": 0.3}, {"op": "zero"},
           {"op": "prune", "share": rng.choice([0.1, 0.5, 0.9, 0.0, 1.0])}]
    if name != "F64":
        ops += [{"op": "normalize", "form": "standard"}, {"op": "normalize", "form": "around_mean", "value": rng.choice([1.1, 0.5])},
                {"op": "normalize", "form": "epsilon"}]
    return {**rng.choice(ops), "elements": elements(shape), "strength": rng.choice([1, 1, 1, 0.5, 2, 1.25, 0])}


rows = []
while len(rows) < 320:
    name, shape = rng.choice(list(TYPES)), rng.choice(SHAPES)
    edits = [edit(name, shape) for _ in range(rng.randint(1, 4))]
    x = source(shape, TYPES[name])
    for e in edits:
        x = apply(x, e)
    if torch.isnan(x).any():  # a standard deviation of 0 or of one element
        continue
    bits = {2: torch.int16, 4: torch.int32, 8: torch.int64}[x.element_size()]
    rows.append({"dtype": name, "shape": shape, "edits": edits, "sha256": hashlib.sha256(x.view(bits).numpy().tobytes()).hexdigest(),
                 "first": x.flatten()[:4].double().tolist()})
with open("chains.json", "w") as out:
    out.write("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")
