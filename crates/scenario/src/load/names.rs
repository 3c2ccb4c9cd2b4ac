//! Names that Socket.IO has rules for.

use fields::{Code, Found, Item, Shape, Text, Value, Verbatim};
use rooms::codec::socket::RESERVED_EVENTS;

/// The name of an event that an application may send. It may be empty: a server has to bear that.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct EventName(pub(crate) String);

impl Value for EventName {
    fn shape() -> Shape {
        Shape::Verbatim
    }

    fn read(item: Item<'_>) -> Option<Self> {
        let Verbatim(name) = Value::read(item)?;
        if RESERVED_EVENTS.contains(&name.as_str()) {
            let help = "choose another event name".to_owned();
            item.error(Code::BadValue, format!("`{name}` is reserved by Socket.IO"), help);
            return None;
        }
        Some(Self(name))
    }
}

/// Takes the name of one more client; if it cannot be one, that is reported.
pub(crate) fn add_client(name: Text, clients: &mut Vec<String>, found: &Found) {
    if name.get_ref().contains(char::is_whitespace) {
        found.add(name.span(), Code::BadValue, "a client's name is one word", None);
    }
    if clients.contains(name.get_ref()) {
        found.add(name.span(), Code::BadValue, format!("there are two clients `{}`", name.get_ref()), None);
    }
    clients.push(name.into_inner());
}

/// The name of a namespace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Namespace(pub(super) String);

impl Value for Namespace {
    fn shape() -> Shape {
        Shape::Pattern("^/[^,]*$")
    }

    fn read(item: Item<'_>) -> Option<Self> {
        let name = String::read(item)?;
        if !name.starts_with('/') || name.contains(',') {
            let message = "a namespace starts with a slash and has no comma, as in \"/admin\"";
            item.error(Code::BadValue, message, None);
            return None;
        }
        Some(Self(name))
    }
}
