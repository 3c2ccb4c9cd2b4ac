//! Doing what the model asks for. Everything slow runs in a task and comes back as a [`Message`].

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use scenario::network::Address;
use scenario::run::{self, Staying};
use scenario::{Network, Script};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::course::{Bug, Show};
use crate::crowd::Crowd;
use crate::progress::{Backups, Note, Notes, Replaced, Store};
use crate::text::fingerprint;
use judge::{CheckReport, Package, Workshop};

use super::message::{AssertionResult, Effect, FixResult, Message, Played};
use super::saver::{NotSaved, Saver};
use super::visitors;

/// Messages that may wait for the model. A server that prints faster has to wait.
pub(super) const WAITING_MESSAGES: usize = 1024;

/// What only the main loop can do.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outside {
    /// Give the terminal to an editor; then read the note again, if it is one.
    Edit { path: PathBuf, line: Option<u32>, note: Option<String> },
    /// Leave.
    Quit,
}

/// Runs effects.
pub(super) struct Effects {
    tools: Arc<Tools>,
    saver: Saver,
    /// The one build or check that may go on; a new one ends it.
    work: Task,
    /// The learner's own server.
    live: Task,
    /// The first build.
    preparing: Task,
    /// What a step shows.
    showing: Task,
}

/// What the tasks need.
struct Tools {
    workshop: Workshop,
    home: PathBuf,
    notes: Notes,
    backups: Backups,
    embedded: Network,
    crowd: Crowd,
    messages: mpsc::Sender<Message>,
}

/// A task that ends with its handle, and with it the processes that it started.
#[derive(Default)]
struct Task(Option<JoinHandle<()>>);

impl Task {
    fn replace(&mut self, work: impl Future<Output = ()> + Send + 'static) {
        self.end();
        self.0 = Some(tokio::spawn(work));
    }

    fn end(&mut self) {
        if let Some(task) = self.0.take() {
            task.abort();
        }
    }

    /// Ends it and waits until it has let go of its processes, which are then ended by their supervisor.
    async fn ended(&mut self) {
        if let Some(task) = self.0.take() {
            task.abort();
            // It has been aborted, or was over before.
            let _ = task.await;
        }
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.end();
    }
}

impl Effects {
    pub(super) fn new(
        workshop: Workshop,
        home: &Path,
        store: Store,
        embedded: Network,
        crowd: Crowd,
        messages: mpsc::Sender<Message>,
    ) -> Self {
        let trouble = messages.clone();
        let saver = Saver::start(store, move |error| {
            // The program may be leaving; then nobody reads this any more.
            let _ = trouble.try_send(Message::Trouble(format!("Your progress is not saved: {error}")));
        });
        let tools = Tools {
            workshop,
            home: home.to_owned(),
            notes: Notes::new(home),
            backups: Backups::new(home),
            embedded,
            crowd,
            messages,
        };
        Self {
            tools: Arc::new(tools),
            saver,
            work: Task::default(),
            live: Task::default(),
            preparing: Task::default(),
            showing: Task::default(),
        }
    }

    /// Builds what all exercises need, so that the first check is quick.
    pub(super) fn prepare(&mut self) {
        let tools = Arc::clone(&self.tools);
        let on_progress = tools.tell_progress(Message::PrepareProgress);
        self.preparing.replace(async move {
            let built = judge::prepare(&tools.workshop, &on_progress).await;
            tools.tell(Message::Prepared(built.err().map(|error| error.to_string()))).await;
        });
    }

    /// Runs one effect, or hands back what only the main loop can do.
    pub(super) fn run(&mut self, effect: Effect) -> Option<Outside> {
        let tools = Arc::clone(&self.tools);
        match effect {
            Effect::Quit => return Some(Outside::Quit),
            Effect::SaveProgress(progress) => self.saver.save(progress),
            Effect::EditExercise { exercise, line } => {
                let path = tools.workshop.source(Package::Exercises, &exercise);
                return Some(Outside::Edit { path, line, note: None });
            }
            Effect::EditAssertion { bug } => {
                return Some(Outside::Edit { path: tools.assertion(&bug), line: None, note: None });
            }
            Effect::EditNote { id } => {
                return Some(Outside::Edit { path: tools.notes.path(&id), line: None, note: Some(id) });
            }
            Effect::Check { exercise } => self.work.replace(async move { tools.check(exercise).await }),
            Effect::TryAssertion { exercise, bug, planted } => {
                self.work.replace(async move {
                    let result = tools.try_assertion(&exercise, &bug, &planted).await;
                    tools.tell(Message::AssertionTried(result)).await;
                });
            }
            Effect::CheckFix { exercise, bug } => self.work.replace(async move {
                let result = tools.check_fix(&exercise, &bug).await;
                tools.tell(Message::FixChecked(result.map(Box::new))).await;
            }),
            Effect::StartLive { exercise } => self.live.replace(async move { tools.live(exercise).await }),
            Effect::StopLive => {
                self.live.end();
                tools.crowd.follow(tools.embedded.clone());
                tools.tell_now(Message::LiveEnded(None));
            }
            Effect::Show(show) => {
                tools.crowd.rest(true);
                self.showing.replace(async move { tools.show(show).await });
            }
            Effect::EndShow => {
                self.showing.end();
                tools.crowd.rest(false);
            }
            quick => tools.run_quick(quick),
        }
        None
    }

    /// Ends every task and waits until they are over.
    pub(super) async fn end_tasks(&mut self) {
        let tasks = [&mut self.work, &mut self.live, &mut self.preparing, &mut self.showing];
        for task in tasks {
            task.ended().await;
        }
    }

    /// Waits for the last save.
    pub(super) fn save_last(self) -> Result<(), NotSaved> {
        self.saver.finish()
    }
}

impl Tools {
    /// Plays on the embedded server what a step shows. Its clients stay until this is given up.
    async fn show(&self, show: Show) {
        let (result, _staying) = match self.play(&show).await {
            Ok((played, staying)) => (Ok(played), Some(staying)),
            Err(trouble) => (Err(trouble), None),
        };
        self.tell(Message::Shown { name: show.name, result }).await;
        std::future::pending::<()>().await;
    }

    async fn play(&self, show: &Show) -> Result<(Played, Staying), String> {
        let script = Script::parse(&show.scenario, Path::new(&show.name)).map_err(|error| error.to_string())?;
        let played = run::run_slowly(&script, self.embedded.clone(), visitors::PACE).await;
        let (outcome, staying) = played.map_err(|error| error.to_string())?;
        let connected: BTreeSet<_> = outcome.names.values().collect();
        let clients: Vec<_> = script.clients.iter().filter(|name| connected.contains(name)).cloned().collect();
        let transcript = &outcome.transcript;
        Ok((Played { transcript: transcript.to_string(), tally: transcript.tally(&clients) }, staying))
    }

    /// Effects that touch a small file and are done.
    fn run_quick(&self, effect: Effect) {
        let message = match effect {
            Effect::SaveNote { id, note } => self.save_note(&id, &note),
            Effect::LoadNote { id } => Some(self.load_note(id)),
            Effect::WriteExercise { exercise, text } => {
                self.write_exercise(&exercise, &text).err().map(Message::Trouble)
            }
            Effect::Reset { exercise, starter } => Some(self.reset(&exercise, &starter)),
            Effect::Plant { exercise, bug } => {
                let result = self.plant(&exercise, &bug);
                Some(Message::Planted { bug: bug.id, result })
            }
            Effect::Compare { exercise } => {
                let result = self.texts(&exercise);
                Some(Message::Comparison { exercise, result })
            }
            _ => None,
        };
        if let Some(message) = message {
            self.tell_now(message);
        }
    }

    /// For short messages from the main loop, which must not wait for itself.
    fn tell_now(&self, message: Message) {
        if let Err(mpsc::error::TrySendError::Full(message)) = self.messages.try_send(message) {
            let messages = self.messages.clone();
            tokio::spawn(async move { messages.send(message).await });
        }
    }

    async fn tell(&self, message: Message) {
        // Nobody listens when the workshop is being left.
        let _ = self.messages.send(message).await;
    }

    fn on_progress(&self) -> impl Fn(judge::Progress) + Send + Sync + use<> {
        self.tell_progress(Message::WorkProgress)
    }

    fn tell_progress(
        &self,
        as_message: fn(judge::Progress) -> Message,
    ) -> impl Fn(judge::Progress) + Send + Sync + use<> {
        let messages = self.messages.clone();
        move |progress| {
            // The next one will do as well.
            let _ = messages.try_send(as_message(progress));
        }
    }

    fn assertion(&self, bug: &str) -> PathBuf {
        self.home.join("assertions").join(format!("{bug}.toml"))
    }

    fn save_note(&self, id: &str, note: &Note) -> Option<Message> {
        self.notes.write(id, note).err().map(|error| Message::Trouble(format!("Your note is not saved: {error}")))
    }

    fn load_note(&self, id: String) -> Message {
        match self.notes.read(&id) {
            Ok(note) => Message::NoteLoaded { id, note },
            Err(error) => Message::Trouble(error.to_string()),
        }
    }

    fn write_exercise(&self, exercise: &str, text: &str) -> Result<Replaced, String> {
        let path = self.workshop.source(Package::Exercises, exercise);
        self.backups.replace(exercise, &path, text).map_err(|error| error.to_string())
    }

    fn reset(&self, exercise: &str, starter: &Path) -> Message {
        let starter = judge::source::read(starter)
            .map_err(|problem| format!("cannot read the starter {}: {problem}", starter.display()));
        match starter.and_then(|text| self.write_exercise(exercise, &text)) {
            Ok(Replaced::Kept(_)) => Message::Reset { exercise: exercise.to_owned() },
            Ok(Replaced::Nothing) => Message::Done(format!("{exercise}.rs was missing, and is the starter now.")),
            Ok(Replaced::Same) => Message::Done(format!("{exercise}.rs is the starter already.")),
            Err(trouble) => Message::Trouble(trouble),
        }
    }

    fn plant(&self, exercise: &str, bug: &Bug) -> Result<String, String> {
        let path = self.workshop.source(Package::Exercises, exercise);
        let text =
            judge::source::read(&path).map_err(|problem| format!("cannot read {}: {problem}", path.display()))?;
        let planted = bug
            .plant(&text)
            .map_err(|_| format!("{exercise}.rs is not the worked example. Re-type it, or press w to take it."))?;
        self.write_exercise(exercise, &planted)?;
        self.lay_out_assertion(bug)?;
        Ok(planted)
    }

    fn lay_out_assertion(&self, bug: &Bug) -> Result<(), String> {
        let path = self.assertion(&bug.id);
        lay_out(&path, &bug.assertion_starter).map_err(|error| format!("cannot write {}: {error}", path.display()))
    }

    fn texts(&self, exercise: &str) -> Result<(String, String), String> {
        let read = |package| {
            let path = self.workshop.source(package, exercise);
            let text = judge::source::read(&path);
            // Both are compared and drawn in the loop, where nothing may take long.
            text.map(|text| judge::cut(&text).into_owned())
                .map_err(|problem| format!("cannot read {}: {problem}", path.display()))
        };
        Ok((read(Package::Exercises)?, read(Package::Solutions)?))
    }

    async fn check(&self, exercise: String) {
        let on_progress = self.on_progress();
        let result = judge::check(&self.workshop, Package::Exercises, &exercise, &on_progress).await;
        let result = result.map(Box::new).map_err(|error| error.to_string());
        self.tell(Message::Checked { exercise, result }).await;
    }

    async fn try_assertion(&self, exercise: &str, bug: &str, planted: &str) -> Result<AssertionResult, String> {
        let source = self.workshop.source(Package::Exercises, exercise);
        let text =
            judge::source::read(&source).map_err(|problem| format!("cannot read {}: {problem}", source.display()))?;
        if fingerprint(&text) != planted {
            return Err(format!(
                "exercises/src/{exercise}.rs is no longer the buggy file. The assertion comes first: press b and plant the bug again."
            ));
        }
        let path = self.assertion(bug);
        let scenario =
            judge::source::read(&path).map_err(|problem| format!("cannot read {}: {problem}", path.display()))?;
        let script = Script::parse(&scenario, &path).map_err(|error| error.to_string())?;
        if !script.steps.iter().any(|step| step.action.is_expectation()) {
            return Err(
                "The scenario asserts nothing yet: add a step with expect, expect_none, expect_ack or expect_disconnect.".to_owned()
            );
        }
        let (holds_on_buggy, on_buggy) = self.hold(Package::Exercises, exercise, &path).await?;
        let (holds_on_correct, on_correct) = self.hold(Package::Solutions, exercise, &path).await?;
        Ok(AssertionResult { holds_on_buggy, on_buggy, holds_on_correct, on_correct })
    }

    /// Whether a scenario holds for an exercise, and what is said of it.
    async fn hold(&self, package: Package, exercise: &str, scenario: &Path) -> Result<(bool, String), String> {
        let on_progress = self.on_progress();
        let report = judge::check_scenario(&self.workshop, package, exercise, scenario, &on_progress)
            .await
            .map_err(|error| error.to_string())?;
        match report.scenarios.first() {
            Some(scenario) => Ok((report.verdict == judge::report::Verdict::Passed, scenario.explanation.clone())),
            None => Err(without_scenarios(&report)),
        }
    }

    async fn check_fix(&self, exercise: &str, bug: &str) -> Result<FixResult, String> {
        let path = self.assertion(bug);
        let on_progress = self.on_progress();
        let check = judge::check(&self.workshop, Package::Exercises, exercise, &on_progress)
            .await
            .map_err(|error| error.to_string())?;
        if check.scenarios.is_empty() {
            return Err(without_scenarios(&check));
        }
        let (assertion_holds, assertion) = self.hold(Package::Exercises, exercise, &path).await?;
        Ok(FixResult { check, assertion_holds, assertion })
    }

    async fn live(&self, exercise: String) {
        let on_progress = self.on_progress();
        let mut live = match judge::live(&self.workshop, Package::Exercises, &exercise, &on_progress).await {
            Ok(live) => live,
            Err(error) => return self.tell(Message::LiveEnded(Some(error.to_string()))).await,
        };
        let mut visitors = Task::default();
        if let Ok(address) = Address::parse(&live.address) {
            let network = Network::Tcp(address);
            let scripts = visitors::scripts(&self.workshop.scenarios(&exercise));
            if scripts.is_empty() {
                self.crowd.follow(network);
            } else {
                visitors.replace(visitors::play(scripts, network));
            }
        }
        self.tell(Message::LiveStarted { exercise, address: live.address.clone() }).await;
        while let Some(line) = live.records.recv().await {
            let message = match serde_json::from_str(&line) {
                Ok(record) => Message::Live(record),
                Err(_) => Message::LivePrinted(line),
            };
            self.tell(message).await;
        }
        drop(visitors);
        let end = live.stop().await;
        self.crowd.follow(self.embedded.clone());
        let why = end.map_or_else(|error| Some(error.to_string()), |end| end.message);
        self.tell(Message::LiveEnded(Some(why.unwrap_or_else(|| "it ended".to_owned())))).await;
    }
}

/// What a check without any scenario says: a compile error, a crash.
fn without_scenarios(report: &CheckReport) -> String {
    match &report.message {
        Some(message) => format!("{}\n{message}", report.verdict),
        None => report.verdict.to_string(),
    }
}

/// Writes a file that is not there. One that is there already is the learner's, and so is a link, which may lead anywhere.
fn lay_out(path: &Path, text: &str) -> io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    match File::create_new(path) {
        Ok(mut file) => file.write_all(text.as_bytes()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_the_learner_is_not_laid_out_anew() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("assertions/bug.toml");
        for text in ["first", "second"] {
            lay_out(&path, text).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), "first");
        }
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_laid_out_through_a_link_to_nowhere() {
        let home = tempfile::tempdir().unwrap();
        let (path, nowhere) = (home.path().join("bug.toml"), home.path().join("nowhere"));
        std::os::unix::fs::symlink(&nowhere, &path).unwrap();
        lay_out(&path, "text").unwrap();
        assert!(!nowhere.exists());
    }
}
