//! `show` and `server`: scenarios that the learner watches, each with the program that it is played on.

use std::path::PathBuf;

use fields::{Text, suggest};
use layout::{CodeFile, Package, bug_in};
use scenario::Script;
use scenario::script::{Action, ServerSettings};

use super::super::diagnostic::{Code, Diagnostic};
use super::super::exercise::Exercise;
use super::super::folder::Folder;
use super::super::reader::Reader;
use super::super::source::Source;
use super::super::stage::{Planted, Stage};
use super::super::steps::context::Typed;
use super::super::steps::{Body, Bug};
use super::super::types::{Show, Step};

/// What a step says of its show.
pub(super) struct Keys {
    /// The scenario, a file in the lesson's folder.
    pub(super) show: Option<Text>,
    /// The program that it is played on.
    pub(super) server: Option<Text>,
}

/// The lesson around the shows.
pub(super) struct Shows<'a> {
    pub(super) reader: &'a Reader<'a>,
    pub(super) folder: &'a Folder<'a>,
    pub(super) exercises: &'a [Exercise],
    /// What the lesson says of the program.
    pub(super) server: Option<Text>,
    /// The re-typed sources that become the file of an exercise.
    pub(super) typed: Vec<Typed>,
}

/// An application, and the file that has its code.
#[derive(Clone)]
struct Server {
    file: PathBuf,
    source: String,
}

impl Shows<'_> {
    /// Gives the steps their shows; `keys` are those of each step.
    pub(super) fn give(&self, steps: &mut [Step], keys: Vec<Keys>) {
        let usual = self.usual();
        let bugs: Vec<Bug> = steps.iter().flat_map(|step| bugs_of(&step.body)).cloned().collect();
        for (step, Keys { show, server }) in steps.iter_mut().zip(keys) {
            let Some(name) = show else {
                if let Some(server) = server {
                    let message = "there is nothing to play on this server";
                    let help = "add a `show`, or leave the `server` out".to_owned();
                    self.reader.error(server.span(), Code::BadValue, message, help);
                }
                continue;
            };
            if !step.body.shows() {
                let message = format!("a step of the kind `{}` has no show", step.body.kind());
                let help = "shows belong to steps of the kinds `read` and `predict`".to_owned();
                self.reader.error(name.span(), Code::BadValue, message, help);
                continue;
            }
            let is_named = server.is_some() || self.server.is_some();
            let server = match server {
                Some(named) => self.server(&named),
                None => usual.clone(),
            };
            if server.is_none() && !is_named {
                self.no_server(&name);
            }
            step.show = self.show(name, server, &bugs);
        }
    }

    /// The program of a show that names none.
    fn usual(&self) -> Option<Server> {
        if let Some(named) = &self.server {
            return self.server(named);
        }
        let Typed { file, source, .. } = self.typed.first()?;
        Some(Server { file: self.folder.path().join(file), source: source.clone() })
    }

    /// A file of the lesson, or the solution of an exercise.
    fn server(&self, named: &Text) -> Option<Server> {
        let name = named.get_ref();
        if self.exercises.iter().any(|exercise| exercise.id == *name) {
            let file = CodeFile::of(name).path(Package::Solutions);
            let source = self.folder.outside(self.reader, named, &file)?;
            return Some(Server { file, source: source.text().to_owned() });
        }
        let source = self.folder.read(self.reader, named)?;
        Some(Server { file: self.folder.path().join(name), source: source.text().to_owned() })
    }

    fn show(&self, name: Text, server: Option<Server>, bugs: &[Bug]) -> Option<Show> {
        let scenario = self.folder.read(self.reader, &name)?;
        let script = self.script(&scenario)?;
        let Server { file, source } = server?;
        let bugs = self.planted(&name, &script, &source, bugs)?;
        let stage = Stage { file, source, bugs };
        Some(Show { name: name.into_inner(), scenario: scenario.text().to_owned(), stage })
    }

    fn no_server(&self, name: &Text) {
        let help = "name one with `server = \"…\"`: a file of the lesson that has an `app`, or the id of an exercise, \
                    whose solution it then is";
        let message = "there is no server to play this on";
        self.reader.error(name.span(), Code::NoServer, message, help.to_owned());
    }

    fn script(&self, scenario: &Source) -> Option<Script> {
        let reader = Reader::new(scenario, self.folder.sink);
        let script = reader.script()?;
        if script.server != ServerSettings::default() {
            let message = "the settings of `[server]` mean nothing here: a show is played on a server with its own";
            let error = Diagnostic::about(scenario.path(), Code::BadValue, message);
            self.folder.sink.report(error.help("leave them out, and let the page say what the server has".to_owned()));
        }
        if !script.asserts() {
            let warning =
                Diagnostic::about(scenario.path(), Code::AssertsNothing, "this show asserts nothing").warning();
            let help = "add an `expect`, so that the checks notice when it no longer shows what the page says";
            self.folder.sink.report(warning.help(help.to_owned()));
        }
        Some(script)
    }

    /// The bugs whose namespaces the script visits.
    fn planted(&self, name: &Text, script: &Script, source: &str, bugs: &[Bug]) -> Option<Vec<Planted>> {
        let mut planted: Vec<Planted> = Vec::new();
        for id in bugs_visited(script) {
            let Some(bug) = bugs.iter().find(|bug| bug.id == id) else {
                let message = format!("its clients connect to the bug `{id}`, which no step of this lesson plants");
                let help = suggest::help(id, bugs.iter().map(|bug| bug.id.as_str()));
                self.reader.error(name.span(), Code::UnknownBug, message, help);
                return None;
            };
            match bug.plant(source) {
                Ok(code) => planted.push(Planted { bug: id.to_owned(), code }),
                Err(misfit) => {
                    self.reader.error(name.span(), Code::BugDoesNotFit, misfit.to_string(), None);
                    return None;
                }
            }
        }
        Some(planted)
    }
}

fn bugs_of(body: &Body) -> &[Bug] {
    if let Body::Debug(debug) = body { &debug.bugs } else { &[] }
}

/// Each once, in the order of the script.
fn bugs_visited(script: &Script) -> Vec<&str> {
    let mut bugs = Vec::new();
    for step in &script.steps {
        if let Action::Connect { namespace, .. } = &step.action
            && let Some(bug) = bug_in(namespace)
            && !bugs.contains(&bug)
        {
            bugs.push(bug);
        }
    }
    bugs
}
