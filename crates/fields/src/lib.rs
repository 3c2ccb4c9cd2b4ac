//! Reads tables of TOML by declarations, and says of every mistake where it stands.
//!
//! A deserialiser stops at the first mistake. This reader reports each one and goes on, so that an author sees all of
//! them at once, unknown keys with what was probably meant. [`table!`] declares the keys of a table:
//!
//! ```
//! use fields::{Found, Required};
//!
//! fields::table! {
//!     /// What there is to eat.
//!     struct Menu = "a menu" {
//!         /// What is eaten.
//!         dish: Required<String>,
//!         /// What may be drunk with it.
//!         drinks: Vec<String>,
//!     }
//! }
//!
//! let found = Found::default();
//! let menu: Option<Menu> = fields::read("dish = 7\ndrink = ['tea']", &found);
//! let mistakes = found.into_sorted();
//! assert_eq!(menu.map(|menu| menu.dish), Some(Required(None)));
//! assert_eq!(mistakes[0].message, "expected a string, found an integer");
//! assert_eq!(mistakes[1].message, "a menu has no key `drink`");
//! assert_eq!(mistakes[1].help.as_deref(), Some("did you mean `drinks`?"));
//! assert_eq!(Menu::KEYS[0].doc.trim(), "What is eaten.");
//! # use fields::Table;
//! ```
//!
//! # Map
//!
//! - [`mod@table`]: [`table!`], and the [`Table`]s that it declares. `document` parses a text and reads one of it.
//! - `field`: what the declaration says of a key: [`Required`], [`Filled`], an `Option`, a `Vec`.
//! - [`mod@value`]: what a value may be: a text, a number, [`OneOrMany`], and the trait for further types, which read an
//!   [`Item`].
//! - [`mistake`]: what is wrong at a place, and where it is reported. `place`: lines and columns.
//! - [`shape`]: what may be written, as data.
//! - [`suggest`]: what was probably meant.

#![warn(clippy::missing_errors_doc)]

mod document;
mod field;
mod item;
pub mod mistake;
mod place;
pub mod shape;
pub mod suggest;
pub mod table;
pub mod value;

pub use document::read;
pub use field::{Field, Filled, Required};
pub use item::Item;
pub use mistake::{Code, Found, Mistake, Report};
pub use place::{line_end, position};
pub use shape::Shape;
pub use table::{Fields, Key, Table};
pub use toml::Spanned;
pub use value::{OneOrMany, Text, Value, Verbatim};
