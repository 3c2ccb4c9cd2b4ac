//! JSON in one spelling.
//!
//! Two servers may send the same data with keys in another order, `1.0` for `1` or `\u00e9` for `é`.
//! None of that is meant, so a transcript does not show it.

use serde_json::{Map, Number, Value};

/// The largest integer that every JSON implementation keeps exactly.
const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;

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

/// Whether `actual` has everything that `wanted` has. Objects may have more keys; all else is equal.
pub fn contains(actual: &Value, wanted: &Value) -> bool {
    match (actual, wanted) {
        (Value::Object(actual), Value::Object(wanted)) => {
            wanted.iter().all(|(key, value)| actual.get(key).is_some_and(|found| contains(found, value)))
        }
        _ => canonical(actual) == canonical(wanted),
    }
}

/// The keys of an object `wanted` that an object `actual` does not have.
pub fn lacking(actual: &Value, wanted: &Value) -> Vec<String> {
    match (actual, wanted) {
        (Value::Object(actual), Value::Object(wanted)) => {
            wanted.keys().filter(|key| !actual.contains_key(*key)).cloned().collect()
        }
        _ => Vec::new(),
    }
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
    fn lacking_is_about_keys_alone() {
        let actual = json!({ "a": 1, "b": null });
        assert_eq!(lacking(&actual, &json!({ "a": 2, "b": 3, "c": 4 })), ["c"]);
        assert!(lacking(&json!([1]), &json!({ "a": 1 })).is_empty());
    }
}
