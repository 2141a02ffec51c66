#!/usr/bin/env python3
"""Fits the trees that tell main text from the rest, and writes src/evidence/main_text/fitted.rs.

    cargo run --release --example evaluate -- lines DIR/inputs.jsonl > DIR/lines.jsonl     (for each set)
    OMP_NUM_THREADS=1 scripts/fit_main_text.py [--write FITTED.rs] DIR...

DIR holds truth.jsonl ("id", "url", and "text" or "with" and "without") and lines.jsonl. Needs numpy and
lightgbm 4. It first says how well trees do on sites that they were not fitted on, then fits on all.
The numbers of a line come from the program itself, so that it is fitted on what it will see.
"""
import argparse
import collections
import hashlib
import json
import pathlib
import re
import statistics
import unicodedata

import lightgbm
import numpy as np

from fitted_trees import constants, wrapped

FOLDS = 4
ROUNDS = 200
# Random cuts, few leaves, many rows a leaf: 640 pages are few.
TREES = dict(
    objective="binary", extra_trees=True, learning_rate=0.08, num_leaves=15, min_data_in_leaf=60,
    min_sum_hessian_in_leaf=5, feature_fraction=0.3, bagging_fraction=0.7, bagging_freq=1,
    lambda_l2=20, max_bin=63, num_threads=1, seed=1, deterministic=True, force_row_wise=True, verbose=-1,
)
PAGE_WEIGHT = 100.0  # of a page whose whole text is known; its lines share it by their words
SNIPPETS_WEIGHT = 40.0  # of a page of which some strings are known
LIGHTEST = 0.5  # lines lighter than this are drawn by weight
LEAST = 0.35  # as in choose.rs
RUN = 3  # words in a row that make a match
WORD = re.compile(r"\w+")


def words(text):
    return WORD.findall(unicodedata.normalize("NFKC", text).lower())


def squash(text):
    return " ".join(unicodedata.normalize("NFKC", text).split())


def site(url):
    labels = re.sub(r"^\w+://", "", url.strip()).split("/")[0].split(":")[0].lower().split(".")
    second = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in {"co", "com", "org", "net", "ac", "gov", "edu"}
    return ".".join(labels[-3:] if second else labels[-2:])


class Page:
    def __init__(self, truth, dumped):
        self.truth = truth
        self.site = site(truth["url"])
        self.text = [text for text, _ in dumped["lines"]]
        self.rows = np.array([row for _, row in dumped["lines"]], np.float32)
        self.words = [words(text) for text in self.text]
        self.count = np.array([len(line) for line in self.words], float)
        self.gold = [word for line in truth["text"].split("\n") for word in words(line)] if "text" in truth else None
        self.label = self.labels()

    def labels(self):
        """For each line the share of it that is main text; not a number where nobody knows."""
        label = np.full(len(self.text), np.nan)
        if self.gold is not None:
            return self.aligned()
        text, spans = "", []
        for line in self.text:
            line = squash(line)
            spans.append((len(text), len(text) + len(line)))
            text += line + " "
        for value, field in ((1, "with"), (0, "without")):
            for snippet in map(squash, self.truth.get(field, [])):
                at = text.find(snippet)
                while at >= 0:
                    for index, (start, end) in enumerate(spans):
                        if start < at + len(snippet) and end > at:
                            label[index] = value
                    at = text.find(snippet, at + 1)
        return label

    def aligned(self):
        """By the longest common runs of words; each word of the reference is used once."""
        page = [word for line in self.words for word in line]
        line_of = np.repeat(np.arange(len(self.words)), [len(line) for line in self.words])
        places = collections.defaultdict(list)
        for at in range(len(self.gold) - RUN + 1):
            places[tuple(self.gold[at:at + RUN])].append(at)
        runs = []
        for at in range(len(page) - RUN + 1):
            for other in places.get(tuple(page[at:at + RUN]), ())[:50]:
                if at and other and page[at - 1] == self.gold[other - 1]:
                    continue
                length = RUN
                while page[at + length:at + length + 1] == self.gold[other + length:other + length + 1] != []:
                    length += 1
                runs.append((length, at, other))
        runs.sort(key=lambda run: (-run[0], run[1]))
        used, used_gold = np.zeros(len(page), bool), np.zeros(len(self.gold), bool)
        for length, at, other in runs:
            free = ~(used[at:at + length] | used_gold[other:other + length])
            edges = np.flatnonzero(np.diff(np.concatenate([[0], free.astype(int), [0]])))
            starts, ends = edges[::2], edges[1::2]
            if not len(starts):
                continue
            best = int(np.argmax(ends - starts))
            start, end = starts[best], ends[best]
            if end - start >= RUN:
                used[at + start:at + end] = used_gold[other + start:other + end] = True
        hits = np.bincount(line_of[used], minlength=len(self.words)) if len(page) else np.zeros(len(self.words))
        label = hits / np.maximum(self.count, 1)
        # Short lines of the reference that are left over: the like line nearest to what was found.
        left, at = collections.Counter(), 0
        for line in map(words, self.truth["text"].split("\n")):
            if line and len(line) <= 4 and not used_gold[at:at + len(line)].any():
                left[tuple(line)] += 1
            at += len(line)
        found = np.flatnonzero(label > 0.5)
        near = lambda index: abs(found - index).min() if len(found) else 0
        waiting = [(near(i), i) for i, line in enumerate(self.words) if label[i] < 0.5 and left.get(tuple(line))]
        for _, index in sorted(waiting):
            if left[tuple(self.words[index])] > 0:
                left[tuple(self.words[index])] -= 1
                label[index] = 1
        return label

    def weights(self):
        known = ~np.isnan(self.label)
        if self.gold is None:
            return np.where(known, SNIPPETS_WEIGHT / max(6, known.sum()), 0)
        if not self.gold:
            return np.zeros(len(self.text))
        return (self.count + 2) / (self.count + 2).sum() * PAGE_WEIGHT

    def choose(self, probabilities):
        """As choose.rs does."""
        weight, cut = self.rows[:, 0].astype(float), 0.5
        for _ in range(8):
            taken = probabilities > cut
            right = (weight * probabilities)[taken].sum()
            cut = max(right / max(weight[taken].sum() + (weight * probabilities).sum(), 1e-9), LEAST)
        return probabilities > cut


def fit(pages):
    rows = np.concatenate([page.rows for page in pages])
    label = np.concatenate([page.label for page in pages])
    weight = np.concatenate([page.weights() for page in pages])
    drawn = np.random.default_rng(1).random(len(weight)) < np.minimum(1, weight / LIGHTEST)
    keep = (weight > 0) & ~np.isnan(label) & drawn
    rows, label, weight = rows[keep], label[keep], np.maximum(weight, LIGHTEST)[keep]
    # A line that is partly main text counts as both.
    partly = (label > 0.15) & (label < 0.85)
    sure = np.where(label > 0.5, label, 1 - label)
    answers = (label > 0.5).astype(float)
    return lightgbm.train(TREES, lightgbm.Dataset(
        np.concatenate([rows, rows[partly]]),
        np.concatenate([answers, 1 - answers[partly]]),
        weight=np.concatenate([np.where(partly, weight * sure, weight), (weight * (1 - sure))[partly]]),
    ), num_boost_round=ROUNDS)


def overlap(found, gold, size):
    grams = lambda tokens: collections.Counter(zip(*(tokens[i:] for i in range(size))))
    one, other = grams(found), grams(gold)
    hit = sum((one & other).values())
    precision = hit / one.total() if one else float(not other)
    recall = hit / other.total() if other else float(not one)
    return precision, recall


def f1(precision, recall):
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def report(name, pages, predict):
    """Word F1 of pages, 4-gram F1 of mean precision and recall, snippets F1."""
    by_set = collections.defaultdict(lambda: ([], [], [0, 0, 0]))
    for page in pages:
        single, fours, snippets = by_set[page.folder]
        chosen = np.flatnonzero(page.choose(predict(page))) if len(page.text) else []
        if page.gold is None:
            text = squash("\n".join(page.text[i] for i in chosen))
            wanted = [squash(s) in text for s in page.truth.get("with", [])]
            snippets[0] += sum(wanted)
            snippets[1] += len(wanted)
            snippets[2] += sum(squash(s) in text for s in page.truth.get("without", []))
        else:
            found = [word for i in chosen for word in page.words[i]]
            single.append(f1(*overlap(found, page.gold, 1)))
            fours.append(overlap(found, page.gold, 4))
    for folder, (single, fours, (hit, wanted, wrong)) in by_set.items():
        if single:
            four = f1(*(statistics.mean(side) for side in zip(*fours)))
            print(f"{name} {folder}: word F1 {statistics.mean(single):.4f}, 4-gram F1 {four:.4f}")
        else:
            print(f"{name} {folder}: snippets F1 {f1(hit / max(hit + wrong, 1), hit / max(wanted, 1)):.4f}")


def rust(model):
    """The trees as the constants of forest.rs."""
    roots, nodes, leaves = constants(model)
    return f"""//! Fitted constants: the trees that tell main text from the rest.
//!
//! **In:** a row of `features`. **Out:** [`MODEL`]. **Not here:** how trees answer (`forest`).
//! Written by `scripts/fit_main_text.py`; not edited by hand.

use super::forest::{{Forest, Node}};

/// How many numbers a row has.
pub(super) const NUMBERS: usize = {model.num_feature()};

pub(super) static MODEL: Forest = Forest {{
    roots: ROOTS,
    nodes: NODES,
    leaves: LEAVES,
}};

static ROOTS: &[i16] = &[
{wrapped(roots)}
];

static NODES: &[Node] = &[
{wrapped(nodes)}
];

static LEAVES: &[f32] = &[
{wrapped(f"{leaf:.4f}" for leaf in leaves)}
];
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", type=pathlib.Path)
    parser.add_argument("folders", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    pages = []
    for folder in options.folders:
        load = lambda name: (json.loads(line) for line in open(folder / name, encoding="utf-8"))
        truth = {item["id"]: item for item in load("truth.jsonl")}
        for dumped in load("lines.jsonl"):
            if dumped["lines"]:
                pages.append(Page(truth[dumped["id"]], dumped))
                pages[-1].folder = folder.name
    fold = [int(hashlib.md5(page.site.encode()).hexdigest(), 16) % FOLDS for page in pages]
    models = [fit([page for page, other in zip(pages, fold) if other != k]) for k in range(FOLDS)]
    own = {id(page): models[k] for page, k in zip(pages, fold)}
    report("unseen sites", pages, lambda page: own[id(page)].predict(page.rows))
    model = fit(pages)
    report("fitted", pages, lambda page: model.predict(page.rows))
    if options.write:
        options.write.write_text(rust(model), encoding="utf-8")


if __name__ == "__main__":
    main()
