//! The rule for one host: when the next request may start, how many may be under way, and
//! when the host is left alone. Pure: moments and outcomes in, decisions out.
//!
//! ```text
//!  unknown ── first answer ──► known: `per_host` at once, `pause` apart
//!     │ one at a time               │ 429, 503, time-out, latency that rises
//!     │                             └──► slower: one at a time, the pause doubled (up to 16 times);
//!     │                                  good answers in a row undo it step by step
//!     └─ no connection in time ──► down: nobody waits for it a second time in this run,
//!                                  but for one request that looks again after a while
//! ```

use super::super::FailureKind;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Refused connections or missing addresses in a row after which a host counts as down.
const DOWN_AFTER: u32 = 3;
/// Requests in a row that ran out of time, none answered before, after which it does.
const SILENT_AFTER: u32 = 2;
/// "Not now" (429, 503) in a row after which the host is left alone for the rest of the run.
const TURNED_AWAY_AFTER: u32 = 5;
/// A host that let time pass is looked at again after this; refused connections cost nothing
/// and may be a restart, so they are looked at again sooner. Doubles each time.
const LOOK_AGAIN_SILENT: Duration = Duration::from_secs(120);
const LOOK_AGAIN_REFUSED: Duration = Duration::from_secs(1);
/// A first request that has no answer after this no longer keeps a second one waiting: a slow
/// page must not stand for its host.
const FIRST_ALONE: Duration = Duration::from_millis(300);
/// The pause may shrink to this part of the policy's for a host that answers quickly.
const QUICKEST: u32 = 10;
/// Good answers in a row that undo one step of slowness.
const GOOD_IN_A_ROW: u32 = 4;
/// Times the pause grows at the most.
const SLOWEST: u32 = 16;
/// The pause that slowness multiplies, when the policy has none.
const LEAST_PAUSE: Duration = Duration::from_millis(50);
/// Latency counts as risen from this many times the best one of the host …
const RISEN: u32 = 5;
/// … and only when it is worth speaking of: our own load must not look like theirs.
const WORTH_SPEAKING_OF: Duration = Duration::from_secs(3);

/// How a request ended, as far as its host's treatment is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::fetch) enum Ended {
    /// An answer; its latency from the request sent to its head.
    Answered(Duration),
    /// 429 or 503.
    TurnedAway,
    /// No connection.
    NoConnection(FailureKind),
    /// A connection, perhaps, but no head of an answer in time.
    Silent,
    /// Anything else: it says nothing about the host.
    Other,
}

/// Why a host is not asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::fetch) struct Closed {
    pub(in crate::fetch) kind: FailureKind,
    pub(in crate::fetch) text: String,
    /// When it is looked at again; never in this run where absent.
    pub(in crate::fetch) until: Option<Instant>,
}

/// One door of a host, by its port: one may be dead while another answers.
#[derive(Debug, Clone, Default)]
struct Port {
    failures: u32,
    silences: u32,
    times_down: u32,
    closed: Option<Closed>,
    /// A request is looking again.
    looking: bool,
}

/// What a request is told that asks to start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::fetch) enum Turn {
    /// Start.
    Now,
    /// Ask again after that, or when a request of the host has ended.
    After(Duration),
    /// Ask again when a request of the host has ended.
    Later,
    /// Not at all.
    Not(Closed),
}

/// What is remembered of a host.
#[derive(Debug, Clone)]
pub(in crate::fetch) struct Host {
    per_host: usize,
    pause: Duration,
    under_way: usize,
    last_start: Option<Instant>,
    /// The host asked to be left alone until then.
    resting_until: Option<Instant>,
    answered: bool,
    slowness: u32,
    good: u32,
    turned_away: u32,
    best: Option<Duration>,
    smooth: Option<Duration>,
    ports: BTreeMap<u16, Port>,
}

impl Host {
    pub(in crate::fetch) const fn new(per_host: usize, pause: Duration) -> Self {
        Self {
            per_host,
            pause,
            under_way: 0,
            last_start: None,
            resting_until: None,
            answered: false,
            slowness: 1,
            good: 0,
            turned_away: 0,
            best: None,
            smooth: None,
            ports: BTreeMap::new(),
        }
    }

    /// Asks to start a request; when the answer is [`Turn::Now`] it has started.
    pub(in crate::fetch) fn ask(&mut self, port: u16, now: Instant) -> Turn {
        if let Some(closed) = self.closed(port, now) {
            return Turn::Not(closed);
        }
        if self.under_way >= self.places(now) {
            // The first one of an unknown host is not waited for for ever.
            return match self.last_start {
                Some(start)
                    if !self.answered
                        && self.slowness == 1
                        && self.under_way == 1
                        && now < start + FIRST_ALONE
                        && self.per_host > 1 =>
                {
                    Turn::After((start + FIRST_ALONE).saturating_duration_since(now))
                }
                _ => Turn::Later,
            };
        }
        let start = [
            self.last_start.map(|start| start + self.pause_now()),
            self.resting_until,
        ]
        .into_iter()
        .flatten()
        .max()
        .unwrap_or(now);
        let wait = start.saturating_duration_since(now);
        if !wait.is_zero() {
            return Turn::After(wait);
        }
        if let Some(door) = self.ports.get_mut(&port)
            && door.closed.is_some()
        {
            door.looking = true;
        }
        self.last_start = Some(now);
        self.under_way += 1;
        Turn::Now
    }

    /// Why the host is not asked at that port now.
    pub(in crate::fetch) fn closed(&self, port: u16, now: Instant) -> Option<Closed> {
        let door = self.ports.get(&port)?;
        let closed = door.closed.clone()?;
        let over = closed.until.is_some_and(|until| until <= now);
        (!over || door.looking).then_some(closed)
    }

    /// Requests that may be under way at once.
    fn places(&self, now: Instant) -> usize {
        if self.slowness > 1 {
            return 1;
        }
        if self.answered {
            return self.per_host;
        }
        match self.last_start {
            Some(start) if now.saturating_duration_since(start) >= FIRST_ALONE => {
                2.min(self.per_host)
            }
            _ => 1,
        }
    }

    /// The pause between two starts as things are. A host that answers in a moment is not
    /// troubled by the next request a moment later: the pause is its own latency, shared out
    /// over the places, within the policy's pause and a tenth of it.
    fn pause_now(&self) -> Duration {
        if self.slowness == 1 {
            let places = u32::try_from(self.per_host).unwrap_or(u32::MAX);
            match self.smooth {
                Some(latency) => (latency / places.max(1)).clamp(self.pause / QUICKEST, self.pause),
                None => self.pause,
            }
        } else {
            self.pause.max(LEAST_PAUSE).saturating_mul(self.slowness)
        }
    }

    /// The host asked to be left alone until then.
    pub(in crate::fetch) fn rest(&mut self, until: Instant) {
        self.resting_until = Some(self.resting_until.map_or(until, |moment| moment.max(until)));
    }

    /// The host asked to be left alone for longer than a run waits.
    pub(in crate::fetch) fn close(&mut self, port: u16, text: &str) {
        self.ports.entry(port).or_default().closed = Some(Closed {
            kind: FailureKind::AskedToWait,
            text: text.to_owned(),
            until: None,
        });
    }

    /// A request and the reading of its answer are over.
    pub(in crate::fetch) const fn done(&mut self) {
        self.under_way = self.under_way.saturating_sub(1);
    }

    /// A request under way had its answer, or will have none.
    pub(in crate::fetch) fn heard(&mut self, port: u16, how: Ended, text: &str, now: Instant) {
        let answered = self.answered;
        let door = self.ports.entry(port).or_default();
        door.looking = false;
        match how {
            Ended::Answered(latency) => {
                door.is_up();
                self.answered = true;
                self.turned_away = 0;
                self.took(latency);
            }
            Ended::TurnedAway => {
                door.is_up();
                self.answered = true;
                self.turned_away += 1;
                if self.turned_away >= TURNED_AWAY_AFTER {
                    door.closed = Some(Closed {
                        kind: FailureKind::AskedToWait,
                        text: text.to_owned(),
                        until: None,
                    });
                }
                self.slower();
            }
            Ended::NoConnection(kind) => {
                door.failures += 1;
                // Nobody has been heard there yet: what swallowed one request swallows all.
                let dead = kind == FailureKind::Timeout && !answered;
                if dead || door.failures >= DOWN_AFTER {
                    door.go_down(kind, text, now);
                }
            }
            Ended::Silent => {
                door.silences += 1;
                if !answered && door.silences >= SILENT_AFTER
                    || door.silences >= SILENT_AFTER + DOWN_AFTER
                {
                    door.go_down(FailureKind::Timeout, text, now);
                }
                self.slower();
            }
            Ended::Other => {}
        }
    }

    fn slower(&mut self) {
        self.slowness = (self.slowness * 2).min(SLOWEST);
        self.good = 0;
    }

    /// An answer took that long: the host may be asked faster again, or must be asked slower.
    fn took(&mut self, latency: Duration) {
        let best = self.best.map_or(latency, |best| best.min(latency));
        let smooth = self
            .smooth
            .map_or(latency, |before| before.mul_f64(0.7) + latency.mul_f64(0.3));
        (self.best, self.smooth) = (Some(best), Some(smooth));
        if smooth > WORTH_SPEAKING_OF && smooth > best.saturating_mul(RISEN) {
            self.slower();
            // Measured anew from here, so that one slow spell counts once; and a host that stays
            // slow though it is asked slower is not slow on our account.
            (self.best, self.smooth) = (None, None);
            return;
        }
        self.good += 1;
        if self.good >= GOOD_IN_A_ROW {
            self.slowness = (self.slowness / 2).max(1);
            self.good = 0;
        }
    }

    /// Whether it has answered in this run.
    pub(in crate::fetch) const fn has_answered(&self) -> bool {
        self.answered
    }

    /// Requests under way.
    #[cfg(test)]
    pub(in crate::fetch) const fn under_way(&self) -> usize {
        self.under_way
    }
}

impl Port {
    /// It is left alone for the rest of the run.
    fn asked_to_wait(&self) -> bool {
        let closed = self.closed.as_ref();
        closed.is_some_and(|closed| closed.until.is_none())
    }

    /// Whatever it answers, it is not down; what it asked for still holds.
    fn is_up(&mut self) {
        (self.failures, self.silences, self.times_down) = (0, 0, 0);
        self.closed.take_if(|closed| closed.until.is_some());
    }

    fn go_down(&mut self, kind: FailureKind, text: &str, now: Instant) {
        if self.asked_to_wait() {
            return;
        }
        let first = match kind {
            FailureKind::Timeout => LOOK_AGAIN_SILENT,
            _ => LOOK_AGAIN_REFUSED,
        };
        let until = now + first.saturating_mul(1 << self.times_down.min(8));
        self.times_down += 1;
        self.closed = Some(Closed {
            kind,
            text: text.to_owned(),
            until: Some(until),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Host {
        fn ended(&mut self, port: u16, how: Ended, text: &str, now: Instant) {
            self.heard(port, how, text, now);
            self.done();
        }
    }

    const MS: Duration = Duration::from_millis(1);
    const GOOD: Ended = Ended::Answered(Duration::from_millis(200));
    const REFUSED: Ended = Ended::NoConnection(FailureKind::ConnectionRefused);
    const LOST_TIME: Ended = Ended::NoConnection(FailureKind::Timeout);

    /// A host that is known, with nothing under way, and the moment at which it is free.
    fn known() -> (Host, Instant) {
        let mut host = Host::new(2, 100 * MS);
        let now = Instant::now();
        assert_eq!(host.ask(80, now), Turn::Now);
        host.ended(80, GOOD, "", now);
        (host, now + 100 * MS)
    }

    fn run(host: &mut Host, now: Instant, how: Ended) {
        assert_eq!(host.ask(80, now), Turn::Now, "{host:?}");
        host.ended(80, how, "it is so", now);
    }

    fn closed(host: &mut Host, now: Instant) -> Option<FailureKind> {
        match host.ask(80, now) {
            Turn::Not(closed) => Some(closed.kind),
            _ => None,
        }
    }

    #[test]
    fn starts_lie_a_pause_apart_and_few_are_under_way() {
        let (mut host, now) = known();
        assert_eq!(host.ask(80, now), Turn::Now);
        assert_eq!(host.ask(80, now), Turn::After(100 * MS));
        assert_eq!(host.ask(80, now + 60 * MS), Turn::After(40 * MS));
        assert_eq!(host.ask(80, now + 100 * MS), Turn::Now);
        assert_eq!(host.ask(80, now + 300 * MS), Turn::Later);
        assert_eq!(host.under_way(), 2);
        host.ended(80, GOOD, "", now + 300 * MS);
        assert_eq!(host.ask(80, now + 300 * MS), Turn::Now);
    }

    #[test]
    fn an_unknown_host_is_asked_for_one_page_first() {
        let mut host = Host::new(4, Duration::ZERO);
        let now = Instant::now();
        assert_eq!(host.ask(80, now), Turn::Now);
        assert_eq!(host.ask(80, now + 10 * MS), Turn::After(290 * MS));
        // One slow page does not stand for its host.
        assert_eq!(host.ask(80, now + 300 * MS), Turn::Now);
        assert!(matches!(host.ask(80, now + 301 * MS), Turn::Later));
        host.ended(80, GOOD, "", now + 1100 * MS);
        assert_eq!(host.ask(80, now + 1100 * MS), Turn::Now);
        assert_eq!(host.ask(80, now + 1100 * MS), Turn::Now);
        assert_eq!(host.under_way(), 3);
    }

    #[test]
    fn a_host_that_asks_for_patience_gets_it() {
        let (mut host, now) = known();
        host.rest(now + 500 * MS);
        assert_eq!(host.ask(80, now), Turn::After(500 * MS));
        host.rest(now);
        assert_eq!(host.ask(80, now + 200 * MS), Turn::After(300 * MS));
        assert_eq!(host.ask(80, now + 500 * MS), Turn::Now);
    }

    #[test]
    fn a_dead_host_costs_one_time_out() {
        let mut host = Host::new(2, Duration::ZERO);
        let now = Instant::now();
        run(&mut host, now, LOST_TIME);
        for later in [0, 1000, 60_000] {
            assert_eq!(
                closed(&mut host, now + later * MS),
                Some(FailureKind::Timeout)
            );
        }
        // After a while one request, and only one, looks again.
        let later = now + LOOK_AGAIN_SILENT;
        assert_eq!(host.ask(80, later), Turn::Now);
        assert_eq!(closed(&mut host, later), Some(FailureKind::Timeout));
        host.ended(80, GOOD, "", later);
        assert_eq!(host.ask(80, later), Turn::Now);
    }

    #[test]
    fn a_host_that_answered_before_is_not_down_for_one_time_out() {
        let (mut host, now) = known();
        run(&mut host, now, LOST_TIME);
        run(&mut host, now + 1000 * MS, LOST_TIME);
        assert_eq!(closed(&mut host, now + 2000 * MS), None);
    }

    #[test]
    fn a_host_is_down_after_three_refusals_in_a_row_and_looked_at_again_soon() {
        let (mut host, mut now) = known();
        for how in [REFUSED, REFUSED, GOOD, REFUSED, REFUSED, REFUSED] {
            run(&mut host, now, how);
            now += 100 * MS;
        }
        assert_eq!(closed(&mut host, now), Some(FailureKind::ConnectionRefused));
        run(&mut host, now + 1000 * MS, REFUSED);
        assert_eq!(
            closed(&mut host, now + 2000 * MS),
            Some(FailureKind::ConnectionRefused)
        );
        run(&mut host, now + 3500 * MS, GOOD);
        run(&mut host, now + 3600 * MS, GOOD);
        // Another door of the same host was never closed.
        let mut host = Host::new(2, Duration::ZERO);
        run(&mut host, now, LOST_TIME);
        assert_eq!(host.ask(443, now), Turn::Now);
    }

    #[test]
    fn two_silences_of_a_host_that_was_never_heard_are_enough() {
        let mut host = Host::new(2, Duration::ZERO);
        let now = Instant::now();
        run(&mut host, now, Ended::Silent);
        assert_eq!(host.ask(80, now), Turn::After(100 * MS));
        run(&mut host, now + 1000 * MS, Ended::Silent);
        assert_eq!(
            closed(&mut host, now + 2000 * MS),
            Some(FailureKind::Timeout)
        );
    }

    #[test]
    fn a_host_that_turns_everyone_away_is_asked_slower_and_then_left_alone() {
        let (mut host, mut now) = known();
        for pause in [200, 400, 800, 1600] {
            run(&mut host, now, Ended::TurnedAway);
            assert_eq!(host.ask(80, now), Turn::After(pause * MS));
            now += pause * MS;
        }
        run(&mut host, now, Ended::TurnedAway);
        now += 3600 * 1000 * MS;
        assert_eq!(closed(&mut host, now), Some(FailureKind::AskedToWait));
    }

    #[test]
    fn a_host_that_comes_back_busy_is_not_down_any_more() {
        let (mut host, mut now) = known();
        for _ in 0..3 {
            run(&mut host, now, REFUSED);
            now += 100 * MS;
        }
        now += LOOK_AGAIN_REFUSED;
        run(&mut host, now, Ended::TurnedAway);
        now += 1000 * MS;
        // The next one does not look again on its own: the others wait for their turn.
        assert_eq!(host.ask(80, now), Turn::Now);
        assert_eq!(closed(&mut host, now), None);
    }

    #[test]
    fn a_host_that_asked_to_be_left_alone_is_left_alone_though_it_goes_down() {
        let (mut host, now) = known();
        host.close(80, "it asked for that");
        // What was under way when it asked.
        for _ in 0..3 {
            host.heard(80, REFUSED, "it is so", now);
        }
        let later = now + 10_000 * MS;
        assert_eq!(closed(&mut host, later), Some(FailureKind::AskedToWait));
    }

    #[test]
    fn a_host_that_answers_quickly_is_asked_sooner() {
        let check = |latency: u32, pause: u32| {
            let mut host = Host::new(4, 250 * MS);
            run(&mut host, Instant::now(), Ended::Answered(latency * MS));
            assert_eq!(host.pause_now(), pause * MS, "{latency}");
        };
        check(1, 25);
        check(200, 50);
        check(800, 200);
        check(5000, 250);
    }

    #[test]
    fn good_answers_undo_slowness() {
        let (mut host, mut now) = known();
        run(&mut host, now, Ended::TurnedAway);
        for _ in 0..GOOD_IN_A_ROW {
            now += 200 * MS;
            run(&mut host, now, GOOD);
        }
        assert_eq!(host.ask(80, now + 100 * MS), Turn::Now);
        assert_eq!(host.ask(80, now + 200 * MS), Turn::Now);
    }

    #[test]
    fn a_latency_that_rises_slows_us_down() {
        let (mut host, mut now) = known();
        let mut slow = |latency: u32| {
            now += 20_000 * MS;
            run(&mut host, now, Ended::Answered(latency * MS));
            host.pause_now()
        };
        // Slow, but not slower than is worth speaking of.
        assert_eq!([slow(900), slow(900), slow(900)], [100 * MS; 3]);
        assert_eq!(slow(20_000), 200 * MS);
        // It stays so for other reasons than ours.
        assert_eq!([slow(20_000), slow(20_000)], [200 * MS; 2]);
        assert_eq!([slow(20_000), slow(20_000)], [200 * MS, 100 * MS]);
    }

    #[test]
    fn one_page_that_is_broken_says_nothing_about_its_host() {
        let (mut host, mut now) = known();
        for _ in 0..10 {
            run(&mut host, now, Ended::Other);
            now += 100 * MS;
        }
        assert_eq!(closed(&mut host, now), None);
    }
}
