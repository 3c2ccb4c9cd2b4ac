//! The modules of a crate, and their knowledge of each other.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};

use syn::{Item, ItemMod};

use super::paths::{self, Found};

/// A module with its own file, by its path from the crate's root.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct File(Vec<String>);

impl File {
    /// The room of this file among those of a folder: its part of the path there. The folder's own face is `mod`.
    pub(crate) fn room(&self, folder: &[&str]) -> Option<String> {
        let rest = self.0.strip_prefix(folder.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>().as_slice())?;
        match rest.first() {
            Some(name) => Some(name.clone()),
            None if folder.is_empty() => None,
            None => Some("mod".to_owned()),
        }
    }

    /// Whether it is this folder's face, or below it.
    pub(crate) fn is_below(&self, folder: &str) -> bool {
        self.0.first().is_some_and(|name| name == folder)
    }
}

impl fmt::Display for File {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.join("::"))
    }
}

/// An arrow: one file names something of another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Arrow {
    pub(crate) from: File,
    pub(crate) to: File,
}

impl fmt::Display for Arrow {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} -> {}", self.from, self.to)
    }
}

/// A crate's modules without its tests.
pub(crate) struct Sources {
    /// The paths that each names, and the names that each re-exports.
    modules: BTreeMap<Vec<String>, Found>,
    /// The module whose file contains it: itself, unless it is written inside another.
    files: BTreeMap<Vec<String>, File>,
}

impl Sources {
    /// The library in this folder, and the program beside it as the module `main`.
    pub(crate) fn read(src: &Path) -> Self {
        let mut sources = Self { modules: BTreeMap::new(), files: BTreeMap::new() };
        sources.read_file(&src.join("lib.rs"), src, &[]);
        sources.read_file(&src.join("main.rs"), src, &["main".to_owned()]);
        sources
    }

    /// The program or library whose root is this file.
    pub(crate) fn below(file: &Path) -> Self {
        let mut sources = Self { modules: BTreeMap::new(), files: BTreeMap::new() };
        sources.read_file(file, file.parent().unwrap_or(file), &[]);
        sources
    }

    /// Modules by their paths.
    pub(crate) fn of(texts: &[(&str, String)]) -> Self {
        let mut sources = Self { modules: BTreeMap::new(), files: BTreeMap::new() };
        for (module, text) in texts {
            let path: Vec<_> = module.split("::").filter(|name| !name.is_empty()).map(str::to_owned).collect();
            sources.add(&path, &File(path.clone()), &syn::parse_file(text).unwrap().items, &mut |_, _| {});
        }
        sources
    }

    fn read_file(&mut self, path: &Path, below: &Path, module: &[String]) {
        let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut children = Vec::new();
        self.add(module, &File(module.to_vec()), &file.items, &mut |parent, name| {
            children.push((parent.to_vec(), name.to_owned()));
        });
        for (parent, name) in children {
            let folder: PathBuf = below.iter().chain(parent[module.len()..].iter().map(AsRef::as_ref)).collect();
            let (beside, inside) = (folder.join(format!("{name}.rs")), folder.join(&name).join("mod.rs"));
            let child = [&parent[..], std::slice::from_ref(&name)].concat();
            self.read_file(if beside.exists() { &beside } else { &inside }, &folder.join(&name), &child);
        }
    }

    /// Adds a module and those written inside it, and returns those that have their own files.
    fn add(&mut self, module: &[String], file: &File, items: &[Item], has_file: &mut impl FnMut(&[String], &str)) {
        self.modules.insert(module.to_vec(), paths::find(items));
        self.files.insert(module.to_vec(), file.clone());
        for ItemMod { ident, content, .. } in items.iter().filter_map(modules_of_our_own) {
            match content {
                Some((_, items)) => {
                    self.add(&[module, &[ident.to_string()]].concat(), file, items, has_file);
                }
                None => has_file(module, &ident.to_string()),
            }
        }
    }

    /// What each file spells, but for its documentation and its tests.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&File, &str)> {
        self.modules.iter().flat_map(|(module, found)| {
            let file = &self.files[module];
            found.texts.iter().map(move |text| (file, text.as_str()))
        })
    }

    /// All arrows between files.
    pub(crate) fn arrows(&self) -> Vec<Arrow> {
        let mut arrows = BTreeSet::new();
        for (module, found) in &self.modules {
            let from = &self.files[module];
            let known = found.names.iter().filter_map(|path| self.home(module, path, 0));
            arrows.extend(known.filter(|to| to != from).map(|to| Arrow { from: from.clone(), to }));
        }
        arrows.into_iter().collect()
    }

    /// The file with the definition of a path that this module names, through re-exports.
    fn home(&self, module: &[String], path: &[String], depth: usize) -> Option<File> {
        let (mut at, rest) = self.anchor(module, path)?;
        let mut rest = rest.iter();
        for name in rest.by_ref() {
            let child = [&at[..], std::slice::from_ref(name)].concat();
            if self.modules.contains_key(&child) {
                at = child;
                continue;
            }
            let handed_on = self.modules[&at].handed_on.get(name).filter(|_| depth < 8);
            let there = handed_on.and_then(|target| self.home(&at, target, depth + 1));
            return there.or_else(|| self.files.get(&at).cloned());
        }
        self.files.get(&at).cloned()
    }

    /// The module at which a path begins, and the rest of the path. Paths into other crates begin nowhere.
    fn anchor<'a>(&self, module: &[String], path: &'a [String]) -> Option<(Vec<String>, &'a [String])> {
        let (first, rest) = path.split_first()?;
        let (mut at, mut rest) = match first.as_str() {
            "crate" | "rtws" => (Vec::new(), rest),
            "self" => (module.to_vec(), rest),
            "super" => (module.split_last()?.1.to_vec(), rest),
            child if self.modules.contains_key(&[module, &[child.to_owned()]].concat()) => (module.to_vec(), path),
            _ => return None,
        };
        while let Some((name, further)) = rest.split_first().filter(|(name, _)| *name == "super") {
            debug_assert_eq!(name, "super");
            at.pop()?;
            rest = further;
        }
        Some((at, rest))
    }
}

/// A module that belongs to the program: neither a test nor a file of somebody else.
fn modules_of_our_own(item: &Item) -> Option<&ItemMod> {
    let Item::Mod(module) = item else { return None };
    let is_foreign = module.attrs.iter().any(|attribute| attribute.path().is_ident("path"));
    (!is_foreign && !paths::is_test(&module.attrs)).then_some(module)
}

/// A path along these arrows from a file back to itself, if there is one.
pub(crate) fn circle<'a>(arrows: impl Iterator<Item = &'a Arrow>) -> Option<String> {
    let mut known: BTreeMap<&File, Vec<&File>> = BTreeMap::new();
    for arrow in arrows {
        known.entry(&arrow.from).or_default().push(&arrow.to);
    }
    let mut safe = BTreeSet::new();
    known.keys().find_map(|start| walk(start, &known, &mut Vec::new(), &mut safe))
}

fn walk<'a>(
    file: &'a File,
    known: &BTreeMap<&'a File, Vec<&'a File>>,
    way: &mut Vec<&'a File>,
    safe: &mut BTreeSet<&'a File>,
) -> Option<String> {
    if let Some(start) = way.iter().position(|earlier| *earlier == file) {
        let names: Vec<_> = way[start..].iter().chain([&file]).map(ToString::to_string).collect();
        return Some(names.join(" -> "));
    }
    if safe.contains(file) {
        return None;
    }
    way.push(file);
    let found = known.get(file).into_iter().flatten().find_map(|next| walk(next, known, way, safe));
    way.pop();
    safe.insert(file);
    found
}
