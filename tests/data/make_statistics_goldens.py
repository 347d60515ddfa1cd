#!/usr/bin/env python3
"""Writes statistics.safetensors and statistics.json: small tensors of every numeric type and what numpy (float64) says
of them. Needs numpy and torch (for bfloat16); run in this folder."""
import json
import struct

import numpy as np
import torch

r = np.random.default_rng(7)
normal = r.normal(0, 0.02, 5000)
special = np.concatenate([normal[:2000], [np.nan, np.inf, -np.inf, 0.0, -0.0, 1e-39, -3e-40, 65504.0]])
tensors = {
    "f64": special.astype(np.float64),
    "f32": special.astype(np.float32),
    "f32.constant": np.full(17, 0.1, np.float32),
    "f32.all_nan": np.full(9, np.nan, np.float32),
    "f16": special.astype(np.float16),
    "i64": r.integers(-(2**40), 2**40, 3000),
    "i32": r.integers(-1000, 1000, 3000).astype(np.int32),
    "i16": r.integers(-300, 300, 3000).astype(np.int16),
    "i8": r.integers(-128, 128, 3000).astype(np.int8),
    "u64": r.integers(0, 2**45, 3000).astype(np.uint64),
    "u32": r.integers(0, 2**32, 3000).astype(np.uint32),
    "u16": r.integers(0, 2**16, 3000).astype(np.uint16),
    "u8": r.integers(0, 256, 3000).astype(np.uint8),
    "bool": r.integers(0, 2, 3000).astype(bool),
}
names = {"float64": "F64", "float32": "F32", "float16": "F16", "bool": "BOOL", **{f"int{b}": f"I{b}" for b in (8, 16, 32, 64)},
         **{f"uint{b}": f"U{b}" for b in (8, 16, 32, 64)}}
stored = {k: (names[str(v.dtype)], v.tobytes(), v.astype(np.float64)) for k, v in tensors.items()}
for name, values in (("bf16", special), ("bf16.wide", r.normal(0, 1, 70000))):
    b = torch.tensor(values, dtype=torch.float64).to(torch.bfloat16)
    stored[name] = ("BF16", b.view(torch.int16).numpy().tobytes(), b.double().numpy())

header, data, golden = {}, b"", {}
quantiles = [0.0, 0.001, 0.25, 0.5, 0.9, 0.999, 1.0]
for name, (dtype, raw, x) in stored.items():
    header[name] = {"dtype": dtype, "shape": [len(x)], "data_offsets": [len(data), len(data) + len(raw)]}
    data += raw
    f = x[np.isfinite(x)]
    g = {"count": len(x), "nan": int(np.isnan(x).sum()), "inf": int(np.isinf(x).sum()), "zero": int((x == 0).sum())}
    if len(f):
        d = f - f.mean()
        g |= {"min": f.min(), "max": f.max(), "mean": f.mean(), "std": f.std(), "abs_mean": np.abs(f).mean(),
              "abs_max": np.abs(f).max(), "rms": np.sqrt((f**2).mean()), "l2": np.sqrt((f**2).sum())}
        if f.std() > 1e-12:
            g |= {"skew": (d**3).mean() / f.std() ** 3, "kurtosis": (d**4).mean() / f.std() ** 4 - 3}
        g["quantiles"] = [float(np.quantile(f, q)) for q in quantiles]
        g["histogram"] = np.histogram(f, 31)[0].tolist()
        order = np.argsort(-np.abs(np.where(np.isfinite(x), x, 0)), kind="stable")[:10]
        g["outliers"] = [[int(i), float(x[i])] for i in order]
    golden[name] = {k: float(v) if isinstance(v, np.floating) else v for k, v in g.items()}
text = json.dumps(header).encode()
open("statistics.safetensors", "wb").write(struct.pack("<Q", len(text)) + text + data)
json.dump({"quantiles": quantiles, "tensors": golden}, open("statistics.json", "w"), indent=1)
