//! Promise: every format says the same, other programs can rely on the JSON, and nothing
//! that a cited page holds acts in a terminal or a browser.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where something is not as it should be"
)]

mod support;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use support::web::{Answer, Web};

/// What a hostile page or document would like to do.
const HOSTILE: &str =
    "<script>document.title='ran'</script><img src=x onerror=alert(1)>\u{1b}]0;owned\u{7}\u{202e}";

fn ibid(folder: &Path, arguments: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_ibid"))
        .args(arguments)
        .args(["--allow-host", "127.0.52.*"])
        .current_dir(folder)
        .output()
        .unwrap();
    assert_ne!(
        output.status.code(),
        Some(2),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// A folder with a document that cites a good, a hostile, a moved and a dead page.
struct Desk {
    folder: tempfile::TempDir,
    _web: Web,
}

impl Desk {
    async fn new() -> Self {
        let good = "<!doctype html><title>The bridge</title><main><h1>The bridge</h1>\
                    <p>The bridge was opened on 9 August 1911 by the mayor of the town. It has \
                    seven arches of granite, and a toll was taken on it until 1950.</p></main>";
        let hostile = format!(
            "<!doctype html><title>Toll {HOSTILE}</title><main><h1>The toll</h1><p>A toll of five \
             øre {HOSTILE} was taken on the bridge until 1950, as the books of the town show.</p></main>"
        );
        let web = Web::builder()
            .page("127.0.52.1", "/bridge", Answer::html(good))
            .page("127.0.52.2", "/toll", Answer::html(&hostile))
            .page("127.0.52.1", "/old", Answer::redirect(301, "/bridge"))
            .page("127.0.52.1", "/gone", Answer::not_found())
            .start()
            .await
            .unwrap();
        let url = |host: &str, path: &str| web.url(host, path);
        let text = format!(
            "---\ntitle: \"{}\"\n---\n\nThe bridge was [opened on 9 August 1911]({}) by the mayor. A \
             [toll of five øre]({}) was taken until 1950 \u{1b}[31m\u{202e}. It has [seven arches]({}). \
             Its [plan]({}) is lost.\n",
            "The bridge <b>of</b> \u{202e}town",
            url("127.0.52.1", "/bridge"),
            url("127.0.52.2", "/toll"),
            url("127.0.52.1", "/old"),
            url("127.0.52.1", "/gone"),
        );
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("draft.md"), text).unwrap();
        std::fs::write(folder.path().join("sources.toml"), "[fetch]\npause = 0\n").unwrap();
        Self { folder, _web: web }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }
}

fn schema_file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("report.schema.json")
}

#[test]
fn the_shipped_schema_is_the_one_that_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let printed = stdout(&ibid(folder.path(), &["schema"]));
    let shipped = std::fs::read_to_string(schema_file()).unwrap();
    assert_eq!(
        printed, shipped,
        "`ibid schema --output report.schema.json` brings it up to date"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_json_report_keeps_to_the_schema() {
    let desk = Desk::new().await;
    let schema = std::fs::read_to_string(schema_file()).unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    std::fs::write(desk.path().join("broken.md"), b"\x89PNG\r\n\x1a\n\0\0").unwrap();
    let json = ["--format", "json", "--fail-on", "never"];
    let mut reports = Vec::new();
    for arguments in [
        vec!["check", "draft.md"],
        vec!["check", "draft.md", "--no-judge"],
        vec!["check", "draft.md"],
        vec!["citations", "draft.md"],
        vec!["report"],
    ] {
        let arguments: Vec<&str> = arguments.into_iter().chain(json).collect();
        reports.push(stdout(&ibid(desk.path(), &arguments)));
    }
    let both = Command::new(env!("CARGO_BIN_EXE_ibid"))
        .args(["citations", "broken.md", "draft.md", "--format", "json"])
        .current_dir(desk.path())
        .output()
        .unwrap();
    reports.push(stdout(&both));
    for text in &reports {
        // As the archive keeps it, it is the same.
        let whole: ibid::report::Report = serde_json::from_str(text).unwrap();
        let mut compact = Vec::new();
        ibid::report::json::write_compact(&whole, &mut compact).unwrap();
        let expected = serde_json::to_string(&whole).unwrap() + "\n";
        assert_eq!(String::from_utf8(compact).unwrap(), expected);
        let report: serde_json::Value = serde_json::from_str(text).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&report)
            .map(|error| format!("{} at {}", error, error.instance_path()))
            .collect();
        assert_eq!(errors, Vec::<String>::new(), "{text}");
    }
    let checked: serde_json::Value = serde_json::from_str(&reports[2]).unwrap();
    assert_eq!(checked["summary"]["citations"], 4);
    assert_eq!(checked["sources"][0]["content"], "identical");
    // A report without what the schema asks for is told from one that has it.
    let mut wrong = checked.clone();
    wrong["citations"][0]["verdict"] = "true".into();
    assert!(!validator.is_valid(&wrong));
    assert_eq!(reports[4], reports[2], "the last run's report, again");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_terminal_report_fits_and_says_nothing_to_the_terminal_itself() {
    let desk = Desk::new().await;
    let report = stdout(&ibid(desk.path(), &["check", "draft.md", "--verbose"]));
    for line in report.lines() {
        let address = line.trim_start().starts_with("http");
        assert!(
            address || unicode_width::UnicodeWidthStr::width(line) <= 80,
            "{line:?}"
        );
        assert!(
            !line.chars().any(|c| c.is_control() || c == '\u{202e}'),
            "{line:?}"
        );
    }
    assert!(report.contains("4 citations of 4 sources"), "{report}");
    // Colour, when it is asked for, is ours alone.
    let coloured = Command::new(env!("CARGO_BIN_EXE_ibid"))
        .args(["report"])
        .env("CLICOLOR_FORCE", "1")
        .env_remove("NO_COLOR")
        .current_dir(desk.path())
        .output()
        .unwrap();
    let coloured = stdout(&coloured);
    assert!(coloured.contains("\u{1b}["), "{coloured:?}");
    assert!(!coloured.contains("\u{1b}]") && !coloured.contains('\u{202e}'));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_html_report_stands_alone_and_nothing_in_it_runs() {
    let desk = Desk::new().await;
    ibid(
        desk.path(),
        &["check", "draft.md", "--output", "report.html"],
    );
    let html = std::fs::read_to_string(desk.path().join("report.html")).unwrap();
    let page = scraper::Html::parse_document(&html);
    let select = |css: &str| scraper::Selector::parse(css).unwrap();
    let count = |css: &str| page.select(&select(css)).count();
    assert_eq!(
        count("script, iframe, object, embed, link[rel=stylesheet], img, video, audio, base"),
        0
    );
    for element in page.select(&select("*")) {
        for (name, value) in element.value().attrs() {
            assert!(!name.starts_with("on"), "{name}={value}");
            if name == "href" || name == "src" {
                let own = ["#", "http://", "https://", "report-copies/", "data:,"];
                assert!(own.iter().any(|start| value.starts_with(start)), "{value}");
            }
        }
    }
    assert!(!html.contains('\u{202e}') && !html.contains('\u{1b}'));
    let policy = page
        .select(&select("meta[http-equiv=Content-Security-Policy]"))
        .next()
        .and_then(|meta| meta.attr("content"))
        .unwrap();
    assert!(policy.contains("default-src 'none'"), "{policy}");

    // Every archived copy is there, and its page is inside a frame that may do nothing.
    let copies: Vec<String> = page
        .select(&select("a[href^='report-copies/']"))
        .filter_map(|link| link.attr("href").map(str::to_owned))
        .collect();
    assert!(copies.len() >= 3, "{copies:?}");
    for copy in copies {
        let text = std::fs::read_to_string(desk.path().join(&copy)).unwrap();
        let copy = scraper::Html::parse_document(&text);
        assert_eq!(copy.select(&select("script")).count(), 0);
        for frame in copy.select(&select("iframe")) {
            assert_eq!(frame.attr("sandbox"), Some(""), "no script, no origin");
            assert!(frame.attr("src").is_none());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_names_its_own_address_and_one_that_is_lost_is_left_out() {
    let page = Answer::html("<!doctype html><title>Bridge</title><p>It has seven arches.</p>");
    let (host, paths) = ("127.0.52.3", ["/a", "/b", "/c", "/d"]);
    let mut web = Web::builder();
    for path in paths {
        web = web.page(host, path, page.clone());
    }
    let web = web.start().await.unwrap();
    let links = paths.map(|path| format!("It has [seven arches]({}).\n\n", web.url(host, path)));
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("draft.md"), links.concat()).unwrap();
    std::fs::write(folder.join("sources.toml"), "[fetch]\npause = 0\n").unwrap();
    let copies = || {
        let html = std::fs::read_to_string(folder.join("report.html")).unwrap();
        let page = scraper::Html::parse_document(&html);
        let link = scraper::Selector::parse("a[href^='report-copies/']").unwrap();
        let links = page.select(&link).filter_map(|link| link.attr("href"));
        let files: std::collections::BTreeSet<_> = links.map(str::to_owned).collect();
        let read = |file: &String| std::fs::read_to_string(folder.join(file)).unwrap();
        files.iter().map(read).collect::<Vec<String>>()
    };
    ibid(folder, &["check", "draft.md", "--output", "report.html"]);
    let made = copies();
    assert_eq!(made.len(), 4);
    for path in paths {
        let url = web.url(host, path);
        assert!(made.iter().any(|copy| copy.contains(&url)), "{url}");
    }
    // One record holds what the others refer to. It is damaged at its end.
    let report = stdout(&ibid(folder, &["report", "--format", "json"]));
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let sources = report["sources"].as_array().unwrap();
    let captures = sources.iter().map(|source| &source["capture"]);
    let holder = captures.max_by_key(|capture| capture["length"].as_u64());
    let holder = holder.unwrap();
    let number = |name: &str| usize::try_from(holder[name].as_u64().unwrap()).unwrap();
    let warc = folder
        .join("archive")
        .join(holder["warc"].as_str().unwrap());
    let mut bytes = std::fs::read(&warc).unwrap();
    bytes[number("offset") + number("length") - 6] ^= 0x40;
    std::fs::remove_file(&warc).unwrap();
    std::fs::write(&warc, bytes).unwrap();
    ibid(folder, &["report", "--output", "report.html"]);
    assert!(copies().is_empty());
    web.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_archived_can_be_had_again() {
    let desk = Desk::new().await;
    ibid(desk.path(), &["check", "draft.md", "--quiet"]);
    let json = stdout(&ibid(desk.path(), &["report", "--format", "json"]));
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    let source = |ending: &str| {
        let sources = report["sources"].as_array().unwrap();
        let found = sources
            .iter()
            .find(|source| source["url"].as_str().unwrap().ends_with(ending));
        found.unwrap()["url"].as_str().unwrap().to_owned()
    };
    let bridge = source("/bridge");
    let bytes = stdout(&ibid(desk.path(), &["get", &bridge]));
    assert!(bytes.starts_with("<!doctype html>") && bytes.contains("seven arches of granite"));
    // A moved source is followed to what it led to.
    assert_eq!(stdout(&ibid(desk.path(), &["get", &source("/old")])), bytes);
    let text = stdout(&ibid(desk.path(), &["get", &bridge, "--text"]));
    let passage = &report["citations"][0]["evidence"]["passages"][0];
    let place = |key: &str| usize::try_from(passage[key].as_u64().unwrap()).unwrap();
    assert_eq!(
        &text[place("start")..place("end")],
        passage["text"].as_str().unwrap()
    );
    let head = stdout(&ibid(desk.path(), &["get", &bridge, "--headers"]));
    assert!(head.starts_with("HTTP/1.1 200 OK"), "{head}");
    let history = stdout(&ibid(desk.path(), &["history", &bridge]));
    assert!(history.contains(passage_digest(&report)), "{history}");
    let verified = ibid(desk.path(), &["verify"]);
    assert_eq!(verified.status.code(), Some(0));
    // Without its catalogue the archive is as good.
    let before = stdout(&ibid(desk.path(), &["report", "--format", "json"]));
    std::fs::remove_file(desk.path().join("archive/catalogue.sqlite")).unwrap();
    ibid(desk.path(), &["reindex"]);
    assert_eq!(
        stdout(&ibid(desk.path(), &["report", "--format", "json"])),
        before
    );
}

fn passage_digest(report: &serde_json::Value) -> &str {
    let digest = report["sources"][0]["capture"]["sha256"].as_str().unwrap();
    &digest[..12]
}
