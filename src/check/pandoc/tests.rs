use super::*;
use crate::document::Hints;
use crate::document::detect::{self, Kind};

fn dialect(name: &str) -> &'static Dialect {
    let hints = Hints {
        name: Some(name),
        ..Hints::default()
    };
    match detect::kind(b"x", hints) {
        Ok(Kind::Pandoc(dialect)) => dialect,
        other => panic!("{name} is {other:?}"),
    }
}

#[test]
fn without_pandoc_the_message_says_what_to_do() {
    let pandoc = Pandoc {
        program: "/no/such/pandoc".into(),
        ..Pandoc::default()
    };
    assert_eq!(
        pandoc.tree(b"x".to_vec(), dialect("a.rst")).unwrap_err(),
        "it is reStructuredText, which is read by way of pandoc, and pandoc is not installed; \
         install it (https://pandoc.org/installing.html) or save the document in another format"
    );
}

/// Programs that stand in for pandoc, as shell scripts.
#[cfg(unix)]
mod stand_ins {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn run(script: &str, change: impl FnOnce(&mut Pandoc)) -> Result<Tree, String> {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("pandoc");
        std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        let mut pandoc = Pandoc {
            program: program.into_os_string(),
            ..Pandoc::default()
        };
        change(&mut pandoc);
        let bytes = vec![b'x'; 1 << 20];
        loop {
            // A script that was just written may still be open in another test's fork.
            match pandoc.tree(bytes.clone(), dialect("a.org")) {
                Err(error) if error.contains("busy") => thread::yield_now(),
                other => return other,
            }
        }
    }

    #[test]
    fn what_it_answers_is_the_tree() {
        let script =
            "cat >/dev/null; echo \"$*\"; echo '[WARNING] One missed' >&2; echo '[INFO] x' >&2";
        let tree = run(script, |_| ()).unwrap();
        assert_eq!(tree.json, "--sandbox -f org -t json\n");
        assert_eq!(tree.warnings, ["One missed"]);
    }

    #[test]
    fn what_goes_wrong_is_told() {
        let check = |script: &str, expected: &str| {
            assert_eq!(run(script, |_| ()).unwrap_err(), expected, "{script}");
        };
        check(
            "echo; echo '[WARNING] a' >&2; echo 'line 3: no such thing' >&2; echo more >&2; exit 64",
            "pandoc could not read it as Org mode: line 3: no such thing",
        );
        check(
            "exit 21",
            "it is Org mode, which this version of pandoc does not read; a newer one may",
        );
        check(
            "exit 3",
            "pandoc could not read it as Org mode (exit status: 3)",
        );
        check("printf '\\377'", "pandoc's answer is not UTF-8");
    }

    #[test]
    fn a_program_that_hangs_is_ended() {
        let started = Instant::now();
        for script in ["exec sleep 60", "sleep 60", "exec >&- 2>&-; sleep 60"] {
            let error = run(script, |pandoc| {
                pandoc.deadline = Duration::from_millis(200);
            });
            assert_eq!(
                error.unwrap_err(),
                "pandoc took longer than 0 seconds and was ended",
                "{script}"
            );
        }
        assert!(started.elapsed() < Duration::from_secs(20));
    }

    #[test]
    fn an_answer_without_end_is_cut_off() {
        let error = run("cat /dev/zero", |pandoc| pandoc.max_bytes = 2 << 20);
        assert_eq!(error.unwrap_err(), "pandoc makes more than 2 MB of it");
        // Messages without end do no harm either.
        let answer = run("cat /dev/zero >&2 & echo x; kill $!", |_| ());
        assert_eq!(answer.unwrap().json, "x\n");
    }
}

#[test]
#[ignore = "needs pandoc; run by scripts that have installed it"]
fn the_real_one_is_understood() {
    let text =
        b"It `rained <https://e.example/1>`_ all night. [1]_\n\n.. [1] https://e.example/2\n\n\
        .. include:: /etc/hostname\n";
    let pandoc = Pandoc::default();
    let tree = pandoc.tree(text.to_vec(), dialect("a.rst")).unwrap();
    let document = crate::document::pandoc::read(&tree.json, None).unwrap();
    let words: Vec<&str> = document
        .links
        .iter()
        .map(|link| link.span.of(&document.text))
        .collect();
    assert_eq!(words, ["rained", "https://e.example/2"]);
    // The sandbox does not follow it, and says so.
    assert_eq!(tree.warnings.len(), 1, "{:?}", tree.warnings);
}
