#!/usr/bin/env python3
"""Writes float8.safetensors, float8-logits.safetensors and float8.json: tiny random models whose matrices are stored in F8 with factors
in the ways of published checkpoints, with what transformers computes in float32 from codes times factors; and every code of each type
with its value by torch. Named as in make_model_goldens.py. Needs torch and transformers; run in this folder."""
import copy
import json
import pathlib
import tempfile

import torch
from safetensors.torch import load_file, save_file
from transformers import CONFIG_MAPPING, AutoModelForCausalLM

torch.set_num_threads(1)
E4M3, E5M2, E4M3FNUZ, E5M2FNUZ = torch.float8_e4m3fn, torch.float8_e5m2, torch.float8_e4m3fnuz, torch.float8_e5m2fnuz


def compressed(strategy, **more):
    return dict(quant_method="compressed-tensors", format="float-quantized", ignore=["lm_head"], quantization_status="compressed",
                config_groups=dict(group_0=dict(targets=["Linear"], weights=dict(num_bits=8, type="float", strategy=strategy, symmetric=True, **more),
                                                input_activations=dict(num_bits=8, type="float", strategy="token", dynamic=True))))


# name, family, settings, quantization_config, type, ending of the factors' name, their type, what shares a factor, modules left as they are
base = dict(hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, vocab_size=48,
            max_position_embeddings=64)
blocks = dict(quant_method="fp8", fmt="e4m3", activation_scheme="dynamic", weight_block_size=[128, 128])
CASES = [
    # 192 and 160: the last block of both sides is not whole.
    ("block", "qwen3", dict(base, hidden_size=192, intermediate_size=160, num_hidden_layers=1, head_dim=48, tie_word_embeddings=True),
     blocks, E4M3, "_scale_inv", torch.float32, (128, 128), []),
    ("row", "llama", dict(base), compressed("channel"), E4M3, "_scale", torch.bfloat16, "row", ["o_proj"]),
    ("tensor", "llama", dict(base), compressed("tensor"), E5M2, "_scale", torch.float32, "tensor", ["layers.0.mlp"]),
    ("group", "llama", dict(base), compressed("group", group_size=16), E4M3, "_scale", torch.float32, (1, 16), []),
    # q, k and v of a group of heads in one matrix, whose rows are put together anew.
    ("fused-row", "falcon", dict(hidden_size=32, num_hidden_layers=2, num_attention_heads=4, vocab_size=48, new_decoder_architecture=True, num_kv_heads=2),
     dict(quant_method="fbgemm_fp8"), E4M3, "_scale", torch.float32, "row", []),
    ("fused-block", "falcon", dict(hidden_size=96, num_hidden_layers=1, num_attention_heads=4, vocab_size=48, new_decoder_architecture=True, num_kv_heads=2),
     dict(blocks, weight_block_size=[64, 64]), E4M3, "_scale_inv", torch.float32, (64, 64), []),
    ("fnuz-row", "llama", dict(base), compressed("channel"), E4M3FNUZ, "_scale", torch.float32, "row", ["layers.1.mlp"]),
    ("fnuz-group", "llama", dict(base), compressed("group", group_size=16), E5M2FNUZ, "_scale", torch.float32, (1, 16), ["layers.0.mlp"]),
]


def quantise(weight, kind, share, factor_type):
    """Codes, factors, and their product in float32."""
    rows, cols = weight.shape
    high, wide = (rows, cols) if share == "tensor" else (1, cols) if share == "row" else share
    down, across = -(-rows // high), -(-cols // wide)
    grid = torch.zeros(down * high, across * wide)
    grid[:rows, :cols] = weight
    largest = grid.reshape(down, high, across, wide).abs().amax((1, 3))
    factors = (largest / torch.finfo(kind).max).clamp_min(1e-12).to(factor_type)
    each = factors.float().repeat_interleave(high, 0).repeat_interleave(wide, 1)[:rows, :cols]
    codes = (weight / each).to(kind)
    return codes, factors[0, 0] if share == "tensor" else factors, codes.float() * each


tensors, logits, cases = {}, {}, []
for kind, name in ((E4M3, "e4m3"), (E5M2, "e5m2"), (E4M3FNUZ, "e4m3fnuz"), (E5M2FNUZ, "e5m2fnuz")):
    tensors[f"codes/{name}"] = torch.arange(256).to(torch.uint8).view(kind)
    logits[f"codes/{name}"] = tensors[f"codes/{name}"].float()
for n, (name, family, settings, quantisation, kind, ending, factor_type, share, kept) in enumerate(CASES):
    torch.manual_seed(100 + n)
    model = AutoModelForCausalLM.from_config(CONFIG_MAPPING[family](**settings), attn_implementation="eager").float().eval()
    with torch.no_grad():
        for key, p in model.named_parameters():
            p.copy_((torch.randn_like(p) * (0.4 if p.ndim == 1 else 0.2) + (1.0 if p.ndim == 1 and "norm" in key else 0.0)).bfloat16().float())
        for key, module in model.named_modules():
            if not isinstance(module, torch.nn.Linear) or key == "lm_head" or any(part in key for part in kept):
                continue
            codes, factors, module.weight.data = quantise(module.weight.data, kind, share, factor_type)
            tensors[f"{name}/{key}.weight"], tensors[f"{name}/{key}.weight{ending}"] = codes, factors.contiguous()
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        weights = load_file(f"{folder}/model.safetensors")
        written = json.loads(pathlib.Path(folder, "config.json").read_text())
    for key, value in weights.items():
        tensors.setdefault(f"{name}/{key}", value.bfloat16())
    short, long = torch.randint(0, 48, (9,)), torch.randint(0, 48, (40,))
    with torch.inference_mode():
        for which, ids in (("short", short), ("long", long)):
            logits[f"{name}/{which}"] = copy.deepcopy(model)(ids[None], use_cache=False).logits[0].clone()
    cases.append(dict(name=name, config=dict(written, quantization_config=quantisation), short=short.tolist(), long=long.tolist(), greedy=[]))
save_file(tensors, "float8.safetensors")
save_file(logits, "float8-logits.safetensors")
with open("float8.json", "w") as out:
    out.write("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")
print(len(cases), "cases,", pathlib.Path("float8.safetensors").stat().st_size, "bytes")
