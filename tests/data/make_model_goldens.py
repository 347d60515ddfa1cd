#!/usr/bin/env python3
"""Writes models.safetensors, models-logits.safetensors and models.json: tiny random models of each family in several settings, with what
transformers computes from them in float32. Weights are stored in BF16 (one model in F32, one in F16) and widened
before computing. A tensor is called "<case>/<its name>", a result "<case>/short" or "<case>/long".
Needs torch and transformers; run in this folder."""
import copy
import json
import pathlib
import tempfile

import torch
from safetensors.torch import load_file, save_file
from transformers import CONFIG_MAPPING, AutoModelForCausalLM

torch.set_num_threads(1)
base = dict(hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
            vocab_size=48, max_position_embeddings=64)
small = {k: v for k, v in base.items() if k != "num_key_value_heads"}
gpt2 = dict(n_embd=32, n_layer=2, n_head=4, n_positions=64, vocab_size=48)


def rope(**settings):
    return dict(rope_parameters=dict(rope_theta=10000.0, **settings))


factors = dict(short_factor=[1.0, 1.1, 1.3, 1.4], long_factor=[2.0, 2.3, 2.6, 3.0])
CASES = [
    ("llama", "llama", dict(base)),
    ("llama-tied-f16", "llama", dict(base, tie_word_embeddings=True, head_dim=12, attention_bias=True, mlp_bias=True)),
    ("llama-llama3", "llama", dict(base, **rope(rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
                                                original_max_position_embeddings=16))),
    ("llama-linear", "llama", dict(base, **rope(rope_type="linear", factor=4.0))),
    ("llama-dynamic", "llama", dict(base, max_position_embeddings=24, **rope(rope_type="dynamic", factor=2.0))),
    ("llama-yarn", "llama", dict(base, **rope(rope_type="yarn", factor=4.0, original_max_position_embeddings=16))),
    ("mistral-window", "mistral", dict(base, sliding_window=7)),
    ("qwen2", "qwen2", dict(base, tie_word_embeddings=True)),
    ("qwen2-window", "qwen2", dict(base, use_sliding_window=True, sliding_window=7, max_window_layers=1)),
    ("qwen3-f32", "qwen3", dict(base, head_dim=16)),
    ("gemma", "gemma", dict(base, head_dim=16, num_key_value_heads=1)),
    ("gemma2", "gemma2", dict(base, head_dim=16, sliding_window=7, query_pre_attn_scalar=24, attn_logit_softcapping=4.0,
                              final_logit_softcapping=8.0)),
    ("gemma3", "gemma3_text", dict(base, num_hidden_layers=3, head_dim=16, sliding_window=7, query_pre_attn_scalar=24,
                                   layer_types=["sliding_attention", "full_attention", "sliding_attention"])),
    ("gpt2", "gpt2", dict(gpt2)),
    ("gpt2-inner", "gpt2", dict(gpt2, n_inner=40, scale_attn_by_inverse_layer_idx=True, activation_function="relu")),
    ("neox", "gpt_neox", dict(small, **rope(rope_type="default", partial_rotary_factor=0.5))),
    ("neox-serial", "gpt_neox", dict(small, use_parallel_residual=False, hidden_act="gelu_new", attention_bias=False,
                                     **rope(rope_type="default", partial_rotary_factor=0.5))),
    ("phi3", "phi3", dict(base, pad_token_id=0, sliding_window=7)),
    ("phi3-long", "phi3", dict(base, pad_token_id=0, original_max_position_embeddings=16,
                               **rope(rope_type="longrope", **factors))),
    ("mixtral", "mixtral", dict(base, num_local_experts=5, num_experts_per_tok=3)),
    ("qwen3-moe", "qwen3_moe", dict(base, head_dim=16, num_experts=5, num_experts_per_tok=2, moe_intermediate_size=24, norm_topk_prob=True)),
    ("qwen3-moe-mixed", "qwen3_moe", dict(base, head_dim=16, num_experts=5, num_experts_per_tok=3, moe_intermediate_size=24, norm_topk_prob=False,
                                          mlp_only_layers=[0])),
    ("phi", "phi", dict(base)),
    ("opt", "opt", dict(hidden_size=32, ffn_dim=48, num_hidden_layers=2, num_attention_heads=4, vocab_size=48, max_position_embeddings=64,
                        word_embed_proj_dim=32)),
    ("olmo2", "olmo2", dict(base)),
    ("stablelm", "stablelm", dict(base, use_qkv_bias=True, **rope(rope_type="default", partial_rotary_factor=0.5))),
    ("stablelm-parallel", "stablelm", dict(base, use_parallel_residual=True, **rope(rope_type="default", partial_rotary_factor=0.25))),
    ("starcoder2", "starcoder2", dict(base, sliding_window=7)),
    ("cohere", "cohere", dict(base, logit_scale=0.25, pad_token_id=0)),
    ("falcon", "falcon", dict(small, bias=True, parallel_attn=False, multi_query=False, max_position_embeddings=64)),
    ("falcon-7b", "falcon", dict(small)),
    ("falcon-40b", "falcon", dict(small, new_decoder_architecture=True, num_kv_heads=2)),
    # Twelve heads: the slopes of four of them are no powers of two, so that rounding to BF16 shows.
    ("falcon-alibi", "falcon", dict(small, hidden_size=48, num_attention_heads=12, alibi=True, bias=True, parallel_attn=False, multi_query=False)),
    ("stablelm-qk", "stablelm", dict(base, qk_layernorm=True, **rope(rope_type="default", partial_rotary_factor=0.5))),
    ("cohere-qk", "cohere", dict(base, use_qk_norm=True, logit_scale=0.25, pad_token_id=0)),
    ("bloom", "bloom", dict(hidden_size=36, n_layer=2, n_head=6, vocab_size=48)),
    ("mpt", "mpt", dict(d_model=36, n_layers=2, n_heads=6, vocab_size=48, max_seq_len=64)),
    # A window is one of all layers there, whatever max_window_layers says.
    ("qwen3-moe-window", "qwen3_moe", dict(base, head_dim=8, num_experts=3, num_experts_per_tok=1, moe_intermediate_size=16, use_sliding_window=True,
                                           sliding_window=7, max_window_layers=2)),
]
tensors, logits, cases = {}, {}, []
for n, (name, family, settings) in enumerate(CASES):
    torch.manual_seed(n)
    stored = torch.float16 if name.endswith("f16") else torch.float32 if name.endswith("f32") else torch.bfloat16
    config = CONFIG_MAPPING[family](**settings)
    # Falcon's eager attention adds the biases of ALiBi twice in transformers 5: alone, and within the mask. Its default adds them once.
    attention = "sdpa" if name == "falcon-alibi" else "eager"
    model = AutoModelForCausalLM.from_config(config, attn_implementation=attention).float().eval()
    with torch.no_grad():
        for key, p in model.named_parameters():
            one = p.ndim == 1 or "q_norm" in key or "k_norm" in key
            centre = 1.0 if one and "norm" in key and "gemma" not in family else 0.0
            p.copy_((torch.randn_like(p) * (0.4 if one else 0.2) + centre).to(stored).float())
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        weights = load_file(f"{folder}/model.safetensors")
        written = json.loads(pathlib.Path(folder, "config.json").read_text())
    short, long = torch.randint(0, 48, (9,)), torch.randint(0, 48, (40,))
    with torch.inference_mode():
        for which, ids in (("short", short), ("long", long)):
            logits[f"{name}/{which}"] = copy.deepcopy(model)(ids[None], use_cache=False).logits[0].clone()
        ids = short.tolist()
        for _ in range(12):
            last = copy.deepcopy(model)(torch.tensor([ids]), use_cache=False).logits[0, -1]
            ids.append(int(last.argmax()))
    for key, value in weights.items():
        tensors[f"{name}/{key}"] = value.to(stored).clone()
    cases.append(dict(name=name, config=written, short=short.tolist(), long=long.tolist(), greedy=ids[9:]))
save_file(tensors, "models.safetensors")
save_file(logits, "models-logits.safetensors")
with open("models.json", "w") as out:
    out.write("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")
print(len(cases), "cases,", pathlib.Path("models.safetensors").stat().st_size, "bytes")
