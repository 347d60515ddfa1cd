#!/usr/bin/env python3
"""Writes model-<type>.gguf: a tiny Llama with llama3 scaling of its positions, quantised by Python's gguf, in the row order
and with the keys of llama.cpp; and model-gguf.safetensors: "<type>/short" and "<type>/long", the logits of transformers
in float32 from the dequantised weights. The token ids are those of the case llama-llama3 in models.json.
Needs torch, transformers and gguf; run in this folder."""
import json

import gguf
import numpy as np
import torch
from safetensors.torch import load_file, save_file
from transformers import CONFIG_MAPPING, AutoModelForCausalLM

torch.set_num_threads(1)
case = next(c for c in json.load(open("models.json")) if c["name"] == "llama-llama3")
weights = {k.split("/", 1)[1]: v.float() for k, v in load_file("models.safetensors").items() if k.startswith("llama-llama3/")}
config = CONFIG_MAPPING["llama"](**case["config"])
heads, shared, size = config.num_attention_heads, config.num_key_value_heads, config.head_dim
rope = config.rope_parameters
NAMES = {"self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output",
         "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down", "input_layernorm": "attn_norm",
         "post_attention_layernorm": "ffn_norm"}


def name_of(hf):
    top = {"model.embed_tokens.weight": "token_embd.weight", "model.norm.weight": "output_norm.weight", "lm_head.weight": "output.weight"}
    if hf in top:
        return top[hf]
    _, _, layer, module = hf.removesuffix(".weight").split(".", 3)
    return f"blk.{layer}.{NAMES[module]}.weight"


def paired(w, n):  # rows of a head in the order in which neighbours turn together
    return w.reshape(n, 2, w.shape[0] // n // 2, *w.shape[1:]).swapaxes(1, 2).reshape(w.shape)


def unpaired(w, n):
    return w.reshape(n, w.shape[0] // n // 2, 2, *w.shape[1:]).swapaxes(1, 2).reshape(w.shape)


def rope_factors():  # what the kind "llama3" divides frequencies by
    plain = 1.0 / (rope["rope_theta"] ** (torch.arange(0, size, 2).float() / size))
    model = AutoModelForCausalLM.from_config(config)
    return (plain / model.model.rotary_emb.inv_freq).numpy()


logits = {}
for kind in ("F16", "Q8_0", "Q4_0", "Q4_1"):
    dtype = gguf.GGMLQuantizationType[kind]
    writer = gguf.GGUFWriter(f"model-{kind.lower()}.gguf", "llama")
    writer.add_block_count(config.num_hidden_layers)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(heads)
    writer.add_head_count_kv(shared)
    writer.add_key_length(size)
    writer.add_rope_dimension_count(size)
    writer.add_rope_freq_base(rope["rope_theta"])
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_vocab_size(config.vocab_size)
    writer.add_token_list([f"t{i}" for i in range(config.vocab_size)])
    writer.add_tensor("rope_freqs.weight", rope_factors().astype(np.float32))
    exact = {}
    for hf, w in weights.items():
        name, w = name_of(hf), w.numpy()
        n = heads if "attn_q." in name else shared if "attn_k." in name else 0
        w = paired(w, n) if n else w
        # Q4 needs whole blocks: rows of 48 elements stay F16
        of = gguf.GGMLQuantizationType.F32 if w.ndim == 1 else dtype if w.shape[-1] % 32 == 0 else gguf.GGMLQuantizationType.F16
        stored = gguf.quants.quantize(w, of)
        writer.add_tensor(name, stored, raw_dtype=of)
        back = np.ascontiguousarray(gguf.quants.dequantize(stored, of), dtype=np.float32)
        exact[hf] = torch.from_numpy(np.ascontiguousarray(unpaired(back, n) if n else back))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    model = AutoModelForCausalLM.from_config(config, attn_implementation="eager").float().eval()
    model.load_state_dict(exact)
    with torch.inference_mode():
        for which in ("short", "long"):
            logits[f"{kind.lower()}/{which}"] = model(torch.tensor([case[which]]), use_cache=False).logits[0].clone()
save_file(logits, "model-gguf.safetensors")
