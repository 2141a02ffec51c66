//! What elements are called, as a set of marks.
//!
//! **In:** an element's name, or its classes, identifier, role. **Out:** the marks that they
//! bear, one bit each. **Not here:** what follows from them: names lie, so the fitted
//! trees (`forest`) weigh them against everything else.
//!
//! The words are what page builders, shops, forums and news sites write, not what one site does.

/// How many marks there are.
pub(super) const MARKS: usize = 52;

/// What an element may be, or be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Mark {
    Main,
    Article,
    Section,
    Aside,
    Nav,
    Header,
    Footer,
    Form,
    Figure,
    List,
    Item,
    Table,
    Cell,
    Terms,
    Quote,
    Code,
    Paragraph,
    Link,
    Control,
    Heading,
    Address,
    Comment,
    Related,
    Share,
    Menu,
    Foot,
    Head,
    Side,
    Ad,
    Consent,
    Letter,
    Byline,
    Bio,
    Tags,
    Caption,
    Popup,
    Search,
    Pager,
    Account,
    Shop,
    Review,
    Toc,
    Hidden,
    Content,
    Title,
    Thread,
    Product,
    Card,
    Hero,
    Faq,
    Signature,
    Home,
}

/// The marks in the order of their bits.
pub(super) const ALL: [(Mark, &str); MARKS] = [
    (Mark::Main, "main"),
    (Mark::Article, "article"),
    (Mark::Section, "section"),
    (Mark::Aside, "aside"),
    (Mark::Nav, "nav"),
    (Mark::Header, "header"),
    (Mark::Footer, "footer"),
    (Mark::Form, "form"),
    (Mark::Figure, "figure"),
    (Mark::List, "list"),
    (Mark::Item, "item"),
    (Mark::Table, "table"),
    (Mark::Cell, "cell"),
    (Mark::Terms, "terms"),
    (Mark::Quote, "quote"),
    (Mark::Code, "code"),
    (Mark::Paragraph, "paragraph"),
    (Mark::Link, "link"),
    (Mark::Control, "control"),
    (Mark::Heading, "heading"),
    (Mark::Address, "address"),
    (Mark::Comment, "comment"),
    (Mark::Related, "related"),
    (Mark::Share, "share"),
    (Mark::Menu, "menu"),
    (Mark::Foot, "foot"),
    (Mark::Head, "head"),
    (Mark::Side, "side"),
    (Mark::Ad, "ad"),
    (Mark::Consent, "consent"),
    (Mark::Letter, "letter"),
    (Mark::Byline, "byline"),
    (Mark::Bio, "bio"),
    (Mark::Tags, "tags"),
    (Mark::Caption, "caption"),
    (Mark::Popup, "popup"),
    (Mark::Search, "search"),
    (Mark::Pager, "pager"),
    (Mark::Account, "account"),
    (Mark::Shop, "shop"),
    (Mark::Review, "review"),
    (Mark::Toc, "toc"),
    (Mark::Hidden, "hidden"),
    (Mark::Content, "content"),
    (Mark::Title, "title"),
    (Mark::Thread, "thread"),
    (Mark::Product, "product"),
    (Mark::Card, "card"),
    (Mark::Hero, "hero"),
    (Mark::Faq, "faq"),
    (Mark::Signature, "signature"),
    (Mark::Home, "home"),
];

impl Mark {
    pub(super) const fn bit(self) -> u64 {
        1 << self as u8
    }
}

/// The mark of an element's name.
pub(super) fn of_name(name: &str) -> u64 {
    match name {
        "main" => Mark::Main.bit(),
        "article" => Mark::Article.bit(),
        "section" => Mark::Section.bit(),
        "aside" => Mark::Aside.bit(),
        "nav" => Mark::Nav.bit(),
        "header" => Mark::Header.bit(),
        "footer" => Mark::Footer.bit(),
        "form" => Mark::Form.bit(),
        "figure" => Mark::Figure.bit(),
        "figcaption" => Mark::Caption.bit(),
        "ul" | "ol" | "menu" => Mark::List.bit(),
        "li" => Mark::Item.bit(),
        "table" => Mark::Table.bit(),
        "td" | "th" => Mark::Cell.bit(),
        "dl" | "dt" | "dd" => Mark::Terms.bit(),
        "blockquote" | "q" => Mark::Quote.bit(),
        "pre" | "code" => Mark::Code.bit(),
        "p" => Mark::Paragraph.bit(),
        "a" => Mark::Link.bit(),
        "button" | "label" => Mark::Control.bit(),
        "summary" | "details" => Mark::Faq.bit(),
        "address" => Mark::Address.bit(),
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Mark::Heading.bit(),
        "dialog" => Mark::Popup.bit(),
        _ => 0,
    }
}

/// The marks of a class, an identifier or a role: "postRelated-links" has the words post, related, links.
pub(super) fn of_words(value: &str) -> u64 {
    let mut marks = 0;
    let mut word = String::new();
    let mut before_lower = false;
    // Generated class lists can be long; what matters stands early.
    for c in value.chars().take(400) {
        if (!c.is_alphanumeric() || (c.is_uppercase() && before_lower)) && !word.is_empty() {
            marks |= of_word(&word);
            word.clear();
        }
        if c.is_alphanumeric() {
            word.push(c.to_ascii_lowercase());
        }
        before_lower = c.is_lowercase();
    }
    marks | of_word(&word)
}

fn of_word(word: &str) -> u64 {
    use Mark::*;
    match word {
        "comment" | "comments" | "commentlist" | "comentarios" | "kommentar" | "kommentare"
        | "commentaires" | "disqus" | "respond" | "reply" | "replies" | "commenting"
        | "discussion" | "feedback" => Comment.bit(),
        "related" | "recommended" | "recommend" | "recommendation" | "recommendations"
        | "similar" | "trending" | "popular" | "mostread" | "most" | "latest" | "recent"
        | "more" | "moreposts" | "readmore" | "outbrain" | "taboola" | "suggested"
        | "suggestions" | "also" | "upnext" | "recirc" | "recirculation" | "morefrom"
        | "teaser" | "teasers" | "promoted" | "zergnet" | "jp" | "rp" | "crp" | "yarpp"
        | "latestnews" | "headlines" => Related.bit(),
        "share" | "shares" | "sharing" | "social" | "socials" | "sharedaddy" | "addtoany"
        | "addthis" | "follow" | "facebook" | "twitter" | "whatsapp" | "sharebar" | "sharethis"
        | "socialmedia" | "tweet" => Share.bit(),
        "nav" | "navbar" | "menu" | "menus" | "breadcrumb" | "breadcrumbs" | "navigation"
        | "megamenu" | "submenu" | "tabs" | "tab" | "topbar" | "navigationbar" | "crumbs"
        | "subnav" | "mainmenu" | "skip" | "sitemap" | "offcanvas" | "drawer" => Menu.bit(),
        "footer" | "foot" | "bottom" | "colophon" | "footerbar" | "contentinfo" | "siteinfo"
        | "footers" | "copyright" => Foot.bit(),
        "header" | "head" | "masthead" | "top" | "logo" | "siteheader" | "toolbar" => Head.bit(),
        "banner" => Head.bit() | Ad.bit(),
        "sidebar" | "side" | "aside" | "rail" | "widget" | "widgets" | "complementary"
        | "secondary" | "sidecol" | "rightcol" | "leftcol" | "rightbar" | "widgetarea" => {
            Side.bit()
        }
        "ad" | "ads" | "advert" | "advertisement" | "advertising" | "adv" | "adsense"
        | "sponsor" | "sponsored" | "sponsors" | "promo" | "promotion" | "promos" | "dfp"
        | "gpt" | "adbox" | "banners" | "affiliate" | "adslot" => Ad.bit(),
        "cookie" | "cookies" | "consent" | "gdpr" | "privacy" | "onetrust" | "cookiebot"
        | "disclaimer" | "legal" | "notice" | "terms" | "cmp" => Consent.bit(),
        "newsletter" | "subscribe" | "subscription" | "signup" | "mailchimp" | "optin"
        | "subscribebox" | "mailing" | "email" | "cta" | "calltoaction" | "paywall"
        | "membership" | "donate" | "donation" => Letter.bit(),
        "meta" | "byline" | "author" | "authors" | "date" | "dateline" | "published"
        | "postmeta" | "timestamp" | "time" | "info" | "metadata" | "datepublished"
        | "datemodified" | "entrymeta" | "posted" | "credits" | "dates" => Byline.bit(),
        "bio" | "authorbio" | "authorbox" | "biography" | "aboutauthor" | "vcard" | "avatar"
        | "contributor" => Bio.bit(),
        "profile" => Bio.bit() | Account.bit(),
        "tags" | "tag" | "taglist" | "categories" | "topics" | "keywords" | "taxonomy"
        | "label" | "labels" | "badge" | "badges" | "cat" => Tags.bit(),
        "category" => Tags.bit() | Home.bit(),
        "topic" => Tags.bit() | Thread.bit(),
        "caption" | "captions" | "figcaption" | "credit" | "imagecaption" | "gallery"
        | "slideshow" | "thumbnail" | "thumb" | "thumbs" | "image" | "img" | "photo" | "video"
        | "media" => Caption.bit(),
        "lightbox" => Caption.bit() | Popup.bit(),
        "modal" | "popup" | "overlay" | "dialog" | "flyout" | "toast" | "tooltip" | "dropdown"
        | "popover" | "alert" | "snackbar" => Popup.bit(),
        "hidden" => Popup.bit() | Hidden.bit(),
        "search" => Search.bit() | Home.bit(),
        "searchform" | "searchbox" | "filter" | "filters" | "facet" | "facets" | "sort"
        | "sorting" | "refine" => Search.bit(),
        "pagination" | "pager" | "paging" | "pages" | "prev" | "previous" | "next"
        | "postnavigation" | "navlinks" | "paginate" => Pager.bit(),
        "page" => Pager.bit() | Content.bit(),
        "login" | "signin" | "account" | "register" | "user" | "users" | "usercard" | "member"
        | "userinfo" | "postprofile" | "wishlist" | "basket" | "checkout" => Account.bit(),
        "cart" => Account.bit() | Shop.bit(),
        "price" | "prices" | "pricing" | "buy" | "addtocart" | "sku" | "stock" | "offer"
        | "offers" | "quantity" | "variant" | "variants" | "swatch" | "shipping" | "delivery" => {
            Shop.bit()
        }
        "review" | "reviews" | "rating" | "ratings" | "stars" | "star" | "testimonial"
        | "testimonials" | "votes" | "vote" | "score" => Review.bit(),
        "toc" | "tableofcontents" | "contents" | "outline" | "anchorlinks" | "onthispage" => {
            Toc.bit()
        }
        "sr" | "screenreader" | "visuallyhidden" | "offscreen" | "invisible" | "noscript"
        | "print" | "noprint" | "assistive" | "hide" | "collapsed" => Hidden.bit(),
        "collapse" => Hidden.bit() | Faq.bit(),
        "content" | "entry" | "post" | "article" | "story" | "body" | "text" | "articlebody"
        | "entrycontent" | "postcontent" | "storybody" | "maincontent" | "articlecontent"
        | "richtext" | "prose" | "wysiwyg" | "markdown" | "copy" | "longform" | "fulltext"
        | "paragraph" | "rte" | "single" => Content.bit(),
        "title" | "headline" | "heading" | "subtitle" | "subtitel" | "subheadline" | "deck"
        | "dek" | "lead" | "lede" | "standfirst" | "summary" | "excerpt" | "intro" | "kicker"
        | "teasertext" | "abstract" => Title.bit(),
        "forum" | "thread" | "message" | "messages" | "threads" | "bbp" | "posts" | "postbody"
        | "answers" | "messagebody" | "postmessage" | "threaded" | "qa" | "cooked" => Thread.bit(),
        "question" | "answer" => Thread.bit() | Faq.bit(),
        "product" | "products" | "description" | "specs" | "spec" | "specifications"
        | "specification" | "details" | "detail" | "features" | "feature" | "woocommerce"
        | "pdp" | "attributes" | "productdescription" | "ingredients" => Product.bit(),
        "card" | "cards" | "item" | "items" | "tile" | "tiles" | "grid" | "col" | "column"
        | "columns" | "list" | "listing" | "listings" | "carousel" | "slider" | "slide"
        | "slick" | "swiper" | "loop" | "feed" | "result" | "results" | "row" | "entries" => {
            Card.bit()
        }
        "archive" => Card.bit() | Home.bit(),
        "hero" | "jumbotron" | "section" | "block" | "container" | "wrapper" | "inner" | "wrap"
        | "module" => Hero.bit(),
        "faq" | "accordion" | "faqs" | "toggle" | "questions" | "expand" | "expandable"
        | "panel" | "tabpanel" => Faq.bit(),
        "signature" | "sig" | "postbit" | "poster" | "joined" | "reactions" | "stats"
        | "edited" | "lastedited" | "quote" | "blockquote" => Signature.bit(),
        "home" | "frontpage" | "index" | "blog" | "landing" => Home.bit(),
        _ => 0,
    }
}

/// The marks that `body` bears and that tell what kind of page it is.
pub(super) const OF_PAGES: &[Mark] = &[
    Mark::Content,
    Mark::Thread,
    Mark::Product,
    Mark::Card,
    Mark::Home,
    Mark::Shop,
    Mark::Toc,
];
