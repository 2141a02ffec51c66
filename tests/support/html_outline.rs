//! A page as html5ever and scraper alone read it, told as `ibid::evidence::outline` tells it.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "each user takes its own part of this"
)]

/// Every start, end and text of a page in document order.
pub fn outline(html: &str) -> String {
    let tree = scraper::Html::parse_document(html);
    let mut outline = String::new();
    let mut node = tree.tree.root();
    'nodes: loop {
        if let Some(element) = node.value().as_element() {
            let mut attributes: Vec<(&str, &str)> = element.attrs().collect();
            attributes.sort_unstable();
            let space = &element.name.ns;
            outline += &format!("<{} {space} {attributes:?}>", element.name());
        } else if let Some(text) = node.value().as_text() {
            outline += &format!("{:?}", &**text);
        }
        if let Some(child) = node.first_child() {
            node = child;
            continue;
        }
        loop {
            if let Some(element) = node.value().as_element() {
                outline += &format!("</{}>", element.name());
            }
            match (node.next_sibling(), node.parent()) {
                (Some(next), _) => {
                    node = next;
                    continue 'nodes;
                }
                (None, Some(parent)) => node = parent,
                (None, None) => return outline,
            }
        }
    }
}
