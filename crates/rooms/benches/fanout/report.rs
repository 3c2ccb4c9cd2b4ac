//! The figures, as a table in Markdown.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
const BEGIN: &str = "<!-- figures: begin -->\n";
const END: &str = "<!-- figures: end -->";

/// One thing that was measured.
#[derive(Debug, Clone)]
pub(crate) struct Figure {
    pub(crate) name: &'static str,
    pub(crate) value: Value,
    /// Whether more is better.
    more_is_better: bool,
    /// Whether it describes the measurement rather than the server.
    aside: bool,
}

#[derive(Debug, Clone)]
pub(crate) enum Value {
    Number(f64),
    Text(String),
}

/// The figures of one workload: for each server, for each round.
pub(crate) struct Section {
    pub(crate) workload: String,
    pub(crate) figures: Vec<Vec<Vec<Figure>>>,
}

impl Figure {
    pub(crate) fn number(name: &'static str, number: f64) -> Self {
        Self { name, value: Value::Number(number), more_is_better: false, aside: false }
    }

    pub(crate) fn text(name: &'static str, text: String) -> Self {
        Self { name, value: Value::Text(text), more_is_better: false, aside: false }
    }

    pub(crate) fn more_is_better(mut self) -> Self {
        self.more_is_better = true;
        self
    }

    pub(crate) fn aside(mut self) -> Self {
        self.aside = true;
        self
    }
}

/// One measurement in one line.
pub(crate) fn line(figures: &[Figure]) -> String {
    let parts: Vec<String> = figures.iter().map(|figure| format!("{}: {}", figure.name, show(&figure.value))).collect();
    parts.join("; ")
}

/// Medians; after those of the second server and later ones, how many times better the first is.
pub(crate) fn table(servers: &[String], sections: &[Section]) -> Result<String> {
    let mut text = format!("| Workload | | {} |\n|---|---|{}\n", servers.join(" | "), "--:|".repeat(servers.len()));
    for section in sections {
        let first = section.figures.first().and_then(|rounds| rounds.first()).context("nothing was measured")?;
        let mut name = section.workload.as_str();
        for (index, figure) in first.iter().enumerate().filter(|(_, figure)| !figure.aside) {
            write!(text, "| {name} | {} |", figure.name)?;
            name = "";
            let medians: Vec<Value> = section.figures.iter().map(|rounds| median(rounds, index)).collect();
            for (server, value) in medians.iter().enumerate() {
                write!(text, " {}", show(value))?;
                if let (1.., Some(ratio)) = (server, ratio(&medians[0], value, figure.more_is_better)) {
                    write!(text, " ({ratio:.2}x)")?;
                }
                text.push_str(" |");
            }
            text.push('\n');
        }
    }
    Ok(text)
}

/// Replaces the table in the README, and says above it how it was measured.
pub(crate) fn update_readme(table: &str, conditions: &str) -> Result<()> {
    let path = Path::new(README);
    let readme = fs::read_to_string(path)?;
    let (before, rest) = readme.split_once(BEGIN).context("the README has no place for figures")?;
    let (_, after) = rest.split_once(END).context("the README's place for figures has no end")?;
    Ok(fs::write(path, format!("{before}{BEGIN}\n{conditions}\n\n{table}\n{END}{after}"))?)
}

/// The median of the rounds; for texts, the last.
fn median(rounds: &[Vec<Figure>], index: usize) -> Value {
    let mut values = rounds.iter().filter_map(|figures| figures.get(index)).map(|figure| &figure.value);
    let mut numbers: Vec<f64> = values.clone().filter_map(number).collect();
    numbers.sort_by(f64::total_cmp);
    match numbers.as_slice() {
        [] => values.next_back().cloned().unwrap_or(Value::Text(String::new())),
        [.., last] if numbers.len() == 1 => Value::Number(*last),
        sorted => Value::Number(f64::midpoint(sorted[(sorted.len() - 1) / 2], sorted[sorted.len() / 2])),
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => Some(*number),
        Value::Text(_) => None,
    }
}

fn ratio(ours: &Value, theirs: &Value, more_is_better: bool) -> Option<f64> {
    let (ours, theirs) = (number(ours)?, number(theirs)?);
    let ratio = if more_is_better { ours / theirs } else { theirs / ours };
    (ours > 0.0 && theirs > 0.0).then_some(ratio)
}

/// Rounded to three significant digits.
fn show(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Number(number) if number.abs() >= 1000.0 => thousands(*number),
        Value::Number(number) if number.abs() >= 100.0 => format!("{number:.0}"),
        Value::Number(number) if number.abs() >= 10.0 => format!("{number:.1}"),
        Value::Number(number) => format!("{number:.2}"),
    }
}

/// Rounded to three significant digits, with a comma at each thousand.
#[allow(clippy::cast_possible_truncation)]
fn thousands(number: f64) -> String {
    let unit = 10_f64.powf(number.abs().log10().floor() - 2.0).max(1.0);
    let mut rest = ((number / unit).round() * unit) as i64;
    let mut text = String::new();
    while rest.abs() >= 1000 {
        text = format!(",{:03}{text}", rest.abs() % 1000);
        rest /= 1000;
    }
    format!("{rest}{text}")
}
