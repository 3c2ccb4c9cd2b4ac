//! Suggestions for misspelt names.

/// Longer names are not compared: nobody mistypes them, and comparing takes the one length times the other.
const LONGEST: usize = 256;

/// The candidate nearest to `wanted`, if it is near enough to be what was meant.
pub fn nearest<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if wanted.len() > LONGEST {
        return None;
    }
    let tolerance = (wanted.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .filter(|candidate| candidate.len() <= LONGEST)
        .map(|candidate| (distance(wanted, candidate), candidate))
        .filter(|(distance, _)| *distance <= tolerance)
        .min()
        .map(|(_, candidate)| candidate)
}

/// "did you mean `x`?", if there is one, and otherwise the list of choices.
pub fn help<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let candidates: Vec<&str> = candidates.into_iter().collect();
    if let Some(near) = nearest(wanted, candidates.iter().copied()) {
        return Some(format!("did you mean `{near}`?"));
    }
    (!candidates.is_empty()).then(|| format!("there is {}", list(&candidates)))
}

/// `` `a`, `b` and `c` ``.
pub fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        None => "nothing".to_owned(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

/// How many characters to insert, remove, replace or swap with their neighbour to get from one to the other, in either case.
fn distance(from: &str, to: &str) -> usize {
    strsim::osa_distance(&from.to_lowercase(), &to.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_edits() {
        for (from, to, edits) in [
            ("", "", 0),
            ("rooms", "rooms", 0),
            ("Rooms", "rooms", 0),
            ("room", "rooms", 1),
            ("romos", "rooms", 1),
            ("", "abc", 3),
        ] {
            assert_eq!(distance(from, to), edits, "{from} {to}");
        }
    }

    #[test]
    fn a_near_miss_is_suggested_and_a_far_one_is_not() {
        let ids = ["join-project", "scoped-broadcast"];
        assert_eq!(nearest("join-projcet", ids), Some("join-project"));
        assert_eq!(nearest("payload", ids), None);
    }

    #[test]
    fn without_a_near_miss_the_choices_are_listed() {
        assert_eq!(help("payload", ["a", "b", "c"]).as_deref(), Some("there is `a`, `b` and `c`"));
        assert_eq!(help("payload", []), None);
    }
}
