//! Panics of the application's code.

use rooms::observer::Event;

use super::Finding;
use super::evidence::Evidence;
use crate::panic::Panic;

impl Evidence<'_> {
    /// A panic in a handler, which ends its client's connection.
    pub(super) fn handler_panic(&self) -> Option<Finding> {
        self.outcome.log.iter().find_map(|logged| match &logged.record.event {
            Event::HandlerPanic { socket, name, message } => {
                let (client, step) = (self.name(socket), self.step(logged.step));
                let panic = self.panics_in(logged.step).find(|panic| panic.message == *message);
                let place = panic.map(Panic::place_in_words).unwrap_or_default();
                let code = code_of(name, client);
                let text = format!("{step}: your {code}: {}{place}.", message.trim_end());
                Some(Finding { step: logged.step, text })
            }
            _ => None,
        })
    }

    /// A panic outside of handlers, such as in a task, up to this step. The server goes on without it, so it may be why
    /// something is missing.
    pub(super) fn panic_elsewhere(&self, step: usize) -> Option<String> {
        let is_told = |message: &str| {
            let mut log = self.outcome.log.iter().map(|logged| &logged.record.event);
            log.any(|event| matches!(event, Event::HandlerPanic { message: told, .. } if told == message))
        };
        let mut panics = self.outcome.panics.iter().filter(|(at, panic)| *at <= step && !is_told(&panic.message));
        let (at, panic) = panics.next()?;
        let (message, place) = (panic.message.trim_end(), panic.place_in_words());
        Some(format!("In step {at} your code panicked outside of a handler: {message}{place}."))
    }

    fn panics_in(&self, step: usize) -> impl Iterator<Item = &Panic> {
        self.outcome.panics.iter().filter(move |(at, _)| *at == step).map(|(_, panic)| panic)
    }
}

/// Which code panicked, and when. The server calls handlers of a connection's course by these names.
fn code_of(name: &str, client: &str) -> String {
    match name {
        "connection" => format!("code in `on_connection` panicked when {client} connected"),
        "guard" => format!("code in the guard panicked when {client} connected"),
        "disconnecting" | "disconnect" => format!("code in `on_{name}` panicked when {client}'s connection ended"),
        event => format!("handler for `{event}` panicked on what {client} sent"),
    }
}
