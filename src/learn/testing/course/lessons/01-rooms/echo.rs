use rooms::Io;

/// Sends each event back.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("echo", |socket, payload| {
            socket.emit("echo", payload);
        });
    });
}
