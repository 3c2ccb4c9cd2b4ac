//! A shared board. The page has the contract; `rtws hint board` has help.

use rooms::Io;

/// The server under test.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |_socket, _payload| {
            // As in the exercise of that name. Page: "Joining".
        });

        // Three events of members: create-task, update-task, delete-task.
        // Page: "The three events", "What is checked, and in which order".
        //
        // They differ in their names and in one field, so look for what they share before you
        // write the second one.
    });
}
