#!/usr/bin/env python3
"""torch/: small files that torch.save wrote, zip and older, with what is in them as JSON. Needs torch."""
import json
import warnings
from collections import OrderedDict
from pathlib import Path

import torch

warnings.filterwarnings("ignore")
OUT = Path(__file__).resolve().parent / "torch"
OUT.mkdir(exist_ok=True)
g = torch.Generator().manual_seed(1)
shared = torch.randn(4, 3, generator=g)
state = OrderedDict(
    [("embed.weight", shared), ("head.weight", shared), ("turned", shared.T), ("row", shared[1]), ("bf16", torch.randn(5, generator=g).bfloat16()),
     ("half", torch.randn(2, 2, generator=g).half()), ("double", torch.randn(3, generator=g, dtype=torch.float64)), ("long", torch.tensor([1, -2, 1 << 60])),
     ("bool", torch.tensor([True, False])), ("scalar", torch.tensor(2.5)), ("empty", torch.zeros(0, 4)), ("parameter", torch.nn.Parameter(torch.ones(2))),
     ("expanded", torch.tensor([7.0]).expand(5))])
state._metadata = {"": {"version": 1}}
files = {"state": state, "nested": {"model": {"a": torch.ones(2), "b": {"c": torch.zeros(1)}}, "step": 3, "name": "x", "args": [1, 2.5, None]},
         "experts": OrderedDict((f"learnable_params_module_list.{k}", torch.nn.Parameter(0.1 + 0.01 * torch.randn(3 + (k % 3 == 2), generator=g).bfloat16())) for k in range(6))}


def values(x):
    return {"shape": list(x.shape), "values": [float(v) for v in x.detach().double().reshape(-1)]}


def flat(d, prefix=""):
    out = {}
    for k, v in d.items():
        if torch.is_tensor(v):
            out[prefix + k] = values(v)
        elif isinstance(v, dict):
            out.update(flat(v, prefix + k + "."))
    return out


expected = {}
for name, content in files.items():
    torch.save(content, OUT / f"{name}.zip.pt")
    torch.save(content, OUT / f"{name}.old.pt", _use_new_zipfile_serialization=False)
    expected[name] = flat(content)
torch.save(state, OUT / "state.protocol4.pt", pickle_protocol=4)
# Types whose storage is of bytes and has no type: every code of 8 bits. complex32 is one that is not loaded.
codes = torch.arange(256, dtype=torch.uint8)
later = {n: codes.view(getattr(torch, f"float8_{n}")) for n in ("e4m3fn", "e5m2", "e4m3fnuz", "e5m2fnuz", "e8m0fnu")}
later |= {n: codes[:16].view(getattr(torch, n)) for n in ("uint16", "uint32", "uint64")}
torch.save(later | {"none": codes[:8].view(torch.complex32)}, OUT / "later.zip.pt")
expected["later"] = {n: {"shape": list(x.shape), "values": [v if abs(v) < float("inf") else None for v in (x.float() if n[0] == "e" else x).double().tolist()]} for n, x in later.items()}


class Evil:
    def __reduce__(self):
        return (print, ("executed",))


torch.save({"a": torch.ones(2), "evil": Evil()}, OUT / "evil.pt")
(OUT / "expected.json").write_text(json.dumps(expected, separators=(",", ":")) + "\n")
