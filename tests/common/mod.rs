//! A pseudo-terminal that drives the real program: keys go in, the screen comes out.
//!
//! Nothing here sleeps. Every wait is a condition on the screen or on the program's end, tried again when either changes.

#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure here is a failed test")]

mod cells;
#[path = "../../src/learn/testing/dump.rs"]
mod dump;
mod keys;

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

pub(crate) use portable_pty::{CommandBuilder, ExitStatus};
use portable_pty::{MasterPty, PtySize, native_pty_system};

/// Long enough for a slow machine under load; a passing test never waits for it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// The program `rtws` itself.
pub(crate) const RTWS: &str = env!("CARGO_BIN_EXE_rtws");

/// A program in a terminal of its own. Dropping it ends the program.
pub(crate) struct Screen {
    shared: Arc<Shared>,
    pid: u32,
    writer: Option<Box<dyn Write + Send>>,
    master: Option<Box<dyn MasterPty + Send>>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

/// Knows whether the program is in the middle of a synchronised update, of which nobody must see only the beginning.
#[derive(Default)]
struct Frames {
    unfinished: bool,
}

impl vt100::Callbacks for Frames {
    fn unhandled_csi(
        &mut self,
        _: &mut vt100::Screen,
        first: Option<u8>,
        _: Option<u8>,
        params: &[&[u16]],
        action: char,
    ) {
        if first == Some(b'?') && params == [[2026]] {
            self.unfinished = action == 'h';
        }
    }
}

struct State {
    parser: vt100::Parser<Frames>,
    ended: Option<ExitStatus>,
    /// The program's last output has been read.
    drained: bool,
    hanging_up: bool,
}

impl Screen {
    /// Starts `command`, a program and its arguments, with nothing of this process's environment that changes colours.
    pub(crate) fn spawn(command: &[&str], rows: u16, cols: u16, env: &[(&str, &str)]) -> Self {
        let mut builder = CommandBuilder::new(command[0]);
        builder.args(&command[1..]);
        for (name, value) in env {
            builder.env(name, value);
        }
        Self::start(builder, rows, cols)
    }

    /// Starts a command that needs more settings, such as its folder.
    pub(crate) fn start(mut command: CommandBuilder, rows: u16, cols: u16) -> Self {
        for name in ["NO_COLOR", "COLORTERM", "CLICOLOR", "CLICOLOR_FORCE", "TMUX"] {
            if command.get_env(name) == std::env::var_os(name).as_deref() {
                command.env_remove(name);
            }
        }
        if command.get_env("TERM") == std::env::var_os("TERM").as_deref() {
            command.env("TERM", "xterm-256color");
        }
        if command.get_cwd().is_none() {
            command.cwd(env!("CARGO_MANIFEST_DIR"));
        }
        let pair = native_pty_system().openpty(size(rows, cols)).expect("a pseudo-terminal");
        let mut child = pair.slave.spawn_command(command).expect("the program starts");
        let pid = child.process_id().expect("a process id");
        let shared = Arc::new(Shared {
            state: Mutex::new(State {
                parser: vt100::Parser::new_with_callbacks(nonzero(rows), nonzero(cols), 0, Frames::default()),
                ended: None,
                drained: false,
                hanging_up: false,
            }),
            changed: Condvar::new(),
        });
        let reader = pair.master.try_clone_reader().expect("the terminal's output");
        let reading = Arc::clone(&shared);
        thread::spawn(move || reading.read(reader));
        let waiting = Arc::clone(&shared);
        thread::spawn(move || {
            let status = child.wait().expect("the program can be waited for");
            waiting.change(|state| state.ended = Some(status));
        });
        let writer = pair.master.take_writer().expect("the terminal's input");
        Self { shared, pid, writer: Some(writer), master: Some(pair.master) }
    }

    /// Presses keys, named and separated by spaces: `"down down enter"`, `"ctrl-c"`, `"x"`, `"space"`.
    pub(crate) fn press(&mut self, names: &str) {
        for name in names.split_whitespace() {
            let bytes = keys::bytes(name).unwrap_or_else(|| panic!("no key is called {name:?}"));
            self.send(&bytes);
        }
    }

    /// Types text as it is; a newline is the Enter key.
    pub(crate) fn type_text(&mut self, text: &str) {
        self.send(text.replace('\n', "\r").as_bytes());
    }

    /// Pastes text as a terminal with bracketed paste does.
    pub(crate) fn paste(&mut self, text: &str) {
        self.send(format!("\x1b[200~{}\x1b[201~", text.replace('\n', "\r")).as_bytes());
    }

    /// Waits until `text` is somewhere on the screen, in one row.
    #[track_caller]
    pub(crate) fn wait_for(&self, text: &str) {
        self.wait_until(&format!("the text {text:?}"), PATIENCE, |screen| screen.contents().contains(text));
    }

    /// Waits until `text` is nowhere on the screen.
    #[track_caller]
    pub(crate) fn wait_gone(&self, text: &str) {
        self.wait_until(&format!("{text:?} to go"), PATIENCE, |screen| !screen.contents().contains(text));
    }

    /// Waits until `wanted` holds for the screen; `what` is for the message.
    #[track_caller]
    pub(crate) fn wait_until(&self, what: &str, patience: Duration, wanted: impl Fn(&vt100::Screen) -> bool) {
        self.wait(what, patience, |state| wanted(state.parser.screen()));
    }

    /// Waits for the end of the program and of its output.
    #[track_caller]
    pub(crate) fn wait_exit(&self) -> ExitStatus {
        self.wait("the program's end", PATIENCE, |state| state.ended.is_some() && state.drained);
        self.shared.lock().ended.clone().unwrap()
    }

    /// Changes the size of the terminal.
    pub(crate) fn resize(&mut self, rows: u16, cols: u16) {
        self.shared.lock().parser.set_size(nonzero(rows), nonzero(cols));
        self.master().resize(size(rows, cols)).expect("the terminal takes a size");
    }

    /// The screen's text.
    pub(crate) fn text(&self) -> String {
        self.shared.settled().parser.screen().contents()
    }

    /// The result of `read` on the screen, its modes for instance.
    pub(crate) fn with<T>(&self, read: impl FnOnce(&vt100::Screen) -> T) -> T {
        read(self.shared.settled().parser.screen())
    }

    /// One cell.
    pub(crate) fn cell(&self, row: u16, col: u16) -> vt100::Cell {
        self.with(|screen| screen.cell(row, col).expect("a cell inside the screen").clone())
    }

    /// The screen as text followed by a list of its styles, for snapshots.
    pub(crate) fn styled_dump(&self) -> String {
        self.with(|screen| dump::dump(&cells::cells(screen)))
    }

    /// The process that was started.
    pub(crate) fn pid(&self) -> u32 {
        self.pid
    }

    /// The leader of the process group that the terminal listens to.
    #[cfg(unix)]
    pub(crate) fn foreground(&self) -> u32 {
        self.master().process_group_leader().and_then(|pid| pid.try_into().ok()).expect("a process in front")
    }

    /// Whether the terminal hands every key to the program at once, without echo.
    #[cfg(unix)]
    pub(crate) fn is_raw(&self) -> bool {
        use rustix::termios::LocalModes;
        let modes = self.master().get_termios().expect("the terminal's modes").local_flags.bits();
        modes & (LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG).bits() == 0
    }

    /// Sends a signal to the process that was started.
    #[cfg(unix)]
    pub(crate) fn signal(&self, signal: rustix::process::Signal) {
        signal_process(self.pid, signal);
    }

    /// Closes the terminal under the program. `noise` is a key that makes the program draw: only its output wakes the
    /// reading thread, which keeps the terminal open until then.
    pub(crate) fn hang_up(&mut self, noise: &str) {
        self.shared.change(|state| state.hanging_up = true);
        self.press(noise);
        self.wait("the reader's end", PATIENCE, |state| state.drained);
        self.writer = None;
        self.master = None;
    }

    /// Waits for the end of a program whose terminal was closed.
    #[track_caller]
    pub(crate) fn wait_exit_after_hang_up(&self) -> ExitStatus {
        self.wait("the program's end", PATIENCE, |state| state.ended.is_some());
        self.shared.lock().ended.clone().unwrap()
    }

    fn master(&self) -> &dyn MasterPty {
        self.master.as_deref().expect("the terminal is still there")
    }

    fn send(&mut self, bytes: &[u8]) {
        let writer = self.writer.as_mut().expect("the terminal is still there");
        writer.write_all(bytes).and_then(|()| writer.flush()).expect("the terminal takes keys");
    }

    #[track_caller]
    fn wait(&self, what: &str, patience: Duration, wanted: impl Fn(&State) -> bool) {
        let deadline = Instant::now() + patience;
        let mut state = self.shared.lock();
        while state.parser.callbacks().unfinished && !state.drained || !wanted(&state) {
            let left = deadline.saturating_duration_since(Instant::now());
            // An ended program changes nothing any more.
            let over = state.drained && state.ended.is_some();
            if left.is_zero() || over {
                let seconds = patience.as_secs();
                let why = if over { "the program has ended".to_owned() } else { format!("{seconds} s went by") };
                let picture = picture(&state);
                drop(state);
                panic!("waited for {what}, but {why}\n{picture}");
            }
            state = self.shared.changed.wait_timeout(state, left).unwrap().0;
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        #[cfg(unix)]
        if self.shared.lock().ended.is_none() {
            signal_process(self.pid, rustix::process::Signal::KILL);
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// The state with whole frames only.
    fn settled(&self) -> MutexGuard<'_, State> {
        let in_a_frame = |state: &mut State| state.parser.callbacks().unfinished && !state.drained;
        self.changed.wait_while(self.lock(), in_a_frame).unwrap()
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.lock());
        self.changed.notify_all();
    }

    fn read(&self, mut reader: Box<dyn Read + Send>) {
        let mut buffer = [0; 16 * 1024];
        loop {
            // A terminal whose other end is closed is an error on some systems and an end on others.
            let count = reader.read(&mut buffer).unwrap_or(0);
            let mut state = self.lock();
            state.parser.process(&buffer[..count]);
            if count == 0 || state.hanging_up {
                drop(reader);
                state.drained = true;
                self.changed.notify_all();
                return;
            }
            self.changed.notify_all();
        }
    }
}

/// Sends a signal to a process.
#[cfg(unix)]
pub(crate) fn signal_process(pid: u32, signal: rustix::process::Signal) {
    let pid = rustix::process::Pid::from_raw(pid.try_into().unwrap()).unwrap();
    // It may have just ended by itself.
    let _ = rustix::process::kill_process(pid, signal);
}

fn size(rows: u16, cols: u16) -> PtySize {
    PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }
}

fn nonzero(number: u16) -> NonZeroU16 {
    NonZeroU16::new(number).expect("a terminal has rows and columns")
}

fn picture(state: &State) -> String {
    let screen = state.parser.screen();
    let cols = usize::from(screen.size().1.get());
    let (row, col) = screen.cursor_position();
    let edge = "─".repeat(cols);
    let mut out = format!("┌{edge}┐\n");
    for line in screen.rows(0, screen.size().1.get()) {
        let padding = " ".repeat(cols.saturating_sub(dump::width(&line)));
        let _ = writeln!(out, "│{line}{padding}│");
    }
    let _ = writeln!(out, "└{edge}┘");
    let _ = writeln!(out, "cursor at row {row}, column {col}{}", if screen.hide_cursor() { ", hidden" } else { "" });
    match &state.ended {
        Some(status) => drop(writeln!(out, "the program has ended: {status}")),
        None => out.push_str("the program runs\n"),
    }
    out
}
