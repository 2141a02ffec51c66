//! BibTeX and biblatex: entries of a `.bib` file as a person would read them.
//!
//! **In:** the characters of a `.bib` file. **Out:** each entry's text with its links
//! in it, and a [`Problem`] for each entry that is damaged; what could be read of
//! such a one is kept. **Not here:** citation styles; who cites an entry.
//!
//! We split entries ourselves, because a bibliography that people keep for years has
//! broken ones, and one of them must not cost the others.

mod entry;
mod finished;
mod scan;

use super::{ByteSpan, Problem};

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key by which a text cites it.
    pub key: String,
    /// Author, title, where it appeared, year, and its addresses as written.
    pub text: String,
    /// Addresses and the part of `text` that each stands on.
    pub links: Vec<(String, ByteSpan)>,
    /// Who wrote it, as a sentence names them: "Smith and Jones", "Smith et al.".
    pub authors: String,
    /// The year, where it has one.
    pub year: String,
}

/// The entries of a `.bib` file in their order.
#[must_use]
pub fn entries(text: &str) -> (Vec<Entry>, Vec<Problem>) {
    let (raw, problems) = scan::entries(text);
    (entry::made(&raw), problems)
}

/// The entries of a list that biber has made for biblatex.
pub(super) fn finished_entries(text: &str) -> Vec<Entry> {
    entry::made(&finished::entries(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_entry_reads_as_a_person_would_write_it() {
        let check = |source: &str, text: &str, urls: &[(&str, &str)]| {
            let (found, problems) = entries(source);
            assert!(problems.is_empty(), "{problems:?}");
            assert_eq!(found.len(), 1, "{source}");
            let links: Vec<_> = found[0]
                .links
                .iter()
                .map(|(url, span)| (url.as_str(), span.of(&found[0].text)))
                .collect();
            assert_eq!((found[0].text.as_str(), links.as_slice()), (text, urls));
        };
        check(
            "@article{rain, author = {M{\\\"u}ller, Jan and Ruth O'Hara}, title = {The {Rain} of
  Bergen}, journal = \"Weather\", volume = 3, number = {2}, pages = {4--9}, year = 2010,
  doi = {10.5555/rain}, url = {https://e.example/a_b%20c}}",
            "Müller, Jan; Ruth O’Hara. The Rain of Bergen. Weather, 3(2), 4–9. 2010. \
             doi:10.5555/rain. https://e.example/a_b%20c",
            &[
                ("https://doi.org/10.5555/rain", "doi:10.5555/rain"),
                ("https://e.example/a_b%20c", "https://e.example/a_b%20c"),
            ],
        );
        check(
            "@misc{x, title={A}, howpublished={\\url{https://e.example/x\\_y}}, month = jan, year=1999}",
            "A. https://e.example/x_y. 1999-01.",
            &[("https://e.example/x_y", "https://e.example/x_y")],
        );
        check(
            "@online{x, title={A}, eprint={2101.00001}, eprinttype={arxiv}, date={2021-01-02}}",
            "A. 2021-01-02. arXiv:2101.00001",
            &[("https://arxiv.org/abs/2101.00001", "arXiv:2101.00001")],
        );
        check(
            "@misc(x, title={A}, note={See \\href{https://e.example/}{the log} of https://e.example/b.})",
            "A. See the log of https://e.example/b.",
            &[
                ("https://e.example/", "the log"),
                ("https://e.example/b", "https://e.example/b"),
            ],
        );
        check(
            "@misc{x, title={A}, doi={https://doi.org/10.5555/a}, url={http://dx.doi.org/10.5555/a}}",
            "A. https://doi.org/10.5555/a",
            &[("https://doi.org/10.5555/a", "https://doi.org/10.5555/a")],
        );
    }

    #[test]
    fn strings_parents_and_people_are_known() {
        let (found, problems) = entries(
            "@string{w = \"Weather\"} @comment{x} @preamble{\"y\"}
             % a remark with an @ in it
             @inproceedings{a, author={Lee, A and Poe, B and others}, title={T}, crossref={p},
               note = w # { Review}}
             @proceedings{p, title={Proc.}, year={2001}, url={https://e.example/p}}",
        );
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(found[0].authors, "Lee et al.");
        assert_eq!(found[0].year, "2001");
        assert_eq!(
            found[0].text,
            "Lee, A; Poe, B; et al. T. In: Proc. Weather Review. 2001."
        );
    }

    #[test]
    fn one_broken_entry_does_not_cost_the_others() {
        let check = |source: &str, keys: &[&str], problems: usize| {
            let (found, told) = entries(source);
            let found: Vec<_> = found.iter().map(|entry| entry.key.as_str()).collect();
            assert_eq!((found.as_slice(), told.len()), (keys, problems), "{source}");
        };
        check(
            "@a{x, title={T}}\n@a{y, title={U\n}\n@a{z, title={V}}",
            &["x", "y", "z"],
            1,
        );
        check("@a{x, title={{{T}\n@a{y, title={U}}\n", &["x", "y"], 1);
        check("@a{x title={T}}\n@a{y, title={U}}", &["y"], 1);
        check(
            "@a{x, title={T},, year 2000}\n@a{y, title={U}}",
            &["x", "y"],
            1,
        );
        check("mail me@home.example\n@a{y, title={U}}", &["y"], 0);
        check("@a{x, title={T}} @a{x, title={U}}", &["x", "x"], 0);
    }

    proptest! {
        #[test]
        fn any_text_gives_links_within_its_entries(text in "(@a\\{x,|title|url|doi|=|\\{|\\}|\"|#|\\\\|%|é|\n|,| |https://e.example/|\\\\url|1){0,40}") {
            for entry in entries(&text).0 {
                for (_, span) in &entry.links {
                    prop_assert!(entry.text.get(span.start..span.end).is_some());
                }
            }
        }
    }

    #[test]
    fn time_is_linear_in_what_it_is_fed() {
        for piece in [
            "@a{x, t={",
            "@a{x,t={y}",
            "@",
            "{",
            "@a{x,\n@a{y,\n",
            "\\url{",
            "@a{k,t={{\n",
        ] {
            let (found, _) = entries(&piece.repeat(20_000));
            assert!(found.len() <= 20_000);
        }
    }
}
