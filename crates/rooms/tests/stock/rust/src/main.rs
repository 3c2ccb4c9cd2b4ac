//! Plays one scenario at a server, and prints what its clients saw as one JSON document: stock-client SCENARIO URL
//!
//! This client cannot answer the server's questions, and takes one attachment for each event: see the crate's
//! documentation.

use std::error::Error;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use rust_socketio::client::Client;
use rust_socketio::{ClientBuilder, Event, Payload, RawClient};
use serde_json::{Value, json};

/// Long enough for a slow machine under load.
const PATIENCE: Duration = Duration::from_secs(20);
const TOKEN: &str = "open sesame";

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [scenario, url] = arguments.as_slice() else { return Err("stock-client SCENARIO URL".into()) };
    let seen = match scenario.as_str() {
        "everyday" => everyday(url)?,
        "refused" => refused(url)?,
        "reconnect" => reconnect(url)?,
        "heartbeats" => heartbeats(url)?,
        other => return Err(format!("there is no scenario {other}").into()),
    };
    println!("{seen}");
    Ok(())
}

fn everyday(url: &str) -> Outcome<Value> {
    let (ann, told) = collecting(builder(url), "told");
    let (ann, echoes) = collecting(ann, "echo");
    let ann = connected(ann)?;
    let bob = connected(builder(url))?;
    let joined = call(&ann, "join", json!("crabs 🦀"))?;
    let text = "to all: naïve \u{2028} 𝄞";
    call(&bob, "tell", json!({ "room": "crabs 🦀", "text": text }))?;
    call(&bob, "tell-others", json!({ "room": "crabs 🦀", "text": "to ann" }))?;
    ann.emit("echo", vec![0_u8, 128, 255])?;
    let echoed = arrival(&echoes)?;
    let several = call(&ann, "echo-ack", vec![json!(1), json!("zwei ☂"), json!({ "three": [3] })])?;
    let known = call(&ann, "who-am-i", json!({}))?;
    ann.disconnect()?;
    bob.disconnect()?;
    Ok(json!({
        "joined": joined,
        "told": texts(&told),
        "echoed": echoed,
        "several": several,
        "transport": known[0]["transport"],
    }))
}

fn refused(url: &str) -> Outcome<Value> {
    let (stranger, errors) = collecting(builder(url).auth(json!({ "token": "please" })), Event::Error);
    let stranger = stranger.connect()?;
    let error = arrival(&errors)?;
    let friend = connected(builder(url))?;
    let known = call(&friend, "who-am-i", json!({}))?;
    friend.disconnect()?;
    stranger.disconnect()?;
    Ok(json!({ "error": error, "isLetIn": known[0]["id"].is_string() }))
}

/// The server cuts the whole connection: the client comes back by itself, as a new socket, and joins its room again.
fn reconnect(url: &str) -> Outcome<Value> {
    let bob = connected(builder(url))?;
    let (ann, told) = collecting(builder(url), "told");
    let (ann, arrivals) = joining(ann, "news");
    let ann = ann.connect()?;
    let first = arrival(&arrivals)?;
    tell_between_two_calls(&bob, &ann, "before")?;
    ann.emit("cut", json!({}))?;
    let second = arrival(&arrivals)?;
    tell_between_two_calls(&bob, &ann, "after")?;
    let known = call(&ann, "who-am-i", json!({}))?;
    ann.disconnect()?;
    bob.disconnect()?;
    Ok(json!({
        "rooms": [first["rooms"], second["rooms"]],
        "isAnother": first["id"] != second["id"],
        "told": texts(&told),
        "transport": known[0]["transport"],
    }))
}

/// The first call comes after the listener's earlier packets, the second brings the teller's event.
fn tell_between_two_calls(teller: &Client, listener: &Client, text: &str) -> Outcome<()> {
    call(listener, "who-am-i", json!({}))?;
    call(teller, "tell", json!({ "room": "news", "text": text }))?;
    call(listener, "who-am-i", json!({}))?;
    Ok(())
}

/// Has the client join a room each time that it is let in, and collect how the server knew it before.
fn joining(builder: ClientBuilder, room: &'static str) -> (ClientBuilder, Receiver<Value>) {
    let (sender, receiver) = mpsc::channel();
    let builder = builder.on(Event::Connect, move |_, client: RawClient| {
        let sender = sender.clone();
        let known = move |answer, _: RawClient| {
            let _ = sender.send(plain(answer)[0][0].clone());
        };
        client.emit_with_ack("who-am-i", json!({}), PATIENCE, known).expect("it is connected");
        client.emit("join", json!(room)).expect("it is connected");
    });
    (builder, receiver)
}

fn heartbeats(url: &str) -> Outcome<Value> {
    let client = connected(builder(url))?;
    let before = call(&client, "who-am-i", json!({}))?;
    let stayed = call(&client, "stay", json!(2500))?;
    let after = call(&client, "who-am-i", json!({}))?;
    client.disconnect()?;
    Ok(json!({ "stayed": stayed[0], "isSame": before[0]["id"] == after[0]["id"] }))
}

/// A client with default options, but for its `auth`.
fn builder(url: &str) -> ClientBuilder {
    ClientBuilder::new(url).auth(json!({ "token": TOKEN }))
}

/// Has the client collect what comes with each of these events.
fn collecting(builder: ClientBuilder, event: impl Into<Event>) -> (ClientBuilder, Receiver<Value>) {
    let (sender, receiver) = mpsc::channel();
    let builder = builder.on(event, move |payload, _| {
        let _ = sender.send(plain(payload));
    });
    (builder, receiver)
}

/// The texts that were told to rooms.
fn texts(told: &Receiver<Value>) -> Vec<Value> {
    told.try_iter().map(|message| message[0]["text"].clone()).collect()
}

/// A client that is let in.
fn connected(builder: ClientBuilder) -> Outcome<Client> {
    let (builder, connects) = collecting(builder, Event::Connect);
    let client = builder.connect()?;
    arrival(&connects)?;
    Ok(client)
}

/// Emits an event and returns the answer.
fn call(client: &Client, event: &str, payload: impl Into<Payload>) -> Outcome<Value> {
    let (sender, answers) = mpsc::channel();
    client.emit_with_ack(event, payload, PATIENCE, move |answer, _| {
        let _ = sender.send(plain(answer));
    })?;
    let answer = arrival(&answers)?;
    // The crate delivers the list of all arguments as one argument.
    Ok(answer[0].clone())
}

fn arrival(receiver: &Receiver<Value>) -> Outcome<Value> {
    Ok(receiver.recv_timeout(PATIENCE)?)
}

fn plain(payload: Payload) -> Value {
    match payload {
        Payload::Binary(bytes) => json!({ "bytes": bytes.to_vec() }),
        Payload::Text(values) => Value::Array(values),
        #[allow(deprecated)]
        Payload::String(text) => Value::String(text),
    }
}
