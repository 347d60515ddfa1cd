#!/usr/bin/env python3
"""Ids and texts of the tokenizers library for the small tokenizers in tests/data/tokenizers.

make_tokenizer_goldens.py [FOLDER …]: a FOLDER holds tokenizer.json and cases.json with texts; both are copied and the answers
made anew. Without an argument the answers of what is here are made anew. Needs: pip install tokenizers==0.23.3
"""
import json
import sys
from pathlib import Path

import tokenizers

here = Path(__file__).parent / "tokenizers"
folders = [Path(a) for a in sys.argv[1:]] or sorted(p for p in here.iterdir() if p.is_dir())
for folder in folders:
    target = here / folder.name
    target.mkdir(parents=True, exist_ok=True)
    source = json.loads((folder / "tokenizer.json").read_text())
    texts = [case["text"] for case in json.loads((folder / "cases.json").read_text())["cases"]]
    (target / "tokenizer.json").write_text(json.dumps(source, ensure_ascii=False, separators=(",", ":")) + "\n")
    reference = tokenizers.Tokenizer.from_file(str(target / "tokenizer.json"))
    cases = []
    for text in texts:
        ids = reference.encode(text, add_special_tokens=False).ids
        whole = reference.encode(text).ids
        cases.append({
            "text": text, "ids": ids, "ids_with_special": whole,
            "decoded": reference.decode(ids, skip_special_tokens=False),
            "decoded_with_special": reference.decode(whole, skip_special_tokens=False),
            "decoded_without_special": reference.decode(whole, skip_special_tokens=True)})
    lines = ",\n".join(json.dumps(case, ensure_ascii=True, separators=(",", ":")) for case in cases)
    (target / "cases.json").write_text(f'{{"tokenizers":"{tokenizers.__version__}","cases":[\n{lines}\n]}}\n')
    print(folder.name, len(cases))
