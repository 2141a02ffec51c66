//! How hosts are treated: few requests at once, a pause between them, none before the time
//! a host asked for, and none at all once it was found down.
//!
//! **In:** addresses. **Out:** the leave to send a request, in turn. **Not here:** the rules
//! ([`host`], pure) and the request itself. A task that waits for its host holds
//! none of the places that all hosts share, so that the number of hosts, not of places,
//! says how much goes on at once.
//!
//! Three circles: the host (pace, places, circuit), the site (hosts under one registrable
//! domain by the public suffix list, which often are one machine: a bound on places), and
//! everything (a bound on sockets).

pub(super) mod host;
pub(super) mod site;

use super::{Policy, sockets};
use host::{Closed, Ended, Host, Turn};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, SemaphorePermit};
use url::Url;

/// All hosts of a run.
#[derive(Debug)]
pub(super) struct Hosts {
    doors: Mutex<BTreeMap<String, Arc<Door>>>,
    sites: Mutex<BTreeMap<String, Arc<Semaphore>>>,
    everywhere: Semaphore,
    per_host: usize,
    per_site: usize,
    pause: Duration,
}

#[derive(Debug)]
struct Door {
    host: Mutex<Host>,
    /// Those who wait in the order in which they came; the first one is awake.
    queue: Semaphore,
    /// A request of the host has ended.
    changed: Notify,
    site: Option<Arc<Semaphore>>,
}

/// The leave to send one request; its place is free again when it is dropped.
#[derive(Debug)]
pub(super) struct Leave<'h> {
    door: Arc<Door>,
    port: u16,
    told: bool,
    _site: Option<OwnedSemaphorePermit>,
    _everywhere: Option<SemaphorePermit<'h>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Hosts {
    pub(super) fn new(policy: &Policy) -> Self {
        let places = |number: usize| number.clamp(1, Semaphore::MAX_PERMITS);
        Self {
            doors: Mutex::default(),
            sites: Mutex::default(),
            everywhere: Semaphore::new(sockets::at_most(places(policy.concurrency))),
            per_host: places(policy.per_host),
            per_site: places(policy.per_site),
            pause: policy.pause,
        }
    }

    fn door(&self, url: &Url) -> Arc<Door> {
        let key = url.host_str().unwrap_or_default();
        let mut doors = lock(&self.doors);
        if let Some(door) = doors.get(key) {
            return Arc::clone(door);
        }
        let site = site::of(url).map(|site| {
            let mut sites = lock(&self.sites);
            let places = sites
                .entry(site)
                .or_insert_with(|| Arc::new(Semaphore::new(self.per_site)));
            Arc::clone(places)
        });
        let door = Arc::new(Door {
            host: Mutex::new(Host::new(self.per_host, self.pause)),
            queue: Semaphore::new(1),
            changed: Notify::new(),
            site,
        });
        doors.insert(key.to_owned(), Arc::clone(&door));
        door
    }

    /// Waits for the leave to send a request to that host.
    ///
    /// # Errors
    /// Why the host is not asked (any more).
    pub(super) async fn enter(&self, url: &Url) -> Result<Leave<'_>, Closed> {
        let door = self.door(url);
        let port = port(url);
        {
            let _first = door.queue.acquire().await.ok();
            loop {
                let changed = door.changed.notified();
                tokio::pin!(changed);
                changed.as_mut().enable();
                let turn = lock(&door.host).ask(port, Instant::now());
                match turn {
                    Turn::Now => break,
                    Turn::Not(closed) => return Err(closed),
                    Turn::Later => changed.await,
                    Turn::After(wait) => {
                        let _ = tokio::time::timeout(wait, changed).await;
                    }
                }
            }
        }
        // From here on the host's place is given back even when this task is dropped.
        let mut leave = Leave {
            door: Arc::clone(&door),
            port,
            told: false,
            _site: None,
            _everywhere: None,
        };
        if let Some(site) = &door.site {
            leave._site = Arc::clone(site).acquire_owned().await.ok();
        }
        leave._everywhere = self.everywhere.acquire().await.ok();
        Ok(leave)
    }

    /// Why that host is not asked now.
    pub(super) fn closed(&self, url: &Url) -> Option<Closed> {
        lock(&self.door(url).host).closed(port(url), Instant::now())
    }

    /// The host of that address asked to be left alone for that long.
    pub(super) fn rest(&self, url: &Url, pause: Duration) {
        lock(&self.door(url).host).rest(Instant::now() + pause);
    }

    /// It asked to be left alone for longer than a run waits.
    pub(super) fn close(&self, url: &Url, text: &str) {
        let door = self.door(url);
        lock(&door.host).close(port(url), text);
        door.changed.notify_waiters();
    }
}

impl Leave<'_> {
    /// Whether the host has answered in this run.
    pub(super) fn has_answered(&self) -> bool {
        lock(&self.door.host).has_answered()
    }

    /// How the request went, as soon as that is known; `text` says it in words. The place is
    /// kept until the leave is dropped: the body may still be on its way.
    pub(super) fn heard(&mut self, how: Ended, text: &str) {
        if !self.told {
            self.told = true;
            lock(&self.door.host).heard(self.port, how, text, Instant::now());
            self.door.changed.notify_waiters();
        }
    }
}

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        self.heard(Ended::Other, "");
        lock(&self.door.host).done();
        self.door.changed.notify_waiters();
    }
}

fn port(url: &Url) -> u16 {
    url.port_or_known_default().unwrap_or(0)
}
