//! Runs the official server with the same application in Node.js.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::program::{Program, beside};

/// A server that runs until it is dropped.
pub(crate) struct Official {
    address: SocketAddr,
    _program: Program,
}

impl Official {
    pub(crate) fn start(options: &Value) -> Self {
        let mut program = Program::start(node("server.js").arg(options.to_string()));
        let address = program.line().parse().unwrap();
        Self { address, _program: program }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

/// A program of `javascript`. It uses the packages of the workspace's `tests/node`.
pub(crate) fn node(program: &str) -> Command {
    let packages = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/node/node_modules");
    let is_installed = packages.join("socket.io-client").is_dir();
    assert!(is_installed, "the packages are missing: run {}", beside("install").display());
    let mut command = Command::new("node");
    command.arg(beside("javascript").join(program)).env("NODE_PATH", packages);
    command
}
