//! HTTP long polling by clients that break its rules.

use std::net::SocketAddr;
use std::time::Duration;

use rooms::Config;

use crate::tcp::{Client, Response, Stage, config, soon, websocket_request};

/// A polling session of one hostile client. Each request has a connection of its own.
struct Session {
    address: SocketAddr,
    sid: String,
}

impl Session {
    async fn open(address: SocketAddr) -> Self {
        let response = request(address, "GET", "", "", "").await.unwrap();
        assert_eq!(response.status, 200, "{response:?}");
        let open: serde_json::Value = serde_json::from_str(response.body.strip_prefix('0').unwrap()).unwrap();
        assert_eq!(open["upgrades"], serde_json::json!(["websocket"]));
        Self { address, sid: open["sid"].as_str().unwrap().to_owned() }
    }

    /// Opens a session and joins the root namespace.
    async fn join(address: SocketAddr) -> Self {
        let session = Self::open(address).await;
        session.accepts("40").await;
        let reply = session.get().await.unwrap();
        assert!(reply.body.starts_with("40{"), "{reply:?}");
        session
    }

    fn parameter(&self) -> String {
        format!("&sid={}", self.sid)
    }

    async fn get(&self) -> Option<Response> {
        request(self.address, "GET", &self.parameter(), "", "").await
    }

    async fn post(&self, body: &str) -> Option<Response> {
        request(self.address, "POST", &self.parameter(), "", body).await
    }

    async fn accepts(&self, body: &str) {
        let response = self.post(body).await.unwrap();
        assert_eq!((response.status, response.body.as_str()), (200, "ok"), "{body}");
    }

    /// Begins a GET, and does not wait for its answer.
    async fn park(&self) -> Client {
        self.begin("GET", "", "").await
    }

    /// Sends a request with this body and these headers, whether they agree or not.
    async fn begin(&self, method: &str, headers: &str, body: &str) -> Client {
        let mut client = Client::dial(self.address).await;
        client.write(head(self.address, method, &self.parameter(), headers).as_bytes()).await;
        client.write(body.as_bytes()).await;
        client
    }

    /// Proves that the session is gone: its id is unknown.
    async fn is_over(&self) {
        let response = self.get().await.unwrap();
        assert_eq!((response.status, response.code()), (400, Some(1)), "{response:?}");
    }
}

fn head(address: SocketAddr, method: &str, parameters: &str, headers: &str) -> String {
    format!("{method} /socket.io/?EIO=4&transport=polling{parameters} HTTP/1.1\r\nHost: {address}\r\n{headers}\r\n")
}

async fn request(address: SocketAddr, method: &str, parameters: &str, headers: &str, body: &str) -> Option<Response> {
    let mut client = Client::dial(address).await;
    let length = if method == "GET" { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
    client.write(head(address, method, parameters, &format!("{length}{headers}")).as_bytes()).await;
    client.write(body.as_bytes()).await;
    client.response().await
}

#[tokio::test]
async fn an_unknown_session_is_refused() {
    let mut stage = Stage::new(config()).await;
    for (method, sid) in [("GET", "unknown"), ("POST", "unknown"), ("GET", ""), ("GET", "%00"), ("GET", "../../x")] {
        let response = request(stage.address, method, &format!("&sid={sid}"), "", "3").await.unwrap();
        assert_eq!(response.status, 400, "{method} {sid}: {response:?}");
        assert!(matches!(response.code(), Some(1 | 3)), "{method} {sid}: {response:?}");
    }
    stage.is_alone().await;
}

#[tokio::test]
async fn a_method_outside_the_protocol_is_refused() {
    let mut stage = Stage::new(config()).await;
    let session = Session::open(stage.address).await;
    for method in ["PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "BREW"] {
        for parameters in [String::new(), session.parameter()] {
            let response = request(stage.address, method, &parameters, "", "").await.unwrap();
            assert!([400, 405].contains(&response.status), "{method}: {response:?}");
        }
    }
    session.accepts("40").await;
    stage.is_unharmed().await;
}

#[tokio::test]
async fn a_second_get_ends_the_session_and_both_are_answered() {
    let mut stage = Stage::new(config()).await;
    let session = Session::join(stage.address).await;
    let (first, second) = (session.park().await, session.park().await);
    // Two connections; the server may see either of them first.
    let (mut answers, mut clients) = (Vec::new(), [first, second]);
    for client in &mut clients {
        answers.push(client.response().await.unwrap());
    }
    answers.sort_by_key(|response| response.status);
    assert_eq!((answers[0].status, answers[0].body.as_str()), (200, "1"));
    assert_eq!(answers[1].status, 400);
    session.is_over().await;
    stage.is_alone().await;
}

#[tokio::test]
async fn a_second_post_ends_the_session() {
    let mut stage = Stage::new(config()).await;
    let session = Session::join(stage.address).await;
    let mut half = session.begin("POST", "Content-Length: 2\r\n", "4").await;
    // A POST that comes before the half one would be valid.
    soon("the server sees the half one", async { while session.post("3").await.unwrap().status == 200 {} }).await;
    session.is_over().await;
    stage.is_alone().await;
    half.write(b"1").await;
    half.is_refused(&[400]).await;
    stage.is_alone().await;
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_by_its_claim() {
    let mut stage = Stage::new(config()).await;
    for length in ["10001", "9223372036854775808", "18446744073709551615"] {
        let session = Session::join(stage.address).await;
        let mut client = session.begin("POST", &format!("Content-Length: {length}\r\n"), "").await;
        assert_eq!(client.response().await.unwrap().status, 413, "{length}");
        drop(client);
        let farewell = session.post("1").await.unwrap();
        assert!([200, 400].contains(&farewell.status), "it may or may not end the session");
        stage.is_alone().await;
    }
}

#[tokio::test]
async fn a_body_of_exactly_the_limit_is_taken() {
    let mut stage = Stage::new(config()).await;
    let session = Session::join(stage.address).await;
    let packet = format!(r#"42["echo","{}"]"#, "x".repeat(10_000 - 13));
    session.accepts(&packet).await;
    assert_eq!(session.get().await.unwrap().body, packet);
    stage.is_unharmed().await;
}

#[tokio::test]
async fn an_invalid_length_is_refused() {
    let mut stage = Stage::new(config()).await;
    let session = Session::join(stage.address).await;
    for headers in [
        "Content-Length: -1\r\n",
        "Content-Length: +1\r\n",
        "Content-Length: 0x1\r\n",
        "Content-Length: one\r\n",
        "Content-Length: 1, 1\r\n",
        "Content-Length: 99999999999999999999999999\r\n",
        "Content-Length: 1\r\nContent-Length: 2\r\n",
        "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: pigeons\r\n",
        "",
    ] {
        let mut client = session.begin("POST", headers, "").await;
        client.is_refused(&[400, 411, 413, 501]).await;
        stage.is_unharmed().await;
    }
}

/// The bytes behind a body have to be the next request.
#[tokio::test]
async fn a_length_that_is_too_short_ends_that_connection_alone() {
    let mut stage = Stage::new(config()).await;
    let session = Session::join(stage.address).await;
    let mut client = session.begin("POST", "Content-Length: 1\r\n", "3\u{1e}42[\"join\",\"smuggled\"]\r\n\r\n").await;
    assert_eq!(client.response().await.unwrap().status, 200);
    client.is_refused(&[400]).await;
    session.accepts(r#"42["echo",1]"#).await;
    assert_eq!(session.get().await.unwrap().body, r#"42["echo",1]"#);
    assert!(stage.io.rooms().is_empty());
    stage.is_unharmed().await;
}

#[tokio::test]
async fn a_length_that_is_too_long_is_waited_for_but_not_for_ever() {
    let mut stage = Stage::new(config()).await;
    let session = Session::join(stage.address).await;
    let mut client = session.begin("POST", "Content-Length: 100\r\n", "3").await;
    client.is_refused(&[400, 408]).await;
    stage.is_unharmed().await;
}

#[tokio::test]
async fn a_body_that_drips_is_cut_off() {
    let mut stage = Stage::new(config()).await;
    let session = Session::join(stage.address).await;
    let mut client = session.begin("POST", "Content-Length: 10000\r\n", "4").await;
    let dripping = async {
        // Small pieces. The server has hung up long before the last of them.
        while client.try_write(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    soon("the drip is cut off", dripping).await;
    stage.is_unharmed().await;
}

#[tokio::test]
async fn a_body_of_bytes_is_refused() {
    let mut stage = Stage::new(config()).await;
    let session = Session::join(stage.address).await;
    let headers = "Content-Type: application/octet-stream\r\n";
    let response = request(stage.address, "POST", &session.parameter(), headers, "3").await.unwrap();
    assert_eq!(response.status, 400, "{response:?}");
    stage.is_unharmed().await;
}

#[tokio::test]
async fn an_invalid_body_ends_the_session() {
    let separators = "\u{1e}".repeat(10_000);
    for body in [
        "b!!!!",
        "bAQID=",
        "bAQI",
        "bA",
        "b====",
        "bAQID\u{1e}x",
        "abc",
        "x",
        "",
        "\u{1e}",
        "3\u{1e}",
        "3\u{1e}\u{1e}3",
        "0{}",
        "2probe",
        "5",
        &separators,
        "bAQID",
    ] {
        let mut stage = Stage::new(config()).await;
        let session = Session::join(stage.address).await;
        let response = session.post(body).await;
        // The last is well-formed, but no packet announced it: the session may end behind the answer.
        assert!(response.is_none_or(|response| response.status == 400 || body == "bAQID"), "{body:?}");
        session.is_over().await;
        stage.is_alone().await;
    }
}

#[tokio::test]
async fn a_body_that_is_not_utf_8_ends_the_session() {
    let mut stage = Stage::new(config()).await;
    let session = Session::join(stage.address).await;
    let mut client = session.begin("POST", "Content-Length: 10\r\n", "").await;
    client.write(b"42[\"e\",\"\xff").await;
    client.write(b"x").await;
    client.is_refused(&[400]).await;
    session.is_over().await;
    stage.is_alone().await;
}

#[tokio::test]
async fn a_get_that_is_given_up_ends_the_session() {
    let mut stage = Stage::new(config()).await;
    let session = Session::join(stage.address).await;
    drop(session.park().await);
    stage.is_alone().await;
    session.is_over().await;
    assert_eq!(stage.log.disconnect_reasons().len(), 1);
}

#[tokio::test]
async fn a_get_that_is_reset_ends_the_session() {
    let mut stage = Stage::new(config()).await;
    let session = Session::join(stage.address).await;
    session.park().await.reset();
    stage.is_alone().await;
    session.is_over().await;
}

#[tokio::test]
async fn a_session_that_is_never_polled_ends_with_the_heartbeat() {
    let quick = Duration::from_millis(100);
    let mut stage = Stage::new(Config { ping_interval: quick, ping_timeout: quick, ..config() }).await;
    let session = Session::join(stage.address).await;
    assert_eq!(stage.disconnect_reason().await, "ping timeout");
    session.is_over().await;
    stage.is_alone().await;
}

#[tokio::test]
async fn a_session_that_never_joins_ends_in_time() {
    let mut stage = Stage::new(Config { connect_timeout: Duration::from_millis(300), ..config() }).await;
    let session = Session::open(stage.address).await;
    let over = async { while session.post("3").await.unwrap().status == 200 {} };
    soon("the session is over", over).await;
    session.is_over().await;
    stage.is_alone().await;
}

/// Its events pile up in the same queue as a WebSocket's, with the same bounds.
#[tokio::test]
async fn a_session_that_is_not_polled_is_a_slow_client() {
    let mut stage = Stage::new(Config { queue_messages: 16, ..config() }).await;
    let session = Session::join(stage.address).await;
    let socket = stage.io.sockets().remove(1);
    for number in 0..100 {
        socket.emit("news", number);
    }
    assert_eq!(stage.disconnect_reason().await, "slow client");
    session.is_over().await;
    stage.is_alone().await;
}

/// A WebSocket that claims to belong to a session, and then breaks the protocol of the upgrade.
#[tokio::test]
async fn an_invalid_probe_closes_the_websocket() {
    for packet in ["2", "2prob", "3probe", "5", "40", "42[\"echo\",1]", ""] {
        let mut stage = Stage::new(config()).await;
        let session = Session::join(stage.address).await;
        let mut probe = Client::dial(stage.address).await;
        let request = websocket_request(stage.address, &session.parameter(), "");
        probe.write(request.as_bytes()).await;
        assert_eq!(probe.response().await.unwrap().status, 101);
        probe.send(packet).await;
        probe.ended().await;
        session.accepts("41").await;
        stage.is_unharmed().await;
    }
}

/// Anyone who knows a session's id can open a WebSocket for it; it does not get the session's packets before the
/// upgrade is complete.
#[tokio::test]
async fn a_probe_that_goes_no_further_takes_nothing_away() {
    let mut stage = Stage::new(config()).await;
    let session = Session::join(stage.address).await;
    let mut probe = Client::dial(stage.address).await;
    let request = websocket_request(stage.address, &session.parameter(), "");
    probe.write(request.as_bytes()).await;
    assert_eq!(probe.response().await.unwrap().status, 101);
    probe.send("2probe").await;
    assert_eq!(probe.packet().await.unwrap(), "3probe");
    session.accepts(r#"42["echo",1]"#).await;
    drop(probe);
    let echoed = async {
        loop {
            let answer = session.get().await.unwrap();
            assert_eq!(answer.status, 200, "{answer:?}");
            if answer.body != "6" {
                return answer.body;
            }
        }
    };
    assert_eq!(soon("the echo comes by polling", echoed).await, r#"42["echo",1]"#);
    stage.is_unharmed().await;
}

/// Keep-alive waits for the next request, but not for ever.
#[tokio::test]
async fn a_connection_kept_alive_for_nothing_is_closed() {
    let mut stage = Stage::new(config()).await;
    let mut client = Client::dial(stage.address).await;
    client.write(head(stage.address, "GET", "", "").as_bytes()).await;
    assert_eq!(client.response().await.unwrap().status, 200);
    client.is_refused(&[400, 408]).await;
    stage.is_unharmed().await;
}

#[tokio::test]
async fn requests_in_one_breath_are_answered_in_order() {
    let mut stage = Stage::new(config()).await;
    let session = Session::join(stage.address).await;
    let post = |body: &str| {
        let length = format!("Content-Length: {}\r\n", body.len());
        format!("{}{body}", head(stage.address, "POST", &session.parameter(), &length))
    };
    let get = head(stage.address, "GET", &session.parameter(), "");
    let mut client = Client::dial(stage.address).await;
    let breath = [post(r#"42["echo",1]"#), post(r#"42["echo",2]"#), get].concat();
    client.write(breath.as_bytes()).await;
    let mut bodies = Vec::new();
    for _ in 0..3 {
        bodies.push(client.response().await.unwrap().body);
    }
    assert_eq!(bodies, ["ok", "ok", "42[\"echo\",1]\u{1e}42[\"echo\",2]"]);
    stage.is_unharmed().await;
}

#[tokio::test]
async fn a_page_from_elsewhere_is_forbidden_to_poll() {
    let mut stage = Stage::new(config()).await;
    let session = Session::join(stage.address).await;
    for parameters in [String::new(), session.parameter()] {
        for method in ["GET", "POST"] {
            let origin = "Origin: https://evil.example\r\n";
            let response = request(stage.address, method, &parameters, origin, "").await.unwrap();
            assert_eq!(response.status, 403, "{method} {parameters}: {response:?}");
        }
    }
    session.accepts("41").await;
    stage.is_alone().await;
}

/// One POST causes more answers than the queue holds, but the client takes them.
#[tokio::test]
async fn a_burst_of_requests_is_answered_as_fast_as_the_answers_are_taken() {
    const EVENTS: usize = 3000;
    let mut stage = Stage::new(Config { max_payload: 100_000, ..config() }).await;
    for (request, answer) in [("42[\"echo\",N]", "42[\"echo\",N]"), ("42N[\"ack\",7]", "43N[7]")] {
        let session = Session::join(stage.address).await;
        let numbered = |form: &str, number: usize| form.replace('N', &number.to_string());
        let burst = (0..EVENTS).map(|number| numbered(request, number)).collect::<Vec<_>>().join("\u{1e}");
        let answers = async {
            let mut heard = Vec::new();
            while heard.len() < EVENTS {
                let response = session.get().await.unwrap();
                heard.extend(response.body.split('\u{1e}').map(str::to_owned));
            }
            heard
        };
        let ((), heard) = soon("all answers", async { tokio::join!(session.accepts(&burst), answers) }).await;
        assert_eq!(heard, (0..EVENTS).map(|number| numbered(answer, number)).collect::<Vec<_>>());
        session.accepts("1").await;
    }
    stage.is_alone().await;
}
