//! `rtws client`: a Socket.IO client by hand.

mod line;
mod screen;

use std::{
    collections::BTreeMap,
    io::{self, BufRead as _},
    process::ExitCode,
    thread,
    time::Duration,
};

use anyhow::{Context as _, bail};
use scenario::{
    Network,
    client::{Arrived, Client, Departure, Incoming},
    network::Address,
};
use serde_json::{Map, Value};
use tokio::{sync::mpsc, time::timeout};

use super::{Context, PASSED, Usage, interrupt::interrupted, reach::cannot_connect};
use line::Line;
use screen::Screen;

/// After this many events the server has to catch up, or input from a pipe would fill the memory.
const BATCH: u64 = 256;

/// How long a server may take to close its end.
const GOODBYE_TIMEOUT: Duration = Duration::from_secs(1);

/// Connect as one client: type an event and its payload, see what arrives
///
/// Each line of input is an event's name, and its payload as JSON if it has one: `join-project {"projectId":"p1"}`.
/// Events that arrive are printed after an arrow. Ctrl-D or `quit` leaves. If something arrives while you type, Ctrl-R
/// shows what you typed again.
///
/// An event that asks for an acknowledgement is shown with a number. `ack 3` acknowledges number 3, `ack 3 {"ok":true}`
/// does so with a payload, and `ack` alone takes the last one that still waits. After `ack on` each is acknowledged as it
/// arrives, until `ack off`.
///
/// Input from a pipe is sent whole; then the client waits until the server has handled it, prints
/// what came back and leaves.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Examples:
  rtws client --name zoe
  rtws client localhost:3000 --auth '{\"token\":\"secret\"}' --ack
  printf 'join-project {}\\n' | rtws client")]
pub struct Args {
    /// The server
    #[arg(value_name = "URL", default_value = "http://127.0.0.1:7420")]
    url: String,
    /// A name, which the server's log and the monitor show; it goes into the CONNECT payload as `name`
    #[arg(long)]
    name: Option<String>,
    /// The CONNECT payload, a JSON object
    #[arg(long, value_name = "JSON")]
    auth: Option<String>,
    /// The namespace to join
    #[arg(long, default_value = "/")]
    namespace: String,
    /// Ask for an acknowledgement of each event
    #[arg(long)]
    ack: bool,
    /// Acknowledge events that ask for it as they arrive, as after the line `ack on`
    #[arg(long)]
    auto_ack: bool,
}

/// Is one client until the input ends.
pub fn run(args: &Args, context: &Context) -> anyhow::Result<ExitCode> {
    let address = Address::parse(&args.url).map_err(|error| Usage(error.to_string()))?;
    let auth = auth(args)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut screen = Screen::new(context.ui);
    let result = runtime.block_on(async {
        let namespace = format!("/{}", args.namespace.trim_start_matches('/'));
        let client = Client::connect(&Network::Tcp(address), &namespace, auth.as_ref()).await;
        let client = client.map_err(|error| cannot_connect(&args.url, &error))?;
        let session = Session {
            client,
            screen: &mut screen,
            ack: args.ack,
            auto_ack: args.auto_ack,
            sent: 0,
            mistakes: 0,
            awaited: BTreeMap::new(),
        };
        session.run().await
    });
    screen.finish();
    result.map(|()| ExitCode::from(PASSED))
}

/// The CONNECT payload that the arguments ask for.
fn auth(args: &Args) -> anyhow::Result<Option<Value>> {
    let mut fields = match args.auth.as_deref().map(serde_json::from_str) {
        None => Map::new(),
        Some(Ok(Value::Object(fields))) => fields,
        Some(Ok(_)) => {
            return Err(Usage("--auth must be a JSON object, such as '{\"token\":\"secret\"}'".into()).into());
        }
        Some(Err(error)) => {
            let problem =
                format!("--auth is not JSON: {error}\nWrite it as '{{\"token\":\"secret\"}}', quotes and all.");
            return Err(Usage(problem).into());
        }
    };
    if let Some(name) = &args.name {
        fields.insert("name".to_owned(), name.as_str().into());
    }
    Ok((!fields.is_empty()).then_some(Value::Object(fields)))
}

struct Session<'a> {
    client: Client,
    screen: &'a mut Screen,
    /// Whether each event that is sent asks for an acknowledgement.
    ack: bool,
    /// Whether each event that arrives and asks for one gets it.
    auto_ack: bool,
    sent: u64,
    mistakes: u64,
    /// The events whose acknowledgement has not come, by its id.
    awaited: BTreeMap<u64, String>,
}

/// Whether a session goes on.
enum Next {
    Continue,
    Leave,
}

impl Session<'_> {
    async fn run(mut self) -> anyhow::Result<()> {
        // Installed before the first prompt.
        let interrupted = interrupted().context("cannot listen for signals")?;
        tokio::select! {
            () = interrupted => {}
            result = self.talk() => result?,
        }
        self.screen.finish();
        let _ = timeout(GOODBYE_TIMEOUT, self.client.depart(Departure::Disconnect)).await;
        self.screen.fact("disconnected")?;
        // A person has seen each mistake and could fix it; a program has to be told.
        if self.mistakes > 0 && !self.screen.is_interactive() {
            return Err(Usage(format!("{} of the lines could not be sent", self.mistakes)).into());
        }
        Ok(())
    }

    async fn talk(&mut self) -> anyhow::Result<()> {
        self.screen.fact(&format!("connected as {}", self.client.socket_id()))?;
        let mut lines = lines_of_input();
        loop {
            let next = tokio::select! {
                arrived = self.client.next_numbered() => self.show(arrived).map(|()| Next::Continue)?,
                line = lines.recv() => match line {
                    Some(line) => self.obey(&line?).await?,
                    None => Next::Leave,
                },
            };
            if matches!(next, Next::Leave) {
                break;
            }
        }
        self.catch_up().await?;
        self.screen.finish();
        for event in self.awaited.values() {
            self.screen.fact(&format!("no ack of {event}"))?;
        }
        Ok(())
    }

    async fn obey(&mut self, text: &str) -> anyhow::Result<Next> {
        match line::parse(text) {
            Ok(Line::Quit) => return Ok(Next::Leave),
            Ok(Line::Nothing) => {}
            Ok(Line::Event { name, payload }) => self.emit(name, payload.as_ref()).await?,
            Ok(Line::Ack { number, payload }) => self.acknowledge(number, payload.as_ref()).await?,
            Ok(Line::AutoAck(wanted)) => self.auto_ack = wanted,
            Err(mistake) => self.refuse(&mistake.to_string()),
        }
        self.screen.prompt();
        Ok(Next::Continue)
    }

    async fn emit(&mut self, name: String, payload: Option<&Value>) -> anyhow::Result<()> {
        if self.ack {
            let id = self.client.emit_with_ack(&name, payload);
            self.awaited.insert(id, name);
        } else {
            self.client.emit(&name, payload);
        }
        self.sent += 1;
        if self.sent.is_multiple_of(BATCH) { self.catch_up().await } else { Ok(()) }
    }

    async fn acknowledge(&mut self, number: Option<u64>, payload: Option<&Value>) -> anyhow::Result<()> {
        if !self.answer(number, payload) {
            // With input from a pipe, the event that asks for it may still be on its way.
            self.catch_up().await?;
            if !self.answer(number, payload) {
                let open: Vec<_> = self.client.unanswered().map(|number| number.to_string()).collect();
                self.refuse(&nothing_asks(number, &open));
            }
        }
        Ok(())
    }

    /// Acknowledges the event with this number, or the last one if there is no number; `false` if there is none.
    fn answer(&mut self, number: Option<u64>, payload: Option<&Value>) -> bool {
        let number = number.or_else(|| self.client.unanswered().next_back());
        number.is_some_and(|number| self.client.answer(number, payload))
    }

    fn refuse(&mut self, mistake: &str) {
        self.mistakes += 1;
        self.screen.mistake(mistake);
    }

    /// Waits until the server has handled everything, and shows what came.
    async fn catch_up(&mut self) -> anyhow::Result<()> {
        // A server may answer the first time before it has handled the events that came with the question.
        let answered = self.client.settle().await && self.client.settle().await;
        for arrived in self.client.take_numbered() {
            self.show(Some(arrived))?;
        }
        if !answered {
            bail!("the server does not answer any more");
        }
        Ok(())
    }

    fn show(&mut self, arrived: Option<Arrived>) -> anyhow::Result<()> {
        let (incoming, asks_for_ack) = arrived.unwrap_or((Incoming::Closed, None));
        match incoming {
            Incoming::Event { name, arguments } => {
                let remark = match asks_for_ack {
                    Some(number) if self.auto_ack && self.client.answer(number, None) => "acknowledged".to_owned(),
                    Some(number) => format!("asks for ack {number}"),
                    None => String::new(),
                };
                self.screen.arrived(&name, &arguments, &remark)
            }
            Incoming::Ack { id, arguments } => {
                let event = self.awaited.remove(&id).unwrap_or_default();
                self.screen.arrived(&format!("ack of {event}"), &arguments, "")
            }
            Incoming::Disconnected => bail!("the server disconnected this client"),
            Incoming::Closed => bail!("the server closed the connection"),
        }
    }
}

/// Why there is nothing to acknowledge, and what else there is.
fn nothing_asks(number: Option<u64>, open: &[String]) -> String {
    let wanted = number.map_or_else(|| "an ack".to_owned(), |number| format!("ack {number}"));
    match open {
        [] => format!("nothing asks for {wanted}"),
        open => format!("nothing asks for {wanted}; open are {}", open.join(", ")),
    }
}

/// The lines of standard input, read in a thread that is left behind in the end: a read cannot be cancelled.
fn lines_of_input() -> mpsc::Receiver<io::Result<String>> {
    let (sender, receiver) = mpsc::channel(1);
    thread::spawn(move || {
        let mut input = io::stdin().lock();
        let mut line = Vec::new();
        loop {
            line.clear();
            let read = match input.read_until(b'\n', &mut line) {
                Ok(0) => return,
                result => result.map(|_| String::from_utf8_lossy(&line).into_owned()),
            };
            let is_over = read.is_err();
            if sender.blocking_send(read).is_err() || is_over {
                return;
            }
        }
    });
    receiver
}
