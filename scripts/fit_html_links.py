"""Fits how likely a link of a web page is one that the article itself set.

In:  ROWS.jsonl, what `cargo run --release --example evaluate -- html-rows INPUTS.jsonl` prints (one page a line: every link
     beside and in the article, with numbers about its place), and one or more TRUTH.jsonl with pages and their main
     text ("file" is relative to it, gzip).
Out: src/document/html/weigh/model.rs, and the figures of a cross-validation by site on stderr.

    python3 scripts/fit_html_links.py ROWS.jsonl TRUTH.jsonl... [--labels LABELS.json] [--hold IDS.json] > src/document/html/weigh/model.rs

Labels are made from the main texts: a link whose words and their neighbours stand in the text is the article's; one whose
block does not is not; the rest is left out, as are links within sentences that the text lacks (main texts are often cut
short) and all links outside the text of pages whose text lacks a quarter of the sentences. A third of the labels so made of
links outside of sentences are wrong all the same, so articles are better labelled by hand. LABELS.json does that, and the
pages in it are labelled by nothing else: {id: {number of the link on the page: "A" article, "N" not, "X" neither}}. HOLD.json
is a list of the pages that are kept for a test.

Needs numpy, lightgbm 4, scikit-learn, html5lib, lxml.
"""

import argparse, collections, difflib, gzip, json, os, re, sys, warnings, zlib
from urllib.parse import urlparse

import html5lib
import lightgbm
import numpy as np
from sklearn.metrics import roc_auc_score

from fitted_trees import constants, wrapped

warnings.filterwarnings("ignore")
BLOCK = set("p div li td th dd dt h1 h2 h3 h4 h5 h6 section article main body ul ol dl table tr tbody thead tfoot figure figcaption "
            "caption blockquote aside header footer nav form address details summary center pre fieldset br hr".split())
SKIP = set("script style noscript template head svg iframe textarea select object canvas audio video datalist noembed noframes map".split())
# Service and collection pages are set like articles; forums, shops and lists of results are not what people cite from.
TYPES = {None, "article", "documentation", "service", "collection"}
# What the figures are about.
ARTICLES = {None, "article", "documentation"}
# Asking for attention even within a sentence.
ASKING = ("profile", "follow", "policy", "account")
FOLDS = 6
# What a link weighs whose label was made.
MADE = 0.25
ROUNDS = 240
# Random cuts, few leaves: a few hundred pages are few.
TREES = dict(
    objective="binary", extra_trees=True, learning_rate=0.05, num_leaves=12, min_data_in_leaf=15, min_sum_hessian_in_leaf=1,
    feature_fraction=0.4, bagging_fraction=0.7, bagging_freq=1, lambda_l2=5, max_bin=63, num_threads=1, seed=1,
    deterministic=True, force_row_wise=True, verbose=-1,
)


def words(text):
    return re.findall(r"[^\W_]+", text.lower())


def links_of(path):
    """The lines of a page and its links, each with its place in them."""
    root = html5lib.parse(gzip.open(path).read().decode("utf-8", "replace"), treebuilder="lxml", namespaceHTMLElements=False).getroot()
    lines, links, inside, todo = [""], [], [], [("open", root)]

    def end_line():
        if lines[-1].strip():
            lines.append("")

    while todo:
        what, node = todo.pop()
        if what == "text":
            lines[-1] += node
            continue
        is_link = what != "text" and isinstance(node.tag, str) and node.tag == "a" and node.get("href") is not None
        if what == "close":
            if is_link and inside:
                inside.pop()["end"] = (len(lines) - 1, len(lines[-1]))
            if node.tag in BLOCK:
                end_line()
            continue
        if not isinstance(node.tag, str) or node.tag in SKIP:
            continue
        if node.tag in BLOCK:
            end_line()
        if is_link:
            place = (len(lines) - 1, len(lines[-1]))
            links.append({"href": node.get("href").strip(), "start": place, "end": place})
            inside.append(links[-1])
        todo.append(("close", node))
        for child in reversed(list(node)):
            if child.tail:
                todo.append(("text", child.tail))
            todo.append(("open", child))
        if node.text:
            todo.append(("text", node.text))
    return lines, links


def grams(tokens):
    return {tuple(tokens[at:at + 4]) for at in range(len(tokens) - 3)}


def label(lines, links, text):
    """A, N or X for each link."""
    tokens = [words(line) for line in lines]
    gold = " " + " ".join(words(text)) + " "
    gold_grams, gold_lines = grams(words(text)), {" ".join(words(line)) for line in text.split("\n")}
    full = [at for at, line in enumerate(tokens) if line]
    inside = {}
    for rank, at in enumerate(full):
        line = tokens[at]
        if len(line) >= 6:
            held = len(grams(line) & gold_grams) / len(grams(line))
            inside[at] = "A" if held >= 0.7 else "N" if held <= 0.1 else "X"
        elif f" {' '.join(line)} " not in gold:
            inside[at] = "N"
        else:
            # A short line is the text's where its neighbours are.
            before = tokens[full[rank - 1]][-3:] if rank else []
            after = tokens[full[rank + 1]][:3] if rank + 1 < len(full) else []
            near = [bool(before) and f" {' '.join(before + line)} " in gold, bool(after) and f" {' '.join(line + after)} " in gold]
            whole = " ".join(line) in gold_lines
            inside[at] = "A" if all(near) or (any(near) and whole) else "N" if not any(near) and not whole and len(line) <= 2 else "X"
    found = []
    for link in links:
        (line, start), (last, end) = link["start"], link["end"]
        if line == last:
            before, anchor, after = lines[line][:start], lines[line][start:end], lines[line][end:]
        else:
            before, after = "", ""
            anchor = " ".join([lines[line][start:], *lines[line + 1:last], lines[last][:end]])
        anchor = words(anchor)
        around = words(before)[-5:] + anchor + words(after)[:5]
        parts = {inside[at] for at in range(line, last + 1) if at in inside}
        if not anchor:
            found.append("X")
        elif len(around) > len(anchor) + 2 and f" {' '.join(around)} " in gold:
            found.append("A")
        elif len(around) > len(anchor) + 2 and f" {' '.join(anchor)} " not in gold:
            found.append("N" if parts == {"N"} else "X")
        else:
            found.append(parts.pop() if len(parts) == 1 else "X")
    return found


def examples(options):
    pages = {}
    for truth in options.truth:
        for line in open(truth):
            page = json.loads(line)
            pages[page["id"]] = page | {"path": os.path.join(os.path.dirname(truth), page["file"])}
    hand = json.load(open(options.labels)) if options.labels else {}
    held = set(json.load(open(options.hold))) if options.hold else set()
    names, found = None, []
    for line in open(options.rows):
        page = json.loads(line)
        truth = pages.get(page["id"])
        if truth is None or page["id"] in held or truth.get("type") not in TYPES or not page["rows"]:
            continue
        names = page["names"]
        by_hand = hand.get(page["id"])
        if "text" not in truth and by_hand is None:
            continue
        lines, links = links_of(truth["path"])
        hrefs = [row[0] for row in page["rows"]]
        blocks = difflib.SequenceMatcher(None, hrefs, [link["href"] for link in links], autojunk=False).get_matching_blocks()
        at = {block.a + step: block.b + step for block in blocks for step in range(block.size)}
        rows = [(at[index], kept, values) for index, (_, kept, _, values) in enumerate(page["rows"]) if index in at]
        if by_hand is None:
            labels = made(names, rows, label(lines, links, truth["text"]))
        else:
            labels = [by_hand.get(str(link), "X") for link, _, _ in rows]
        for says, (_, kept, values) in zip(labels, rows):
            if says in "AN":
                found.append((page["id"], site(truth["url"]), says == "A", by_hand is not None, kept, truth.get("type") in ARTICLES, values))
    return names, found


def made(names, rows, labels):
    """Labels made from the main text, without those that its gaps make."""
    said, sentences = [], collections.Counter()
    for link, _, values in rows:
        numbers, says = dict(zip(names, values)), labels[link]
        if numbers["until"] == 0:
            sentences[says] += 1
            if says == "N" and not any(numbers[name] for name in ASKING):
                says = "X"
        said.append(says)
    is_cut = sentences["N"] >= 3 and sentences["N"] * 3 > sentences["A"]
    return ["X" if says == "N" and is_cut else says for says in said]


def site(url):
    return ".".join(urlparse(url.strip()).netloc.split(".")[-2:])


def fit(x, y, weight):
    return lightgbm.train(TREES, lightgbm.Dataset(x, y, weight=weight), ROUNDS)


def report(ids, y, p, part, by_rules):
    """What is taken and what is lost at several cuts: of all links, and of each page."""
    for cut in (0, 0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6):
        kept = part & by_rules & (p >= cut)
        pages = collections.defaultdict(lambda: [0, 0, 0, 0])
        for page, own, taken in zip(ids[part], y[part], kept[part]):
            pages[page][2 * own] += 1
            pages[page][2 * own + 1] += taken
        others = [page[1] / page[0] for page in pages.values() if page[0]]
        losses = [1 - page[3] / page[2] for page in pages.values() if page[2]]
        log(f"  cut {cut}: taken {kept.sum()}, of them not the article's {(kept & ~y).sum()} of {(part & ~y).sum()}; "
            f"lost {(part & y & ~kept).sum()} of {(part & y).sum()}; by page, not the article's taken "
            f"mean {np.mean(others):.3f} median {np.median(others):.3f}, lost mean {np.mean(losses):.4f} median {np.median(losses):.4f}")


def log(*what):
    print(*what, file=sys.stderr, flush=True)


def rust(model, names, head):
    """The trees as the constants of `weigh::trees`."""
    roots, nodes, leaves = constants(model)
    return f"""//! Fitted constants: the trees that tell the text's own links from the rest.
//!
//! **In:** `Features`. **Out:** [`ROOTS`], [`NODES`], [`LEAVES`]. **Not here:** how trees answer
//! (`trees`). Written by `scripts/fit_html_links.py`; not edited by hand.
//!
{head}

use super::trees::Node;

pub(super) static ROOTS: &[i16] = &[
{wrapped(roots)}
];

pub(super) static NODES: &[Node] = &[
{wrapped(nodes)}
];

pub(super) static LEAVES: &[f32] = &[
{wrapped(f"{leaf:.4f}" for leaf in leaves)}
];
"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("rows")
    parser.add_argument("truth", nargs="+")
    parser.add_argument("--labels")
    parser.add_argument("--hold")
    options = parser.parse_args()
    names, found = examples(options)
    ids, sites, y, by_hand, by_rules, article, x = (np.array(column) for column in zip(*found))
    x, per_page = x.astype(float), collections.Counter(ids)
    # Pages of hundreds of links do not rule.
    weight = np.array([(1 if hand else MADE) * min(1, (30 / per_page[page]) ** 0.7) for page, hand in zip(ids, by_hand)])
    fold = np.array([zlib.crc32(site.encode()) % FOLDS for site in sites])
    p = np.zeros(len(y))
    for k in range(FOLDS):
        p[fold == k] = fit(x[fold != k], y[fold != k], weight[fold != k]).predict(x[fold == k])
    every, own = roc_auc_score(y, p), roc_auc_score(y[article], p[article])
    log(len(per_page), "pages", len(y), "links", f"{y.mean():.3f} the article's; by site: area under the curve {every:.4f}, of articles {own:.4f}")
    for name, part in (("by hand", by_hand), ("made", ~by_hand)):
        if part.any():
            log(name, f"{roc_auc_score(y[part], p[part]):.4f}")
            report(ids, y, p, part, by_rules)
    model = fit(x, y, weight)
    log("by gain:", ", ".join(f"{name} {gain:.0f}" for gain, name in sorted(zip(model.feature_importance("gain"), names), reverse=True)))
    print(rust(model, names, f"//! {len(y)} links of {len(per_page)} pages; area under the curve {every:.3f}, of articles {own:.3f}, cross-validated by site."), end="")


main()
