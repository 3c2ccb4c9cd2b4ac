//! Where a bug is shown.

/// The namespaces in which bugs are shown.
const BUGS: &str = "/bugs/";

/// The namespace in which a bug is shown beside the code that does not have it.
pub fn bug_namespace(bug: &str) -> String {
    format!("{BUGS}{bug}")
}

/// The bug that is shown in a namespace.
pub fn bug_in(namespace: &str) -> Option<&str> {
    namespace.strip_prefix(BUGS)
}
