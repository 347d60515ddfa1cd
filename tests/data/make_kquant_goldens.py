#!/usr/bin/env python3
"""Writes model-kquants.gguf: a Llama of one layer whose matrices are of the types of ggml with 256 elements a block, Q5_0 and Q5_1 - random
codes, since Python's gguf only reads these types; and model-kquants.safetensors: "short", the logits of transformers in float32 from what
gguf.quants makes of them. Needs torch, transformers and gguf; run in this folder."""
import gguf
import numpy as np
import torch
from gguf.constants import GGML_QUANT_SIZES
from gguf.constants import GGMLQuantizationType as Q
from safetensors.torch import save_file
from transformers import LlamaConfig, LlamaForCausalLM

torch.set_num_threads(1)
rng = np.random.default_rng(9)
HEADS, SHARED, SIZE, WIDTH, INNER, VOCABULARY = 4, 1, 64, 256, 32, 32
IDS = [1 + (i * 11 + i * i) % 30 for i in range(20)]
# Where in a block its factors are, and what they are worth.
FACTORS = {Q.Q2_K: {80: 0.01, 82: 0.015}, Q.Q3_K: {108: 0.0015}, Q.Q4_K: {0: 0.0006, 2: 0.0045}, Q.Q5_K: {0: 0.0003, 2: 0.0045},
           Q.Q6_K: {208: 6.2e-5}, Q.Q5_0: {0: 0.007}, Q.Q5_1: {0: 0.007, 2: -0.1}}
PARTS = {"token_embd": (Q.Q6_K, VOCABULARY, WIDTH, "model.embed_tokens"), "output": (Q.Q4_K, VOCABULARY, WIDTH, "lm_head")}
for name, kind, rows, cols, hf in [("attn_q", Q.Q2_K, HEADS * SIZE, WIDTH, "self_attn.q_proj"), ("attn_k", Q.Q3_K, SHARED * SIZE, WIDTH, "self_attn.k_proj"),
                                   ("attn_v", Q.Q5_K, SHARED * SIZE, WIDTH, "self_attn.v_proj"), ("attn_output", Q.Q4_K, WIDTH, HEADS * SIZE, "self_attn.o_proj"),
                                   ("ffn_gate", Q.Q3_K, INNER, WIDTH, "mlp.gate_proj"), ("ffn_up", Q.Q5_1, INNER, WIDTH, "mlp.up_proj"),
                                   ("ffn_down", Q.Q5_0, WIDTH, INNER, "mlp.down_proj")]:
    PARTS["blk.0." + name] = (kind, rows, cols, "model.layers.0." + hf)

writer = gguf.GGUFWriter("model-kquants.gguf", "llama")
writer.add_block_count(1)
writer.add_context_length(64)
writer.add_embedding_length(WIDTH)
writer.add_feed_forward_length(INNER)
writer.add_head_count(HEADS)
writer.add_head_count_kv(SHARED)
writer.add_key_length(SIZE)
writer.add_rope_dimension_count(SIZE)
writer.add_rope_freq_base(10000.0)
writer.add_layer_norm_rms_eps(1e-6)
writer.add_vocab_size(VOCABULARY)
writer.add_token_list([f"t{i}" for i in range(VOCABULARY)])
weights = {}
for name, (kind, rows, cols, hf) in PARTS.items():
    elements, size = GGML_QUANT_SIZES[kind]
    blocks = rng.integers(0, 256, (rows * cols // elements, size)).astype(np.uint8)
    for at, worth in FACTORS[kind].items():
        factors = (worth * (1 + 0.2 * rng.standard_normal(len(blocks)))).astype(np.float16)
        blocks[:, at:at + 2] = factors.view(np.uint8).reshape(-1, 2)
    raw = blocks.reshape(rows, -1)
    writer.add_tensor(name + ".weight", raw, raw_dtype=kind)
    w = np.ascontiguousarray(gguf.quants.dequantize(raw, kind), dtype=np.float32).reshape(rows, cols)
    heads = HEADS if "attn_q" in name else SHARED if "attn_k" in name else 0
    if heads:  # llama.cpp turns neighbours together, transformers the halves
        w = w.reshape(heads, SIZE // 2, 2, cols).swapaxes(1, 2).reshape(rows, cols)
    weights[hf + ".weight"] = torch.from_numpy(np.ascontiguousarray(w))
for name, hf in [("output_norm", "model.norm"), ("blk.0.attn_norm", "model.layers.0.input_layernorm"), ("blk.0.ffn_norm", "model.layers.0.post_attention_layernorm")]:
    gain = (1 + 0.2 * rng.standard_normal(WIDTH)).astype(np.float32)
    writer.add_tensor(name + ".weight", gain)
    weights[hf + ".weight"] = torch.from_numpy(gain)
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()

config = LlamaConfig(hidden_size=WIDTH, intermediate_size=INNER, num_hidden_layers=1, num_attention_heads=HEADS, num_key_value_heads=SHARED, head_dim=SIZE,
                     vocab_size=VOCABULARY, max_position_embeddings=64, rms_norm_eps=1e-6, tie_word_embeddings=False)
model = LlamaForCausalLM._from_config(config, attn_implementation="eager").float().eval()
model.load_state_dict(weights)
with torch.inference_mode():
    logits = model(torch.tensor([IDS]), use_cache=False).logits[0]
print("std of the weights", {k: round(float(v.std()), 3) for k, v in weights.items() if v.ndim == 2}, "logits", float(logits.std()))
save_file({"ids": torch.tensor(IDS), "short": logits.clone()}, "model-kquants.safetensors")
