//! What is known of a link's place, as numbers.
//!
//! **In:** nothing. **Out:** [`Features`], each with its name. **Not here:** how they are
//! taken (`place`, `group`), and what they weigh (`model`).

macro_rules! features {
    ($($(#[doc = $doc:literal])* $name:ident),* $(,)?) => {
        /// What is known of a link's place, one number each.
        #[derive(Debug, Clone, Copy, Default)]
        pub(in super::super) struct Features { $($(#[doc = $doc])* pub(super) $name: f32),* }

        impl Features {
            /// How many there are.
            pub(super) const COUNT: usize = [$(stringify!($name)),*].len();
            /// Their names, in order.
            pub(super) const NAMES: [&'static str; Self::COUNT] = [$(stringify!($name)),*];

            /// Each with its name.
            pub(in super::super) fn named(&self) -> impl Iterator<Item = (&'static str, f32)> {
                Self::NAMES.into_iter().zip(self.values())
            }

            /// Their values, in order.
            pub(super) const fn values(&self) -> [f32; Self::COUNT] {
                [$(self.$name),*]
            }
        }
    };
}

features! {
    // The link.
    /// It stands alone in its line.
    alone,
    /// It opens a window.
    blank,
    /// Its class makes it a button.
    button,
    /// It leads to the page's own site.
    home,
    /// It leads to the page's own directory.
    sibling,
    /// It is an address for mail.
    mail,
    /// It leads to what only sorts.
    sorting,
    /// It leads to where readers sign in or pay.
    account,
    /// It leads to someone's own page on a network.
    profile,
    /// `rel` says that the house does not stand for it.
    nofollow,
    /// How long its words are.
    length,
    /// Its words ask to do something.
    call,
    /// Its words order something.
    order,
    /// Its words begin as an order does.
    verb,
    /// Its words name the house's rules.
    policy,
    // Its block.
    /// How much stands before it in its block.
    before,
    /// How much stands after it.
    after,
    /// What stands right before it ends with a colon.
    colon,
    /// What stands before it asks to follow, to write or to subscribe.
    follow,
    /// What stands before it names authors, subjects or tags.
    filed,
    /// Its block begins with an arrow or another sign.
    arrow,
    /// Links in its block.
    block_links,
    /// Share of its block that is linked.
    block_linked,
    /// Its block is no paragraph, item, heading or cell.
    in_box,
    /// It stands in a heading.
    in_heading,
    /// Its block ends like a sentence.
    sentence,
    /// Its block leads on to further reading.
    lead,
    /// Its block names an author.
    byline,
    /// Such a link as `profile`, not the only one in its block.
    profiles,
    // What is around it.
    /// Share that is linked of the block around its block.
    linked1,
    /// And of the one around that.
    linked2,
    /// A list is around it.
    list,
    /// Links in that list.
    list_links,
    /// Share of the list that is linked.
    list_linked,
    /// Share of its links that lead to the page's own site.
    list_home,
    /// An `aside`, `header` or `footer` is around it.
    aside,
    /// What is around it is named as furniture is.
    named,
    /// How many neighbours of the same kind hold links, too.
    repeats,
    /// Words beside it in the largest element around it that has no more than two links.
    card_text,
    /// That element shows a picture.
    card_picture,
    /// It has a heading.
    card_heading,
    // What is said before and after.
    /// How much comes before the next prose.
    until,
    /// How much prose came before it.
    prose_before,
    /// How much comes after.
    prose_after,
    /// How far it is from the link before it.
    gap_before,
    /// How far to the next.
    gap_after,
    /// The heading above stands over sources.
    source_heading,
    /// Links since that heading.
    heading_links,
    /// What stands before it announces it ("Sources:").
    announced,
    /// What stands before it leads on ("Related").
    led,
    // Its like.
    /// Links of the article that lead to the same directory, each alone in its line.
    shape_alone,
    /// Share of the links to that directory which stand in sentences.
    shape_prose,
    /// Links around the article that lead there.
    shape_elsewhere,
    /// Links in a row with hardly a word between them.
    run,
    /// Share of them that lead to the page's own site.
    run_home,
    /// Share of them that lead to one directory.
    run_shape,
    /// How long their words are.
    run_length,
    /// Share of the article's links that stand in sentences.
    page_prose,
    /// Share of those that lead to the page's own site.
    page_home,
}
