//! The machine's free disk space, memory and ports.

use std::{
    net::{Ipv4Addr, TcpListener},
    path::Path,
};

use super::finding::Finding;
use crate::server::PORT;

const GIB: u64 = 1 << 30;

/// The disk space that a first build takes, in bytes, with room for later ones.
const DISK: u64 = 2 * GIB;

/// Whether a build fits on the disk.
pub(super) fn disk_space(root: &Path) -> Finding {
    judge_disk(free_space(root))
}

fn judge_disk(free: Option<u64>) -> Finding {
    match free {
        None => Finding::ok("disk", "this system does not say how much is free"),
        Some(free) if free < DISK => {
            let found = format!("{} are free, and a build takes up to {}", gibibytes(free), gibibytes(DISK));
            Finding::warning("disk", found, "cargo clean, or free some space on the disk that holds the workshop")
        }
        Some(free) => Finding::ok("disk", format!("{} free", gibibytes(free))),
    }
}

#[cfg(unix)]
fn free_space(root: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(root).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(not(unix))]
fn free_space(_: &Path) -> Option<u64> {
    None
}

/// Whether there is the memory that a check may take.
pub(super) fn memory() -> Finding {
    judge_memory(judge::available_memory())
}

fn judge_memory(available: Option<u64>) -> Finding {
    match available {
        None => Finding::ok("memory", "this system does not say how much is free"),
        Some(available) if available < GIB => {
            let found = format!("{} are free; a build takes up to one", gibibytes(available));
            Finding::warning("memory", found, "Close a large program, or set CARGO_BUILD_JOBS=1.")
        }
        Some(available) => Finding::ok("memory", format!("{} free", gibibytes(available))),
    }
}

/// Whether the port of the embedded server is free.
pub(super) fn port() -> Finding {
    let bind = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    if bind(PORT).is_ok() {
        return Finding::ok("port", format!("127.0.0.1:{PORT} is free"));
    }
    if bind(0).is_ok() {
        return Finding::ok("port", format!("127.0.0.1:{PORT} is taken; the workshop takes the next free one"));
    }
    let fix = "Look for a firewall or a sandbox that keeps programs from listening on 127.0.0.1.";
    Finding::failed("port", "no port of 127.0.0.1 can be listened on", fix)
}

#[expect(clippy::cast_precision_loss, reason = "shown with one digit")]
fn gibibytes(bytes: u64) -> String {
    format!("{:.1} GiB", bytes as f64 / GIB as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::doctor::Status;

    #[test]
    fn too_little_is_a_warning_that_says_how_much_there_is() {
        assert_eq!(judge_disk(Some(3 * GIB)), Finding::ok("disk", "3.0 GiB free"));
        let full = judge_disk(Some(GIB / 2));
        assert_eq!(full.status, Status::Warning);
        assert!(full.found.starts_with("0.5 GiB are free"), "{}", full.found);
        assert_eq!(judge_memory(Some(GIB / 4)).status, Status::Warning);
        assert_eq!(judge_memory(None).status, Status::Ok);
    }

    #[test]
    fn a_taken_port_is_not_a_problem() {
        // Taken by this test, or by another program already.
        let _taken = TcpListener::bind((Ipv4Addr::LOCALHOST, PORT));
        assert_eq!(port().status, Status::Ok);
        assert!(port().found.contains("is taken"), "{}", port().found);
    }
}
