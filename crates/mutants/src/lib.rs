//! Small changes to the source of an answer: each makes one mutant, which a check has to notice.
//!
//! Mutation testing (`DeMillo`, Lipton, Sayward, "Hints on Test Data Selection", 1978) asks of tests whether they tell a
//! program from one that differs in a single place. The places here are those where answers of the course go wrong:
//!
//! | file | changes |
//! |---|---|
//! | `operators` | comparisons, bounds, sums, `!`, `&&` |
//! | `constants` | numbers, texts, `true` |
//! | `calls` | a call in a chain is left out; who is told: `socket`, `io`, a room; `volatile` |
//! | `statements` | a statement is left out, or changes places with the next; a `return` is left out |
//! | `state` | what all connections share becomes each one's own |
//! | `locks` | a lock is dropped early |
//! | `values` | a text or a number has an edge that the page does not have |
//!
//! A change is made in the text, so that everything else stays as its author wrote it. Whether a mutant compiles is for
//! the compiler to say.

mod calls;
mod constants;
mod edit;
mod locks;
mod operators;
mod state;
mod statements;
mod values;

use edit::Edit;

/// A changed source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mutant {
    /// The line of the change, from 1.
    pub line: usize,
    /// The change in words, such as "`<` became `<=`".
    pub change: String,
    /// The whole source.
    pub source: String,
}

/// All mutants of a source, in the order of their lines.
///
/// # Errors
///
/// When it is not Rust.
pub fn mutants(source: &str) -> syn::Result<Vec<Mutant>> {
    let file = syn::parse_file(source)?;
    let operators: [fn(&syn::File, &str) -> Vec<Edit>; 7] = [
        operators::edits,
        constants::edits,
        calls::edits,
        statements::edits,
        state::edits,
        locks::edits,
        values::edits,
    ];
    let mut edits: Vec<_> = operators.iter().flat_map(|edits| edits(&file, source)).collect();
    edits.sort_by(|one, other| (one.start(), &one.change).cmp(&(other.start(), &other.change)));
    edits.dedup();
    Ok(edits.into_iter().filter_map(|edit| edit.mutant(source)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes(source: &str) -> Vec<String> {
        mutants(source).unwrap().into_iter().map(|mutant| mutant.change).collect()
    }

    #[test]
    fn a_mutant_differs_in_one_place() {
        let source = "fn f(a: u32) -> bool {\n    a < 5\n}\n";
        let all = mutants(source).unwrap();
        let less = all.iter().find(|mutant| mutant.change == "`<` became `<=`").unwrap();
        assert_eq!((less.line, less.source.as_str()), (2, "fn f(a: u32) -> bool {\n    a <= 5\n}\n"));
        assert!(all.iter().all(|mutant| mutant.source != source));
    }

    #[test]
    fn each_kind_of_change_is_made() {
        let source = r#"
            pub fn app(io: &Io) {
                let shared = Shared::default();
                io.on_connection(move |socket| {
                    one();
                    two(!is_good && count > 1);
                    socket.to(room).emit("news", json!({ "ok": true }));
                    let held = lock.lock().await;
                    write(payload["id"].as_str(), payload["version"].as_u64()).await;
                    return;
                });
            }
        "#;
        let all = changes(source);
        for change in [
            "`!` left out",
            "`&&` became `||`",
            "`>` became `>=`",
            "`1` became `2`",
            "`\"news\"` became `\"newsx\"`",
            "`\"ok\"` became `\"okx\"`",
            "`true` became `false`",
            "`.to(room)` left out",
            "`.volatile()` put in",
            "`one();` left out",
            "`one();` comes after the next statement",
            "`return` left out",
            "`let shared = Shared::default();` became each connection's own",
            "`held` is dropped early",
            "a text ends at a colon",
            "a number has 8 bits",
        ] {
            assert!(all.iter().any(|found| found == change), "{change} is not among {all:#?}");
        }
    }

    #[test]
    fn handlers_may_be_registered_in_any_order() {
        let source = r#"
            pub fn app(io: &Io) {
                io.on_connection(|socket| {
                    socket.on("a", |socket, payload| answer(socket, payload));
                    socket.on("b", |socket, payload| answer(socket, payload));
                    socket.emit("ready", ());
                });
            }
        "#;
        let moved: Vec<_> = changes(source).into_iter().filter(|it| it.contains("comes after")).collect();
        assert_eq!(moved.len(), 1, "{moved:?}");
        assert!(moved[0].starts_with("`socket.on(\"b\""), "{moved:?}");
    }
}
