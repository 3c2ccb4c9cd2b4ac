//! The program that a show is played on.

use std::path::PathBuf;

use layout::bug_namespace;

/// An application, and the bugs in it that a show visits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// The file with its code, as a path from the workshop's root.
    pub file: PathBuf,
    /// Its code.
    pub source: String,
    /// The bugs.
    pub bugs: Vec<Planted>,
}

/// An application with a bug in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planted {
    /// The bug's id.
    pub bug: String,
    /// The code that has it.
    pub code: String,
}

impl Stage {
    /// One file that serves the application, and beside it each of the bugs, in a namespace of its own.
    pub fn program(&self) -> String {
        if self.bugs.is_empty() {
            return self.source.clone();
        }
        let bugs: Vec<_> = (0..).zip(&self.bugs).collect();
        // The first lines stay the first, so that the compiler counts them as the author does.
        let mut text = format!("mod example {{ {}\n}}\n", self.source);
        for (number, planted) in &bugs {
            text += &format!("mod bug_{number} {{ {}\n}}\n", planted.code);
        }
        text += "pub fn app(io: &rooms::Io) {\n    example::app(io);\n";
        for (number, planted) in &bugs {
            text += &format!("    bug_{number}::app(&io.of({:?}));\n", bug_namespace(&planted.bug));
        }
        text + "}\n"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bugs_are_served_beside_the_application() {
        let stage = |bugs| Stage { file: "a.rs".into(), source: "//! Doc.\npub fn app(_: &rooms::Io) {}".into(), bugs };
        assert_eq!(stage(Vec::new()).program(), "//! Doc.\npub fn app(_: &rooms::Io) {}");
        let bug = Planted { bug: "to-everyone".into(), code: "// worse".into() };
        assert_eq!(
            stage(vec![bug]).program(),
            "mod example { //! Doc.\npub fn app(_: &rooms::Io) {}\n}\n\
             mod bug_0 { // worse\n}\n\
             pub fn app(io: &rooms::Io) {\n    example::app(io);\n    bug_0::app(&io.of(\"/bugs/to-everyone\"));\n}\n"
        );
    }
}
