//! Arbitrary bytes from the start of a stream: heads of requests, bodies, and frames after a handshake. The server
//! answers in HTTP or not at all, and comes to an end.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rooms::{Config, Io};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

fuzz_target!(|bytes: &[u8]| rooms_fuzz::run(serve(bytes)));

async fn serve(bytes: &[u8]) {
    let io = Io::new(Config::default());
    let (mut stream, theirs) = duplex(1024 * 1024);
    let served = tokio::spawn(async move { io.serve_stream(theirs).await });
    // A server that has refused reads no further.
    let _ = stream.write_all(bytes).await;
    let _ = stream.shutdown().await;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("memory can be read");
    served.await.expect("the server comes to an end");
    assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 "));
}
