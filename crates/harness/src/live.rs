//! An exercise's application as a server on TCP, watched through its standard output.

use std::io::Write;
use std::time::Duration;

use rooms::observer::{self, Record};
use rooms::records::Records;
use rooms::{Config, Io, Server};
use tokio::io::AsyncReadExt;

/// Log lines that may wait for the reader of standard output.
const LOG_LINES: usize = 1024;

/// How often the counters are written.
const COUNTERS_PERIOD: Duration = Duration::from_millis(250);

/// Serves an application until standard input closes, by which the program that started it says that it has finished,
/// or is gone. Writes each record as a line of JSON.
///
/// # Errors
///
/// When the address cannot be bound.
pub fn serve(address: &str, app: impl FnOnce(&Io)) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let (feed, receiver) = observer::feed(LOG_LINES);
        let io = Io::observed(Config::default(), feed);
        app(&io);
        let server = Server::bind(address, io.clone()).await?;
        let mut records = Records::new(io, receiver, COUNTERS_PERIOD);
        let serving = tokio::spawn(server.run(standard_input_closes()));
        while let Some(record) = records.next().await {
            if serving.is_finished() || write_line(&record).is_err() {
                break;
            }
        }
        Ok(())
    })
}

async fn standard_input_closes() {
    let mut input = tokio::io::stdin();
    let mut ignored = [0; 256];
    while matches!(input.read(&mut ignored).await, Ok(length) if length > 0) {}
}

fn write_line(record: &Record) -> std::io::Result<()> {
    let mut line = serde_json::to_string(record)?;
    line.push('\n');
    let mut output = std::io::stdout().lock();
    output.write_all(line.as_bytes())?;
    output.flush()
}
