//! `kind = "retype"`: a worked example, typed again chunk by chunk.

mod chunks;

use fields::{Filled, Required, Text, table};

use crate::course::reader::{Id, Reader};
use crate::course::steps::context::{Context, Typed};
use crate::course::steps::kind::{Kind, Template, Use};

pub use chunks::Chunk;

/// A worked example to type again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retype {
    /// The exercise whose file the typed text goes to; `None` if it is typed only for practice.
    pub exercise: Option<String>,
    /// The whole worked example.
    pub source: String,
    /// The same in another language, to show instead of it.
    pub beside: Option<String>,
    /// The source in pieces: joined, they are exactly `source`.
    pub chunks: Vec<Chunk>,
}

table! {
    /// What a step of this kind says.
    pub(in crate::course) struct Keys = "a step" {
        /// The exercise whose file the typed text goes to, by its id; without it the typing is practice.
        exercise: Option<Id>,
        /// The worked example, a file in the lesson's folder.
        source: Required<Text>,
        /// The same in another language, to show instead of it.
        beside: Option<Text>,
        /// Where the source is cut.
        chunks: Filled<chunks::Keys>,
    }
}

impl Kind for Retype {
    type Keys = Keys;
    const TEMPLATE: Template = Template {
        keys: r#"id = "type-it"
title = "Type the worked example"
exercise = "@example@"
source = "example.rs"
chunks = [
    { starts = "use rooms", label = "All of it", why = "Its length is that of one piece: five to eleven lines." },
]
"#,
        minutes: Some(5),
        files: &[("example.rs", include_str!("example.txt"))],
    };

    fn new(keys: Keys, reader: &Reader<'_>, context: &mut Context<'_>) -> Self {
        let exercise = context.exercise(reader, keys.exercise).map(Text::into_inner);
        let text = |name: &Option<Text>| Some(context.folder.read(reader, name.as_ref()?)?.text().to_owned());
        let (source, beside) = (text(&keys.source.0), text(&keys.beside));
        let chunks = chunks::new(keys.chunks.0, reader, source.as_deref());
        let source = source.unwrap_or_default();
        if let (Some(exercise), Some(file)) = (&exercise, keys.source.0) {
            let (exercise, file, source) = (exercise.clone(), file.into_inner(), source.clone());
            context.typed.push(Typed { exercise, file, source });
        }
        Self { exercise, source, beside, chunks }
    }

    fn exercise(&self) -> Use<'_> {
        self.exercise.as_deref().map_or(Use::Nothing, Use::File)
    }
}
