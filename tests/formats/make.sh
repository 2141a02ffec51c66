#!/usr/bin/env bash
# Makes the documents of this folder from forty.md with the programs that people use.
# usage: make.sh FOLDER   (needs pandoc, LibreOffice, pdflatex, Chromium)
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
out="${1:?usage: make.sh FOLDER}"
mkdir -p "$out"
for program in pandoc soffice pdflatex chromium; do
    command -v "$program" >/dev/null || { echo "make.sh: $program is missing" >&2; exit 1; }
done
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
cp "$here/forty.md" .

for format in docx odt epub mediawiki rtf json; do
    pandoc --standalone forty.md --output "pandoc.$format" --to "$format"
done
pandoc --standalone forty.md --output pandoc.html --to html
pandoc --standalone forty.md --output pandoc.tex --to latex \
    --variable geometry:margin=3cm --variable colorlinks
pdflatex -interaction=batchmode pandoc.tex >/dev/null
pdflatex -interaction=batchmode pandoc.tex >/dev/null
mv pandoc.pdf pdflatex.pdf
# Word's own habits, as LibreOffice writes them, and the other way round.
office() { soffice --headless "-env:UserInstallation=file://$work/profile" --convert-to "$@" >/dev/null 2>&1; }
office pdf --outdir "$work/lo" pandoc.docx
office odt --outdir "$work/lo" pandoc.docx
office rtf --outdir "$work/lo" pandoc.docx
office docx --outdir "$work/lo" pandoc.odt
for format in pdf odt rtf docx; do mv "lo/pandoc.$format" "libreoffice.$format"; done
chromium --headless --no-sandbox --disable-gpu --disable-background-networking \
    --user-data-dir="$work/chromium" --no-pdf-header-footer \
    --print-to-pdf=chromium.pdf "file://$work/pandoc.html" >/dev/null 2>&1
rm -f pandoc.aux pandoc.log pandoc.out
cp pandoc.* pdflatex.pdf libreoffice.* chromium.pdf "$out/"
