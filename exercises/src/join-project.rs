//! Join a project. The page has the contract; `rtws hint join-project` has help.

use rooms::Io;

/// The server under test.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |_socket, _payload| {
            // 1. Take `projectId` out of the payload, without the white space around it.
            //    Page: "What counts as an id".
            // 2. No usable id: tell this client with `error-message`, and stop here.
            //    `serde_json::json!` makes a payload.
            //    Page: "When the id is not usable".
            // 3. Otherwise join the room `project:<id>` and answer `joined`.
            //    Page: "When it is".
        });
    });
}
