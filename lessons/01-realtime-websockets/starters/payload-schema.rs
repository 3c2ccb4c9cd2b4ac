//! Check a payload. The page has the contract; `rtws hint payload-schema` has help.

use rooms::Io;

/// The server under test.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("create-task", |_socket, _payload| {
            // 1. Collect the names of all fields at fault: missing, unfit, or unknown.
            //    Page: "The fields" and "What counts as a fault".
            // 2. Answer through the acknowledgement, `payload.ack(json!({ … }))`.
            //    Page: "The answer".
            //
            // The checking is easier to read and to test as a function of its own, from
            // `&serde_json::Value` to the names.
        });
    });
}
