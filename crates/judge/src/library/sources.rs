//! The sources of the libraries that an answer links: the packages of the workshop that `exercises/Cargo.toml` depends
//! on, and manifests that make a workspace of them alone.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use layout::{Package, folder};
use toml::{Table, Value};

use super::{ALLOCATOR, IS_SHARED};
use crate::{BuildError, key::Key, key::Parts};

/// The package that links everything.
pub(super) const LINKED: &str = "linked";
/// The package with the shape of an answer, and its program.
pub(super) const ANSWER: &str = "answer";
/// A package that has the dependencies of the whole workshop and is not built: with it, common dependencies have the
/// same features here as in the workshop's own build, and are not built a second time. cargo-hakari, the tool for this,
/// makes every member depend on such a package; then `rooms` would build after everything else and not be an
/// independent library.
pub(super) const FEATURES: &str = "features";

/// The parts of a manifest that say how a library is built. Lints and tests are for its authors.
const PARTS: [&str; 6] = ["package", "lib", "features", "dependencies", "build-dependencies", "target"];
/// Folders of a package that are not its library.
const ASIDE: [&str; 6] = ["benches", "docs", "examples", "fuzz", "target", "tests"];

/// Files by their path in the workspace that they make.
#[derive(Debug, Default)]
pub(super) struct Sources {
    /// The files of the packages.
    files: BTreeMap<PathBuf, Vec<u8>>,
    /// The manifest of the workspace.
    workspace: Table,
    lock: Vec<u8>,
    /// The packages that an answer may use, as in `[dependencies]`.
    dependencies: Table,
    target_dependencies: Table,
}

impl Sources {
    /// Reads the sources as they are now.
    pub(super) fn read(root: &Path) -> Result<Self, BuildError> {
        let workspace = manifest(root, Path::new("Cargo.toml"))?;
        let package = Path::new(Package::Exercises.name());
        let exercises = manifest(root, &package.join("Cargo.toml"))?;
        let mut sources = Self {
            files: BTreeMap::new(),
            workspace: Table::new(),
            lock: Vec::new(),
            dependencies: table(&exercises, "dependencies"),
            target_dependencies: targets(&exercises),
        };
        let shared = table(&table(&workspace, "workspace"), "dependencies");
        let mut packages = paths_in(&exercises, package, &shared);
        let mut done = Vec::new();
        while let Some(package) = packages.pop() {
            if !done.contains(&package) {
                let manifest = sources.add_package(root, &package)?;
                packages.extend(paths_in(&manifest, &package, &shared));
                done.push(package);
            }
        }
        done.sort();
        sources.add_workspace(root, &workspace, &done)?;
        Ok(sources)
    }

    /// Everything that decides about the build, except the compiler.
    pub(super) fn parts(&self) -> Parts {
        let parts = Parts::new("library").with(env!("BUILDING_SOURCES"));
        let parts = parts.with(self.workspace.to_string()).with(&self.lock);
        let parts = parts.with(self.dependencies.to_string()).with(self.target_dependencies.to_string());
        self.files.iter().fold(parts, |parts, (path, text)| parts.with(path.as_os_str().as_encoded_bytes()).with(text))
    }

    /// Writes them to a new folder, for a build that `key` and `attempt` name.
    ///
    /// The packages go to a folder that is named after the key: their path from the manifest of the workspace is part
    /// of their identity, and of the names of the files that are built from them. So cargo never takes files that were
    /// built from other sources.
    pub(super) fn write(&self, folder: &Path, key: &Key, attempt: &str) -> std::io::Result<()> {
        let name = folder_of(key);
        // Only the name tells the shared library apart from others in the same folder.
        let linked = format!("{LINKED}-{name}");
        let mut answer = self.dependencies.clone();
        if IS_SHARED {
            let table = [("package", linked.as_str()), ("path", "../linked")];
            answer.insert(
                LINKED.to_owned(),
                Value::Table(table.map(|(key, value)| (key.to_owned(), value.into())).into_iter().collect()),
            );
        }
        // A program with a new name is compiled, so that cargo prints the command.
        let answer = self.package(&format!("{ANSWER}-{attempt}"), answer, None);
        let linked = self.package(&linked, self.dependencies.clone(), Some("dylib"));
        let texts = [
            (format!("{ANSWER}/Cargo.toml"), with_program(&answer)),
            (format!("{ANSWER}/src/main.rs"), main()),
            (format!("{LINKED}/Cargo.toml"), linked.to_string()),
            (format!("{LINKED}/src/lib.rs"), format!("{}\n\n{ALLOCATOR}", self.reexports())),
            (format!("{LINKED}/build.rs"), build_of_linked()),
        ];
        let texts = texts.iter().map(|(path, text)| (Path::new(path), text.as_bytes()));
        let files = self.files.iter().map(|(path, text)| (path.as_path(), text.as_slice()));
        for (path, text) in files.chain(texts) {
            let path = folder.join(name).join(path);
            fs::create_dir_all(path.parent().unwrap_or(folder))?;
            fs::write(path, text)?;
        }
        fs::write(folder.join("Cargo.lock"), &self.lock)?;
        fs::write(folder.join("Cargo.toml"), in_folder(&self.workspace, name).to_string())
    }

    fn package(&self, name: &str, dependencies: Table, crate_type: Option<&str>) -> Table {
        let mut manifest = Table::new();
        let package = [("name", name), ("version", "0.0.0"), ("edition", "2024")];
        manifest.insert(
            "package".into(),
            Value::Table(package.map(|(key, value)| (key.to_owned(), value.into())).into_iter().collect()),
        );
        if let Some(crate_type) = crate_type {
            let mut lib = Table::new();
            lib.insert("crate-type".into(), Value::Array(vec![crate_type.into()]));
            manifest.insert("lib".into(), Value::Table(lib));
        }
        manifest.insert("dependencies".into(), Value::Table(dependencies));
        if !self.target_dependencies.is_empty() {
            manifest.insert("target".into(), Value::Table(self.target_dependencies.clone()));
        }
        manifest
    }

    fn reexports(&self) -> String {
        let lines: Vec<_> =
            self.dependencies.keys().map(|name| format!("pub use {};", name.replace('-', "_"))).collect();
        lines.join("\n")
    }

    /// Adds the library of a package, and returns its manifest.
    fn add_package(&mut self, root: &Path, package: &Path) -> Result<Table, BuildError> {
        let mut manifest = manifest(root, &package.join("Cargo.toml"))?;
        manifest.retain(|key, _| PARTS.contains(&key));
        manifest.insert("target".into(), Value::Table(targets(&manifest)));
        self.files.insert(package.join("Cargo.toml"), manifest.to_string().into_bytes());
        for entry in folder::entries(&root.join(package)).map_err(super::failed(&root.join(package)))? {
            let name = entry.file_name().unwrap_or_default().to_owned();
            if name != "Cargo.toml" && !ASIDE.iter().any(|aside| name == *aside) {
                self.add(&entry, &package.join(name))?;
            }
        }
        Ok(manifest)
    }

    fn add(&mut self, from: &Path, to: &Path) -> Result<(), BuildError> {
        if from.is_dir() {
            for entry in folder::entries(from).map_err(super::failed(from))? {
                self.add(&entry, &to.join(entry.file_name().unwrap_or_default()))?;
            }
        } else {
            self.files.insert(to.to_owned(), fs::read(from).map_err(super::failed(from))?);
        }
        Ok(())
    }

    fn add_workspace(&mut self, root: &Path, manifest: &Table, packages: &[PathBuf]) -> Result<(), BuildError> {
        let mut workspace = table(manifest, "workspace");
        let mut shared = table(&workspace, "dependencies");
        shared.retain(|_, dependency| {
            path_of(dependency).is_none_or(|path| packages.iter().any(|it| it == Path::new(path)))
        });
        let members = packages.iter().map(|package| package.to_string_lossy().into_owned());
        let members = members.chain([LINKED, ANSWER, FEATURES].map(str::to_owned)).map(Value::String).collect();
        let common = Self::common_dependencies(root, &workspace)?;
        workspace.retain(|key, _| ["resolver", "package", "dependencies"].contains(&key));
        workspace.insert("members".into(), Value::Array(members));
        workspace.insert("dependencies".into(), Value::Table(shared));
        let mut written = Table::new();
        written.insert("workspace".into(), Value::Table(workspace));
        for kept in ["profile", "patch"] {
            written.extend(manifest.get(kept).map(|value| (kept.to_owned(), value.clone())));
        }
        self.workspace = written;
        self.files.insert(format!("{FEATURES}/Cargo.toml").into(), common.to_string().into_bytes());
        self.files.insert(format!("{FEATURES}/src/lib.rs").into(), Vec::new());
        let lock = root.join("Cargo.lock");
        self.lock = fs::read(&lock).map_err(super::failed(&lock))?;
        Ok(())
    }

    /// The manifest of a package with all external dependencies of the workshop's members.
    fn common_dependencies(root: &Path, workspace: &Table) -> Result<Table, BuildError> {
        let shared = table(workspace, "dependencies");
        let (mut dependencies, mut of_targets) = (Table::new(), Table::new());
        let members = workspace.get("members").and_then(Value::as_array).cloned().unwrap_or_default();
        for member in members.iter().filter_map(Value::as_str) {
            let manifest = manifest(root, &Path::new(member).join("Cargo.toml"))?;
            let foreign = |dependencies: Table| {
                dependencies
                    .into_iter()
                    .filter(|(name, it)| path_of(it).or_else(|| path_of(shared.get(name)?)).is_none())
            };
            dependencies.extend(foreign(table(&manifest, "dependencies")));
            for (target, value) in table(&manifest, "target") {
                let entry = of_targets.entry(target).or_insert_with(|| Value::Table(Table::new()));
                let dependencies = value.as_table().map(|value| table(value, "dependencies")).unwrap_or_default();
                let mut merged = entry.as_table().map(|entry| table(entry, "dependencies")).unwrap_or_default();
                merged.extend(foreign(dependencies));
                *entry = Value::Table([("dependencies".to_owned(), Value::Table(merged))].into_iter().collect());
            }
        }
        let mut manifest = Self::default().package(FEATURES, dependencies, None);
        manifest.insert("target".into(), Value::Table(of_targets));
        Ok(manifest)
    }
}

/// The build script of the shared library. What the library calls in itself is found as it is linked: otherwise the loader
/// looks 30,000 names up each time that an answer starts.
fn build_of_linked() -> String {
    "fn main() {\n    println!(\"cargo::rustc-link-arg=-Wl,-Bsymbolic\");\n}\n".to_owned()
}

/// The manifest of a workspace whose packages are in a folder of this name.
fn in_folder(manifest: &Table, name: &str) -> Table {
    let moved = |path: &Value| Value::String(format!("{name}/{}", path.as_str().unwrap_or_default()));
    let mut workspace = table(manifest, "workspace");
    let members = workspace.get("members").and_then(Value::as_array).into_iter().flatten().map(moved).collect();
    let mut dependencies = table(&workspace, "dependencies");
    for dependency in dependencies.iter_mut().filter_map(|(_, dependency)| dependency.as_table_mut()) {
        if let Some(path) = dependency.get_mut("path") {
            *path = moved(path);
        }
    }
    workspace.insert("members".into(), Value::Array(members));
    workspace.insert("dependencies".into(), Value::Table(dependencies));
    let mut manifest = manifest.clone();
    manifest.insert("workspace".into(), Value::Table(workspace));
    manifest
}

/// The main file of a program that compiles only if it fits this engine.
fn main() -> String {
    let schema = harness::order::SCHEMA;
    let fits = format!("const _: () = assert!(harness::order::SCHEMA == {schema});");
    super::main_file(&format!("{fits}\n\nfn app(_: &rooms::Io) {{}}"), "app", Path::new(""))
}

/// The name of the folder of all packages, and a part of the shared library's.
pub(super) fn folder_of(key: &Key) -> &str {
    key.as_str().get(..16).unwrap_or_default()
}

fn with_program(manifest: &Table) -> String {
    format!("{manifest}\n[[bin]]\nname = \"{ANSWER}\"\npath = \"src/main.rs\"\n")
}

fn manifest(root: &Path, path: &Path) -> Result<Table, BuildError> {
    let full = root.join(path);
    let text = fs::read_to_string(&full)
        .map_err(|error| BuildError::Manifest(format!("cannot read {}: {error}", path.display())))?;
    text.parse().map_err(|error| BuildError::Manifest(format!("{}: {error}", path.display())))
}

fn table(of: &Table, key: &str) -> Table {
    of.get(key).and_then(Value::as_table).cloned().unwrap_or_default()
}

/// The dependencies of a manifest on certain systems, without those for tests.
fn targets(manifest: &Table) -> Table {
    let kept = table(manifest, "target").into_iter().filter_map(|(target, value)| {
        let mut value = value.as_table()?.clone();
        value.retain(|key, _| key == "dependencies" || key == "build-dependencies");
        (!value.is_empty()).then_some((target, Value::Table(value)))
    });
    kept.collect()
}

fn path_of(dependency: &Value) -> Option<&str> {
    dependency.get("path")?.as_str()
}

/// The packages of the workshop that a manifest depends on, as paths from the root.
fn paths_in(manifest: &Table, package: &Path, shared: &Table) -> Vec<PathBuf> {
    let of_targets = targets(manifest);
    let of_targets = of_targets.values().filter_map(Value::as_table);
    let tables = [manifest.clone()].into_iter().chain(of_targets.cloned());
    let dependencies =
        tables.flat_map(|it| ["dependencies", "build-dependencies"].map(|key| table(&it, key))).flatten();
    let paths = dependencies.filter_map(|(name, dependency)| match path_of(&dependency) {
        Some(path) => Some(plain(&package.join(path))),
        None => path_of(shared.get(&name)?).map(PathBuf::from),
    });
    paths.collect()
}

/// A path with its `..` resolved.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            std::path::Component::ParentDir => drop(plain.pop()),
            std::path::Component::CurDir => {}
            other => plain.push(other),
        }
    }
    plain
}
