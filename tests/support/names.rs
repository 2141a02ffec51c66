//! A small name server on loopback (RFC 1035), with answers in turn and silences on demand.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where something is not as it should be"
)]

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use tokio::net::UdpSocket;
use tokio::task::JoinHandle;

/// What a question is answered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reply {
    /// That address, to a question for its family; nothing to one for the other.
    Address(IpAddr),
    /// The same, and silence to a question for the other family.
    OneFamily(IpAddr),
    /// The name exists, without an address.
    Nothing,
    /// There is no such name.
    NoSuchName,
    /// The server has trouble.
    Trouble,
    /// No answer at all.
    Silence,
}

#[derive(Default)]
struct Known {
    /// Answers in turn; a turn ends when the name was asked for both families.
    turns: BTreeMap<String, Vec<Reply>>,
    asked: Mutex<BTreeMap<String, usize>>,
}

/// A name server to be.
#[derive(Default)]
pub(crate) struct Builder(Known);

/// A name server that is up; it goes down when it is dropped.
pub(crate) struct NameServer {
    address: SocketAddr,
    known: Arc<Known>,
    task: JoinHandle<()>,
}

impl Builder {
    pub(crate) fn name(self, name: &str, reply: Reply) -> Self {
        self.turns(name, [reply])
    }

    pub(crate) fn turns(mut self, name: &str, replies: impl IntoIterator<Item = Reply>) -> Self {
        self.0
            .turns
            .insert(name.to_owned(), replies.into_iter().collect());
        self
    }

    pub(crate) async fn start(self) -> NameServer {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let address = socket.local_addr().unwrap();
        let known = Arc::new(self.0);
        let told = Arc::clone(&known);
        let task = tokio::spawn(async move {
            let mut packet = [0; 1500];
            while let Ok((length, from)) = socket.recv_from(&mut packet).await {
                if let Some(answer) = answer(&packet[..length], &told) {
                    socket.send_to(&answer, from).await.unwrap();
                }
            }
        });
        NameServer {
            address,
            known,
            task,
        }
    }
}

impl NameServer {
    pub(crate) fn builder() -> Builder {
        Builder::default()
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// How often a name was asked for.
    pub(crate) fn questions(&self, name: &str) -> usize {
        let asked = self.known.asked.lock().unwrap();
        asked.get(name).copied().unwrap_or(0)
    }
}

impl Drop for NameServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The answer to a question; none where the server is silent.
fn answer(question: &[u8], known: &Known) -> Option<Vec<u8>> {
    let (mut name, mut at) = (String::new(), 12);
    while question[at] != 0 {
        let length = usize::from(question[at]);
        let label = String::from_utf8_lossy(&question[at + 1..=at + length]);
        if !name.is_empty() {
            name.push('.');
        }
        name.push_str(&label.to_ascii_lowercase());
        at += length + 1;
    }
    let (kind, end) = (question[at + 2], at + 5);
    let number = {
        let mut asked = known.asked.lock().unwrap();
        let number = asked.entry(name.clone()).or_default();
        *number += 1;
        *number - 1
    };
    let reply = match known.turns.get(&name) {
        Some(turns) => turns[(number / 2) % turns.len()],
        None => Reply::NoSuchName,
    };
    let (code, address) = match reply {
        Reply::Silence => return None,
        Reply::NoSuchName => (3, None),
        Reply::Trouble => (2, None),
        Reply::Nothing => (0, None),
        Reply::OneFamily(address) if address.is_ipv4() != (kind == 1) => return None,
        Reply::Address(address) | Reply::OneFamily(address) => {
            (0, Some(address).filter(|a| a.is_ipv4() == (kind == 1)))
        }
    };
    // The question's number, an answer with recursion, one question, so many answers.
    let mut packet = question[..2].to_vec();
    packet.extend([0x81, 0x80 | code, 0, 1, 0, u8::from(address.is_some())]);
    packet.extend([0, 0, 0, 0]);
    packet.extend(&question[12..end]);
    if let Some(address) = address {
        // The name as in the question, the kind asked for, class IN, no time to live.
        packet.extend([0xc0, 12, 0, kind, 0, 1, 0, 0, 0, 0]);
        match address {
            IpAddr::V4(v4) => {
                packet.extend([0, 4]);
                packet.extend(v4.octets());
            }
            IpAddr::V6(v6) => {
                packet.extend([0, 16]);
                packet.extend(v6.octets());
            }
        }
    }
    Some(packet)
}
