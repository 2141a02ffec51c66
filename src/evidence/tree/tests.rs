//! The tree is the one that html5ever's own tokenizer and scraper's tree make.

use super::*;
use proptest::prelude::*;

#[path = "../../../tests/support/html_outline.rs"]
mod html_outline;

fn same(html: &str) {
    assert_eq!(outline(html), html_outline::outline(html), "{html:?}");
}

#[test]
fn plain_and_odd_pages_are_read_as_html5ever_reads_them() {
    for html in [
        "",
        "a",
        "a & b &amp; c &ampd &amp",
        "<!doctype html><html lang=en><title>A &amp; B</title><p class=\"a b\" ID='c'>d<br/>e</p>",
        "<p a=1 a=2 b = 3 c>x</P ><p/ q>y",
        "<a href=?a=1&copy=2&lt=3&amp;b&#x41;&#128;&nbsp>l</a>",
        "<a href=\"?a=1&copy=2&copy&copy;&notit;\">l</a>",
        "<script>if (a<b) '</scriptx>' </script ><p>b",
        "<script><!-- <script> </script> --></script><p>b",
        "<svg><script>a<b>c</script><title>d<i>e</title></svg><style>f<g></style><p>",
        "<!--a--><!----><!--->b--><!--c--!>d<!-- e --- --><!--f",
        "<textarea>\na<b></textarea><pre>\nb</pre><xmp><i></xmp>",
        "<title>a<b>",
        "<table>a<tr>b<td>c<b>d<p>e</b>f</table>g",
        "<b><p>a</b>b<i>c</p>d</i><a>e<a>f",
        "<template><p>a</template><select><script>b</script><p>c</select>",
        "<math><mi>a<![CDATA[b<c]]></mi></math><?php a > b ?></ d><e",
        "<p a=\"x>y",
        "<plaintext><p></plaintext>",
        "<frameset><frame src=a></frameset><noframes><p></noframes>",
        "a\u{0}b<p a=\u{0}>c\rd",
        "<noscript><img src=a></noscript><meta charset=utf-8><iframe><p></iframe>",
    ] {
        same(html);
    }
}

#[test]
fn pages_of_unclosed_pieces_are_read_as_html5ever_reads_them() {
    for piece in [
        "<svg><script>",
        "<!----!>",
        "<title>",
        "<p a='",
        "&amp",
        "<b><p>",
        "</p>\r",
    ] {
        same(&piece.repeat(200));
    }
}

#[test]
fn few_tags_make_few_nodes() {
    let open: String = (0..200).map(|id| format!("<b id={id}>")).collect();
    for page in [
        format!("<p>{open}</p>{}", "<p>a</p>".repeat(5_000)),
        format!(
            "<script>{}</script>{}",
            open.repeat(9),
            "<b><p>a".repeat(60_000)
        ),
    ] {
        let tree = Tree::of(&page);
        assert!(tree.nodes.len() < 400_000, "{}", tree.nodes.len());
    }
    let deep = "<div>a".repeat(20_000);
    let (_, deepest) =
        Tree::of(&deep)
            .walk()
            .fold((0, 0), |(depth, most): (usize, usize), step| {
                let depth = match step {
                    Step::Open(_) => depth + 1,
                    Step::Close(_) => depth - 1,
                    Step::Text(_) => depth,
                };
                (depth, most.max(depth))
            });
    assert!((1_000..1_200).contains(&deepest), "{deepest}");
}

proptest! {
    #[test]
    fn any_mixture_is_read_as_html5ever_reads_it(pieces in proptest::collection::vec(0..PIECES.len(), 0..40)) {
        let html: String = pieces.into_iter().filter_map(|at| PIECES.get(at).copied()).collect();
        same(&html);
    }
}

const PIECES: &[&str] = &[
    "<",
    ">",
    "/",
    "=",
    "\"",
    "'",
    " ",
    "\n",
    "-",
    "--",
    "-->",
    "--!>",
    "<!--",
    "!",
    "a",
    "b=c",
    "&",
    "&amp;",
    "&amp",
    "&lt",
    "&#65;",
    "&#x80;",
    "&notit;",
    "&copy=",
    ";",
    "<p>",
    "<p ",
    "</p>",
    "<P a=\"b\">",
    "<b>",
    "</b>",
    "<a href='x?y=1&z=2'>",
    "</a>",
    "<br/>",
    "<table>",
    "<tr>",
    "<td>",
    "</table>",
    "<script>",
    "</script>",
    "</script",
    "<style>",
    "</style>",
    "<title>",
    "</title>",
    "<textarea>",
    "</textarea>",
    "<svg>",
    "</svg>",
    "<math>",
    "<select>",
    "<option>",
    "<template>",
    "</template>",
    "<![CDATA[",
    "]]>",
    "<!doctype html>",
    "<?x",
    "\u{0}",
    "é",
    "<noscript>",
    "</noscript>",
    "<form>",
    "<li>",
    "<frameset>",
    "<body a=1>",
    "<html b=2>",
    "<pre>",
    "<plaintext>",
    "<iframe>",
    "</iframe>",
];
