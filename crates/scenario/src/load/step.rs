//! A step, as it is written: the key that is there says which action it is, and so which other keys there may be.

use std::ops::Range;

use fields::shape::Written;
use fields::{Code, Fields, Item, Key, Shape, Table, Value, suggest};

use super::tables::{
    Answer, Close, Connect, Disconnect, Drop, Emit, Expect, ExpectAck, ExpectDisconnect, ExpectNone, Flood, Garble,
    Resume, Stall, Wait,
};

/// Declares the actions, each with the key that names it and its table.
macro_rules! actions {
    ($($name:ident = $key:literal,)*) => {
        /// What a step does, as it is written.
        pub(super) enum Keys {
            $($name($name),)*
        }

        const ACTIONS: &[Action] = &[$(Action {
            name: $key,
            what: $name::WHAT,
            keys: $name::KEYS,
            written: $name::written,
            read: |fields| Keys::$name($name::from_fields(fields)),
        }),*];
    };
}

actions! {
    Connect = "connect",
    Emit = "emit",
    Flood = "flood",
    Answer = "answer",
    Expect = "expect",
    ExpectNone = "expect_none",
    ExpectAck = "expect_ack",
    ExpectDisconnect = "expect_disconnect",
    Wait = "wait_ms",
    Disconnect = "disconnect",
    Close = "close",
    Drop = "drop",
    Garble = "garble",
    Stall = "stall",
    Resume = "resume",
}

/// What a step may do.
struct Action {
    name: &'static str,
    what: &'static str,
    keys: &'static [Key],
    written: fn() -> Vec<Written>,
    read: fn(&mut Fields<'_>) -> Keys,
}

impl Action {
    fn has(&self, key: &str) -> bool {
        self.keys.iter().any(|known| known.name == key)
    }
}

/// A step, as it is written.
pub(super) struct Step {
    pub(super) span: Range<usize>,
    pub(super) keys: Keys,
}

/// The key that is there says which action it is.
impl Value for Step {
    const IS_TABLE: bool = true;

    fn shape() -> Shape {
        Shape::OneOf(ACTIONS.iter().map(|action| Shape::Table((action.written)())).collect())
    }

    fn read(item: Item<'_>) -> Option<Self> {
        let fields = item.fields("a step")?;
        let named = |action: &&Action| fields.written().any(|(key, _)| key == action.name);
        match ACTIONS.iter().filter(named).collect::<Vec<_>>()[..] {
            [] => says_nothing(item, &fields),
            [action] => {
                let mut fields = item.fields(action.what)?;
                let keys = (action.read)(&mut fields);
                fields.finish_with(|key| belongs_elsewhere(key, action));
                Some(Self { span: item.span(), keys })
            }
            [..] => {
                item.error(Code::BadValue, "this step does two things", "make two steps of it".to_owned());
                None
            }
        }
    }
}

fn says_nothing<T>(item: Item<'_>, fields: &Fields<'_>) -> Option<T> {
    let actions = || ACTIONS.iter().map(|action| action.name);
    let unknown = fields.written().filter(|(key, _)| !ACTIONS.iter().any(|action| action.has(key)));
    let unknown: Vec<_> = unknown.collect();
    if unknown.is_empty() {
        let help = format!("give it one of {}", suggest::list(&actions().collect::<Vec<_>>()));
        item.error(Code::MissingKey, "this step does nothing", help);
    }
    for (key, span) in unknown {
        let all = ACTIONS.iter().flat_map(|action| action.keys).map(|key| key.name);
        let help = suggest::nearest(key, all).map(|near| format!("did you mean `{near}`?"));
        let help = help.or_else(|| suggest::help(key, actions()));
        fields.error(span, Code::UnknownKey, format!("a step has no key `{key}`"), help);
    }
    None
}

/// A key that another action has would otherwise go unseen.
fn belongs_elsewhere(key: &str, action: &Action) -> Option<String> {
    let owners: Vec<_> = ACTIONS.iter().filter(|other| other.has(key)).map(|other| other.name).collect();
    (!owners.is_empty()).then(|| format!("`{key}` belongs to {}, not to {}", suggest::list(&owners), action.what))
}
