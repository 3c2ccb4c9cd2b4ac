//! What a scenario says is forgotten.

use fields::{Code, Found, Text};

use super::tables::Memory as Keys;
use crate::script::{Memory, Step};

pub(super) fn memory(keys: Keys, steps: &[Step], found: &Found) -> Memory {
    for text in &keys.fresh {
        if !steps.iter().any(|step| step.action.sends(text.get_ref())) {
            let message = format!("no step sends the text `{}`", text.get_ref());
            found.add(text.span(), Code::BadValue, message, None);
        }
    }
    Memory { forgotten: keys.forgotten.or_default(), fresh: keys.fresh.into_iter().map(Text::into_inner).collect() }
}
