//! The two threads that have the archive while sources are fetched: one writes, one is asked.

use super::super::CheckError;
use crate::archive::{Archive, ArchiveError, Capture, Digest, Ready};
use crate::fetch::Body;
use bytes::Bytes;
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// Fetches written with one sync at the most.
const GROUP: usize = 512;
/// Fetches that may wait for the archive; more makes the fetching wait.
const WAITING: usize = 512;

/// Fetches for which the others of their group are not waited for any more,
const FEW: usize = 64;
/// and how long they are waited for at the most: as long as a sync takes on a slow disk.
const WAIT: Duration = Duration::from_millis(5);
/// Questions that are answered by the same moment's catalogue.
const AT_ONCE: usize = 128;

type Reply = oneshot::Sender<Result<Vec<Capture>, ArchiveError>>;
type Task = Box<dyn FnOnce(&mut Archive) + Send>;
type Question = Box<dyn FnOnce(&Archive) + Send>;

enum Order {
    Store(Box<Ready>, Reply),
    Call(Task),
}

/// The way to the archive's threads.
pub(in crate::check) struct Keeper {
    orders: Option<mpsc::Sender<Order>>,
    thread: Option<JoinHandle<Archive>>,
    /// Questions go past the writer: what is acknowledged is there to be read.
    questions: mpsc::Sender<Question>,
    was_empty: bool,
    /// What the names of this run's WARC files begin with.
    session: Arc<str>,
}

impl Keeper {
    /// Starts the threads.
    pub(in crate::check) fn start(archive: Archive, folder: &Path) -> Result<Self, CheckError> {
        let readable = Archive::read(folder)?;
        let was_empty = readable.is_empty()?;
        let session = archive.session().unwrap_or_default().into();
        let (orders, inbox) = mpsc::channel(WAITING);
        let (questions, asked) = mpsc::channel(WAITING);
        let spawn = |name: &str, work: Box<dyn FnOnce() -> Archive + Send>| {
            std::thread::Builder::new()
                .name(name.to_owned())
                .spawn(work)
                .map_err(|error| stopped(&error.to_string()))
        };
        let thread = spawn("archive", Box::new(move || work(archive, inbox)))?;
        // It ends by itself when nobody can ask any more.
        drop(spawn(
            "archive-asked",
            Box::new(move || answer_questions(readable, asked)),
        )?);
        Ok(Self {
            orders: Some(orders),
            thread: Some(thread),
            questions,
            was_empty,
            session,
        })
    }

    /// Whether the archive held nothing when the run began: of what was before, it knows nothing.
    pub(super) const fn was_empty(&self) -> bool {
        self.was_empty
    }

    /// What the names of this run's WARC files begin with.
    pub(super) fn session(&self) -> Arc<str> {
        Arc::clone(&self.session)
    }

    /// Keeps a fetch; when it returns, its captures survive power loss.
    pub(super) async fn store(&self, ready: Ready) -> Result<Vec<Capture>, CheckError> {
        let (reply, answer) = oneshot::channel();
        self.send(Order::Store(Box::new(ready), reply)).await?;
        Ok(answer.await.map_err(|_| stopped("it gave no answer"))??)
    }

    /// Keeps a citing document.
    pub(in crate::check) async fn store_document(
        &self,
        name: &str,
        media_type: &'static str,
        bytes: Bytes,
    ) -> Result<Digest, CheckError> {
        let name = name.to_owned();
        let (task, answer) = task(move |archive| {
            let document = Body::from(bytes);
            archive.store_document(&name, media_type, &document)
        });
        self.send(Order::Call(task)).await?;
        Ok(answer.await.map_err(|_| stopped("it gave no answer"))??)
    }

    /// Asks the archive something; what was acknowledged is known to it.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Archive) -> Result<T, ArchiveError> + Send + 'static,
    ) -> Result<T, CheckError> {
        let (reply, answer) = oneshot::channel();
        let question: Question = Box::new(move |archive| {
            // The asker may have gone; then nobody wants the answer.
            let _ = reply.send(ask(archive));
        });
        self.questions
            .send(question)
            .await
            .map_err(|_| stopped("it takes no more questions"))?;
        Ok(answer.await.map_err(|_| stopped("it gave no answer"))??)
    }

    async fn send(&self, order: Order) -> Result<(), CheckError> {
        match &self.orders {
            Some(orders) => orders
                .send(order)
                .await
                .map_err(|_| stopped("it takes no more orders")),
            None => Err(stopped("it is closed")),
        }
    }

    /// Lets the thread end its work and gives the archive back.
    pub(in crate::check) async fn finish(mut self) -> Result<Archive, CheckError> {
        self.orders = None;
        let Some(thread) = self.thread.take() else {
            return Err(stopped("it is closed"));
        };
        super::blocking("the archive", move || thread.join())
            .await?
            .map_err(|_| stopped("it panicked"))
    }
}

type Answer<T> = oneshot::Receiver<Result<T, ArchiveError>>;

fn task<T: Send + 'static>(
    ask: impl FnOnce(&mut Archive) -> Result<T, ArchiveError> + Send + 'static,
) -> (Task, Answer<T>) {
    let (reply, answer) = oneshot::channel();
    let task: Task = Box::new(move |archive| {
        // The asker may have gone; then nobody wants the answer.
        let _ = reply.send(ask(archive));
    });
    (task, answer)
}

fn stopped(what: &str) -> CheckError {
    CheckError::Stopped {
        part: "the archive",
        what: what.to_owned(),
    }
}

fn answer_questions(archive: Archive, mut asked: mpsc::Receiver<Question>) -> Archive {
    let mut waiting = Vec::new();
    // Those that are waiting were all asked before the moment by which they are answered, so
    // that each sees what was acknowledged before it was asked.
    while asked.blocking_recv_many(&mut waiting, AT_ONCE) > 0 {
        archive.at_one_moment(|archive| {
            for question in waiting.drain(..) {
                question(archive);
            }
        });
    }
    archive
}

fn work(mut archive: Archive, mut inbox: mpsc::Receiver<Order>) -> Archive {
    let mut waiting = Vec::new();
    while inbox.blocking_recv_many(&mut waiting, GROUP) > 0 {
        let fetched = |order: &Order| matches!(order, Order::Store(..));
        if waiting.len() < FEW && waiting.iter().any(fetched) {
            // Where captures come one by one, a sync for each would cost more than they do.
            std::thread::sleep(WAIT);
            while waiting.len() < GROUP
                && let Ok(next) = inbox.try_recv()
            {
                waiting.push(next);
            }
        }
        let (mut group, mut replies) = (Vec::new(), Vec::new());
        for order in waiting.drain(..) {
            match order {
                Order::Store(ready, reply) => {
                    group.push(*ready);
                    replies.push(reply);
                }
                Order::Call(task) => task(&mut archive),
            }
        }
        if !group.is_empty() {
            let result = archive.store(&group);
            // Their bodies are not needed any more, before those who wait go on.
            drop(group);
            answer(result, replies);
        }
    }
    archive
}

/// Tells everyone in the group how it went. Whoever hears of an error first ends the run by it.
fn answer(result: Result<Vec<Vec<Capture>>, ArchiveError>, replies: Vec<Reply>) {
    match result {
        Ok(captures) => {
            for (reply, captures) in replies.into_iter().zip(captures) {
                let _ = reply.send(Ok(captures));
            }
        }
        Err(error) => {
            for reply in replies {
                let _ = reply.send(Err(error.again()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everyone_in_a_group_is_told_why_it_failed() {
        let (replies, answers): (Vec<Reply>, Vec<_>) = (0..3).map(|_| oneshot::channel()).unzip();
        let full = ArchiveError::Io {
            path: "archive/a.warc.gz".into(),
            error: std::io::ErrorKind::StorageFull.into(),
        };
        let words = full.to_string();
        answer(Err(full), replies);
        for answer in answers {
            let told = answer.blocking_recv().unwrap().unwrap_err();
            assert_eq!(told.to_string(), words);
        }
    }
}
