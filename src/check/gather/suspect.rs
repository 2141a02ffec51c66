//! An answer of 200 that may be no page: a wall, a soft 404, a parked domain.

use super::{Page, Work};
use crate::check::CheckError;
use crate::check::outcome::{Outcome, Outcomes};
use crate::evidence::SourceText;
use crate::evidence::soft_404::{self, Face, Faces, Finding};
use crate::evidence::wall::{self, Wall};
use crate::fetch::{Fetched, Status, StatusReason, status};
use url::Url;

impl Work {
    /// Looks for a wall first; a page without one is asked what it says, and where that leaves
    /// doubt, an address beside it.
    pub(super) async fn look_for_walls(
        &self,
        fetched: &Fetched,
        final_url: &Url,
        page: &Page,
        outcome: &mut Outcome,
    ) -> Result<(), CheckError> {
        let requested = &fetched.requested;
        if let Some(why) = &page.text.unreadable {
            outcome.state.reason.text.push_str(&status::not_read(why));
        }
        if let Some(wall) = wall::behind(requested, final_url, &page.text) {
            self.prober.leave_alone(requested);
            block(wall, outcome);
            return Ok(());
        }
        let face = Face::of(requested, final_url, &page.text);
        let seen = face.as_ref().is_some_and(|face| self.prober.has_seen(face));
        // Both look beyond this page.
        outcome.read_again = face.is_some();
        let worth = seen || soft_404::worth_probing(requested, final_url, &page.text);
        outcome.read_again |= worth;
        let probe = if worth && self.config.probe {
            self.prober.probe(self, requested).await?
        } else {
            None
        };
        if let Some(finding) = soft_404::judge(requested, final_url, &page.text, probe.as_deref()) {
            dead(finding, outcome);
        } else {
            // On a site that can say 404, pages that became one are more likely merged than gone.
            let honest = probe.is_some_and(|probe| matches!(probe.status, 404 | 410));
            outcome.face = face.filter(|_| !honest);
            tell_cut(&page.text, outcome);
        }
        Ok(())
    }
}

fn block(wall: Wall, outcome: &mut Outcome) {
    outcome.state.status = match wall.code {
        "server-trouble" => Status::Unreachable,
        _ => Status::Blocked,
    };
    outcome.state.reason = StatusReason {
        code: wall.code,
        text: wall.text.to_owned(),
    };
}

/// A text of which only the beginning is shown is read as far as it goes; the reason says so.
fn tell_cut(page: &SourceText, outcome: &mut Outcome) {
    if outcome.state.status == Status::Live
        && let Some(cut) = wall::cut(page)
    {
        outcome.state.reason = StatusReason {
            code: cut.code,
            text: cut.text.to_owned(),
        };
    }
}

fn dead(finding: Finding, outcome: &mut Outcome) {
    outcome.state.status = Status::Dead;
    outcome.state.reason = StatusReason {
        code: finding.code,
        text: finding.text,
    };
}

/// Once all sources are known: those that show the same short text as several others of their
/// host, at addresses that are no aliases of one another, show none of what was cited.
pub(super) fn generic_pages(outcomes: &mut Outcomes) {
    let mut faces = Faces::default();
    for outcome in outcomes
        .sources()
        .filter(|outcome| outcome.status.answers())
    {
        outcome.face.iter().for_each(|face| faces.insert(face));
    }
    for outcome in outcomes.sources_mut() {
        let Some(face) = outcome.face.take() else {
            continue;
        };
        let others = faces.others(&face);
        if let Some(finding) = face.generic(others) {
            outcome.is_none_any_more(finding.code, &finding.text);
        }
    }
}
