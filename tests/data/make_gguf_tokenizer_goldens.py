#!/usr/bin/env python3
"""Small GGUF files with vocabularies of each kind, and the ids that llama.cpp gives for some texts.

For each: a llama of one layer and random weights is written and llama.cpp loads and asks it; what is kept in
tests/data/gguf-tokenizers is the same header with one tensor. Needs: pip install gguf xllamacpp numpy
"""
import json
import sys
import tempfile
import urllib.request
from pathlib import Path

import gguf
import numpy as np
import xllamacpp

here = Path(__file__).parent
target = here / "gguf-tokenizers"
target.mkdir(exist_ok=True)
sources = {"gpt2": ("gpt2", "gpt-2"), "llama3": ("gpt2", "llama-bpe"), "qwen2": ("gpt2", "qwen2"), "smollm": ("gpt2", "smollm"), "tekken": ("gpt2", "tekken"),
           "gpt4o": ("gpt2", "gpt-4o"), "deepseek3": ("gpt2", "deepseek-v3"), "deepseek-llm": ("gpt2", "deepseek-llm"), "tiny-aya": ("gpt2", "tiny_aya"), "spm": ("llama", "default"), "spm-noprefix": ("llama", "default"),
           "bert": ("bert", "default"), "t5": ("t5", "default"), "gemma4": ("gemma4", "default")}
folders = {"smollm": "gpt2", "tekken": "llama3", "gpt4o": "llama3", "deepseek3": "qwen2", "deepseek-llm": "qwen2", "tiny-aya": "llama3", "spm": "llama2", "spm-noprefix": "gemma", "bert": "wordpiece", "t5": "unigram", "gemma4": "gemma"}
TYPES = gguf.TokenType


def fields(name):
    model, pre = sources[name]
    source = json.loads((here / "tokenizers" / folders.get(name, name) / "tokenizer.json").read_text())
    vocab = source["model"]["vocab"]
    added = {a["content"]: a for a in source["added_tokens"]}
    if isinstance(vocab, list):
        tokens, scores = [v[0] for v in vocab], [v[1] for v in vocab]
    else:
        tokens = [t for t, _ in sorted(vocab.items(), key=lambda item: item[1])]
        scores = None
    for a in source["added_tokens"]:
        if a["content"] not in tokens:
            tokens.append(a["content"])
    types = []
    for t in tokens:
        kind = TYPES.NORMAL
        if t in added:
            kind = TYPES.CONTROL if added[t]["special"] else TYPES.USER_DEFINED
        elif len(t) == 6 and t.startswith("<0x"):
            kind = TYPES.BYTE
        types.append(int(kind))
    merges = [m if isinstance(m, str) else " ".join(m) for m in source["model"].get("merges", [])]
    if model == "llama":  # a piece that a merge makes is worth more the earlier the merge; the others are never joined to
        made = {}
        for i, m in enumerate(merges):
            made.setdefault(m.replace(" ", ""), -float(i))
        scores = [made.get(t, -1e6) for t in tokens]
    if scores is not None:
        scores = scores + [0.0] * (len(tokens) - len(scores))
    if model == "bert":
        tokens = [t if t in added else t[2:] if t.startswith("##") else "\u2581" + t for t in tokens]
    return model, pre, tokens, scores, types, merges


def write(path, name, whole):
    model, pre, tokens, scores, types, merges = fields(name)
    w = gguf.GGUFWriter(str(path), "llama")
    w.add_block_count(1), w.add_context_length(4096), w.add_embedding_length(32), w.add_feed_forward_length(32)
    w.add_head_count(2), w.add_head_count_kv(2), w.add_layer_norm_rms_eps(1e-5), w.add_rope_dimension_count(16)
    w.add_vocab_size(len(tokens))
    w.add_tokenizer_model(model), w.add_tokenizer_pre(pre), w.add_token_list(tokens), w.add_token_types(types)
    if scores is not None:
        w.add_token_scores(scores)
    if model in ("gpt2", "gemma4"):
        w.add_token_merges(merges)
    find = lambda *names: next((tokens.index(n) for n in names if n in tokens), None)
    for key, value in (("bos", find("<s>", "<bos>", "<|begin_of_text|>", "[CLS]")), ("eos", find("</s>", "<eos>", "<|end_of_text|>", "<|endoftext|>", "[SEP]")),
                       ("unk", find("<unk>", "[UNK]")), ("pad", find("<pad>", "[PAD]")), ("sep", find("[SEP]"))):
        if value is not None:
            getattr(w, f"add_{key}_token_id")(value)
    if name == "gemma4":
        w.add_add_bos_token(False)  # llama.cpp does not listen
    if name == "spm-noprefix":
        w.add_add_space_prefix(False)
    if name == "t5":
        w.add_remove_extra_whitespaces(True)
    rng = np.random.default_rng(1)
    one = lambda *shape: rng.normal(0, 0.1, shape).astype(np.float32)
    if not whole:
        w.add_tensor("output_norm.weight", one(32))
    else:
        w.add_tensor("token_embd.weight", one(len(tokens), 32))
        for t in ("attn_norm", "ffn_norm"):
            w.add_tensor(f"blk.0.{t}.weight", one(32))
        for t in ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"):
            w.add_tensor(f"blk.0.{t}.weight", one(32, 32))
        w.add_tensor("output_norm.weight", one(32))
    w.write_header_to_file(), w.write_kv_data_to_file(), w.write_tensors_to_file(), w.close()


def texts(name):
    cases = json.loads((here / "tokenizers" / folders.get(name, name) / "cases.json").read_text())["cases"]
    return [c["text"] for c in cases if "\0" not in c["text"] and len(c["text"]) < 400]


def ask(server, path, body):
    request = urllib.request.Request(server.listening_address + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
    return json.load(urllib.request.urlopen(request))


for name in sys.argv[1:] or sources:
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "model.gguf"
        write(model, name, True)
        params = xllamacpp.CommonParams()
        params.model.path = str(model)
        params.n_ctx = 64
        params.warmup = False
        server = xllamacpp.Server(params)
        cases = []
        for text in texts(name):
            ids = [ask(server, "/tokenize", {"content": text, "add_special": s, "parse_special": True})["tokens"] for s in (False, True)]
            cases.append({"text": text, "ids": ids[0], "ids_with_special": ids[1]})
        del server
    write(target / f"{name}.gguf", name, False)
    lines = ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases)
    (target / f"{name}.json").write_text(f'{{"cases":[\n{lines}\n]}}\n')
    print(name, len(cases), flush=True)
