"""A web for the benches: pages like pages, on many loopback hosts, and the document that cites them.

usage: web.py FOLDER PAGES HOSTS PORT

Writes FOLDER/www/ADDRESS/N.html and FOLDER/draft.md. The same arguments give the same web. Page sizes are
log-normal, with a median of 30 KB and at most 2 MB; the text is drawn from a small vocabulary by Zipf's law
and set in markup, so that it shrinks to about a quarter, as pages do."""
import math
import os
import random
import sys

CONSONANTS, VOWELS = "bcdfglmnprstv", "aeiou"


def host(number):
    return f"127.3.{number // 250}.{number % 250 + 1}"


def vocabulary(chance):
    syllable = lambda: chance.choice(CONSONANTS) + chance.choice(VOWELS)
    return ["".join(syllable() for _ in range(chance.choice((1, 2, 2, 3, 3, 4)))) for _ in range(5000)]


def sentences(chance, words):
    weights = [1 / (rank + 3) for rank in range(len(words))]
    made = []
    for _ in range(3000):
        drawn = chance.choices(words, weights, k=chance.randint(7, 24))
        made.append(" ".join(drawn).capitalize() + ".")
    return made


def page(chance, known, claim, pages):
    size = min(2_000_000, max(1500, int(chance.lognormvariate(math.log(30_000), 1.1))))
    parts, length = [], 0
    while length < size:
        text = " ".join(chance.choices(known, k=chance.randint(2, 6)))
        link = f'<a class="more" href="/{chance.randrange(pages)}.html">{chance.choice(known)[:40]}</a>'
        part = f'<section class="s{len(parts) % 5}"><p>{text}</p><p class="foot">{link}</p></section>\n'
        parts.append(part)
        length += len(part)
    parts.insert(len(parts) // 2, f"<p>{claim}</p>\n")
    title = chance.choice(known)[:60]
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{title}</title></head><body>"
        f"<nav><a href=/>Start</a> <a href=/all>All</a></nav><main><article><h1>{title}</h1>{''.join(parts)}"
        "</article></main><footer>Kept by the bench.</footer></body></html>"
    )


def main(folder, pages, hosts, port):
    chance = random.Random(2026)
    words = vocabulary(chance)
    known = sentences(chance, words)
    lines = ["# A draft with many sources\n"]
    for number in range(pages):
        address = host(number % hosts)
        claim = f"{chance.choice(known)[:-1]} on {chance.randint(1, 28)} May {chance.randint(1990, 2025)}, said {chance.randint(2, 9999)} people."
        place = f"{folder}/www/{address}"
        os.makedirs(place, exist_ok=True)
        with open(f"{place}/{number}.html", "w") as file:
            file.write(page(chance, known, claim, pages))
        lines.append(f"{claim[:-1]} ([source](http://{address}:{port}/{number}.html)).\n")
    with open(f"{folder}/draft.md", "w") as file:
        file.write("\n".join(lines))


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:5]))
