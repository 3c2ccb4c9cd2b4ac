//! Replacing parts of a text, all or none. Build scripts read this file as well, so it needs nothing but the standard library.

use std::cmp::Reverse;

/// A replacement that does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Misfit {
    /// Its index, from 0.
    pub index: usize,
    /// How often its text occurs, or where, in words.
    pub times: &'static str,
}

/// `source` with the second text of each pair in place of the first, which has to occur exactly once.
///
/// # Errors
///
/// The first replacement that does not fit. Nothing is replaced then.
pub fn replaced(source: &str, replacements: &[(&str, &str)]) -> Result<String, Misfit> {
    let mut places = Vec::new();
    for (index, (find, _)) in replacements.iter().enumerate() {
        let mut found = source.match_indices(find);
        match (found.next(), found.next()) {
            (Some((start, _)), None) => places.push((start, index)),
            (None, _) => return Err(Misfit { index, times: "nowhere" }),
            (Some(_), Some(_)) => return Err(Misfit { index, times: "more than once" }),
        }
    }
    // From the end, so that earlier positions stay valid.
    places.sort_by_key(|(start, _)| Reverse(*start));
    let (mut text, mut taken_from) = (source.to_owned(), source.len());
    for (start, index) in places {
        let (find, replace) = replacements[index];
        let end = start + find.len();
        if end > taken_from {
            return Err(Misfit { index, times: "across the place of another" });
        }
        text.replace_range(start..end, replace);
        taken_from = start;
    }
    Ok(text)
}
