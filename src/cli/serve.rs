//! `rtws serve`: the worked example as a separate server, with a log on standard output.

mod log;
mod settings;

use std::{
    io,
    net::{SocketAddr, ToSocketAddrs as _},
    process::ExitCode,
    thread,
    time::Duration,
};

use anyhow::Context as _;
use rooms::records::Records;
use scenario::{Network, network::Address};
use tokio::{runtime::Handle, sync::oneshot, time::timeout};

use super::{Closed, Context, PASSED, Ui, Usage, interrupt::interrupted, print};
use crate::{crowd::Crowd, server::Embedded};
use log::{Format, Log};
use settings::Settings;

/// How long the last lines may take if their reader is slow. With the server's own end it stays below 2 s.
const LAST_LINES: Duration = Duration::from_millis(300);

/// Serve the worked example alone, with a log line for everything that happens
///
/// The first line says where it listens. Any Socket.IO v5 client on this machine can connect: `rtws client`, `rtws
/// play`, or the official ones. Ctrl-C closes every client and ends it; so does closing its standard output, as `head`
/// does. With `--log off` nothing more is printed, so nobody needs to keep reading.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Examples:
  rtws serve                          on port 7420
  rtws serve --addr 127.0.0.1:0       on any free port
  rtws serve --crowd                  with simulated people, one of them noisy
  rtws serve --log jsonl > log.jsonl  each record as a line of JSON
  rtws serve --recovery 2m --overflow drop-oldest --queue-messages 64
                                      thin what a slow client gets, and let it catch up when it comes back")]
pub struct Args {
    /// Where to listen, on this machine; port 0 takes a free one
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:7420")]
    addr: String,
    /// What to print after the first line
    #[arg(long, value_enum, default_value_t = Format::Text)]
    log: Format,
    /// Let simulated people come: they join, update tasks, leave and reconnect
    #[arg(long)]
    crowd: bool,
    #[command(flatten)]
    settings: Settings,
}

/// Serves until somebody asks it to end.
pub fn run(args: &Args, context: &Context) -> anyhow::Result<ExitCode> {
    let address = loopback(&args.addr)?;
    // One thread costs less than several: events that are emitted together travel together.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let served = runtime.block_on(serve(args, address, context.ui));
    runtime.shutdown_background();
    match served {
        Err(error) if error.downcast_ref::<Closed>().is_none() => Err(error),
        _ => Ok(ExitCode::from(PASSED)),
    }
}

async fn serve(args: &Args, address: SocketAddr, ui: Ui) -> anyhow::Result<()> {
    let config = args.settings.config();
    let explain = |error| cannot_listen(address, error);
    if args.log == Format::Off {
        let server = Embedded::bind_unobserved(address, config).await.map_err(explain)?;
        return serve_silently(args, server, ui).await;
    }
    let (server, records) = Embedded::bind(address, config).await.map_err(explain)?;
    let _crowd = crowd(args, &server)?;
    let (stop, stopped) = oneshot::channel();
    // Installed before the first line.
    let interrupted = interrupted().context("cannot listen for signals")?;
    let mut printing = Box::pin(in_thread(Log::new(args.log, ui), records, stopped));
    let ended = tokio::select! {
        () = interrupted => Ok(()),
        result = &mut printing => result,
    };
    server.stop().await;
    if stop.send(()).is_ok() {
        // A reader that hangs does not get the last lines.
        let _ = timeout(LAST_LINES, printing).await;
    }
    ended
}

/// Nobody reads records, so none are made.
async fn serve_silently(args: &Args, server: Embedded, ui: Ui) -> anyhow::Result<()> {
    let _crowd = crowd(args, &server)?;
    // Installed before the first line.
    let interrupted = interrupted().context("cannot listen for signals")?;
    print(&log::listening(&server.address().to_string(), ui))?;
    interrupted.await;
    server.stop().await;
    Ok(())
}

fn crowd(args: &Args, server: &Embedded) -> anyhow::Result<Option<Crowd>> {
    let network = Network::Tcp(Address::parse(&server.address().to_string())?);
    Ok(args.crowd.then(|| Crowd::start(network, rand::random())))
}

/// Prints in a separate thread: a slow reader, or a stopped terminal, must not hold up the server or its end.
async fn in_thread(log: Log, records: Records, stopped: oneshot::Receiver<()>) -> anyhow::Result<()> {
    let (ended, ending) = oneshot::channel();
    let handle = Handle::current();
    thread::spawn(move || ended.send(print_records(log, records, stopped, &handle)));
    ending.await.context("the thread that prints the log ended")?
}

fn print_records(
    mut log: Log,
    mut records: Records,
    mut stopped: oneshot::Receiver<()>,
    handle: &Handle,
) -> anyhow::Result<()> {
    let mut next = || {
        handle.block_on(async {
            tokio::select! {
                biased;
                record = records.next() => record,
                _ = &mut stopped => None,
            }
        })
    };
    while let Some(record) = next() {
        if let Some(line) = log.line(&record)? {
            print(&line)?;
        }
    }
    Ok(())
}

/// The address that `text` names, if only this machine can reach it.
fn loopback(text: &str) -> anyhow::Result<SocketAddr> {
    let malformed =
        |_| Usage(format!("`{text}` is not an address; write it as 127.0.0.1:7420, with port 0 for a free one"));
    let addresses: Vec<_> = text.to_socket_addrs().map_err(malformed)?.collect();
    if addresses.iter().any(|address| !address.ip().is_loopback()) {
        let problem = format!(
            "other machines can reach `{text}`, and this server is for this machine alone\n\
             Use --addr 127.0.0.1:7420, or another port."
        );
        return Err(Usage(problem).into());
    }
    let preferred = addresses.iter().find(|address| address.is_ipv4()).or(addresses.first());
    preferred.copied().with_context(|| format!("`{text}` is a name without an address"))
}

fn cannot_listen(address: SocketAddr, error: io::Error) -> anyhow::Error {
    let any_port = SocketAddr::new(address.ip(), 0);
    let problem = match error.kind() {
        io::ErrorKind::AddrInUse => format!(
            "another program listens on {address}, perhaps an `rtws serve` or `rtws learn`\n\
             End that one, or take a free port with --addr {any_port}."
        ),
        io::ErrorKind::PermissionDenied => {
            format!("the system does not let you listen on {address}\nTake a free port with --addr {any_port}.")
        }
        _ => format!("cannot listen on {address}"),
    };
    anyhow::Error::new(error).context(problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_served() {
        assert_eq!(loopback("127.0.0.1:7420").unwrap(), "127.0.0.1:7420".parse().unwrap());
        assert_eq!(loopback("[::1]:0").unwrap(), "[::1]:0".parse().unwrap());
        for open in ["0.0.0.0:7420", "[::]:7420", "192.0.2.1:80"] {
            let error = loopback(open).unwrap_err();
            assert!(error.downcast_ref::<Usage>().is_some());
            assert!(error.to_string().starts_with(&format!("other machines can reach `{open}`")), "{error}");
        }
    }

    #[test]
    fn a_text_that_is_not_an_address_is_answered_with_one() {
        for text in ["", "7420", "127.0.0.1", "127.0.0.1:65536", "http://127.0.0.1:7420"] {
            let error = loopback(text).unwrap_err();
            assert!(error.downcast_ref::<Usage>().is_some(), "{text}");
            assert!(error.to_string().contains("write it as 127.0.0.1:7420"), "{error}");
        }
    }
}
