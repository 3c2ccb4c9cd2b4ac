//! `kind = "read"`: a page.

use fields::{Item, Required, Shape, Value, table};

use super::super::reader::Reader;
use super::context::Context;
use super::kind::{Kind, Template, Use};

/// A page to read. It has only the keys of every step, but the text is required.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read;

table! {
    /// What a step of this kind says.
    pub(in crate::course) struct Keys = "a step" {
        /// The page, a file of Markdown in the lesson's folder.
        text: Required<Present>,
    }
}

/// What every step may have, and is read there.
pub(in crate::course) struct Present;

impl Value for Present {
    fn shape() -> Shape {
        Shape::Text
    }

    fn read(_: Item<'_>) -> Option<Self> {
        Some(Self)
    }
}

impl Kind for Read {
    type Keys = Keys;
    const SHOWS: bool = true;
    const TEMPLATE: Template = Template {
        keys: r#"id = "about"
title = "What it is about"
text = "about.md"
"#,
        minutes: Some(1),
        files: &[("about.md", "An echo shows that the way to the server and back is open.\n")],
    };

    fn new(_: Keys, _: &Reader<'_>, _: &mut Context<'_>) -> Self {
        Self
    }

    fn exercise(&self) -> Use<'_> {
        Use::Nothing
    }
}
