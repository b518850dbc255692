"""Frechet distances of features that have no full rank, or just about, in 50 digits.

Writes frechet.json beside itself. Needs mpmath; no other code takes part.
F(n, d, a)[i, j] = sin(a (i + 1) (j + 1)) + 0.05 a j, and `squares` is that squared. The root's
trace is the sum of the roots of the eigenvalues of A S2 A^T with S1 = A^T A; the ridge adds 1e-6
to the diagonals of both covariances under the root, as pytorch-fid does.
"""

import json
import pathlib

import mpmath as mp

mp.mp.dps = 50


def features(n, d, a):
    # Rounded to float64 and exact from there on: what the tests compute, up to the last bit.
    import math

    return mp.matrix([[math.sin(a * (i + 1) * (j + 1)) + 0.05 * a * j for j in range(d)] for i in range(n)])


def moments(x):
    n, d = x.rows, x.cols
    mean = [mp.fsum(x[i, j] for i in range(n)) / n for j in range(d)]
    c = mp.matrix(n, d)
    for i in range(n):
        for j in range(d):
            c[i, j] = (x[i, j] - mean[j]) / mp.sqrt(n - 1)
    return mean, c, c.T * c


def trace(m):
    return mp.fsum(m[i, i] for i in range(m.rows))


def root_trace(s1, s2):
    values, vectors = mp.eigsy(s1)
    root = mp.matrix(s1.rows)
    for k in range(s1.rows):
        r = mp.sqrt(max(values[k], 0))
        for i in range(s1.rows):
            for j in range(s1.rows):
                root[i, j] += r * vectors[i, k] * vectors[j, k]
    e = mp.eigsy(root * s2 * root, eigvals_only=True)
    return mp.fsum(mp.sqrt(max(v, 0)) for v in e)


def case(name, d, n1, a1, n2, a2):
    m1, _, s1 = moments(features(n1, d, a1))
    m2, _, s2 = moments(features(n2, d, a2))
    base = mp.fsum((p - q) ** 2 for p, q in zip(m1, m2)) + trace(s1) + trace(s2)
    ridge = mp.mpf(1e-6) * mp.eye(d)
    return {
        "name": name,
        "d": d,
        "n1": n1,
        "a1": a1,
        "n2": n2,
        "a2": a2,
        "distance": float(base - 2 * root_trace(s1, s2)),
        "ridged": float(base - 2 * root_trace(s1 + ridge, s2 + ridge)),
    }


cases = [
    case("both sets smaller than the features", 12, 5, 0.37, 7, 0.21),
    case("one set smaller", 12, 5, 0.37, 40, 0.21),
    case("as many vectors as features", 8, 8, 0.37, 8, 0.21),
    case("one vector more than features", 8, 9, 0.37, 9, 0.21),
    case("two vectors each", 6, 2, 0.37, 2, 0.21),
    case("one feature", 1, 4, 0.37, 5, 0.21),
    case("full rank", 6, 60, 0.37, 70, 0.21),
    case("the same set without full rank", 12, 5, 0.37, 5, 0.37),
]
out = pathlib.Path(__file__).with_name("frechet.json")
out.write_text(json.dumps(cases, indent=1) + "\n")
