#!/usr/bin/env python3
"""numpy/: small files that numpy wrote, plain and compressed, with what is in them as JSON; torch/views.old.pt: tensors that name parts of a storage, as files
of PyTorch before 0.4 do. Needs numpy and torch."""
import io
import json
import pickle
import struct
from collections import OrderedDict
from pathlib import Path

import numpy as np
import torch

OUT = Path(__file__).resolve().parent / "numpy"
OUT.mkdir(exist_ok=True)
g = np.random.default_rng(1)
cube = g.standard_normal((2, 3, 4)).astype(np.float32)
arrays = {
    "layer/0/kernel": g.standard_normal((3, 5)).astype(np.float32), "turned": np.asfortranarray(g.standard_normal((3, 5)).astype(np.float32)),
    "cube": np.asfortranarray(cube), "big": g.standard_normal(4).astype(">f8"), "turned_big": np.asfortranarray(g.standard_normal((2, 3)).astype(">f2")),
    "half": g.standard_normal(3).astype(np.float16), "long": np.array([1, -2, 1 << 60]), "small": np.array([[1, 255]], np.uint8), "mask": np.array([True, False]),
    "scalar": np.float32(2.5), "empty": np.zeros((0, 4), np.float32), "words": np.array([65535, 7], np.uint16), "zeros": np.zeros(4000, np.float32)}
bf16 = torch.tensor([1.0, -0.5, 3.140625]).bfloat16()
others = {"names": np.array(["a", "bc"]), "fields": np.zeros(2, dtype=[("x", "<f4"), ("y", "<i4")]), "objects": np.array([{"a": 1}, None], dtype=object)}
expected = {name: {"shape": list(a.shape), "values": [float(v) for v in a.astype(np.float64).reshape(-1)]} for name, a in arrays.items()}
np.savez(OUT / "plain.npz", **arrays)
np.savez_compressed(OUT / "packed.npz", **arrays)
np.savez(OUT / "others.npz", a=np.ones(2, np.float32), brain=bf16.view(torch.int16).numpy().view("V2"), **others)
np.save(OUT / "one.npy", arrays["turned"])
(OUT / "expected.json").write_text(json.dumps(expected, separators=(",", ":")) + "\n")


class Named:
    """What pickles as a persistent id."""
    def __init__(self, *parts):
        self.parts = parts


class Writer(pickle.Pickler):
    def persistent_id(self, value):
        return value.parts if isinstance(value, Named) else None


class Call:
    def __init__(self, function, *arguments):
        self.function, self.arguments = function, arguments

    def __reduce__(self):
        return self.function, self.arguments


def one(first, count, shape, stride):
    view = ("view%d" % first, first, count)
    return Call(torch._utils._rebuild_tensor, Named("storage", torch.FloatStorage, "7", "cuda:0", 6, view), 0, shape, stride)


out = io.BytesIO()
for value in (0x1950A86A20F9469CFC6C, 1001, {"protocol_version": 1001, "little_endian": True, "type_sizes": {"short": 2, "int": 4, "long": 4}}):
    pickle.dump(value, out, 2)
Writer(out, 2).dump(Call(OrderedDict, [["first", one(0, 2, (2,), (1,))], ["rest", one(2, 4, (2, 2), (2, 1))]]))  # as Python 2 writes it
pickle.dump(["7"], out, 2)
out.write(struct.pack("<q6f", 6, *range(6)))
(OUT.parent / "torch/views.old.pt").write_bytes(out.getvalue())
read = torch.load(OUT.parent / "torch/views.old.pt", map_location="cpu")
assert read["first"].tolist() == [0, 1] and read["rest"].tolist() == [[2, 3], [4, 5]]
