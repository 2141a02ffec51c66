"""Checks the weights of src/evidence/soft_404/score.rs against labelled pages.

    cargo run --release --example evaluate -- soft404 INPUTS.jsonl > PRED.jsonl
    python3 scripts/fit_soft_404.py own                  # writes inputs of tests/pages/soft_404.txt to ./own
    python3 scripts/fit_soft_404.py PRED.jsonl=TRUTH.jsonl …

A TRUTH.jsonl has id and label ("error" or "content") and, where pages come from one site, site; a page
without a truth is content. The fit is logistic regression drawn to the weights that reasoning set (ridge
towards the prior): where the data say nothing, the prior stands. Prints, for the prior and for the fit
cross-validated by site, loss, AUROC and F1, and the fitted weights. Needs numpy."""

import json
import pathlib
import re
import sys

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parent.parent


def prior():
    source = (ROOT / "src/evidence/soft_404/score.rs").read_text()
    names = re.search(r"NAMES: \[&str; SIGNS\] = \[(.*?)\];", source, re.S).group(1)
    weights = re.search(r"WEIGHTS: \[f64; SIGNS\] = \[(.*?)\];", source, re.S).group(1)
    bias = re.search(r"BIAS: f64 = (-?[\d.]+)", source).group(1)
    numbers = [float(number) for number in re.findall(r"-?\d+\.\d+", weights)]
    return re.findall(r'"(.*?)"', names) + ["bias"], np.array(numbers + [float(bias)])


def own(folder):
    folder = pathlib.Path(folder)
    folder.mkdir(exist_ok=True)
    pages = (ROOT / "tests/pages/soft_404.txt").read_text().split("\n=== ")[1:]
    inputs, truth = open(folder / "inputs.jsonl", "w"), open(folder / "truth.jsonl", "w")
    for page in pages:
        head, html = page.split("\n", 1)
        label, name, url = head.split(" ")
        (folder / f"{name}.html").write_text(html)
        print(json.dumps({"id": name, "url": url, "file": f"{name}.html"}), file=inputs)
        print(json.dumps({"id": name, "label": label, "site": name}), file=truth)


def load(pairs):
    rows, labels, sites = [], [], []
    for pair in pairs:
        predictions, _, truth = pair.partition("=")
        known = {}
        if truth:
            known = {t["id"]: t for t in map(json.loads, open(truth))}
        for item in map(json.loads, open(predictions)):
            told = known.get(item["id"], {})
            rows.append(item["signs"] + [1.0])
            labels.append(told.get("label") == "error")
            sites.append(told.get("site", item["id"]))
    return np.array(rows), np.array(labels, float), np.array(sites)


def fit(x, y, start, strength):
    """Newton's method on the penalised loss; few steps suffice for 18 weights."""
    w = start.copy()
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        gradient = x.T @ (p - y) + strength * (w - start)
        hessian = (x * (p * (1 - p))[:, None]).T @ x + strength * np.eye(len(w))
        step = np.linalg.solve(hessian, gradient)
        w -= step
        if np.abs(step).max() < 1e-6:
            break
    return w


def report(name, z, y):
    p = np.clip(1 / (1 + np.exp(-np.clip(z, -30, 30))), 1e-9, 1 - 1e-9)
    loss = -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean()
    above, below = z[y == 1][:, None], z[y == 0][None, :]
    auroc = (above > below).mean() + 0.5 * (above == below).mean()
    said = p >= 0.5
    hits = (said & (y == 1)).sum()
    f1 = 2 * hits / max(said.sum() + (y == 1).sum(), 1)
    print(f"{name:24} loss {loss:.4f}  AUROC {auroc:.4f}  F1 {f1:.4f}  false alarms {(said & (y == 0)).sum()}"
          f"  lowest error {p[y == 1].min():.3f}  highest content {p[y == 0].max():.3f}")


def main(arguments):
    if arguments[:1] == ["own"]:
        return own("own")
    names, start = prior()
    x, y, sites = load(arguments)
    print(f"{len(y)} pages, {int(y.sum())} errors")
    report("prior", x @ start, y)
    for strength in (0.3, 1, 3, 10):
        z = np.zeros(len(y))
        folds = np.array([hash_of(site) % 10 for site in sites])
        for fold in range(10):
            out = folds == fold
            z[out] = x[out] @ fit(x[~out], y[~out], start, strength)
        report(f"ridge {strength}, 10 folds", z, y)
    w = fit(x, y, start, 3)
    for name, before, after in zip(names, start, w):
        print(f"  {name:16} {before:6.2f} -> {after:6.2f}")


def hash_of(text):
    """The same in every run, which Python's own hash is not."""
    value = 2166136261
    for byte in text.encode():
        value = (value ^ byte) * 16777619 % 2**32
    return value


if __name__ == "__main__":
    main(sys.argv[1:])
