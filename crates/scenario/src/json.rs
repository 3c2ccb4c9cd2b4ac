//! JSON in one spelling.
//!
//! Two servers may send the same data with keys in another order, `1.0` for `1` or `\u00e9` for `é`. The differences
//! carry no meaning, so a transcript does not show them.

use serde_json::{Map, Number, Value};

/// The largest integer that every JSON implementation keeps exactly.
const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;

/// Up to this many keys, a reader sees each value of an object.
const FEW: usize = 2;

/// Compact JSON with sorted keys; whole numbers without a fraction.
pub fn canonical(value: &Value) -> String {
    sorted(value).to_string()
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let mut entries: Vec<_> = object.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            let entries = entries.into_iter().map(|(key, value)| (key.clone(), sorted(value)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        Value::Number(number) => Value::Number(whole(number)),
        other => other.clone(),
    }
}

fn whole(number: &Number) -> Number {
    match number.as_f64() {
        #[expect(clippy::cast_possible_truncation, reason = "a whole number within the safe range fits")]
        Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() <= MAX_SAFE_INTEGER => {
            Number::from(float as i64)
        }
        _ => number.clone(),
    }
}

/// Whether `actual` has everything that `wanted` has. Objects may have more keys; everything else has to be equal.
pub fn contains(actual: &Value, wanted: &Value) -> bool {
    match (actual, wanted) {
        (Value::Object(actual), Value::Object(wanted)) => {
            wanted.iter().all(|(key, value)| actual.get(key).is_some_and(|found| contains(found, value)))
        }
        _ => canonical(actual) == canonical(wanted),
    }
}

/// The differences of two objects in words: missing keys, surplus keys, lists with other items, nested objects, and
/// plain values if there are many. With `only_wanted`, surplus keys do not count.
pub fn differences(wanted: &Value, actual: &Value, only_wanted: bool) -> Vec<String> {
    let (Value::Object(wanted), Value::Object(actual)) = (wanted, actual) else { return Vec::new() };
    let missing = wanted.keys().filter(|key| !actual.contains_key(*key)).map(|key| format!("{key} is missing"));
    let extra = actual.keys().filter(|key| !wanted.contains_key(*key) && !only_wanted);
    let extra = extra.map(|key| format!("{key} is too much"));
    // With few values, the reader sees the difference.
    let among_many = actual.len() > FEW;
    let values = wanted.iter().filter_map(|(key, wanted)| match (wanted, actual.get(key)?) {
        (Value::Array(wanted), Value::Array(actual)) => Some(other_items(key, wanted, actual)),
        (Value::Object(_), found @ Value::Object(_)) => {
            Some(differences(wanted, found, only_wanted).iter().map(|words| format!("{key}.{words}")).collect())
        }
        (_, found) => (among_many && canonical(found) != canonical(wanted))
            .then(|| vec![format!("{key} is {}, not {}", canonical(found), canonical(wanted))]),
    });
    missing.chain(extra).chain(values.flatten()).collect()
}

fn other_items(key: &str, wanted: &[Value], actual: &[Value]) -> Vec<String> {
    let (missing, extra) = (without(wanted, actual), without(actual, wanted));
    if missing.is_empty() && extra.is_empty() && wanted != actual {
        return vec![format!("{key} is in another order")];
    }
    let missing = missing.iter().map(|item| format!("{key} lacks {item}"));
    missing.chain(extra.iter().map(|item| format!("{key} has {item} too much"))).collect()
}

/// The items of `all` that are not in `taken`, counting repetitions.
pub(crate) fn without<'t, T: PartialEq>(all: &'t [T], taken: &[T]) -> Vec<&'t T> {
    let mut taken: Vec<_> = taken.iter().collect();
    let mut left = Vec::new();
    for item in all {
        match taken.iter().position(|other| *other == item) {
            Some(index) => drop(taken.swap_remove(index)),
            None => left.push(item),
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn spelling_does_not_matter() {
        let value: Value = serde_json::from_str(r#"{"z":1.0,"a":[{"y":2,"b":"\u00e9"}],"f":1.5}"#).unwrap();
        assert_eq!(canonical(&value), r#"{"a":[{"b":"é","y":2}],"f":1.5,"z":1}"#);
    }

    #[test]
    fn containing_is_about_the_keys_that_are_asked_for() {
        let actual = json!({ "a": 1, "b": { "c": 2, "d": 3 } });
        assert!(contains(&actual, &json!({ "b": { "c": 2.0 } })));
        assert!(!contains(&actual, &json!({ "b": { "c": 3 } })));
        assert!(!contains(&actual, &json!({ "e": null })));
        assert!(!contains(&json!([1, 2]), &json!([1])));
    }

    #[test]
    fn differences_are_told_in_words() {
        let differences = |wanted: Value, actual: Value| differences(&wanted, &actual, false);
        assert_eq!(
            differences(json!({ "a": 1, "b": 2 }), json!({ "b": 3, "c": 4 })),
            ["a is missing", "c is too much"]
        );
        for (actual, words) in [
            (json!(["x", "z"]), r#"list lacks "y""#),
            (json!(["x", "y", "z", "z"]), r#"list has "z" too much"#),
            (json!(["z", "y", "x"]), "list is in another order"),
        ] {
            assert_eq!(differences(json!({ "list": ["x", "y", "z"] }), json!({ "list": actual })), [words]);
        }
        assert!(differences(json!([1]), json!([2])).is_empty());
        assert!(differences(json!({ "a": 1, "b": 2 }), json!({ "a": 1, "b": 3 })).is_empty());
        assert_eq!(
            differences(json!({ "a": 1, "b": "x", "c": 3 }), json!({ "a": 1, "b": "y", "c": 3 })),
            [r#"b is "y", not "x""#]
        );
        assert_eq!(
            differences(json!({ "a": { "b": 1, "c": 2 } }), json!({ "a": { "c": 2, "d": 3 } })),
            ["a.b is missing", "a.d is too much"]
        );
        assert!(super::differences(&json!({}), &json!({ "a": 1 }), true).is_empty());
    }
}
