//! Where a show is played.

use crate::course::Stage;
use crate::server;

/// Whether the embedded server runs this program, so that nothing has to be built for it.
pub fn is_embedded(stage: &Stage) -> bool {
    let bugs = stage.bugs.iter().map(|planted| (planted.bug.as_str(), planted.code.as_str()));
    server::shows(&stage.source, bugs)
}
