//! How many connections may be open at once: what the system gives, asked for up to its bound.
//!
//! Most systems start a program with 1,024 open files and let it have many more when it asks.

/// Files that are open for other reasons: archive, catalogue, name servers, spilled bodies.
const OTHERS: u64 = 128;
/// As many as this are asked for; more are of no use to us.
const ENOUGH: u64 = 16_384;

/// The connections that may be under way at once: those that are wanted, as far as the system
/// has files for them and as many idle ones.
pub(super) fn at_most(wanted: usize) -> usize {
    let files = open_files();
    let sockets = files.saturating_sub(OTHERS) / 2;
    wanted
        .min(usize::try_from(sockets).unwrap_or(usize::MAX))
        .max(1)
}

/// The bound on open files, raised as far as the system lets us without asking anyone.
#[cfg(unix)]
fn open_files() -> u64 {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let current = limit.current.unwrap_or(u64::MAX);
    let wished = ENOUGH.min(limit.maximum.unwrap_or(u64::MAX));
    if current >= wished {
        return current;
    }
    let raised = Rlimit {
        current: Some(wished),
        maximum: limit.maximum,
    };
    match setrlimit(Resource::Nofile, raised) {
        Ok(()) => wished,
        // Then what there is must do.
        Err(_) => current,
    }
}

#[cfg(not(unix))]
const fn open_files() -> u64 {
    ENOUGH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_than_the_system_gives_and_no_more_than_is_wanted() {
        assert_eq!(at_most(1), 1);
        assert_eq!(at_most(0), 1);
        assert!((at_most(usize::MAX) as u64) < open_files());
    }
}
