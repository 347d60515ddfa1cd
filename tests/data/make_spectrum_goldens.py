"""Goldens of tst_spectrum: numpy's singular values, and the power law of their squares whose distance is least, as WeightWatcher 0.7.7
defines it in WWFit.fit_power_law_standard (pip install numpy): make_spectrum_goldens.py > spectrum.json"""
import json
import sys

import numpy as np

i, j = np.meshgrid(np.arange(1, 81), np.arange(1, 61), indexing="ij")
a = np.sin(0.37 * i * j) + 3.0 / (i + j) + (i == j)
s = np.linalg.svd(a, compute_uv=False)
eigenvalues = np.sort(s ** 2)
best = None
for at in range(len(eigenvalues) - 1):
    tail = eigenvalues[at:]
    alpha = 1 + len(tail) / np.log(tail / tail[0]).sum()
    distance = np.max(np.abs(1 - (tail / tail[0]) ** (1 - alpha) - np.arange(len(tail)) / len(tail)))
    if best is None or distance < best[2]:
        best = (float(alpha), float(tail[0]), float(distance))
p = s / s.sum()
low = np.sin(np.outer(np.arange(1, 81), np.arange(1, 5))) @ np.cos(np.outer(np.arange(1, 5), np.arange(1, 61)))
json.dump({"values": s.tolist(), "frobenius": float(np.linalg.norm(a)), "effective_rank": float(np.exp(-(p * np.log(p)).sum())),
           "alpha": best[0], "minimum": best[1], "distance": best[2], "deficient": np.linalg.svd(low, compute_uv=False)[:4].tolist()}, sys.stdout)
