#!/usr/bin/env python3
"""Writes small.gguf with Python's gguf, and small-gguf.json: its metadata and what gguf.quants makes of the tensors (SHA-256
of the float32 values). Needs gguf and numpy; run in this folder."""
import hashlib
import json

import gguf
import numpy as np
from gguf.constants import GGMLQuantizationType as Q

rng = np.random.default_rng(5)
writer = gguf.GGUFWriter("small.gguf", "llama")
writer.add_block_count(1)
writer.add_embedding_length(64)
writer.add_head_count(2)
writer.add_head_count_kv(1)
writer.add_layer_norm_rms_eps(1e-5)
writer.add_bool("general.test", True)
writer.add_tokenizer_model("gpt2")
writer.add_token_list([f"token {i}" for i in range(8)])
writer.add_token_scores([float(-i) for i in range(8)])
names = {"token_embd.weight": ((8, 64), Q.Q8_0), "blk.0.attn_norm.weight": ((64,), Q.F32), "blk.0.attn_q.weight": ((64, 64), Q.Q4_0),
         "blk.0.attn_k.weight": ((32, 64), Q.Q4_1), "blk.0.attn_v.weight": ((32, 64), Q.F16), "blk.0.attn_output.weight": ((64, 64), Q.BF16),
         "blk.0.ffn_down.weight": ((64, 64), Q.Q5_0), "output_norm.weight": ((64,), Q.F32)}
golden = {}
for name, (shape, kind) in names.items():
    x = rng.normal(0, 0.1, shape).astype(np.float32)
    raw = gguf.quants.quantize(x, kind)
    writer.add_tensor(name, raw, raw_dtype=kind)
    values = gguf.quants.dequantize(raw, kind).astype(np.float32).reshape(shape)
    golden[name] = {"type": kind.name, "shape": list(shape), "sha256": hashlib.sha256(values.tobytes()).hexdigest(),
                    "first": [float(v) for v in values.flatten()[:4]]}
writer.add_tensor("blk.0.ffn_up.weight", rng.integers(0, 256, (64, 36)).astype(np.uint8), raw_dtype=Q.IQ4_NL)  # listed and copied only
golden["blk.0.ffn_up.weight"] = {"type": "IQ4_NL", "shape": [64, 64]}
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
json.dump(golden, open("small-gguf.json", "w"), indent=1)
