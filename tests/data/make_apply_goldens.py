#!/usr/bin/env python3
"""Writes apply.json: what torch's CPU makes of every code of F16 and BF16, and of 4,096 values of F32 and F64, under each
edit. Tables are given as SHA-256 of the stored bits, with every NaN written as the type's plain one. Needs torch; run in
this folder."""
import hashlib
import json

import torch

EDITS = [{"op": "scale", "factor": f} for f in (0.0625, 1.02, -1.5, 0.0, 1e-3, 3e38, 1.0)]
EDITS += [{"op": "add", "value": v} for v in (0.01, -0.1, 1e-9, 1e5, 0.0)]
EDITS += [{"op": "clamp", "min": a, "max": b} for a, b in ((None, 20.0), (-0.1, 0.1), (0.3, None))]
EDITS += [{"op": "set", "value": v} for v in (0.1, -7.0)] + [{"op": "zero"}]


def apply(x, e):
    if e["op"] == "scale":
        return x * e["factor"]
    if e["op"] == "add":  # the value in the stored type, as adding a tensor of that type does
        return x + torch.tensor(e["value"], dtype=torch.float64).to(x.dtype)
    if e["op"] == "clamp":
        bound = lambda v: None if v is None else torch.tensor(v, dtype=torch.float64).to(x.dtype)
        return torch.clamp(x, bound(e["min"]), bound(e["max"]))
    return torch.full_like(x, e.get("value", 0.0))


def digest(y):
    bits = {2: torch.int16, 4: torch.int32, 8: torch.int64}[y.element_size()]
    plain = {torch.bfloat16: 0x7FC0, torch.float16: 0x7E00, torch.float32: 0x7FC00000, torch.float64: 0x7FF8000000000000}[y.dtype]
    b = torch.where(torch.isnan(y), torch.full_like(y.view(bits), plain), y.view(bits))
    return hashlib.sha256(b.numpy().tobytes()).hexdigest()


def wide(dtype):  # made of integers, so that every program has the same values: (i·2654435761 mod 2^32 − 2^31) / 2^28
    i = torch.arange(4096, dtype=torch.int64)
    return (((i * 2654435761) % 2**32 - 2**31).double() / 2**28).to(dtype)


codes = torch.arange(65536, dtype=torch.int32).to(torch.int16)
sources = {"BF16": codes.view(torch.bfloat16), "F16": codes.view(torch.float16), "F32": wide(torch.float32), "F64": wide(torch.float64)}
rows = [{"dtype": d, "edit": e, "sha256": digest(apply(x, e))} for d, x in sources.items() for e in EDITS]
json.dump(rows, open("apply.json", "w"), indent=1)
