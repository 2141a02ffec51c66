#!/usr/bin/env python3
"""Fit the constants of src/evidence/passage/pick.rs and score.rs, and say how good they are.

usage: fit_evidence.py WICE_TRUTH WICE_FEATURES PAIRS_TRUTH PAIRS_FEATURES [WICE_PREDICTIONS]

TRUTH     claims.jsonl of WiCE, pairs.jsonl of AttributionBench, with their labels
FEATURES  `cargo run --release --example evaluate -- evidence-features INPUTS.jsonl` of the same
PREDICTIONS  of `evaluate evidence` on WiCE: prints a reliability table of what the program says

Needs numpy. Everything is cross-validated by article (WiCE) or question (AttributionBench): five
folds, three ways to draw them. The constants printed for the code are fitted on all items.

- Ranking: a conditional logit. The first pick should be any gold sentence; further picks any other
  one of the gold set that the picks fit best.
- Probability: a logistic regression over both sets, each with the same weight in all. The sets share
  one level: what is said of a claim must not depend on where it comes from. Level and slope are then
  set on WiCE alone, whose claims and whole pages are the nearest to what a check meets.
"""
import json
import random
import sys

import numpy as np

PICKS, NEAR, FOLDS, DRAWS = 3, 3, 5, 3
SIGNALS = ["window", "density", "topic", "values", "names"]
WORTH = ["held", "pairs", "beside", "fresh", "near"]


def load(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def folds(groups, seed):
    names = sorted(set(groups))
    random.Random(seed).shuffle(names)
    fold = {name: number % FOLDS for number, name in enumerate(names)}
    return np.array([fold[group] for group in groups])


# --- ranking


class Claim:
    def __init__(self, truth, features):
        self.sets = [set(gold) for gold in truth["supporting_sets"] if gold]
        self.gold = set().union(*self.sets)
        self.sentences = [c["sentence"] for c in features["candidates"]]
        size = 1 + max((i for c in features["candidates"] for i, _ in c["terms"]), default=0)
        self.terms = np.zeros((len(self.sentences), size))
        for row, candidate in zip(self.terms, features["candidates"]):
            for index, share in candidate["terms"]:
                row[index] = share
        self.fixed = np.array([[sum(w for _, w in c["terms"]), c["pairs"], c["beside"]] for c in features["candidates"]])

    def rows(self, picks):
        """Features of every candidate, given what is picked (as indices of candidates)."""
        covered = (self.terms[picks] > 0).any(axis=0)
        fresh = self.terms[:, ~covered].sum(axis=1)
        near = [any(abs(s - self.sentences[p]) <= NEAR for p in picks) for s in self.sentences]
        return np.column_stack([self.fixed, fresh, np.array(near, float)])

    def order(self, first, further, count):
        picks, steps = [], []
        while len(picks) < min(count, len(self.sentences)):
            rows = self.rows(picks) if picks else self.fixed
            worth = rows @ (further if picks else first)
            left = [i for i in range(len(self.sentences)) if i not in picks]
            if picks:
                steps.append((rows[left], [self.sentences[i] for i in left], [self.sentences[i] for i in picks]))
            picks.append(max(left, key=lambda i: worth[i]))
        return [self.sentences[i] for i in picks], steps

    def share(self, picked):
        return max(len(gold & set(picked)) / len(gold) for gold in self.sets)


def conditional_logit(cases, width, ridge=0.01):
    """Weights that give the good rows of each case the most of the softmax."""
    theta = np.zeros(width)
    for _ in range(60):
        gradient, hessian = -ridge * theta, -ridge * np.eye(width)
        for rows, good in cases:
            score = rows @ theta
            every = np.exp(score - score.max())
            chosen = every * good
            every, chosen = every / every.sum(), chosen / chosen.sum()
            gradient = gradient + rows.T @ (chosen - every)
            mean = rows.T @ every
            hessian = hessian - (rows.T * every) @ rows + np.outer(mean, mean)
        step = np.linalg.solve(hessian, gradient)
        theta = theta - step
        if np.abs(step).max() < 1e-6:
            break
    return theta


def fit_ranking(claims):
    cases = []
    for claim in claims:
        good = np.array([float(s in claim.gold) for s in claim.sentences])
        if good.any():
            cases.append((claim.fixed, good))
    first = conditional_logit(cases, 3)
    further = np.append(first, [0.0, 0.0])
    for _ in range(2):
        cases = []
        for claim in claims:
            for rows, left, picked in claim.order(first, further, PICKS)[1]:
                best = claim.share(picked)
                wanted = set().union(*[g for g in claim.sets if len(g & set(picked)) / len(g) >= best - 1e-9])
                good = np.array([float(s in wanted) for s in left])
                if good.any():
                    cases.append((rows, good))
        further = conditional_logit(cases, 5)
    return first, further


def ranked_well(claims, first, further):
    hit, recall = [], []
    for claim in claims:
        order = claim.order(first, further, PICKS)[0]
        hit.append(bool(order) and order[0] in claim.gold)
        recall.append(claim.share(order))
    return hit, recall


# --- probability


def logistic(x, y, weight, ridge=1.0):
    """Weighted logistic regression; the last column of x is not drawn to zero."""
    theta = np.zeros(x.shape[1])
    draw = np.full(x.shape[1], ridge)
    draw[-1] = 0.0
    for _ in range(60):
        p = 1 / (1 + np.exp(-x @ theta))
        gradient = x.T @ (weight * (y - p)) - draw * theta
        hessian = (x.T * (weight * p * (1 - p))) @ x + np.diag(draw)
        step = np.linalg.solve(hessian, gradient)
        theta = theta + step
        if np.abs(step).max() < 1e-8:
            break
    return theta


def fit_probability(x, y, wice, inner):
    """Constants by signal, and the level; slope and level are set on scores of WiCE held out of folds inside."""
    weight = np.where(wice, 1000 / max(1, wice.sum()), 1000 / max(1, (~wice).sum()))
    mean, deviation = x.mean(axis=0), x.std(axis=0) + 1e-9
    full = np.column_stack([(x - mean) / deviation, np.ones(len(y))])
    held = np.zeros(len(y))
    for number in range(FOLDS):
        out = inner == number
        held[out] = full[out] @ logistic(full[~out], y[~out], weight[~out])
    sharp = np.column_stack([held[wice], np.ones(wice.sum())])
    slope, level = logistic(sharp, y[wice], np.ones(wice.sum()), ridge=0.0)
    theta = logistic(full, y, weight)
    constants = slope * theta[:-1] / deviation
    return constants, slope * theta[-1] + level - constants @ mean


def probability(x, constants, level):
    return 1 / (1 + np.exp(-(x @ constants + level)))


def auroc(y, score):
    order = np.argsort(score, kind="stable")
    ranks, values, at = np.empty(len(score)), score[order], 0
    while at < len(score):
        end = at
        while end < len(score) and values[end] == values[at]:
            end += 1
        ranks[order[at:end]] = (at + end + 1) / 2
        at = end
    right = y.sum()
    return (ranks[y == 1].sum() - right * (right + 1) / 2) / (right * (len(y) - right))


def reliability(y, score):
    print("  scored          n  mean score  carried by the source")
    for low in (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        inside = (score >= low) & ((score < low + 0.1 - 1e-12) | (low == 0.9))
        if inside.any():
            print(f"  {low:.1f} to {low + 0.1:.1f}  {inside.sum():5d}  {score[inside].mean():10.2f}  {y[inside].mean():10.2f}")


def macro_f1(truth, said):
    scores = []
    for label in sorted(set(truth)):
        both = sum(t == s == label for t, s in zip(truth, said))
        either = sum(t == label for t in truth) + sum(s == label for s in said)
        scores.append(2 * both / either if either else 0.0)
    return float(np.mean(scores))


def main():
    wice_truth, wice_features, pairs_truth, pairs_features = map(load, sys.argv[1:5])
    features = {item["id"]: item for item in wice_features}
    claims = [Claim(t, features[t["id"]]) for t in wice_truth if any(t["supporting_sets"])]
    articles = [t["page_title"] for t in wice_truth if any(t["supporting_sets"])]
    print("ranking")
    for seed in range(DRAWS):
        fold, hits, recalls = folds(articles, seed), [], []
        for number in range(FOLDS):
            fitted = fit_ranking([c for c, f in zip(claims, fold) if f != number])
            hit, recall = ranked_well([c for c, f in zip(claims, fold) if f == number], *fitted)
            hits += hit
            recalls += recall
        print(f"  cross-validated {seed}: hit@1 {np.mean(hits):.3f}  recall@3 {np.mean(recalls):.3f}")
    first, further = fit_ranking(claims)
    hit, recall = ranked_well(claims, first, further)
    print(f"  all: hit@1 {np.mean(hit):.3f}  recall@3 {np.mean(recall):.3f}")
    print("  FIRST  ", ", ".join(f"{n}: {v:.2f}" for n, v in zip(WORTH, first)))
    print("  FURTHER", ", ".join(f"{n}: {v:.2f}" for n, v in zip(WORTH, further)))

    truth = wice_truth + pairs_truth
    features.update({item["id"]: item for item in pairs_features})
    x = np.array([[features[t["id"]]["signals"][name] for name in SIGNALS] for t in truth])
    y = np.array([float(t["label"] in ("supported", "attributable")) for t in truth])
    wice = np.array(["supporting_sets" in t for t in truth])
    groups = [t.get("page_title") or t.get("question") or "" for t in truth]
    print("probability")
    held = np.zeros((DRAWS, len(y)))
    for seed in range(DRAWS):
        fold = folds(groups, seed)
        for number in range(FOLDS):
            train = fold != number
            inner = folds([g for g, t in zip(groups, train) if t], seed + 100)
            fitted = fit_probability(x[train], y[train], wice[train], inner)
            held[seed][~train] = probability(x[~train], *fitted)
        print(f"  cross-validated {seed}: WiCE {auroc(y[wice], held[seed][wice]):.3f}  AttributionBench {auroc(y[~wice], held[seed][~wice]):.3f}")
    print("reliability on WiCE, cross-validated, the three draws together")
    reliability(np.tile(y[wice], DRAWS), held[:, wice].ravel())
    print("reliability on AttributionBench, likewise")
    reliability(np.tile(y[~wice], DRAWS), held[:, ~wice].ravel())
    constants, level = fit_probability(x, y, wice, folds(groups, 0))
    score = probability(x, constants, level)
    print(f"  all: WiCE {auroc(y[wice], score[wice]):.3f}  AttributionBench {auroc(y[~wice], score[~wice]):.3f}")
    print(f"  LEVEL {level:.2f}  ", "  ".join(f"{n.upper()} {c:.2f}" for n, c in zip(SIGNALS, constants)))
    print("cuts: of supported on the cross-validated probability, of partial on the share of the claim in the picks;")
    print("macro-F1 on WiCE (three labels) and on AttributionBench (two)")
    labels = [t["label"] for t in wice_truth]
    names = ["not_supported", "partially_supported", "supported"]
    shares = []
    for item in wice_truth:
        claim = Claim({"supporting_sets": [[0]]}, features[item["id"]])
        picked = [claim.sentences.index(s) for s in claim.order(first, further, PICKS)[0]]
        shares.append(claim.terms[picked].max(axis=0).sum() if picked else 0.0)
    for high in (0.35, 0.4, 0.45, 0.5, 0.55, 0.6):
        three = {
            low: np.mean(
                [macro_f1(labels, [names[2 if p >= high else int(s >= low)] for p, s in zip(draw[wice], shares)]) for draw in held]
            )
            for low in (0.2, 0.25, 0.3, 0.35, 0.4, 0.45)
        }
        low = max(three, key=three.get)
        two = np.mean([macro_f1(list(y[~wice]), [float(s >= high) for s in draw[~wice]]) for draw in held])
        print(f"  {high:.2f}  {low:.2f}  {three[low]:.3f}  {two:.3f}")
    if len(sys.argv) > 5:
        said = {item["id"]: item["score"] for item in load(sys.argv[5])}
        print("reliability on WiCE, as the program says")
        reliability(y[wice], np.array([said[t["id"]] for t in wice_truth]))


if __name__ == "__main__":
    main()
