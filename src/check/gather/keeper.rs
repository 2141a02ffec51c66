//! The thread that owns the archive while sources are fetched.

use super::super::CheckError;
use crate::archive::{Archive, ArchiveError, Capture, Digest};
use crate::fetch::Fetched;
use std::thread::JoinHandle;
use tokio::sync::{mpsc, oneshot};

/// Fetches written with one sync at the most.
const GROUP: usize = 256;
/// Fetches that may wait for the archive; more makes the fetching wait.
const WAITING: usize = 512;

type Task = Box<dyn FnOnce(&mut Archive) + Send>;
type Reply = oneshot::Sender<Result<Vec<Capture>, ArchiveError>>;

enum Order {
    Store(Box<Fetched>, Reply),
    Call(Task),
}

/// The way to the archive's thread.
pub(in crate::check) struct Keeper {
    orders: Option<mpsc::Sender<Order>>,
    thread: Option<JoinHandle<Archive>>,
}

impl Keeper {
    /// Starts the thread.
    pub(in crate::check) fn start(archive: Archive) -> Result<Self, CheckError> {
        let (orders, inbox) = mpsc::channel(WAITING);
        let thread = std::thread::Builder::new()
            .name("archive".to_owned())
            .spawn(move || work(archive, inbox))
            .map_err(|error| stopped(&error.to_string()))?;
        Ok(Self {
            orders: Some(orders),
            thread: Some(thread),
        })
    }

    /// Keeps a fetch; when it returns, its captures survive power loss.
    pub(super) async fn store(&self, fetched: Fetched) -> Result<Vec<Capture>, CheckError> {
        let (reply, answer) = oneshot::channel();
        self.send(Order::Store(Box::new(fetched), reply)).await?;
        Ok(answer.await.map_err(|_| stopped("it gave no answer"))??)
    }

    /// Keeps a citing document.
    pub(in crate::check) async fn store_document(
        &self,
        name: &str,
        media_type: &'static str,
        bytes: Vec<u8>,
    ) -> Result<Digest, CheckError> {
        let name = name.to_owned();
        self.call(move |archive| archive.store_document(&name, media_type, &bytes))
            .await
    }

    /// Asks the archive something, in turn.
    pub(super) async fn call<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&mut Archive) -> Result<T, ArchiveError> + Send + 'static,
    ) -> Result<T, CheckError> {
        let (reply, answer) = oneshot::channel();
        let task: Task = Box::new(move |archive| {
            // The asker may have gone; then nobody wants the answer.
            let _ = reply.send(ask(archive));
        });
        self.send(Order::Call(task)).await?;
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
    pub(in crate::check) async fn finish(&mut self) -> Result<Archive, CheckError> {
        self.orders = None;
        let Some(thread) = self.thread.take() else {
            return Err(stopped("it is closed"));
        };
        super::blocking("the archive", move || thread.join())
            .await?
            .map_err(|_| stopped("it panicked"))
    }
}

fn stopped(what: &str) -> CheckError {
    CheckError::Stopped {
        part: "the archive",
        what: what.to_owned(),
    }
}

fn work(mut archive: Archive, mut inbox: mpsc::Receiver<Order>) -> Archive {
    let mut waiting = Vec::new();
    while let Some(first) = inbox.blocking_recv() {
        waiting.push(first);
        while waiting.len() < GROUP
            && let Ok(next) = inbox.try_recv()
        {
            waiting.push(next);
        }
        let (mut group, mut replies) = (Vec::new(), Vec::new());
        for order in waiting.drain(..) {
            match order {
                Order::Store(fetched, reply) => {
                    group.push(*fetched);
                    replies.push(reply);
                }
                Order::Call(task) => task(&mut archive),
            }
        }
        if !group.is_empty() {
            answer(archive.store(&group), replies);
        }
    }
    archive
}

/// Tells everyone in the group how it went. An error is told to the first in full, to the others in short.
fn answer(result: Result<Vec<Vec<Capture>>, ArchiveError>, replies: Vec<Reply>) {
    match result {
        Ok(captures) => {
            for (reply, captures) in replies.into_iter().zip(captures) {
                let _ = reply.send(Ok(captures));
            }
        }
        Err(error) => {
            // The first error ends the run; the others' senders are dropped, which they notice.
            if let Some(first) = replies.into_iter().next() {
                let _ = first.send(Err(error));
            }
        }
    }
}
