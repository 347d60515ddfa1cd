#!/usr/bin/env python3
"""sequential.json: the exact chance that a coin's McNemar p ever reaches a level, by going through all states with scipy's
binomial tails; and a simulation of a few designs as a check of the script itself.
    python make_sequential_goldens.py > sequential.json"""
import json, sys
import numpy as np
from scipy import stats

def crossing(most, level, share=0.5):
    state = {0: 1.0}  # ups -> probability
    crossed = 0.0
    for d in range(1, most + 1):
        after = {}
        for up, chance in state.items():
            after[up + 1] = after.get(up + 1, 0) + chance * share
            after[up] = after.get(up, 0) + chance * (1 - share)
        state = {}
        for up, chance in after.items():
            p = min(1.0, 2 * stats.binom.cdf(min(up, d - up), d, 0.5))
            if p <= level * (1 + 1e-12):
                crossed += chance
            else:
                state[up] = chance
    return crossed

rng = np.random.default_rng(3)
out = []
for most, level in [(1, 0.05), (6, 0.05), (20, 0.05), (50, 0.02), (164, 0.01), (164, 0.05), (300, 0.003)]:
    exact = crossing(most, level)
    runs = 4000
    hits = 0
    for _ in range(runs if most <= 50 else 0):
        ups = np.cumsum(rng.integers(0, 2, most))
        d = np.arange(1, most + 1)
        hits += bool(np.any(2 * stats.binom.cdf(np.minimum(ups, d - ups), d, 0.5) <= level))
    assert most > 50 or abs(hits / runs - exact) < 0.02, (most, level, exact, hits / runs)
    out.append({"most": most, "level": level, "false_alarms": exact, "power_80": crossing(most, level, 0.8)})
json.dump(out, sys.stdout, indent=1)
print()
