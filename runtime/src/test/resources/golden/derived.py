"""Writes derived.json: trajectories of DDIM and DDPM in NumPy, by the names of scheduler_config.json.

Inputs and probes as the conventions of schedulers.json say; noise of every step: dummy_noise * 2 - 1.
Models: "ratio" x*t/(t+1), "wave" sin(3x + t/100). Start: dummy_sample * 6 - 3. State, predictions
and noise are kept in float32, all else is double: "wave" amplifies roundings of the state.
Run: python3 derived.py > derived.json (NumPy 2.4)
"""
import json

import numpy as np

INDEX = np.arange(768).reshape(3, 8, 8, 4).transpose(3, 0, 1, 2).reshape(-1)
PROBED = [0, 1, 100, 383, 500, 767]
MODELS = {
    "ratio": lambda x, t: single(x * t / (t + 1)),
    "wave": lambda x, t: single(np.sin(3 * x + t / 100)),
}


def single(values):
    return values.astype(np.float32).astype(np.float64)


def affine(values, factor, offset):
    return single(values.astype(np.float32) * np.float32(factor) + np.float32(offset))


def spread(first, last, count):
    """Equally spaced in float32, each half from its own end."""
    first, last = np.float32(first), np.float32(last)
    step = np.float32((last - first) / np.float32(count - 1))
    i = np.arange(count)
    low = first + step * i.astype(np.float32)
    high = last - step * (count - 1 - i).astype(np.float32)
    return np.where(i < count // 2, low, high).astype(np.float32)


def betas(c):
    count = c.get("num_train_timesteps", 1000)
    if "trained_betas" in c:
        return np.array(c["trained_betas"], dtype=np.float32)
    kind = c.get("beta_schedule", "linear")
    start, end = c.get("beta_start", 0.0001), c.get("beta_end", 0.02)
    if kind == "linear":
        return spread(start, end, count)
    if kind == "scaled_linear":
        return spread(start**0.5, end**0.5, count) ** 2
    bar = lambda u: np.cos((u + 0.008) / 1.008 * np.pi / 2) ** 2
    i = np.arange(count)
    return np.minimum(1 - bar((i + 1) / count) / bar(i / count), 0.999).astype(np.float32)


def table(c):
    alphas = np.float32(1) - betas(c)
    return np.cumprod(alphas.astype(np.float64)).astype(np.float32).astype(np.float64)


def visited(c, n):
    count = c.get("num_train_timesteps", 1000)
    spacing = c.get("timestep_spacing", "leading")
    if spacing == "linspace":
        return np.linspace(0, count - 1, n).round()[::-1].astype(np.int64)
    if spacing == "trailing":
        return np.round(np.arange(count, 0, -count / n)).astype(np.int64) - 1
    return (np.arange(n) * (count // n))[::-1] + c.get("steps_offset", 0)


def parts(c, out, x, a):
    kind = c.get("prediction_type", "epsilon")
    if kind == "epsilon":
        x0, eps = (x - np.sqrt(1 - a) * out) / np.sqrt(a), out
    elif kind == "sample":
        x0, eps = out, (x - np.sqrt(a) * out) / np.sqrt(1 - a)
    else:
        x0 = np.sqrt(a) * x - np.sqrt(1 - a) * out
        eps = np.sqrt(a) * out + np.sqrt(1 - a) * x
    if c.get("clip_sample", True):
        limit = c.get("clip_sample_range", 1.0)
        x0 = np.clip(x0, -limit, limit)
    return x0, eps


def ddim(c, run, x, noise, model):
    abar, n = table(c), run["num_inference_steps"]
    final = 1.0 if c.get("set_alpha_to_one", True) else abar[0]
    steps = visited(c, n)
    for t in steps:
        prev = t - len(abar) // n
        a, b = abar[t], abar[prev] if prev >= 0 else final
        x0, eps = parts(c, model(x, t), x, a)
        sigma = run.get("eta", 0.0) * np.sqrt((1 - b) / (1 - a) * (1 - a / b))
        if run.get("use_clipped_model_output", False):
            eps = (x - np.sqrt(a) * x0) / np.sqrt(1 - a)
        x = single(np.sqrt(b) * x0 + np.sqrt(1 - b - sigma**2) * eps + sigma * noise)
    return steps, x


def ddpm(c, run, x, noise, model):
    abar = table(c)
    steps = np.array(run["timesteps"]) if "timesteps" in run else visited(c, run["num_inference_steps"])
    for i, t in enumerate(steps):
        a, b = abar[t], abar[steps[i + 1]] if i + 1 < len(steps) else 1.0
        beta = 1 - a / b
        x0, _ = parts(c, model(x, t), x, a)
        mean = np.sqrt(b) * beta / (1 - a) * x0 + np.sqrt(a / b) * (1 - b) / (1 - a) * x
        var = max((1 - b) / (1 - a) * beta, 1e-20)
        if c.get("variance_type", "fixed_small") == "fixed_large":
            var = beta
        x = single(mean + (np.sqrt(var) * noise if t > 0 else 0))
    return steps, x


CASES = [
    ("DDIMScheduler", "wave", {"timestep_spacing": "linspace"}, {"num_inference_steps": 7}),
    ("DDIMScheduler", "wave", {"timestep_spacing": "linspace"}, {"num_inference_steps": 27, "eta": 0.5}),
    ("DDIMScheduler", "wave", {"timestep_spacing": "trailing"}, {"num_inference_steps": 7, "eta": 1.0}),
    ("DDIMScheduler", "wave", {"timestep_spacing": "trailing", "prediction_type": "v_prediction"},
     {"num_inference_steps": 48}),
    ("DDIMScheduler", "wave", {"steps_offset": 1, "set_alpha_to_one": False, "beta_schedule": "scaled_linear",
     "beta_start": 0.00085, "beta_end": 0.012}, {"num_inference_steps": 50}),
    ("DDIMScheduler", "wave", {"beta_schedule": "squaredcos_cap_v2", "prediction_type": "v_prediction"},
     {"num_inference_steps": 20}),
    ("DDIMScheduler", "wave", {"prediction_type": "sample", "clip_sample": False}, {"num_inference_steps": 10}),
    ("DDIMScheduler", "wave", {"clip_sample_range": 0.3, "prediction_type": "sample"},
     {"num_inference_steps": 10, "eta": 0.2, "use_clipped_model_output": True}),
    ("DDIMScheduler", "ratio", {"clip_sample_range": 2.5}, {"num_inference_steps": 10}),
    ("DDIMScheduler", "wave", {"num_train_timesteps": 5, "trained_betas": [0.1, 0.15, 0.3, 0.5, 0.6]},
     {"num_inference_steps": 2}),
    ("DDPMScheduler", "wave", {}, {"num_inference_steps": 50}),
    ("DDPMScheduler", "wave", {"timestep_spacing": "linspace", "steps_offset": 1,
     "prediction_type": "sample"}, {"num_inference_steps": 27}),
    ("DDPMScheduler", "wave", {"timestep_spacing": "trailing", "variance_type": "fixed_large",
     "clip_sample_range": 0.7}, {"num_inference_steps": 13}),
    ("DDPMScheduler", "wave", {"steps_offset": 1, "prediction_type": "v_prediction", "clip_sample": False,
     "beta_schedule": "squaredcos_cap_v2"}, {"num_inference_steps": 40}),
    ("DDPMScheduler", "wave", {"variance_type": "fixed_large"}, {"timesteps": [900, 512, 130, 77, 3]}),
    ("DDPMScheduler", "ratio", {"num_train_timesteps": 100, "clip_sample_range": 1.5},
     {"num_inference_steps": 100}),
]


def main():
    cases = []
    for number, (scheduler, name, config, run) in enumerate(CASES):
        loop = ddim if scheduler == "DDIMScheduler" else ddpm
        noise = affine((767 - INDEX) / 768, 2, -1)
        steps, x = loop(config, run, affine(INDEX / 768, 6, -3), noise, MODELS[name])
        case = {"id": f"{scheduler}-{number}", "scheduler": scheduler, "model": name, "config": config, **run}
        case["expected_timesteps"] = [int(t) for t in steps]
        case["abs_sum"] = float(np.abs(x).sum())
        case["probe"] = [float(x[i]) for i in PROBED]
        cases.append(case)
    spacings = [
        {"num_train_timesteps": t, "num_inference_steps": n, "timestep_spacing": s,
         "sum": int(v.sum()), "sum_of_squares": int((v**2).sum())}
        for t, counts in ((1000, (1, 2, 3, 27, 31, 47, 48, 61, 96, 121, 144, 300, 367, 999, 1000)), (37, range(1, 38, 5)))
        for s in ("linspace", "trailing", "leading")
        for n in counts
        for v in [visited({"num_train_timesteps": t, "timestep_spacing": s}, n)]
        if len(v) == n  # np.arange gives one too many for some trailing n
    ]
    lines = [json.dumps(entry) for entry in cases]
    rows = [json.dumps(entry) for entry in spacings]
    print('{"cases": [\n' + ",\n".join(lines) + '\n],\n"spacings": [\n' + ",\n".join(rows) + "\n]}")


main()
