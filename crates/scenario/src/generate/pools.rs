//! The values that a program is likely to get wrong.
//!
//! Each pool is made around the usual values of a field: what begins like one of them, ends like it or is spelled like it
//! is where programs mistake one for the other.

use serde_json::{Value, json};

use super::alphabet::Field;

/// Where the unusual values of a field come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pool {
    #[default]
    /// Names of things: other spellings of the usual ones, prefixes, what looks like two in one.
    Ids,
    /// Texts for people: blank ones, long ones, markup, characters of several bytes.
    Texts,
    /// Numbers: zeros, fractions, what floats cannot tell apart.
    Numbers,
    /// Counters that begin with 1.
    Versions,
}

/// Blanks of Unicode, and characters that only look like some: zero width is none.
const BLANKS: [&str; 9] = ["", " ", "\t\n", "\u{a0}", "\u{3000}", "\u{2003}\u{85}", "\u{200b}", "\u{feff}", "\u{0}"];

/// Lengths, in characters or bytes, at which somebody might draw a line.
const LENGTHS: [usize; 14] = [1, 44, 45, 63, 64, 65, 100, 127, 128, 129, 255, 256, 1000, 1025];

/// Longer than anything that a page names.
const LONG: usize = 4000;

/// Lists in lists: more than a hundred that a client can be told to send, and the server still reads them.
const NESTED: usize = 120;

/// The unusual values of a field, in no order that means anything.
pub fn unusual(field: &Field) -> Vec<Value> {
    let mut values: Vec<Value> = match field.pool {
        Pool::Ids => ids(field).into_iter().map(Value::from).collect(),
        Pool::Texts => texts(field).into_iter().map(Value::from).collect(),
        Pool::Numbers => numbers(),
        Pool::Versions => versions(),
    };
    if let Some(most) = field.most_bytes {
        values.retain(|value| value.as_str().is_none_or(|text| text.len() <= most));
    }
    if !field.unfit {
        values.retain(|value| is_fit(value, field));
    }
    values.retain(|value| !field.usual.contains(value) && !field.open.contains(value));
    values
}

/// Texts that show many mistakes at once, or one that is often made. Some have markup, quotes, a colon, a blank, a character
/// of no width, one that is not ASCII and a control character; with blanks at the ends, and longer than most lines that somebody
/// might draw as well. The others are a blank of Unicode and a name that objects have in JavaScript.
pub fn telling(field: &Field) -> Vec<Value> {
    if !matches!(field.pool, Pool::Ids | Pool::Texts) {
        return Vec::new();
    }
    // Of two, so that the others have their turn.
    let usual = field.usual.iter().filter_map(Value::as_str).take(2);
    let mixed = usual.flat_map(|text| {
        let mixed = format!("{text}: <b>\"\u{e9}'\u{200b}\u{1}</b>");
        let long = field.limit.map_or_else(|| mixed.repeat(20), |limit| "\u{1f600}".repeat(limit));
        [format!(" {mixed}\t"), mixed, long]
    });
    let all = mixed.chain(["\u{2003}", "constructor"].map(str::to_owned));
    let fits = |text: &String| field.most_bytes.is_none_or(|most| text.len() <= most);
    let mut telling: Vec<_> = all.filter(fits).map(Value::from).collect();
    telling.retain(|value| (field.unfit || is_fit(value, field)) && !field.open.contains(value));
    telling
}

/// Values of another type than the pool's.
pub fn unfit(field: &Field) -> Vec<Value> {
    let first = field.usual.first().cloned().unwrap_or_default();
    let mut values =
        vec![Value::Null, json!(true), json!(false), json!([]), json!({}), json!([first]), json!({ "id": first })];
    match field.pool {
        Pool::Ids | Pool::Texts => {
            values.extend([json!(0), json!(7), json!(-0.0), json!(1.5), json!(9_007_199_254_740_993_u64)]);
        }
        Pool::Numbers | Pool::Versions => values.extend([json!(""), json!("1"), json!(first.to_string()), json!("x")]),
    }
    values.retain(|value| !field.usual.contains(value) && !field.open.contains(value));
    values
}

/// What may come in place of an object with fields.
pub fn payloads(usual: &Value) -> Vec<Value> {
    let mut fields = usual.as_object().into_iter().flat_map(|fields| fields.values());
    let first = fields.find(|value| !value.is_array() && !value.is_object()).cloned().unwrap_or_default();
    vec![Value::Null, json!({}), json!(7), json!(""), first, json!(true), json!({ "payload": usual })]
}

/// Lists that may come in its place: they may hold what it would.
pub fn lists(usual: &Value) -> Vec<Value> {
    let values = usual.as_object().map(|fields| fields.values().cloned().collect()).unwrap_or_default();
    vec![json!([]), json!([usual]), Value::Array(values)]
}

/// Fields that nobody has asked for.
pub fn further() -> Vec<(&'static str, Value)> {
    vec![
        ("note", json!("more")),
        ("Title", json!("x")),
        ("", json!(1)),
        ("__proto__", json!({ "admin": true })),
        ("a field with a name that goes on and on and that nobody would write by hand to well beyond eighty", json!(1)),
        ("user", json!("eve")),
        ("big", json!(9_007_199_254_740_993_u64)),
        ("small", json!(-0.0)),
        ("list", json!([1, [2, [3]], {}])),
        ("html", json!("<b>&amp;\"'</b>")),
        ("null", Value::Null),
    ]
}

/// Texts of JSON that stand where a value would: halves of surrogate pairs, numbers beyond all that programs can hold, other ways to
/// write zero, one, or the usual value, and lists in lists.
pub fn raw(usual: &Value) -> Vec<String> {
    let texts = [
        r#""\ud800""#,
        r#""\udc00\ud800""#,
        r#""p1\udfff""#,
        r#""\u0000""#,
        "1e400",
        "-1e400",
        "1e-400",
        "-0",
        "-0.0",
        "0e5",
        "0E-7",
        "1E0",
        "1.0000000000000000000001",
        "9007199254740993.0",
        "1234567890123456789012345678901234567890",
    ];
    let mut raw: Vec<_> = texts.map(str::to_owned).into();
    raw.push(format!("{}{}", "[".repeat(NESTED), "]".repeat(NESTED)));
    if let Some(text) = usual.as_str() {
        let escaped: Vec<_> = text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
        let escaped = escaped.concat();
        raw.extend([format!("\"{escaped}\""), format!("\"{escaped}\\ud800\"")]);
    }
    raw
}

/// Whether a program that keeps to the page sends it: no blank text, unless the page has one, and nothing beyond the limit.
fn is_fit(value: &Value, field: &Field) -> bool {
    match value {
        Value::String(text) => {
            let characters = text.chars().count();
            (field.blank || !text.trim().is_empty()) && field.limit.is_none_or(|limit| characters <= limit)
        }
        Value::Number(number) => number.as_u64().is_some_and(|number| number > 0),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => false,
    }
}

fn ids(field: &Field) -> Vec<String> {
    let usual: Vec<_> = field.usual.iter().filter_map(Value::as_str).collect();
    let mut ids: Vec<String> = usual.iter().flat_map(|id| spellings(id)).collect();
    if let [one, other, ..] = usual.as_slice() {
        ids.extend([
            format!("{one}:{other}"),
            format!("{one},{other}"),
            format!("{one}/{other}"),
            format!("{one}{other}"),
        ]);
    }
    ids.extend(["0", "7", "null", "undefined", "true", "__proto__", "constructor"].map(str::to_owned));
    ids.extend(general(field));
    ids
}

fn texts(field: &Field) -> Vec<String> {
    let usual: Vec<_> = field.usual.iter().filter_map(Value::as_str).collect();
    let mut texts: Vec<String> = usual.iter().flat_map(|text| spellings(text)).collect();
    texts.extend(
        ["<b>bold</b> & \"quoted\" 'it'", "e\u{301}", "👩‍👩‍👧", "\u{202e}desrever", "{\"a\":1}"].map(str::to_owned),
    );
    texts.extend(general(field));
    texts
}

/// Texts of the usual ones and a separator: two of them, put together with another, may come to the same.
pub fn colliding(field: &Field) -> Vec<Value> {
    let usual = field.usual.iter().filter_map(Value::as_str);
    let all = usual.flat_map(|id| {
        let around = move |with: char| {
            [format!("{id}{with}x"), format!("x{with}{id}"), format!("{id}{with}"), format!("{with}{id}")]
        };
        [':', ' ', '/', '-'].into_iter().flat_map(around)
    });
    all.map(Value::from).filter(|value| !field.open.contains(value)).collect()
}

/// What is like a usual value without being it.
fn spellings(id: &str) -> Vec<String> {
    let shorter = id.char_indices().next_back().map_or("", |(at, _)| &id[..at]);
    vec![
        format!("{id}2"),
        shorter.to_owned(),
        id.to_uppercase(),
        format!(" {id}"),
        format!("{id} "),
        format!("\u{a0}{id}\n"),
        format!("{id}\u{200b}"),
        format!("{id}:x"),
        format!("x:{id}"),
        format!(":{id}"),
        format!("{id}:"),
        format!("project:{id}"),
        format!("\"{id}\""),
        format!("<i>{id}</i>"),
        format!("{id}\u{0}"),
        format!("{id}\n{id}"),
        format!("{id}\\"),
        format!("{id}/../x"),
    ]
}

/// Blank texts, and texts of lengths at which somebody might draw a line, counted in characters and in bytes.
fn general(field: &Field) -> Vec<String> {
    let mut texts: Vec<String> = BLANKS.iter().map(|&blank| blank.to_owned()).collect();
    for length in LENGTHS {
        texts.extend(["x".repeat(length), "é".repeat(length), "é".repeat(length.div_ceil(2))]);
    }
    texts.push("x".repeat(LONG));
    if let Some(limit) = field.limit {
        for length in [limit.saturating_sub(1), limit, limit + 1] {
            texts.extend([
                "x".repeat(length),
                "é".repeat(length),
                "😀".repeat(length),
                "e\u{301}".repeat(length.div_ceil(2)),
            ]);
            texts.push(format!(" {} ", "x".repeat(length.saturating_sub(2))));
        }
        texts.extend([format!(" {}", "x".repeat(limit)), " ".repeat(limit), " ".repeat(limit + 1)]);
    }
    texts
}

fn numbers() -> Vec<Value> {
    let mut numbers = versions();
    numbers.extend([
        json!(-7),
        json!(0.5),
        json!(1.5),
        json!(7.5),
        json!(1e21),
        json!(1e-7),
        json!(123_456_789_012_345_678_u64),
    ]);
    numbers
}

fn versions() -> Vec<Value> {
    let exact = [0, 1, 2, 3, 4, 5, 6, 10, 9_007_199_254_740_991, 9_007_199_254_740_992, 9_007_199_254_740_993];
    let mut versions: Vec<_> = exact.iter().map(|number: &u64| json!(number)).collect();
    versions.extend([
        json!(u64::MAX),
        json!(i64::MIN),
        json!(-1),
        json!(-0.0),
        json!(1.5),
        json!(1e300),
        json!(4_294_967_297_u64),
    ]);
    versions
}
