#!/usr/bin/env python3
"""Writes gguf-families/<name>.gguf: tiny random models of every family that llama.cpp knows by other names than Llama's, and
gguf-families/golden.json: what llama.cpp (through xllamacpp, single precision throughout) says of the token after a prompt,
as log-probabilities of all tokens. Needs numpy, gguf and xllamacpp; run in this folder."""
import json
import os
import time

import gguf
import numpy as np
import xllamacpp

FOLDER = "gguf-families"
VOCABULARY, WIDTH, HEADS, SHARED, SIZE, INNER, CONTEXT = 64, 32, 4, 2, 16, 48, 128
PROMPT = [1] + [3 + (i * 37 + i * i) % 60 for i in range(40)]


class Model:
    def __init__(self, name, arch, layers=2, seed=0):
        self.name, self.layers = name, layers
        self.random = np.random.default_rng(seed)
        self.w = gguf.GGUFWriter(f"{FOLDER}/{name}.gguf", arch)
        w = self.w
        w.add_block_count(layers)
        w.add_context_length(CONTEXT)
        w.add_embedding_length(WIDTH)
        w.add_feed_forward_length(INNER)
        w.add_head_count(HEADS)
        w.add_vocab_size(VOCABULARY)
        pieces = ["<unk>", "<s>", "<pad>"] + [f"w{i}" for i in range(VOCABULARY - 3)]
        w.add_tokenizer_model("llama")
        w.add_tokenizer_pre("default")
        w.add_token_list(pieces)
        w.add_token_scores([-float(i) for i in range(VOCABULARY)])
        w.add_token_types([2, 3, 3] + [1] * (VOCABULARY - 3))
        w.add_bos_token_id(1)
        w.add_eos_token_id(VOCABULARY - 1)
        w.add_unk_token_id(0)
        w.add_add_bos_token(False)

    def put(self, name, *shape, scale=0.3):
        self.w.add_tensor(name, (self.random.standard_normal(shape) * scale).astype(np.float32))

    def gain(self, name, size, bias=False):
        self.w.add_tensor(name + ".weight", (1 + 0.2 * self.random.standard_normal(size)).astype(np.float32))
        if bias:
            self.put(name + ".bias", size, scale=0.1)

    def rotary(self, size=SIZE, base=10000.0, shared=SHARED):
        self.size = size
        self.w.add_head_count_kv(shared)
        self.w.add_key_length(size)
        self.w.add_value_length(size)
        self.w.add_rope_dimension_count(size)
        self.w.add_rope_freq_base(base)
        self.w.add_layer_norm_rms_eps(1e-6)

    def head(self, tied=False):
        self.put("token_embd.weight", VOCABULARY, WIDTH, scale=1.0)
        self.gain("output_norm", WIDTH)
        if not tied:
            self.put("output.weight", VOCABULARY, WIDTH)

    def llamalike(self, i, shared=SHARED, bias=False, headnorms=False, postnorms=False):
        b = f"blk.{i}."
        self.gain(b + "attn_norm", WIDTH)
        for part, rows in (("q", HEADS * self.size), ("k", shared * self.size), ("v", shared * self.size)):
            self.put(f"{b}attn_{part}.weight", rows, WIDTH)
            if bias:
                self.put(f"{b}attn_{part}.bias", rows)
        if headnorms:
            self.gain(b + "attn_q_norm", self.size)
            self.gain(b + "attn_k_norm", self.size)
        self.put(b + "attn_output.weight", WIDTH, HEADS * self.size)
        self.gain(b + "ffn_norm", WIDTH)
        if postnorms:
            self.gain(b + "post_attention_norm", WIDTH)
            self.gain(b + "post_ffw_norm", WIDTH)

    def feedforward(self, i):
        b = f"blk.{i}."
        self.put(b + "ffn_gate.weight", INNER, WIDTH)
        self.put(b + "ffn_up.weight", INNER, WIDTH)
        self.put(b + "ffn_down.weight", WIDTH, INNER)

    def close(self):
        self.w.write_header_to_file()
        self.w.write_kv_data_to_file()
        self.w.write_tensors_to_file()
        self.w.close()


def plain(name, arch, layers=2, size=SIZE, tied=False, base=10000.0, keys=None, **parts):
    m = Model(name, arch, layers, seed=len(name))
    m.rotary(size, base)
    if keys:
        keys(m.w)
    m.head(tied)
    for i in range(layers):
        m.llamalike(i, **parts)
        m.feedforward(i)
    m.close()


def gemma2_keys(w):
    w.add_sliding_window(8)
    w.add_attn_logit_softcapping(5.0)
    w.add_final_logit_softcapping(6.0)


def mixtral():
    m = Model("mixtral", "llama", seed=5)
    m.rotary()
    m.w.add_expert_count(4)
    m.w.add_expert_used_count(2)
    m.head()
    for i in range(m.layers):
        m.llamalike(i)
        b = f"blk.{i}."
        m.put(b + "ffn_gate_inp.weight", 4, WIDTH)
        m.put(b + "ffn_gate_exps.weight", 4, INNER, WIDTH)
        m.put(b + "ffn_up_exps.weight", 4, INNER, WIDTH)
        m.put(b + "ffn_down_exps.weight", 4, WIDTH, INNER)
    m.close()


def phi3():
    m = Model("phi3", "phi3", seed=6)
    size = WIDTH // HEADS  # nothing else fits llama.cpp here
    m.rotary(size)
    m.head()
    for i in range(m.layers):
        b = f"blk.{i}."
        m.gain(b + "attn_norm", WIDTH)
        m.put(b + "attn_qkv.weight", (HEADS + 2 * SHARED) * size, WIDTH)
        m.put(b + "attn_output.weight", WIDTH, HEADS * size)
        m.gain(b + "ffn_norm", WIDTH)
        m.put(b + "ffn_up.weight", 2 * INNER, WIDTH)
        m.put(b + "ffn_down.weight", WIDTH, INNER)
    m.close()


def classic(name, arch, parallel=None):  # GPT-2, GPT-NeoX
    m = Model(name, arch, seed=len(name))
    size = WIDTH // HEADS
    m.w.add_layer_norm_eps(1e-5)
    m.w.add_head_count_kv(HEADS)
    if parallel is None:
        m.put("position_embd.weight", CONTEXT, WIDTH)
    else:
        m.w.add_rope_dimension_count(size // 2)
        m.w.add_parallel_residual(parallel)
    m.put("token_embd.weight", VOCABULARY, WIDTH, scale=1.0)
    m.gain("output_norm", WIDTH, True)
    m.put("output.weight", VOCABULARY, WIDTH)
    for i in range(m.layers):
        b = f"blk.{i}."
        m.gain(b + "attn_norm", WIDTH, True)
        m.gain(b + "ffn_norm", WIDTH, True)
        for part, rows, cols in (("attn_qkv", 3 * WIDTH, WIDTH), ("attn_output", WIDTH, WIDTH), ("ffn_up", INNER, WIDTH), ("ffn_down", WIDTH, INNER)):
            m.put(f"{b}{part}.weight", rows, cols)
            m.put(f"{b}{part}.bias", rows)
    m.close()


def parallel(name, arch, size=SIZE, shared=SHARED, gated=False, biased=False, fused=False, two=False, ffn_norm=False, partial=None, keys=None, headnorms=False):
    """LayerNorm; attention and feed-forward side by side unless there is an ffn_norm: Phi 2, Command R, Falcon, StableLM, StarCoder 2."""
    m = Model(name, arch, seed=len(name) + 20)
    m.size = size
    m.w.add_head_count_kv(shared)
    m.w.add_rope_dimension_count(partial or size)
    m.w.add_rope_freq_base(10000.0)
    m.w.add_layer_norm_eps(1e-5)
    if keys:
        keys(m.w)
    m.put("token_embd.weight", VOCABULARY, WIDTH, scale=1.0)
    m.gain("output_norm", WIDTH, arch != "command-r")
    if arch != "command-r":
        m.put("output.weight", VOCABULARY, WIDTH)
    if arch == "phi2":
        m.put("output.bias", VOCABULARY)
    for i in range(m.layers):
        b = f"blk.{i}."
        norms = ["attn_norm"] + (["attn_norm_2"] if two else []) + (["ffn_norm"] if ffn_norm else [])
        for norm in norms:
            m.gain(b + norm, WIDTH, arch != "command-r")
        parts = [("attn_qkv", (HEADS + 2 * shared) * size, WIDTH)] if fused else [(f"attn_{p}", n * size, WIDTH) for p, n in zip("qkv", (HEADS, shared, shared))]
        for part, rows, cols in parts + [("attn_output", WIDTH, HEADS * size)] + ([("ffn_gate", INNER, WIDTH)] if gated else []) + [("ffn_up", INNER, WIDTH), ("ffn_down", WIDTH, INNER)]:
            m.put(f"{b}{part}.weight", rows, cols)
            if biased:
                m.put(f"{b}{part}.bias", rows)
        if headnorms:  # each head has gains of its own
            m.gain(b + "attn_q_norm", (HEADS, size))
            m.gain(b + "attn_k_norm", (shared, size))
    m.close()


def olmo2():
    m = Model("olmo2", "olmo2", seed=31)
    size = WIDTH // HEADS
    m.rotary(size)
    m.head()
    for i in range(m.layers):
        b = f"blk.{i}."
        for part, rows in (("q", HEADS * size), ("k", SHARED * size), ("v", SHARED * size)):
            m.put(f"{b}attn_{part}.weight", rows, WIDTH)
        m.gain(b + "attn_q_norm", HEADS * size)
        m.gain(b + "attn_k_norm", SHARED * size)
        m.put(b + "attn_output.weight", WIDTH, HEADS * size)
        m.gain(b + "post_attention_norm", WIDTH)
        m.gain(b + "post_ffw_norm", WIDTH)
        m.feedforward(i)
    m.close()


def qwen3moe():
    m = Model("qwen3moe", "qwen3moe", seed=32)
    m.rotary()
    m.w.add_expert_count(4)
    m.w.add_expert_used_count(2)
    m.w.add_expert_feed_forward_length(24)
    m.head()
    for i in range(m.layers):
        m.llamalike(i, headnorms=True)
        b = f"blk.{i}."
        m.put(b + "ffn_gate_inp.weight", 4, WIDTH)
        m.put(b + "ffn_gate_exps.weight", 4, 24, WIDTH)
        m.put(b + "ffn_up_exps.weight", 4, 24, WIDTH)
        m.put(b + "ffn_down_exps.weight", 4, WIDTH, 24)
    m.close()


def alibi(name, arch, bias):  # BLOOM, MPT
    m = Model(name, arch, seed=len(name) + 40)
    m.w.add_head_count_kv(HEADS)
    m.w.add_layer_norm_eps(1e-5)
    if arch == "mpt":
        m.w.add_max_alibi_bias(8.0)
    m.put("token_embd.weight", VOCABULARY, WIDTH, scale=1.0)
    if arch == "bloom":
        m.gain("token_embd_norm", WIDTH, True)
    m.gain("output_norm", WIDTH, bias)
    for i in range(m.layers):
        b = f"blk.{i}."
        m.gain(b + "attn_norm", WIDTH, bias)
        m.gain(b + "ffn_norm", WIDTH, bias)
        for part, rows, cols in (("attn_qkv", 3 * WIDTH, WIDTH), ("attn_output", WIDTH, WIDTH), ("ffn_up", INNER, WIDTH), ("ffn_down", WIDTH, INNER)):
            m.put(f"{b}{part}.weight", rows, cols)
            if bias:
                m.put(f"{b}{part}.bias", rows)
    m.close()


def ask(name):
    p = xllamacpp.CommonParams()
    p.model.path = os.path.abspath(f"{FOLDER}/{name}.gguf")
    p.n_ctx, p.n_parallel, p.warmup, p.n_predict = CONTEXT, 1, False, 1
    p.cpuparams.n_threads = 1
    p.cache_type_k = p.cache_type_v = xllamacpp.ggml_type.GGML_TYPE_F32
    p.flash_attn_type = xllamacpp.llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_DISABLED
    server = xllamacpp.Server(p)
    out = {}
    for length in (3, len(PROMPT)):
        answer = server.handle_completions({"prompt": PROMPT[:length], "n_predict": 1, "temperature": 0, "logprobs": VOCABULARY, "cache_prompt": False})
        if "choices" not in answer:
            raise SystemExit(f"{name}: {answer}")
        row = [None] * VOCABULARY
        for one in answer["choices"][0]["logprobs"]["content"][0]["top_logprobs"]:
            row[one["id"]] = round(one["logprob"], 6)
        assert None not in row, name
        out[str(length)] = row
    return out


os.makedirs(FOLDER, exist_ok=True)
plain("qwen2", "qwen2", size=WIDTH // HEADS, bias=True)
plain("qwen3", "qwen3", tied=True, headnorms=True, base=1e6)
plain("gemma", "gemma", tied=True)
plain("gemma2", "gemma2", tied=True, postnorms=True, keys=gemma2_keys)
plain("gemma3", "gemma3", layers=7, tied=True, postnorms=True, headnorms=True, base=1e6, keys=lambda w: w.add_sliding_window(8))
plain("mistral", "llama")
mixtral()
phi3()
classic("gpt2", "gpt2")
classic("gptneox", "gptneox", True)
classic("gptneox-serial", "gptneox", False)
small = WIDTH // HEADS
olmo2()
qwen3moe()
parallel("phi2", "phi2", size=small, shared=HEADS, biased=True, fused=True, partial=small // 2)
parallel("command-r", "command-r", size=small, gated=True, keys=lambda w: w.add_logit_scale(0.25))
parallel("falcon", "falcon", size=small, shared=1, fused=True)
parallel("falcon-groups", "falcon", size=small, fused=True, two=True)
parallel("starcoder2", "starcoder2", size=small, biased=True, ffn_norm=True)
parallel("stablelm", "stablelm", size=small, gated=True, ffn_norm=True, partial=small // 4 * 2, keys=lambda w: w.add_parallel_residual(False))
parallel("stablelm-parallel", "stablelm", size=small, gated=True, partial=small // 4 * 2, keys=lambda w: w.add_parallel_residual(True))
parallel("stablelm-qk", "stablelm", size=small, gated=True, partial=small // 4 * 2, headnorms=True, keys=lambda w: w.add_parallel_residual(True))
alibi("bloom", "bloom", True)
alibi("mpt", "mpt", False)
alibi("mpt-biases", "mpt", True)
names = sorted(f.removesuffix(".gguf") for f in os.listdir(FOLDER) if f.endswith(".gguf"))
golden = {"prompt": PROMPT, "log_probabilities": {name: ask(name) for name in names}}
json.dump(golden, open(f"{FOLDER}/golden.json", "w"), separators=(",", ":"))
