#!/usr/bin/env python3
"""Writes apply.json: what torch's CPU makes of every code of F16 and BF16, and of 4,096 values and 4,096 bit patterns of
F32 and F64, under each edit. Tables are given as SHA-256 of the stored bits, with every NaN written as the type's plain
one, and four of their elements as bits, to find a difference by. Needs torch; run in this folder."""
import hashlib
import json

import torch

EDITS = [{"op": "scale", "factor": f} for f in (0.0625, 1.02, -1.5, 0.0, -0.0, 1e-3, 1 / 3, 1.0000001, 1e-40, 3e38, 1.0)]
EDITS += [{"op": "add", "value": v} for v in (0.01, -0.1, 1e-9, 1e5, 1 / 3, -65504.0, 0.0)]
EDITS += [{"op": "clamp", "min": a, "max": b} for a, b in ((None, 20.0), (-0.1, 0.1), (0.3, None), (0.0, None), (-0.0, 0.0), (1 / 3, 1 / 3))]
EDITS += [{"op": "set", "value": v} for v in (0.1, -7.0)] + [{"op": "zero"}]


def apply(x, e):
    if e["op"] == "scale":
        return x * e["factor"]
    if e["op"] == "add":  # the value in the stored type, as adding a tensor of that type does
        return x + torch.tensor(e["value"], dtype=torch.float64).to(x.dtype)
    if e["op"] == "clamp":  # bounds as numbers: with tensors as bounds the sign of a clamped -0 depends on its place
        return torch.clamp(x, e["min"], e["max"])
    return torch.full_like(x, e.get("value", 0.0))


BITS = {1: torch.int8, 2: torch.int16, 4: torch.int32, 8: torch.int64}
PLAIN = {torch.bfloat16: 0x7FC0, torch.float16: 0x7E00, torch.float32: 0x7FC00000, torch.float64: 0x7FF8000000000000}
SAMPLES = (1, 1000, 3000, 4095)


def result(y):
    bits = BITS[y.element_size()]
    b = torch.where(torch.isnan(y), torch.full_like(y.view(bits), PLAIN[y.dtype]), y.view(bits))
    mask = 2 ** (8 * y.element_size()) - 1
    return {"sha256": hashlib.sha256(b.numpy().tobytes()).hexdigest(),
            "samples": {str(i): f"{b[i].item() & mask:x}" for i in SAMPLES}}


# Made of integers, so that every program has the same inputs: (i·2654435761 mod 2^32 − 2^31) / 2^28, and bit patterns of
# every exponent, i·11400714819323198485 mod 2^64 and its upper half.
def wide(dtype):
    i = torch.arange(4096, dtype=torch.int64)
    return (((i * 2654435761) % 2**32 - 2**31).double() / 2**28).to(dtype)


def patterns(dtype):
    words = [i * 11400714819323198485 % 2**64 for i in range(4096)]
    words = words if dtype == torch.float64 else [word >> 32 for word in words]
    half = 2**63 if dtype == torch.float64 else 2**31
    signed = [word - 2 * half if word >= half else word for word in words]
    return torch.tensor(signed, dtype=torch.int64 if dtype == torch.float64 else torch.int32).view(dtype)


codes = torch.arange(65536, dtype=torch.int32).to(torch.int16)
SOURCES = [("BF16", "codes", codes.view(torch.bfloat16)), ("F16", "codes", codes.view(torch.float16))]
for name, dtype in (("F32", torch.float32), ("F64", torch.float64)):
    SOURCES += [(name, "values", wide(dtype)), (name, "patterns", patterns(dtype))]
rows = [{"dtype": d, "input": kind, "edit": e, **result(apply(x, e))} for d, kind, x in SOURCES for e in EDITS]
with open("apply.json", "w") as out:
    out.write("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")
