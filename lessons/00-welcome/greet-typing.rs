io.on_connection(|socket| {
    socket.on("knock", |socket, payload| {
        socket.emit("who-is-there", payload);
    });
});
