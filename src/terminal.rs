//! The one guard that enters the terminal and restores it.
//!
//! A program that draws on the whole screen owes the user a working terminal afterwards, however it ends. Everything
//! that must be undone (raw mode, the alternate screen, bracketed paste, the hidden cursor) is entered and undone here
//! and nowhere else:
//!
//! | event | what the guard does |
//! |---|---|
//! | the program leaves | [`Guard`] is dropped and restores |
//! | a panic on the guard's thread | restores, prints the report, lets the panic unwind so that destructors run |
//! | a panic on any other thread, or in a task that runs there | restores, prints the report, ends the process with [`EXIT_PANIC`] |
//! | SIGINT, SIGTERM, SIGHUP | passed on as [`Event::Signal`], so that the program saves and leaves; the second one ends the process at once, and so does the first if the program is stuck |
//! | one of them while the program leaves | ends the process only if [`Guard::leaving`] was long ago; the second one ends it at once |
//! | Ctrl-\, SIGQUIT, SIGUSR1 and the others that end a process | restores, then the process dies of the signal |
//! | Ctrl-Z, SIGTSTP | restores and stops; on SIGCONT enters again and passes on [`Signal::Continue`] |
//! | the terminal disappears | passed on as [`Event::Lost`]; a program that has not left soon after is ended |
//! | an editor takes over for a while | [`Guard::outside`] |
//!
//! A panic elsewhere ends the process because a program that lost a thread is half dead: it would go on drawing while
//! nothing does the work, and the report would be gone with the alternate screen. A panic that is caught and reported
//! in another way can be left alone, see [`Guard::spare_panics`].
//!
//! Nothing is drawn while the terminal is not ours: all output goes through one gate, which is shut before anything is
//! restored. So a thread that is still drawing cannot spoil the shell's screen or the panic report.

mod event;
mod gate;
mod hub;
mod input;
mod panics;
#[cfg(unix)]
mod signals;

use std::io::{self, IsTerminal};
use std::marker::PhantomData;

use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Frame, Terminal};

pub use self::event::{Event, Signal};
pub use self::gate::restore;
pub use self::input::Input;
pub use self::panics::EXIT_PANIC;

/// Why the terminal could not be entered.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Standard input or standard output is a pipe or a file.
    #[error(
        "{command} needs a terminal, but its {stream} is not one.\n\
         Start it in a terminal window, without a pipe or a redirection. \
         `rtws list` and `rtws check` work without a terminal."
    )]
    NotATerminal {
        /// The command that the user typed, such as `rtws learn`.
        command: String,
        /// Which stream is not a terminal.
        stream: &'static str,
    },
    /// There is a guard already; two would undo each other's work.
    #[error("the terminal is already in use by this program")]
    Taken,
    /// The terminal refused.
    #[error("the terminal could not be set up: {0}")]
    Setup(#[from] io::Error),
}

/// The terminal, entered. Dropping it restores everything.
///
/// It stays on the thread that entered, because that thread's panics are treated separately.
#[derive(Debug)]
pub struct Guard {
    terminal: Terminal<CrosstermBackend<gate::Output>>,
    output: gate::Output,
    stale: bool,
    on_one_thread: PhantomData<*const ()>,
}

impl Guard {
    /// Enters the terminal. `command` is what the user typed; an error names it.
    pub fn enter(command: &str) -> Result<Self, Error> {
        require_terminal(command)?;
        if !panics::claim() {
            return Err(Error::Taken);
        }
        let output = gate::Output::default();
        let terminal = Terminal::new(CrosstermBackend::new(output.clone()));
        let guard = Self {
            terminal: terminal.inspect_err(|_| panics::release())?,
            output,
            stale: true,
            on_one_thread: PhantomData,
        };
        // From here on its drop undoes everything, even if a later line fails.
        panics::install();
        #[cfg(unix)]
        signals::listen()?;
        // With NO_COLOR set, crossterm answers a colour with a full reset, which takes bold and reverse with it. The
        // theme leaves colours out instead.
        crossterm::style::force_color_output(true);
        gate::enter()?;
        Ok(guard)
    }

    /// The keys, pastes, sizes and signals that reach the program. There can be only one: a second one takes over the
    /// messages.
    pub fn input(&self) -> Input {
        Input::new()
    }

    /// Draws a frame, or nothing while the terminal is not ours.
    ///
    /// A terminal that fails is a terminal that is gone, which the program learns as [`Event::Lost`].
    pub fn draw(&mut self, view: impl FnOnce(&mut Frame<'_>)) {
        if let Err(error) = self.try_draw(view) {
            self.stale = true;
            if error.kind() != io::ErrorKind::WouldBlock {
                hub::lost();
            }
        }
    }

    /// Has the next frame drawn completely, because the screen no longer shows the last one.
    pub fn redraw(&mut self) {
        self.stale = true;
    }

    /// Hands the terminal over while `work` runs, an editor for instance, and takes it back afterwards.
    ///
    /// `work` is a closure and not a future, because some futures start before they are awaited. The terminal is also
    /// taken back when the returned future is dropped half-way.
    pub async fn outside<T>(&mut self, input: &mut Input, work: impl AsyncFnOnce() -> T) -> T {
        input.pause();
        gate::step_outside();
        let _back = TakeBack { guard: self, input };
        work().await
    }

    /// Says that no more events are taken, because the program saves and leaves. The first signal from now on gives it
    /// some seconds for that, which a stuck program would not get; the second one ends it at once.
    pub fn leaving(&self) {
        hub::leaving();
    }

    /// Leaves alone the panics for which `caught` is true on the panicking thread, because they are caught and reported
    /// in another way. Their report is not printed: it would land in the middle of the screen.
    pub fn spare_panics(&self, caught: fn() -> bool) {
        panics::spare(caught);
    }

    fn try_draw(&mut self, view: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        if self.stale {
            // `Terminal::clear` would ask the terminal for the cursor's position and wait for the answer, which the
            // input's reader has already eaten. Resizing clears without asking.
            let size = self.terminal.size()?;
            self.terminal.resize(Rect::from((ratatui::layout::Position::ORIGIN, size)))?;
            self.stale = false;
        }
        self.terminal.draw(view)?;
        self.output.present()
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        restore();
        panics::release();
    }
}

/// Takes the terminal back when it is dropped.
struct TakeBack<'a> {
    guard: &'a mut Guard,
    input: &'a mut Input,
}

impl Drop for TakeBack<'_> {
    fn drop(&mut self) {
        if gate::come_back().is_err() {
            hub::lost();
        }
        self.input.resume();
        self.guard.redraw();
    }
}

fn require_terminal(command: &str) -> Result<(), Error> {
    let not_one = |stream| Error::NotATerminal { command: command.to_owned(), stream };
    if !io::stdin().is_terminal() {
        return Err(not_one("standard input"));
    }
    if !io::stdout().is_terminal() {
        return Err(not_one("standard output"));
    }
    Ok(())
}
