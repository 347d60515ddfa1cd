#!/usr/bin/env python3
"""vocabularies/: small vocabulary files of SentencePiece and tiktoken, trained on the texts of this folder, with the ids that the two
libraries give for 120 texts each. Needs sentencepiece and tiktoken; run in this folder."""
import base64
import json
import random
from pathlib import Path

import sentencepiece as sp
import tiktoken
from tiktoken._educational import bpe_train

OUT = Path("vocabularies")
OUT.mkdir(exist_ok=True)
random.seed(4)
lines = [l for f in sorted(Path(".").glob("make_*.py")) + [Path("README.md")] for l in f.read_text().splitlines() if l.strip()][:900]
lines += ["Привет, мир! Как дела сегодня?", "Größe und Länge, naïve façade", "日本語のテキストです。", "1234567 + 89 = 1234656"] * 10
Path("/tmp/wb-corpus.txt").write_text("\n".join(lines))

WORDS = ["the", "model", " of", "  ", "\n", "\t", "weights", "Weight", "3.14159", "ﬁne", "é", "ё", "Привет", "日本", "😀", "a" * 40, "_x", "don't", "I'LL", "<s>", "▁", "\u00a0", "Ａ",
         "e\u0301", "ﬁ\u0301", "Ａ\u0301", "½\u200d", "’", "(", "))", "==", "\r\n", "\u200b", "12345678", "-", "#define", "ß"]
texts = ["", " ", "a", " a", "a ", "  two  blanks  ", "Hello, world!", "новая строка\nи ещё", "x" * 100]
while len(texts) < 120:
    texts.append("".join(random.choice(WORDS) + random.choice(["", " ", " "]) for _ in range(random.randint(1, 9))) + random.choice(["", "", "▁"]))


def write(name, file, encode, decode, bos_eos=()):
    cases = [{"text": t, "ids": encode(t), "back": decode(encode(t))} for t in texts]
    (OUT / f"{name}.json").write_text(json.dumps({"file": file, "special": list(bos_eos), "cases": cases}, ensure_ascii=False))


KINDS = {"bpe": dict(model_type="bpe", byte_fallback=True, normalization_rule_name="identity", remove_extra_whitespaces=False, vocab_size=700),
         "bpe-noprefix": dict(model_type="bpe", byte_fallback=True, normalization_rule_name="identity", remove_extra_whitespaces=False, vocab_size=700,
                              add_dummy_prefix=False, split_digits=True),
         "bpe-unknown": dict(model_type="bpe", normalization_rule_name="identity", vocab_size=500),
         "unigram": dict(model_type="unigram", normalization_rule_name="nmt_nfkc", vocab_size=400, pad_id=0, unk_id=2, bos_id=-1, eos_id=1)}
for name, options in KINDS.items():
    sp.SentencePieceTrainer.train(input="/tmp/wb-corpus.txt", model_prefix=str(OUT / name), character_coverage=0.995, minloglevel=2, num_threads=1, **options)
    (OUT / f"{name}.vocab").unlink()
    tokenizer = sp.SentencePieceProcessor(model_file=str(OUT / f"{name}.model"))
    write(name, f"{name}.model", tokenizer.encode, tokenizer.decode, [i for i in [tokenizer.bos_id() if "bpe" in name else tokenizer.eos_id()]])

pattern = r"""(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"""
ranks = bpe_train(data="\n".join(lines[:400]), vocab_size=500, pat_str=pattern, visualise=None)
with open(OUT / "qwen.tiktoken", "wb") as f:
    for piece, rank in ranks.items():
        f.write(base64.b64encode(piece) + b" " + str(rank).encode() + b"\n")
encoding = tiktoken.Encoding("qwen", pat_str=pattern, mergeable_ranks=ranks, special_tokens={})
write("qwen", "qwen.tiktoken", lambda t: encoding.encode(t, disallowed_special=()), encoding.decode)
