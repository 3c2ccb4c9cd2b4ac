//! A shared board. The page has the contract; `rtws hint board` has help.

use rooms::Io;

/// The server under test.
pub fn app(io: &Io) {
    // What all clients share is made here, once: the tasks of each project.
    io.on_connection(|socket| {
        socket.on("join-project", |_socket, _payload| {
            // As in the exercise of that name, and `joined` carries the tasks. Page: "Joining".
        });

        // Three events of members: create-task, update-task, delete-task.
        // Page: "The three events", "Conflicts", "What is checked, and in which order".
        //
        // They share most of their checks, so look for what is common before you write the
        // second one.
    });
}
