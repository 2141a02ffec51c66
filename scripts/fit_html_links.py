"""Fits how likely a link of a web page is one that the article itself set.

In:  ROWS.jsonl, what `cargo run --release --example evaluate -- html-rows INPUTS.jsonl` prints (one page a line: every link
     beside and in the article, with numbers about its place), and one or more TRUTH.jsonl with pages and their main
     text ("file" is relative to it, gzip).
Out: src/document/html/weigh/model.rs, and the figures of a cross-validation by site on stderr.

    python3 scripts/fit_html_links.py ROWS.jsonl TRUTH.jsonl... [--labels LABELS.json] [--hold IDS.json] > src/document/html/weigh/model.rs

Labels are made from the main texts: a link whose words and their neighbours stand in the text is the article's; one whose
block does not is not; the rest is left out, as are links within sentences that the text lacks (main texts are often cut
short) and all links outside the text of pages whose text lacks a quarter of the sentences. LABELS.json corrects them by hand:
{id: {number of the link on the page: "A" article, "N" not, "X" neither}}.

Needs numpy, scikit-learn, html5lib, lxml.
"""

import argparse, collections, difflib, gzip, json, os, re, sys, warnings, zlib
from urllib.parse import urlparse

import html5lib
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

warnings.filterwarnings("ignore")
BLOCK = set("p div li td th dd dt h1 h2 h3 h4 h5 h6 section article main body ul ol dl table tr tbody thead tfoot figure figcaption "
            "caption blockquote aside header footer nav form address details summary center pre fieldset br hr".split())
SKIP = set("script style noscript template head svg iframe textarea select object canvas audio video datalist noembed noframes map".split())
# Service and collection pages are set like articles; forums, shops and lists of results are not what people cite from.
TYPES = {None, "article", "documentation", "service", "collection"}
# What the figures are about.
ARTICLES = {None, "article", "documentation"}
# Asking for attention even within a sentence.
ASKING = ("profile", "ask", "policy", "account")
FOLDS = 6
STRENGTH = 0.06


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
        by_hand = hand.get(page["id"], {})
        if "text" not in truth and not by_hand:
            continue
        lines, links = links_of(truth["path"])
        labels = label(lines, links, truth["text"]) if "text" in truth else ["N"] * len(links)
        hrefs = [row[0] for row in page["rows"]]
        blocks = difflib.SequenceMatcher(None, hrefs, [link["href"] for link in links], autojunk=False).get_matching_blocks()
        at = {block.a + step: block.b + step for block in blocks for step in range(block.size)}
        rows, sentences = [], collections.Counter()
        for index, (href, kept, _, values) in enumerate(page["rows"]):
            if index not in at:
                continue
            is_hand = str(at[index]) in by_hand
            says = by_hand.get(str(at[index]), labels[at[index]])
            numbers = dict(zip(names, values))
            in_sentence = numbers["until"] == 0
            if in_sentence and not is_hand:
                sentences[says] += 1
            if not is_hand and says == "N" and in_sentence and not any(numbers[name] for name in ASKING):
                says = "X"
            rows.append((says, is_hand, kept, values))
        is_cut = sentences["N"] >= 3 and sentences["N"] * 3 > sentences["A"]
        site = ".".join(urlparse(truth["url"].strip()).netloc.split(".")[-2:])
        for says, is_hand, kept, values in rows:
            if says in "AN" and not (is_cut and says == "N" and not is_hand):
                found.append((page["id"], site, says == "A", is_hand, kept, truth.get("type") in ARTICLES, values))
    return names, found


def fit(x, y, weight):
    mean, spread = x.mean(0), x.std(0)
    spread[spread == 0] = 1
    model = LogisticRegression(C=STRENGTH, penalty="l1", solver="liblinear", max_iter=500, random_state=0)
    model.fit((x - mean) / spread, y, sample_weight=weight)
    slopes = model.coef_[0] / spread
    return slopes, model.intercept_[0] - mean @ slopes


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
    weight = np.array([(2 if hand else 1) * min(1, (30 / per_page[page]) ** 0.7) for page, hand in zip(ids, by_hand)])
    fold = np.array([zlib.crc32(site.encode()) % FOLDS for site in sites])
    p = np.zeros(len(y))
    for k in range(FOLDS):
        slopes, start = fit(x[fold != k], y[fold != k], weight[fold != k])
        p[fold == k] = 1 / (1 + np.exp(-(x[fold == k] @ slopes + start)))
    log = lambda *what: print(*what, file=sys.stderr)
    log(len(per_page), "pages", len(y), "links", f"{y.mean():.3f} the article's")
    log(f"by site: area under the curve {roc_auc_score(y, p):.4f}, of articles {roc_auc_score(y[article], p[article]):.4f}")
    for cut in (0, 0.2, 0.3, 0.4, 0.5, 0.6):
        for name, part in (("hand", by_hand), ("made", article & ~by_hand)):
            kept = part & (p >= cut)
            log(f"cut {cut} {name}: taken {kept.sum()}, of them not the article's {(kept & ~y).sum()}; lost {(part & y & (p < cut)).sum()} of {(part & y).sum()}")
            # What the rules of `article` keep, too.
            kept &= by_rules
            log(f"  with the rules: not the article's {(kept & ~y).sum()} of {kept.sum()}; lost {(part & by_rules & y & ~kept).sum()} more")
    slopes, start = fit(x, y, weight)
    print("//! The weights of what is known of a link's place.\n//!")
    print("//! **In:** [`Features`]. **Out:** a likelihood. **Not here:** what they mean.\n//!")
    print(f"//! Logistic regression (L1), fitted by `scripts/fit_html_links.py` on {len(y)} links of {len(per_page)} pages,")
    print(f"//! 2026-11-25; area under the curve {roc_auc_score(y, p):.3f}, cross-validated by site.\n")
    print("use super::Features;\n")
    print(f"const START: f32 = {start:.3f};\n")
    print("const WEIGHTS: [f32; Features::COUNT] = [")
    for name, slope in zip(names, slopes):
        print(f"    {slope + 0:.3f}, // {name}")
    print("];\n")
    print("/// How likely a link so placed is one that the text itself set, 0 to 1.")
    print("pub(super) fn likelihood(features: &Features) -> f32 {")
    print("    let values = features.values();")
    print("    let sum: f32 = values.iter().zip(WEIGHTS).map(|(value, weight)| value * weight).sum();")
    print("    1.0 / (1.0 + (-(START + sum)).exp())\n}")


main()
