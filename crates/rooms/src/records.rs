//! A running server as one stream of records.

use std::time::Duration;

use tokio::time::{Interval, MissedTickBehavior};

use crate::io::Io;
use crate::observer::{Event, FeedReceiver, Record};
use crate::socket::Socket;

/// Everything that a reader needs for a live picture: the records of a feed, and at regular intervals
/// the counters of every socket. A reader that was so slow that records were lost is told what there is.
#[derive(Debug)]
pub struct Records {
    io: Io,
    feed: FeedReceiver,
    period: Interval,
    /// The sockets that are still to be told, after a loss.
    untold: std::vec::IntoIter<Socket>,
}

impl Records {
    /// Follows a server through its feed, with [`Event::Counters`] once each `period`.
    pub fn new(io: Io, feed: FeedReceiver, period: Duration) -> Self {
        let mut period = tokio::time::interval(period);
        period.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { io, feed, period, untold: Vec::new().into_iter() }
    }

    /// The next record. There is always one to come, as this keeps the server alive. Cancel safe.
    pub async fn next(&mut self) -> Option<Record> {
        if let Some(event) = self.tell() {
            return Some(self.io.stamp(event));
        }
        let record = tokio::select! {
            record = self.feed.next() => record?,
            _ = self.period.tick() => return Some(self.io.counters_record(self.feed.log_lines_dropped())),
        };
        if let Event::Lost { .. } = record.event {
            // One by one: all of them together could be as much as the server itself holds.
            self.untold = self.io.all_sockets().into_iter();
            return Some(self.io.stamp(record.event));
        }
        Some(record)
    }

    /// What there is, after a loss. What has changed since is in the feed by now, so some of it is told twice.
    fn tell(&mut self) -> Option<Event> {
        self.untold.find(Socket::is_connected).map(|socket| Event::Present {
            socket: socket.id().to_string(),
            namespace: socket.io().namespace().name().to_owned(),
            name: socket.name(),
            rooms: socket.rooms(),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};

    use super::*;
    use crate::config::Config;
    use crate::observer::feed;

    /// A client that is connected.
    async fn client(io: &Io) -> DuplexStream {
        let (mut client, server) = duplex(64 * 1024);
        let io = io.clone();
        tokio::spawn(async move { io.serve_stream(server).await });
        let request = "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\n\
                       Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
                       Sec-WebSocket-Version: 13\r\n\r\n";
        client.write_all(request.as_bytes()).await.unwrap();
        client.write_all(&[0x81, 0x82, 0, 0, 0, 0, b'4', b'0']).await.unwrap();
        let mut heard = Vec::new();
        while !heard.windows(3).any(|window| window == b"40{") {
            client.read_buf(&mut heard).await.unwrap();
        }
        client
    }

    /// The reader hangs while a client comes and goes, joins and leaves, more often than records may wait. Then it is told
    /// who is there, and in which rooms.
    #[tokio::test(start_paused = true)]
    async fn a_reader_that_hung_knows_all_again() {
        let (feed, receiver) = feed(10);
        let io = Io::observed(Config::default(), feed);
        let mut records = Records::new(io.clone(), receiver, Duration::from_secs(3600));
        let _ann = client(&io).await;
        let ann = io.sockets().remove(0);
        let room = "r".repeat(1000);
        for _ in 0..10_000 {
            ann.join(room.as_str());
            ann.leave(&room);
        }
        ann.join("a");
        let _bob = client(&io).await;
        let bob = io.sockets().remove(1);
        bob.join("b");
        while !matches!(records.next().await.unwrap().event, Event::Lost { records: 1.. }) {}
        bob.join("c");
        let mut present = BTreeSet::new();
        let mut joined = BTreeSet::new();
        while !joined.contains(&(bob.id().to_string(), "last".to_owned())) {
            match records.next().await.unwrap().event {
                Event::Present { socket, rooms, .. } => {
                    joined.extend(rooms.into_iter().map(|room| (socket.clone(), room)));
                    present.insert(socket);
                }
                Event::Join { socket, room } => _ = joined.insert((socket, room)),
                Event::Counters { .. } => {}
                other => panic!("{other:?}"),
            }
            bob.join("last");
        }
        let ids = [&ann, &bob].map(|socket| socket.id().to_string());
        assert_eq!(present, BTreeSet::from(ids.clone()));
        let [ann, bob] = ids;
        let expected = [(ann, "a"), (bob.clone(), "b"), (bob.clone(), "c"), (bob, "last")];
        assert_eq!(joined, expected.map(|(socket, room)| (socket, room.to_owned())).into());
    }
}
