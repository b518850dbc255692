"""Writes solvers.json: trajectories of the solvers in NumPy, by the names of scheduler_config.json.

A second derivation, written step by step in the terms of the papers and of diffusers (differences D0,
D1, D2; systems of equations; quadrature), all in double but for tables, levels and timesteps, which
diffusers keeps in float32. Inputs: start = dummy_sample * 6 - 3 (times the greatest sigma in sigma
space), noise of every step = dummy_noise * 2 - 1, model = 0.5 sin(x + t/300), whatever it predicts.
Run: python3 solvers.py > solvers.json (NumPy 2.4)
"""
import json

import numpy as np

INDEX = np.arange(768).reshape(3, 8, 8, 4).transpose(3, 0, 1, 2).reshape(-1)
PROBED = [0, 1, 100, 383, 500, 767]
START = INDEX / 768 * 6 - 3
NOISE = (767 - INDEX) / 768 * 2 - 1
T = 1000


def table(c):
    n = c.get("num_train_timesteps", T)
    kind = c.get("beta_schedule", "linear")
    a, b = c.get("beta_start", 1e-4), c.get("beta_end", 0.02)
    if kind == "linear":
        betas = np.linspace(a, b, n).astype(np.float32)
    elif kind == "scaled_linear":
        betas = np.linspace(a**0.5, b**0.5, n).astype(np.float32) ** 2
    else:
        bar = lambda u: np.cos((u + 0.008) / 1.008 * np.pi / 2) ** 2
        i = np.arange(n)
        betas = np.minimum(1 - bar((i + 1) / n) / bar(i / n), 0.999).astype(np.float32)
    abar = np.cumprod((np.float32(1) - betas).astype(np.float64)).astype(np.float32)
    if c.get("rescale_betas_zero_snr"):
        root = np.sqrt(abar)
        root = (root - root[-1]) * (root[0] / (root[0] - root[-1]))
        bars = root**2
        betas = 1 - np.concatenate([bars[:1], bars[1:] / bars[:-1]])
        abar = np.cumprod((np.float32(1) - betas).astype(np.float64)).astype(np.float32)
        abar[-1] = 2.0**-24
    return abar


def timestep_of(sigma, logs):
    return np.interp(np.log(sigma), logs.astype(np.float64), np.arange(len(logs)))


def spaced_sigmas(c, sigmas, n):
    ramp = np.linspace(0, 1, n)
    high, low = float(sigmas[-1]), float(sigmas[0])
    if c.get("use_karras_sigmas"):
        return (high ** (1 / 7) + ramp * (low ** (1 / 7) - high ** (1 / 7))) ** 7
    if c.get("use_exponential_sigmas") or c.get("use_lu_lambdas"):
        return np.exp(np.log(high) + ramp * (np.log(low) - np.log(high)))
    return None


def whole(c, n):
    abar = table(c)
    sigmas = np.sqrt((1 - abar) / abar)
    count = len(sigmas)
    bound = c.get("lambda_min_clipped", -np.inf)
    last = count - int(np.sum(-np.log(sigmas) < bound))
    spacing, offset = c.get("timestep_spacing", "linspace"), c.get("steps_offset", 0)
    if spacing == "linspace":
        t = np.linspace(0, last - 1, n + 1).round()[::-1][:-1]
    elif spacing == "leading":
        t = (np.arange(0, n + 1) * (last // (n + 1)))[::-1][:-1] + offset
    else:
        t = np.arange(last, 0, -count / n).round() - 1
    s = spaced_sigmas(c, sigmas, n)
    if s is None:
        s = sigmas[t.astype(int)].astype(np.float64)
    else:
        t = timestep_of(s, np.log(sigmas))
        t = np.floor(t) if c.get("beta_schedule") == "squaredcos_cap_v2" else t.round()
    end = 0.0 if c.get("final_sigmas_type", "zero") == "zero" else sigmas[0]
    return t.astype(float), np.append(s, end).astype(np.float32).astype(float)


def fractional(c, n):
    abar = table(c)
    sigmas = np.sqrt((1 - abar) / abar)
    count = len(sigmas)
    spacing, offset = c.get("timestep_spacing", "linspace"), c.get("steps_offset", 0)
    if spacing == "linspace":
        t = np.linspace(0, count - 1, n)[::-1]
    elif spacing == "leading":
        t = (np.arange(0, n) * (count // n))[::-1] + offset
    else:
        t = np.arange(count, 0, -count / n).round() - 1
    s = spaced_sigmas(c, sigmas, n)
    if s is None:
        s = np.interp(t, np.arange(count), sigmas.astype(float))
    else:
        t = timestep_of(s, np.log(sigmas))
    end = 0.0 if c.get("final_sigmas_type", "zero") == "zero" else sigmas[0]
    return t.astype(np.float32).astype(float), np.append(s, end).astype(np.float32).astype(float)


def al(s):
    alpha = 1 / np.sqrt(1 + s * s)
    with np.errstate(divide="ignore"):
        return alpha, s * alpha, -np.log(s)


def parts(c, x, s, t):
    """x_0 and noise from the model's output for x in the variance-preserving scale."""
    out = 0.5 * np.sin(x + t / 300)
    alpha, spread, _ = al(s)
    kind = c.get("prediction_type", "epsilon")
    if kind == "epsilon":
        x0, eps = (x - spread * out) / alpha, out
    elif kind == "sample":
        x0, eps = out, (x - alpha * out) / spread
    else:
        x0, eps = alpha * x - spread * out, alpha * out + spread * x
    bounded = None
    if c.get("thresholding"):
        rows = x0.reshape(4, -1)
        q = np.quantile(np.abs(rows), c.get("dynamic_thresholding_ratio", 0.995), axis=1)
        q = np.clip(q, 1, c.get("sample_max_value", 1.0))[:, None]
        bounded = (np.clip(rows, -q, q) / q).reshape(-1)
    elif c.get("clip_sample"):
        bounded = np.clip(x0, -1, 1)
    if bounded is not None:
        x0, eps = bounded, (x - alpha * bounded) / spread
    return x0, eps


def dpm(c, x, n, single):
    ts, s = whole(c, n)
    order, kind = c.get("solver_order", 2), c.get("algorithm_type", "dpmsolver++")
    heun = c.get("solver_type", "midpoint") == "heun"
    zero = s[-1] == 0
    outs, kept = [], None
    orders = [i % order + 1 for i in range(n)]
    if single and (zero or (c.get("lower_order_final", False) and n % order == 0)):
        orders[-1] = 1
    for i in range(n):
        x0, eps = parts(c, x, s[i], ts[i])
        outs.append(x0 if kind.endswith("++") else eps)
        m = outs[::-1]
        if single:
            o = orders[i]
            kept = x if o == 1 else kept
            at, st, lt = al(s[i + 1])
            af, sf, lf = al(s[i - o + 1])
            lam = [al(s[i - k])[2] for k in range(o)]
            base, first = kept, m[o - 1]
        else:
            low = c.get("lower_order_final", True) and n < 15
            o = min(order, i + 1)
            if i == n - 1 and (low or c.get("euler_at_final") or zero):
                o = 1
            elif i == n - 2 and low:
                o = min(o, 2)
            at, st, lt = al(s[i + 1])
            af, sf, lf = al(s[i])
            lam = [al(s[i - k])[2] for k in range(o)]
            base, first = x, m[0]
        h = lt - lf
        if kind == "dpmsolver++":
            e = np.exp(-h) - 1
            state, value, d1, d2, z = st / sf, -at * e, at * (e / h + 1), -at * ((e + h) / h**2 - 0.5), 0
        elif kind == "dpmsolver":
            e = np.exp(h) - 1
            state, value, d1, d2, z = at / af, -st * e, -st * (e / h - 1), -st * ((e - h) / h**2 - 0.5), 0
        elif kind == "sde-dpmsolver++":
            e = 1 - np.exp(-2 * h)
            state, value, d1 = st / sf * np.exp(-h), at * e, at * (e / (-2 * h) + 1)
            d2, z = None, st * np.sqrt(e)
        else:
            e = np.exp(h) - 1
            state, value, d1 = at / af, -2 * st * e, -2 * st * (e / h - 1)
            d2, z = None, st * np.sqrt(np.exp(2 * h) - 1)
        nxt = state * base + value * first + z * NOISE
        if o >= 2:
            half = d1 if heun else 0.5 * value
            if single:
                r1 = (lam[-2] - lf) / h
                D1 = (m[o - 2] - first) / r1
                if o == 2:
                    nxt = nxt + half * D1
                else:
                    r0 = (lam[0] - lf) / h
                    D1n = (m[0] - first) / r0
                    if heun:
                        nxt = nxt + d1 * (r0 * D1 - r1 * D1n) / (r0 - r1) + d2 * 2 * (D1n - D1) / (r0 - r1)
                    else:
                        nxt = nxt + d1 * D1n
            else:
                r0 = (lam[0] - lam[1]) / h
                D1 = (m[0] - m[1]) / r0
                if o == 2:
                    nxt = nxt + half * D1
                else:
                    r1 = (lam[1] - lam[2]) / h
                    D11 = (m[1] - m[2]) / r1
                    nxt = nxt + d1 * (D1 + r0 / (r0 + r1) * (D1 - D11)) + d2 * (D1 - D11) / (r0 + r1)
        x = nxt
    return x, ts


def deis(c, x, n):
    c = dict(c, final_sigmas_type="sigma_min")
    ts, s = whole(c, n)
    order = c.get("solver_order", 2)
    eps = []
    for i in range(n):
        eps.append(parts(c, x, s[i], ts[i])[1])
        o = min(order, i + 1, n - i if n < 15 else order)
        # Integrates the polynomial in log rho by a fine Gauss and Legendre rule in rho.
        nodes, weights = np.polynomial.legendre.leggauss(60)
        rho = (s[i] + s[i + 1]) / 2 + (s[i + 1] - s[i]) / 2 * nodes
        total = 0
        for k in range(o):
            basis = np.ones_like(rho)
            for j in range(o):
                if j != k:
                    basis *= np.log(rho / s[i - j]) / np.log(s[i - k] / s[i - j])
            total = total + np.sum(weights * basis) * (s[i + 1] - s[i]) / 2 * eps[i - k]
        x = al(s[i + 1])[0] * (x / al(s[i])[0] + total)
    return x, ts


def unipc(c, x, n):
    ts, s = whole(c, n)
    order, image = c.get("solver_order", 2), c.get("predict_x0", True)
    bh1 = c.get("solver_type", "bh2") == "bh1"
    outs, last, used = [], None, 0

    def update(i, x, older, o, new):
        """From level i to i + 1 with the outputs older[0] at i and before; new at i + 1 or None."""
        at, st, lt = al(s[i + 1])
        af, sf, lf = al(s[i])
        h = lt - lf
        hh = -h if image else h
        rks = [(al(s[i - k])[2] - lf) / h for k in range(1, o)] + [1.0]
        D = [(older[k] - older[0]) / rks[k - 1] for k in range(1, o)]
        phi1 = np.expm1(hh)
        B = hh if bh1 else np.expm1(hh)
        base = st / sf * x - at * phi1 * older[0] if image else at / af * x - st * phi1 * older[0]
        if o == 1 and new is None:
            return base
        R, b, phi, fact = [], [], phi1 / hh - 1, 1
        for k in range(1, o + 1):
            R.append(np.power(rks, k - 1))
            b.append(phi * fact / B)
            fact *= k + 1
            phi = phi / hh - 1 / fact
        R, b = np.array(R), np.array(b)
        scale = (at if image else st) * B
        if new is None:
            rho = [0.5] if o == 2 else np.linalg.solve(R[:-1, :-1], b[:-1])
            return base - scale * sum(r * d for r, d in zip(rho, D))
        rho = [0.5] if o == 1 else np.linalg.solve(R, b)
        return base - scale * (sum(r * d for r, d in zip(rho[:-1], D)) + rho[-1] * (new - older[0]))

    for i in range(n):
        x0, eps = parts(c, x, s[i], ts[i])
        out = x0 if image else eps
        if i > 0 and (i - 1) not in c.get("disable_corrector", []):
            x = update(i - 1, last, outs[::-1], used, out)
        outs.append(out)
        o = min(order, n - i) if c.get("lower_order_final", True) else order
        used = min(o, i + 1)
        last = x
        x = update(i, x, outs[::-1], used, None)
    return x, ts


def sigma_space(c, x, n, kind):
    ts, s = fractional(c, n)
    top = max(s)
    leading = c.get("timestep_spacing") == "leading"
    x = x * (np.sqrt(top**2 + 1) if leading else top)
    called, ds = [], []
    slope = lambda x, s, t: parts(c, x / np.sqrt(1 + s * s), s, t)[1]
    for i in range(n):
        d = slope(x, s[i], ts[i])
        called.append(ts[i])
        ds.append(d)
        dt = s[i + 1] - s[i]
        if kind == "EulerDiscreteScheduler":
            x = x + d * dt
        elif kind == "EulerAncestralDiscreteScheduler":
            up = np.sqrt(s[i + 1] ** 2 * (s[i] ** 2 - s[i + 1] ** 2) / s[i] ** 2)
            x = x + d * (np.sqrt(s[i + 1] ** 2 - up**2) - s[i]) + up * NOISE
        elif kind == "HeunDiscreteScheduler":
            ahead = x + d * dt
            if i == n - 1:
                x = ahead
            else:
                called.append(ts[i + 1])
                x = x + dt * (d + slope(ahead, s[i + 1], ts[i + 1])) / 2
        else:
            o = min(i + 1, 4)
            grid, weights = np.polynomial.legendre.leggauss(20)
            u = (s[i] + s[i + 1]) / 2 + dt / 2 * grid
            for k in range(o):
                basis = np.ones_like(u)
                for j in range(o):
                    if j != k:
                        basis *= (u - s[i - j]) / (s[i - k] - s[i - j])
                x = x + np.sum(weights * basis) * dt / 2 * ds[i - k]
    return x, called


def pndm(c, x, n):
    abar = table(c).astype(float)
    ratio, count = T // n, len(abar)
    end = 1.0 if c.get("set_alpha_to_one", False) else abar[0]
    spacing = c.get("timestep_spacing", "leading")
    if spacing == "leading":
        base = np.arange(0, n) * (count // n) + c.get("steps_offset", 0)
    elif spacing == "linspace":
        base = np.linspace(0, count - 1, n).round().astype(int)
    else:
        base = (np.arange(count, 0, -count / n).round()[::-1] - 1).astype(int)
    if c.get("skip_prk_steps", False):
        prk, plms = [], np.concatenate([base[:-1], base[-2:-1], base[-1:]])[::-1]
    else:
        both = np.repeat(base[-4:], 2) + np.tile([0, count // n // 2], 4)
        prk = np.repeat(both[:-1], 2)[1:-1][::-1]
        plms = base[:-3][::-1]
    sigma = lambda t: np.sqrt((1 - abar[t]) / abar[t])

    def move(x, t, prev, e):
        a, b = abar[min(t, count - 1)], abar[prev] if prev >= 0 else end
        coefficient = a * np.sqrt(1 - b) + np.sqrt(a * (1 - a) * b)
        return np.sqrt(b / a) * x - (b - a) * e / coefficient

    ets, called = [], [int(t) for t in prk] + [int(t) for t in plms]
    total, kept = 0, None
    for i, t in enumerate(called):
        e = parts(c, x, sigma(t), t)[1]
        if i < len(prk):
            prev = t - (0 if i % 2 else count // n // 2)
            if i % 4 == 0:
                ets.append(e)
                kept, total = x, 0
            total = total + e * (1 / 6 if i % 4 in (0, 3) else 1 / 3)
            x = move(kept, int(prk[i // 4 * 4]), prev, total if i % 4 == 3 else e)
            continue
        start, prev, base_x = t, t - ratio, x
        if len(prk) == 0 and i == 1:
            start, prev, base_x, e = t + ratio, t, kept, (e + ets[-1]) / 2
        else:
            ets = ets[-3:] + [e]
            kept = x if i == 0 else kept
            w = {1: [1], 2: [1.5, -0.5], 3: [23 / 12, -16 / 12, 5 / 12]}.get(
                len(ets), [55 / 24, -59 / 24, 37 / 24, -9 / 24]
            )
            e = sum(a * b for a, b in zip(w, ets[::-1]))
        x = move(base_x, start, prev, e)
    return x, called


CASES = []


def case(scheduler, n, **c):
    if scheduler == "HeunDiscreteScheduler":
        c = {"beta_start": 1e-4, "beta_end": 0.02, **c}
    if scheduler.startswith("DPM"):
        x, ts = dpm(c, START, n, "Single" in scheduler)
    elif scheduler.startswith("DEIS"):
        x, ts = deis(c, START, n)
    elif scheduler.startswith("UniPC"):
        x, ts = unipc(c, START, n)
    elif scheduler.startswith("PNDM"):
        x, ts = pndm(c, START, n)
    else:
        x, ts = sigma_space(c, START, n, scheduler)
    CASES.append(
        {
            "id": f"{scheduler}-{len(CASES)}",
            "scheduler": scheduler,
            "config": c,
            "num_inference_steps": n,
            "timesteps": [float(t) for t in ts],
            "abs_sum": float(np.abs(x).sum()),
            "probe": [float(x[i]) for i in PROBED],
        }
    )


M, S = "DPMSolverMultistepScheduler", "DPMSolverSinglestepScheduler"
U, D, P = "UniPCMultistepScheduler", "DEISMultistepScheduler", "PNDMScheduler"
E, A = "EulerDiscreteScheduler", "EulerAncestralDiscreteScheduler"
H, L = "HeunDiscreteScheduler", "LMSDiscreteScheduler"
LOW = {"final_sigmas_type": "sigma_min"}
KINDS = ["epsilon", "v_prediction", "sample"]

for kind in KINDS:
    for order in (1, 2, 3):
        for type in ("midpoint", "heun"):
            case(M, 11, solver_order=order, solver_type=type, prediction_type=kind)
            case(M, 20, solver_order=order, solver_type=type, prediction_type=kind, algorithm_type="dpmsolver", **LOW)
            case(S, 12, solver_order=order, solver_type=type, prediction_type=kind)
    for order in (1, 2, 3):
        case(D, 11, solver_order=order, prediction_type=kind)
        for type in ("bh1", "bh2"):
            case(U, 11, solver_order=order, solver_type=type, prediction_type=kind)
            case(U, 11, solver_order=order, solver_type=type, prediction_type=kind, predict_x0=False, **LOW)
    for scheduler in (E, A, H, L):
        case(scheduler, 13, prediction_type=kind)
    for type in ("midpoint", "heun"):
        case(M, 16, algorithm_type="sde-dpmsolver++", solver_type=type, prediction_type=kind)
        case(M, 16, algorithm_type="sde-dpmsolver", solver_type=type, prediction_type=kind, **LOW)
for spacing in ("leading", "trailing"):
    for scheduler in (M, U, D, E, A, H, L, P):
        more = {"skip_prk_steps": True} if scheduler == P else {}
        case(scheduler, 10, timestep_spacing=spacing, steps_offset=1, **more)
for scheduler in (M, S, U, D, E, H, L):
    case(scheduler, 10, use_karras_sigmas=True)
    case(scheduler, 18, use_karras_sigmas=True, beta_schedule="scaled_linear", beta_start=0.00085, beta_end=0.012)
for scheduler in (E, H, L):
    case(scheduler, 10, use_exponential_sigmas=True)
case(M, 10, use_lu_lambdas=True)
case(M, 10, beta_schedule="squaredcos_cap_v2", lambda_min_clipped=-5.1)
case(S, 10, beta_schedule="squaredcos_cap_v2", lambda_min_clipped=-5.1)
case(M, 10, use_karras_sigmas=True, beta_schedule="squaredcos_cap_v2", prediction_type="v_prediction")
case(M, 20, euler_at_final=True)
case(M, 8, lower_order_final=False, **LOW)
case(S, 12, lower_order_final=True, **LOW)
case(S, 12, lower_order_final=False, **LOW)
case(U, 9, disable_corrector=[0, 3])
case(U, 9, lower_order_final=False, **LOW)
for scheduler in (M, S, U, D):
    case(scheduler, 10, thresholding=True, sample_max_value=1.5, dynamic_thresholding_ratio=0.8)
case(H, 10, clip_sample=True)
for scheduler in (M, U, E, A):
    case(scheduler, 10, rescale_betas_zero_snr=True, timestep_spacing="trailing", prediction_type="v_prediction")
for spacing in ("leading", "linspace", "trailing"):
    case(P, 11, skip_prk_steps=True, timestep_spacing=spacing)
for kind in KINDS:
    case(P, 10, skip_prk_steps=True, prediction_type=kind, set_alpha_to_one=True, steps_offset=1)
    case(P, 10, prediction_type=kind, steps_offset=1)

print('{"cases": [\n' + ",\n".join(json.dumps(c) for c in CASES) + "\n]}")
