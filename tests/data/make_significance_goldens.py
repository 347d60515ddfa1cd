#!/usr/bin/env python3
"""significance.json: McNemar, sign flips, intervals, paired bootstrap and pass@k by scipy and statsmodels.
    python make_significance_goldens.py > significance.json"""
import itertools, json, sys
from math import comb
import numpy as np
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint

rng = np.random.default_rng(14)
out = {"mcnemar": [], "wilson": [], "sign_flip": [], "pass_at": [], "bootstrap": []}
for a, b in [(0, 1), (0, 4), (3, 5), (1, 9), (7, 7), (12, 3), (40, 61), (0, 30), (100, 150), (311, 402)]:
    out["mcnemar"].append({"only_a": a, "only_b": b, "p": float(mcnemar([[5, a], [b, 9]], exact=True).pvalue)})
for x, n in [(0, 1), (1, 1), (0, 20), (5, 20), (6, 50), (53, 164), (164, 164), (700, 1319)]:
    low, high = proportion_confint(x, n, alpha=0.05, method="wilson")
    out["wilson"].append({"right": x, "total": n, "low": float(low), "high": float(high)})
for n, most in [(1, 1), (5, 3), (9, 4), (12, 7), (14, 10), (16, 20)]:
    d = rng.integers(-most, most + 1, n)
    # All 2^n signs, as scipy does it for paired samples.
    p = stats.permutation_test((d.astype(float), np.zeros(n)), lambda x, y, axis: np.sum(x - y, axis=axis), permutation_type="samples",
                               vectorized=True, n_resamples=np.inf, alternative="two-sided").pvalue if n > 1 else 1.0
    sums = np.array([np.dot(s, d) for s in itertools.product((-1, 1), repeat=n)])
    exact = float(np.mean(np.abs(sums) >= abs(d.sum())))
    assert n == 1 or abs(p - exact) < 1e-9, (p, exact)
    out["sign_flip"].append({"differences": d.tolist(), "p": exact})
for n, c, k in [(1, 0, 1), (5, 2, 3), (10, 3, 1), (20, 1, 10), (20, 19, 10), (100, 7, 10), (200, 40, 10), (200, 40, 100), (200, 1, 100)]:
    out["pass_at"].append({"n": n, "c": c, "k": k, "value": 1 - comb(n - c, k) / comb(n, k)})
for n in (40, 164):
    d = rng.choice([-1.0, 0.0, 0.0, 1.0, 1.0], n)
    ci = stats.bootstrap((d,), np.mean, n_resamples=100_000, method="percentile", rng=rng).confidence_interval
    out["bootstrap"].append({"differences": d.tolist(), "low": float(ci.low), "high": float(ci.high)})
json.dump(out, sys.stdout, indent=1)
print()
