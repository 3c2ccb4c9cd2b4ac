//! Everything that reaches the program from outside, as one stream.

use std::pin::Pin;
use std::task::{Context, Poll};

use crossterm::event::{self, EventStream, KeyEventKind};
use futures_util::Stream;
use tokio::sync::mpsc::UnboundedReceiver;

use super::event::Event;
use super::hub;

/// The stream of [`Event`]s. It ends after [`Event::Lost`].
#[derive(Debug)]
pub struct Input {
    keys: Option<EventStream>,
    messages: UnboundedReceiver<Event>,
    ended: bool,
}

impl Input {
    pub(super) fn new() -> Self {
        Self { keys: open_keys(), messages: hub::subscribe(), ended: false }
    }

    /// Stops reading keys, so that another program gets them. Signals still arrive.
    pub fn pause(&mut self) {
        // Dropping the stream wakes its thread, which then stops reading. Do not poll crossterm here to wait for that:
        // a poll swallows the wake-up if the thread is only about to read, and then it reads for ever.
        self.keys = None;
    }

    /// Reads keys again.
    pub fn resume(&mut self) {
        if self.keys.is_none() && !self.ended {
            self.keys = open_keys();
        }
    }

    fn poll_keys(&mut self, context: &mut Context<'_>) -> Poll<Event> {
        while let Some(keys) = &mut self.keys {
            match Pin::new(keys).poll_next(context) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Some(Ok(event))) => {
                    if let Some(event) = translate(event) {
                        return Poll::Ready(event);
                    }
                }
                Poll::Ready(None | Some(Err(_))) => {
                    self.keys = None;
                    hub::lost();
                }
            }
        }
        Poll::Pending
    }
}

impl Stream for Input {
    type Item = Event;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Event>> {
        if self.ended {
            return Poll::Ready(None);
        }
        // Messages come first, so that a flood of keys cannot hold up a signal. An error in reading keys becomes a
        // message.
        if let Poll::Ready(message) = self.messages.poll_recv(context) {
            hub::heard();
            self.ended = matches!(message, None | Some(Event::Lost));
            return Poll::Ready(message);
        }
        self.poll_keys(context).map(Some)
    }
}

/// `None` when the terminal is gone: crossterm's reader would keep us waiting for its lock for ever.
fn open_keys() -> Option<EventStream> {
    (!hub::is_lost()).then(EventStream::new)
}

/// The event as the program sees it; `None` if the program ignores it.
fn translate(event: event::Event) -> Option<Event> {
    match event {
        event::Event::Key(key) if key.kind == KeyEventKind::Release => None,
        #[cfg(unix)]
        event::Event::Key(key) if super::signals::raised_by(key) => None,
        event::Event::Key(key) => Some(Event::Key(key)),
        event::Event::Paste(text) => Some(Event::Paste(text.replace("\r\n", "\n").replace('\r', "\n"))),
        event::Event::Resize(columns, rows) => Some(Event::Resize { columns, rows }),
        event::Event::FocusGained | event::Event::FocusLost | event::Event::Mouse(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

    use super::*;

    fn key(code: KeyCode, modifiers: KeyModifiers, kind: KeyEventKind) -> event::Event {
        event::Event::Key(KeyEvent::new_with_kind(code, modifiers, kind))
    }

    #[test]
    fn a_held_key_repeats_and_a_released_one_is_silent() {
        let a = KeyCode::Char('a');
        let plain = KeyModifiers::NONE;
        assert!(matches!(translate(key(a, plain, KeyEventKind::Press)), Some(Event::Key(_))));
        assert!(matches!(translate(key(a, plain, KeyEventKind::Repeat)), Some(Event::Key(_))));
        assert_eq!(translate(key(a, plain, KeyEventKind::Release)), None);
    }

    #[test]
    fn a_paste_has_one_kind_of_line_end() {
        let paste = event::Event::Paste("one\rtwo\r\nthree\nfour".to_owned());
        assert_eq!(translate(paste), Some(Event::Paste("one\ntwo\nthree\nfour".to_owned())));
    }
}
