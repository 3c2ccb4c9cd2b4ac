//! The server under test: the workshop's worked example on this crate.

use anyhow::Result;
use rooms::{Config, Io, Server};
use tokio::io::AsyncReadExt;
use tokio::runtime::Builder;

use crate::arguments::Own;
use crate::{floor, worked_example};

pub(crate) fn serve(own: Own) -> Result<()> {
    match own {
        Own::Current => Builder::new_current_thread().enable_all().build()?.block_on(rooms()),
        Own::Multi => Builder::new_multi_thread().worker_threads(2).enable_all().build()?.block_on(rooms()),
        Own::Floor => floor::serve(),
    }
}

async fn rooms() -> Result<()> {
    let io = Io::new(Config::default());
    worked_example::app(&io);
    let server = Server::bind("127.0.0.1:0", io).await?;
    println!("http://{}", server.address());
    server.run(stdin_ended()).await;
    Ok(())
}

/// When standard input closes, the process that started this one has finished or is gone.
async fn stdin_ended() {
    let mut nothing = Vec::new();
    // An error counts as the end, too.
    let _ = tokio::io::stdin().read_to_end(&mut nothing).await;
}
