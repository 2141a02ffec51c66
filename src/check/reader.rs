//! A room apart for readers of hostile formats: threads of their own, and a deadline.
//!
//! **In:** work that reads foreign bytes. **Out:** what it made of them, or why there is
//! nothing: it took too long, or it fell over. **Not here:** any format.
//!
//! Readers bound what they build (`limits`), and fuzzing looks for those that do not. This
//! room is for the ones that it has not found: a document that brings its reader down is
//! one entry with an error, and the run goes on.
//!
//! A thread cannot be stopped from outside. One that is past its deadline is left behind:
//! nobody waits for it, what it still builds is bounded by the readers' budgets, and it ends
//! with the program at the latest. When [`MAX_LEFT_BEHIND`] of them run at once, nothing
//! further is read until one ends.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::Duration;
use tokio::sync::oneshot;

/// Stack of a reading thread. Our readers do not recurse by their input's depth; libraries
/// below them may, and a stack that overflows ends the whole program. Pages of it that are
/// never touched cost nothing.
const STACK_BYTES: usize = 64 << 20;

/// Reading threads past their deadline that are put up with, each busy on a core
/// and holding at most what the readers' budgets let it.
const MAX_LEFT_BEHIND: usize = 8;

/// Name of a reading thread; a panic in one is told in the report, not on the terminal.
const THREAD_NAME: &str = "ibid-reader";

/// Why nothing was read. Clauses that follow "could not read it: ".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unread {
    /// Its time was over.
    #[error("it could not be read within {} s", .0.as_secs_f64())]
    Late(Duration),
    /// The reader panicked.
    #[error("its reader fell over it, which is a bug ({0})")]
    Fell(String),
    /// Too many others are past their time.
    #[error("it was not read, because {0} others are still being read past their time")]
    Crowded(usize),
    /// The system gives no more threads.
    #[error("no thread could be started to read it: {0}")]
    NoThread(String),
}

/// Work that a reading thread has.
struct UnderWay {
    worker: mpsc::Sender<Job>,
    state: Arc<AtomicU8>,
}

/// Work for a reading thread.
type Job = Box<dyn FnOnce() + Send>;

/// Reads on threads apart. Its clones share the threads and the count of those left behind.
#[derive(Debug, Clone)]
pub(super) struct Reader {
    time: Duration,
    left_behind: Arc<AtomicUsize>,
    /// Threads that wait for work: to start one costs as much as a small page does (0.1 to 0.2 ms,
    /// measured 2026-11-27).
    idle: Arc<Mutex<Vec<mpsc::Sender<Job>>>>,
}

impl Reader {
    /// A reader that gives every document this time.
    pub(super) fn new(time: Duration) -> Self {
        Self {
            time,
            left_behind: Arc::default(),
            idle: Arc::default(),
        }
    }

    /// Does the work on a thread apart and waits for it, up to the deadline.
    pub(super) fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Unread> {
        let (done, result) = mpsc::sync_channel(1);
        let tell = move |outcome| {
            // Where nobody waits any more, the outcome is dropped.
            let _ = done.send(outcome);
        };
        let under_way = self.begin(work, tell)?;
        let in_time = result.recv_timeout(self.time).ok();
        self.end(under_way, in_time, || result.try_recv().ok())
    }

    /// The same for those who must not block.
    pub(super) async fn reading<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Unread> {
        let (done, mut result) = oneshot::channel();
        let tell = move |outcome| {
            let _ = done.send(outcome);
        };
        let under_way = self.begin(work, tell)?;
        let in_time = tokio::time::timeout(self.time, &mut result).await;
        let in_time = in_time.ok().and_then(Result::ok);
        self.end(under_way, in_time, || result.try_recv().ok())
    }

    /// Has the work begun, and told when it is done.
    fn begin<T>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
        tell: impl FnOnce(Result<T, Unread>) + Send + 'static,
    ) -> Result<UnderWay, Unread> {
        // No time is no time, however quick the thread would have been.
        if self.time.is_zero() {
            return Err(Unread::Late(self.time));
        }
        let left_behind = self.left_behind.load(Ordering::Acquire);
        if left_behind >= MAX_LEFT_BEHIND {
            return Err(Unread::Crowded(left_behind));
        }
        let state = Arc::new(AtomicU8::new(RUNNING));
        let (shared_state, shared_count) = (Arc::clone(&state), Arc::clone(&self.left_behind));
        let worker = self.start(Box::new(move || {
            let outcome = catch_unwind(AssertUnwindSafe(work));
            tell(outcome.map_err(|panic| Unread::Fell(last_words(&*panic))));
            if shared_state.swap(ENDED, Ordering::AcqRel) == LEFT {
                shared_count.fetch_sub(1, Ordering::AcqRel);
            }
        }))?;
        Ok(UnderWay { worker, state })
    }

    /// Takes what came in time; else what came just now, or nothing.
    fn end<T>(
        &self,
        under_way: UnderWay,
        in_time: Option<Result<T, Unread>>,
        just_now: impl FnOnce() -> Option<Result<T, Unread>>,
    ) -> Result<T, Unread> {
        let UnderWay { worker, state } = under_way;
        if let Some(outcome) = in_time {
            self.idle().push(worker);
            return outcome;
        }
        // Its thread takes no further work: it ends with what it does.
        drop(worker);
        self.left_behind.fetch_add(1, Ordering::AcqRel);
        if state.swap(LEFT, Ordering::AcqRel) == ENDED {
            // It came to its end just now.
            self.left_behind.fetch_sub(1, Ordering::AcqRel);
            if let Some(outcome) = just_now() {
                return outcome;
            }
        }
        Err(Unread::Late(self.time))
    }

    /// Hands a job to a thread that waits, or to a new one.
    fn start(&self, job: Job) -> Result<mpsc::Sender<Job>, Unread> {
        let waiting = self.idle().pop();
        let worker = waiting.map_or_else(worker, Ok)?;
        // A waiting thread ends when its sender is dropped, and at no other time.
        let sent = worker.send(job);
        sent.map_err(|_| Unread::Fell("its thread has ended".to_owned()))?;
        Ok(worker)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<mpsc::Sender<Job>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A new reading thread.
fn worker() -> Result<mpsc::Sender<Job>, Unread> {
    let (sender, jobs) = mpsc::channel::<Job>();
    thread::Builder::new()
        .name(THREAD_NAME.to_owned())
        .stack_size(STACK_BYTES)
        .spawn(move || jobs.into_iter().for_each(|job| job()))
        .map_err(|error| Unread::NoThread(error.to_string()))?;
    Ok(sender)
}

/// A reading thread is at work and waited for,
const RUNNING: u8 = 0;
/// was left behind,
const LEFT: u8 = 1;
/// or has come to its end.
const ENDED: u8 = 2;

/// How many documents are read side by side: reading computes, so one for every core.
pub(super) fn side_by_side() -> usize {
    thread::available_parallelism().map_or(2, usize::from)
}

/// Does work on all items, as many at a time as there are cores; results in the order of the items.
pub(super) fn all<I: Sync, T: Send>(items: &[I], work: impl Fn(usize, &I) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(index) else {
                return done;
            };
            done.push((index, work(index, item)));
        }
    };
    let mut done: Vec<(usize, T)> = thread::scope(|scope| {
        let others: Vec<_> = (1..side_by_side().min(items.len()))
            .map(|_| scope.spawn(worker))
            .collect();
        let mut done = worker();
        for other in others {
            done.extend(
                other
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            );
        }
        done
    });
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Keeps panics of reading threads off the terminal; they are told in the report.
/// For programs: it replaces the process's panic hook with one that asks the old one last.
pub fn hush_readers() {
    let others = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if thread::current().name() != Some(THREAD_NAME) {
            others(panic);
        }
    }));
}

/// What a panic said, cut to a length that a report can bear.
fn last_words(panic: &(dyn std::any::Any + Send)) -> String {
    let words = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("it said nothing");
    words.chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_in_time_comes_back() {
        let reader = Reader::new(Duration::from_secs(60));
        assert_eq!(reader.read(|| 7), Ok(7));
        assert_eq!(reader.left_behind.load(Ordering::Acquire), 0);
    }

    #[tokio::test]
    async fn who_must_not_block_gets_the_same() {
        let reader = Reader::new(Duration::from_secs(60));
        assert_eq!(reader.reading(|| 7).await, Ok(7));
        let fell: Result<(), _> = reader.reading(|| panic!("no")).await;
        assert_eq!(fell, Err(Unread::Fell("no".to_owned())));
        let (let_go, gate) = mpsc::channel::<()>();
        let hasty = Reader {
            time: Duration::from_millis(1),
            ..reader.clone()
        };
        let late = hasty.reading(move || gate.recv().is_ok()).await;
        assert_eq!(late, Err(Unread::Late(hasty.time)));
        assert_eq!(reader.left_behind.load(Ordering::Acquire), 1);
        drop(let_go);
    }

    #[test]
    fn a_panic_is_one_documents_error() {
        let reader = Reader::new(Duration::from_secs(60));
        let fell = reader.read(|| panic!("index {} out of range", 3));
        let fell: Result<(), _> = fell;
        assert_eq!(
            fell.unwrap_err().to_string(),
            "its reader fell over it, which is a bug (index 3 out of range)"
        );
        assert_eq!(reader.read(|| 7), Ok(7), "the others go on");
    }

    #[test]
    fn one_after_the_other_is_read_on_the_same_thread() {
        let reader = Reader::new(Duration::from_secs(60));
        let first = reader.read(|| thread::current().id());
        let fell: Result<(), _> = reader.read(|| panic!("no"));
        assert!(fell.is_err());
        assert_eq!(reader.read(|| thread::current().id()), first);
        let (let_go, gate) = mpsc::channel::<()>();
        let hasty = Reader {
            time: Duration::from_millis(1),
            ..reader.clone()
        };
        assert!(hasty.read(move || gate.recv().is_ok()).is_err());
        assert_ne!(reader.read(|| thread::current().id()), first, "it is late");
        drop(let_go);
    }

    #[test]
    fn a_deep_stack_is_there() {
        fn sink(depth: usize) -> usize {
            let weight = std::hint::black_box([depth; 64]);
            if depth == 0 {
                0
            } else {
                sink(depth - 1) + weight[1] - depth + 1
            }
        }
        // More than the 2 MiB that a thread has by default.
        let reader = Reader::new(Duration::from_secs(60));
        assert_eq!(reader.read(|| sink(30_000)), Ok(30_000));
    }

    #[test]
    fn what_is_late_is_left_behind_and_counted_until_it_ends() {
        let reader = Reader::new(Duration::from_millis(20));
        let (let_go, gate) = mpsc::channel::<()>();
        let gate = Arc::new(std::sync::Mutex::new(gate));
        for _ in 0..MAX_LEFT_BEHIND {
            let gate = Arc::clone(&gate);
            let late = reader.read(move || {
                let _ = gate.lock().map(|gate| gate.recv());
            });
            assert_eq!(
                late.unwrap_err().to_string(),
                "it could not be read within 0.02 s"
            );
        }
        let crowded = Reader {
            time: Duration::from_secs(60),
            left_behind: Arc::clone(&reader.left_behind),
            idle: Arc::default(),
        };
        assert_eq!(crowded.read(|| 7), Err(Unread::Crowded(MAX_LEFT_BEHIND)));
        drop(let_go);
        while reader.left_behind.load(Ordering::Acquire) > 0 {
            thread::yield_now();
        }
        assert_eq!(crowded.read(|| 7), Ok(7));
    }

    #[test]
    fn work_on_many_keeps_their_order() {
        let items: Vec<usize> = (0..100).collect();
        let doubled = all(&items, |index, item| {
            assert_eq!(index, *item);
            item * 2
        });
        assert_eq!(doubled, (0..100).map(|item| item * 2).collect::<Vec<_>>());
        assert!(all(&[] as &[usize], |_, item| *item).is_empty());
    }
}
