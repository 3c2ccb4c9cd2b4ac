//! A small workshop that a test can change.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use judge::{CheckError, CheckReport, Package, Workshop};
use tempfile::TempDir;

const SCENARIO: &str = r#"title = "What ann says comes back"
clients = ["ann"]
[[steps]]
connect = "ann"
[[steps]]
emit = "say"
from = "ann"
payload = { text = "hello" }
"#;
const SNAPSHOT: &str = "---\nsource: x\n---\n1 connect ann\n2 ann emits say {\"text\":\"hello\"}\n    ann <- echo {\"text\":\"hello\"}\nrooms at the end\n    none\n";

/// The right answer.
pub(crate) const PASSES: &str = "pub fn app(io: &rooms::Io) {
    io.on_connection(|socket| socket.on(\"say\", |socket, payload| socket.emit(\"echo\", payload)));
}
";

/// An answer that does `body` before it serves as it should.
pub(crate) fn answer(body: &str) -> String {
    PASSES.replace("{\n    io.", &format!("{{\n    {body}\n    io."))
}

/// An answer whose handler does `body` before it answers as it should.
pub(crate) fn handler(body: &str) -> String {
    PASSES
        .replace("|socket, payload| ", &format!("|socket, payload| {{ {body} ; "))
        .replace("payload)));", "payload) }));")
}

/// The workshop, and the folder, which is removed when the test ends.
pub(crate) struct Fixture {
    pub(crate) workshop: Workshop,
    _folder: TempDir,
}

impl Fixture {
    /// A workshop whose exercise `first` holds `code`.
    pub(crate) fn new(code: &str) -> Self {
        judge::process::stand_in(env!("CARGO_BIN_EXE_judge-supervisor").into());
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let repository = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
        // In this folder the libraries are built once for all tests, and for the repository itself.
        let target = Path::new(env!("CARGO_BIN_EXE_judge-supervisor")).ancestors().nth(2).unwrap();
        let fixture = Self { workshop: Workshop::in_target(&root, target), _folder: folder };
        for manifest in ["Cargo.toml", "Cargo.lock", "exercises/Cargo.toml", "solutions/Cargo.toml"] {
            fixture.write(manifest, &fs::read_to_string(repository.join(manifest)).unwrap());
        }
        for members in ["crates", "xtask"] {
            symlink(repository.join(members), root.join(members)).unwrap();
        }
        fixture.write("lessons/00-one/scenarios/first/back.toml", SCENARIO);
        fixture.write("lessons/00-one/snapshots/first/back.snap", SNAPSHOT);
        fixture.write("exercises/src/first.rs", code);
        fixture
    }

    pub(crate) fn write(&self, path: &str, text: &str) -> PathBuf {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.workshop.layout.root().join(path)
    }

    pub(crate) async fn try_check(&self) -> Result<CheckReport, CheckError> {
        judge::check(&self.workshop, Package::Exercises, "first", &|_| {}).await
    }

    pub(crate) async fn check(&self) -> CheckReport {
        self.try_check().await.unwrap()
    }

    /// The report on this text.
    pub(crate) async fn check_text(&self, code: &str) -> CheckReport {
        self.write("exercises/src/first.rs", code);
        self.check().await
    }
}
