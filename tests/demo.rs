//! Promise: the demonstration shows every kind of outcome without the internet, and the
//! README's commands are there.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where something is not as it should be"
)]

mod support;

use std::path::Path;
use std::process::{Command, Output};

fn ibid(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ibid"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn the_demo_shows_the_whole_job() {
    let folder = tempfile::tempdir().unwrap();
    let told = ibid(folder.path(), &["demo"]);
    assert_eq!(told.status.code(), Some(0), "{told:?}");
    let told = stdout(&told);
    for part in [
        "dead (404)",
        "the page says “Page not found”",
        "moved (200)",
        "blocked (403)",
        "drifted since the earlier capture",
        "9 citations of 9 sources: 4 sound, 3 need attention, 2 broken",
        "report.html",
    ] {
        assert!(told.contains(part), "{part} is not in\n{told}");
    }
    let demo = folder.path().join("ibid-demo");
    let html = std::fs::read_to_string(demo.join("report.html")).unwrap();
    assert!(html.starts_with("<!doctype html>"));
    let archive = ["--archive", "ibid-demo/archive"];
    let json = ibid(
        folder.path(),
        &[&["report", "--format", "json"][..], &archive].concat(),
    );
    let report: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    let evidence: Vec<&str> = report["citations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|citation| citation["evidence"]["kind"].as_str().unwrap())
        .collect();
    assert!(
        evidence.contains(&"quoted") && evidence.contains(&"supported"),
        "{evidence:?}"
    );
    let verified = ibid(folder.path(), &[&["verify"][..], &archive].concat());
    assert_eq!(verified.status.code(), Some(0), "{verified:?}");
    support::keep_warcs("demo", &demo.join("archive"));
    // Again, over the same folder; but over no folder that is another's.
    assert_eq!(ibid(folder.path(), &["demo"]).status.code(), Some(0));
    std::fs::create_dir(folder.path().join("mine")).unwrap();
    std::fs::write(folder.path().join("mine/letter.txt"), "dear").unwrap();
    let refused = ibid(folder.path(), &["demo", "mine"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(folder.path().join("mine/letter.txt").exists());
}

#[test]
fn every_command_of_the_readme_is_there() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut commands = 0;
    let blocks = readme.split("```sh\n").skip(1);
    let lines = blocks.flat_map(|block| block.split("```").next().unwrap().lines());
    for line in lines.filter(|line| line.starts_with("ibid ")) {
        let line = line.split(" #").next().unwrap();
        let mut arguments: Vec<&str> = line.split_whitespace().skip(1).collect();
        arguments.push("--help");
        let output = ibid(folder.path(), &arguments);
        assert_eq!(
            output.status.code(),
            Some(0),
            "{line}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        commands += 1;
    }
    assert!(commands >= 9, "{commands}");
    assert!(
        readme.contains("\ncargo run --release -- demo\n") && readme.contains("\ncargo test\n")
    );
}

#[test]
fn what_init_writes_is_understood_and_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(ibid(folder.path(), &["init"]).status.code(), Some(0));
    let path = folder.path().join("sources.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    // Every setting that is switched off in it is one that is known, with its default.
    let on: String = text
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(rest) if rest.contains(" = ") || rest.starts_with("[[") => format!("{rest}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    let on = on.replace("extra_roots = \"roots.pem\"\n", "");
    std::fs::write(folder.path().join("all.toml"), &on).unwrap();
    std::fs::write(folder.path().join("draft.md"), "Nothing.\n").unwrap();
    for config in ["sources.toml", "all.toml"] {
        let read = ibid(
            folder.path(),
            &["citations", "draft.md", "--config", config],
        );
        assert_eq!(
            read.status.code(),
            Some(0),
            "{config}: {}\n{on}",
            String::from_utf8_lossy(&read.stderr)
        );
    }
    assert_eq!(ibid(folder.path(), &["init"]).status.code(), Some(2));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}
