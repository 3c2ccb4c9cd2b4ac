//! Requests that web pages can have a browser send. None of them opens a session, or shows the page which program
//! listens here.

use rooms::observer::Event;
use rooms::{Config, Io, Server};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

use crate::common::{Log, observed};
use crate::tcp::{Client, Response, Stage, config};

/// Headers that browsers add to the requests of a page of another origin, one line for each way to ask.
const WAYS: [(&str, &str); 16] = [
    ("an image", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: image\r\n"),
    ("an image of the same site", "Sec-Fetch-Site: same-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: image\r\n"),
    ("a script", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: script\r\n"),
    ("a form", "Origin: http://localhost:3000\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n"),
    ("a link", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n"),
    ("a typed address that leads here", "Sec-Fetch-Site: none\r\nSec-Fetch-Mode: navigate\r\n"),
    ("a frame", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe\r\n"),
    ("an object", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: object\r\n"),
    ("fetch", "Origin: http://localhost:3000\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: cors\r\n"),
    ("fetch without CORS", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: empty\r\n"),
    ("a sandbox", "Origin: null\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: cors\r\n"),
    ("a WebSocket", "Origin: http://localhost:3000\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"),
    ("a word that is not known yet", "Sec-Fetch-Site: other-galaxy\r\n"),
    ("two words", "Sec-Fetch-Site: none\r\nSec-Fetch-Site: none\r\n"),
    ("an image of an old browser", "Referer: http://localhost:3000/page\r\n"),
    ("a form of an old browser", "Origin: http://localhost:3000\r\nReferer: http://localhost:3000/page\r\n"),
];

/// Places that exist, and places that do not.
const TARGETS: [&str; 7] = [
    "/socket.io/?EIO=4&transport=polling",
    "/socket.io/?EIO=4&transport=websocket",
    "/socket.io/?EIO=3&transport=polling",
    "/socket.io/?EIO=4&transport=polling&sid=unknown",
    "/socket.io/",
    "/",
    "/favicon.ico",
];

const METHODS: [&str; 6] = ["GET", "POST", "OPTIONS", "HEAD", "PUT", "BREW"];

/// The whole answer to a request, after which the server hangs up.
async fn ask(stage: &Stage, request: &str) -> Response {
    let mut client = Client::dial(stage.address).await;
    client.write(request.as_bytes()).await;
    let response = client.response().await.unwrap();
    client.ended().await;
    response
}

/// Settings that allow two sessions, the healthy client's and another's, so that a third would show.
fn narrow() -> Config {
    Config { max_connections: 2, ..config() }
}

/// Proves that no session is open but the healthy client's.
async fn nobody_came(stage: &mut Stage) {
    drop(Client::join(stage.address).await);
    stage.is_alone().await;
}

fn refused(log: &Log) -> Vec<(String, u64)> {
    let refused = |event| match event {
        Event::Refused { reason, repeated, .. } => Some((reason, repeated)),
        _ => None,
    };
    log.events().into_iter().filter_map(refused).collect()
}

#[tokio::test]
async fn all_requests_of_a_page_have_one_answer() {
    let mut stage = Stage::new(narrow()).await;
    let host = format!("Host: {}\r\n", stage.address);
    for (way, headers) in WAYS {
        for target in TARGETS {
            for method in METHODS {
                let response = ask(&stage, &format!("{method} {target} HTTP/1.1\r\n{host}{headers}\r\n")).await;
                let what = format!("{way}: {method} {target}: {response:?}");
                assert_eq!((response.status, response.code()), (403, Some(4)), "{what}");
                assert_eq!(response.header("Cross-Origin-Resource-Policy"), Some("same-origin"), "{what}");
                assert_eq!(response.header("X-Frame-Options"), Some("DENY"), "{what}");
                assert!(!response.head.contains("Access-Control"), "{what}");
            }
        }
    }
    nobody_came(&mut stage).await;
}

/// If the page's own domain points to this machine, the browser takes the page for ours, and the page can read the
/// answer.
#[tokio::test]
async fn a_page_that_can_read_the_answer_finds_nothing_in_it() {
    let mut stage = Stage::new(narrow()).await;
    let ours = format!("Host: {}\r\n", stage.address);
    let evil = "Host: evil.example\r\n".to_owned();
    for hosts in [evil.clone(), String::new(), ours.repeat(2), ours.clone() + &evil] {
        for headers in ["", "Origin: http://evil.example\r\nSec-Fetch-Site: same-origin\r\n"] {
            for target in TARGETS {
                for method in METHODS {
                    let response = ask(&stage, &format!("{method} {target} HTTP/1.1\r\n{hosts}{headers}\r\n")).await;
                    assert_eq!((response.status, response.body.as_str()), (403, ""), "{hosts}{method} {target}");
                    assert!(!response.head.contains("json"), "{}", response.head);
                }
            }
        }
    }
    nobody_came(&mut stage).await;
}

#[tokio::test]
async fn an_answer_before_the_client_is_known_says_nothing() {
    let stage = Stage::new(config()).await;
    let host = format!("Host: {}\r\n", stage.address);
    for (request, status) in [
        (format!("GET / HTTP/1.0\r\n{host}\r\n"), 505),
        (format!("GET http://{}/socket.io/ HTTP/1.1\r\n{host}\r\n", stage.address), 400),
        (format!("POST / HTTP/1.1\r\n{host}Content-Length: x\r\n\r\n"), 400),
        ("nonsense\r\n\r\n".to_owned(), 400),
        ("GET / HTTP/1.1\r\n".to_owned(), 408),
    ] {
        let response = ask(&stage, &request).await;
        assert_eq!((response.status, response.body.as_str()), (status, ""), "{response:?}");
        assert_eq!(response.header("Cross-Origin-Resource-Policy"), Some("same-origin"), "{response:?}");
    }
}

/// It is the one kind of request that could tell a refusal from a port on which nobody listens.
#[tokio::test]
async fn an_event_source_gets_no_answer() {
    let mut stage = Stage::new(narrow()).await;
    let host = format!("Host: {}\r\n", stage.address);
    let accept = "Accept: text/event-stream\r\n";
    for head in [
        format!("GET / HTTP/1.1\r\n{host}{accept}Origin: http://localhost:3000\r\n\r\n"),
        format!("GET / HTTP/1.1\r\n{host}{accept}Sec-Fetch-Site: cross-site\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nHost: evil.example\r\n{accept}\r\n"),
        format!("GET /{} HTTP/1.1\r\n{host}{accept}\r\n", "x".repeat(10_000)),
        format!("GET / HTTP/1.1\r\n{host}{accept}{}\r\n", "X: y\r\n".repeat(100)),
    ] {
        let mut client = Client::dial(stage.address).await;
        client.write(head.as_bytes()).await;
        assert_eq!(client.response().await, None, "{head}");
    }
    nobody_came(&mut stage).await;
}

/// On one stream after another, as a browser would: all are refused, and the log stays short.
#[tokio::test(start_paused = true)]
async fn a_flood_of_images_costs_refusals_and_two_lines_of_the_log() {
    let (io, log) = observed(narrow());
    let (_, headers) = WAYS[0];
    let request = format!("GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: server\r\n{headers}\r\n");
    for _ in 0..1000 {
        assert!(answer(&io, &request).await.starts_with("HTTP/1.1 403 "));
    }
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    let refused = refused(&log);
    assert!(refused.len() <= 3, "{refused:?}");
    assert!(refused[0].0.contains("another site"), "{refused:?}");
    assert_eq!(refused.iter().map(|(_, repeated)| 1 + repeated).sum::<u64>(), 1000);
}

async fn answer(io: &Io, request: &str) -> String {
    let (mut ours, theirs) = duplex(10_000);
    let io = io.clone();
    let served = tokio::spawn(async move { io.serve_stream(theirs).await });
    ours.write_all(request.as_bytes()).await.unwrap();
    ours.shutdown().await.unwrap();
    let mut answer = String::new();
    ours.read_to_string(&mut answer).await.unwrap();
    served.await.unwrap();
    answer
}

/// Each in words for the person who has to fix it.
#[tokio::test]
async fn every_refusal_says_why() {
    let stage = Stage::new(narrow()).await;
    let ours = format!("Host: {}\r\n", stage.address);
    for (request, reason) in [
        (
            format!("GET / HTTP/1.1\r\n{ours}Origin: http://localhost:3000\r\n\r\n"),
            "a web page of http://localhost:3000",
        ),
        ("GET / HTTP/1.1\r\nHost: evil.example:1\r\n\r\n".to_owned(), "the Host `evil.example:1` is not this server's"),
        (format!("GET / HTTP/1.1\r\n{ours}Sec-Fetch-Site: cross-site\r\n\r\n"), "a browser asked from another site"),
        (format!("GET /other HTTP/1.1\r\n{ours}\r\n"), "nothing is served at /other; `Config::path` is /socket.io/"),
        (format!("GET /socket.io/?EIO=3&transport=polling HTTP/1.1\r\n{ours}\r\n"), "Engine.IO 3 was requested"),
        (format!("GET /socket.io/?EIO=4&transport=pigeon HTTP/1.1\r\n{ours}\r\n"), "pigeon is not a transport"),
        ("nonsense\r\n\r\n".to_owned(), "a request is malformed or ambiguous"),
    ] {
        ask(&stage, &request).await;
        let refused = refused(&stage.log);
        assert!(refused.last().unwrap().0.starts_with(reason), "{refused:?}");
    }
    let _second = Client::join(stage.address).await;
    ask(&stage, &format!("GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\n{ours}\r\n")).await;
    let refused = refused(&stage.log);
    assert_eq!(refused.last().unwrap().0, "too many clients: `Config::max_connections` is 2");
}

#[tokio::test]
async fn a_server_that_other_machines_can_reach_needs_a_token() {
    let bind = |token: Option<&str>| {
        let token = token.map(Into::into);
        Server::bind("0.0.0.0:0", Io::new(Config { token, ..config() }))
    };
    let error = bind(None).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
    assert!(bind(Some("s3cret")).await.is_ok());
}

/// However it was sent, and whether or not it was accepted.
#[tokio::test]
async fn the_token_is_in_no_record() {
    let (io, log) = observed(Config { token: Some("s3cret".into()), max_connections: 1, ..config() });
    let page = "Host: server\r\nOrigin: http://page.example\r\n";
    for target in ["/socket.io/?EIO=4&transport=polling", "/socket.io/?EIO=3&transport=polling", "/other?x=y"] {
        for (parameter, header) in [
            ("&token=s3cret", ""),
            ("&token=xs3cret", "Referer: http://page.example/?token=s3cret\r\n"),
            ("", "Authorization: Bearer s3cret\r\n"),
            ("", "Authorization: Basic s3cret\r\n"),
        ] {
            answer(&io, &format!("GET {target}{parameter} HTTP/1.1\r\n{page}{header}\r\n")).await;
        }
    }
    let records = format!("{:?}", log.events());
    assert!(records.contains("http://page.example") && records.contains("/other"), "{records}");
    assert!(!records.contains("s3cret"), "{records}");
}

/// A page that is allowed, or has the token, asks as pages do.
#[tokio::test]
async fn an_allowed_page_and_one_with_the_token_are_let_in() {
    let page = "http://localhost:3000";
    let allowed = Config { allowed_origins: vec![page.into()], ..config() };
    let with_token = Config { token: Some("s3cret".into()), ..config() };
    for (config, token) in [(allowed, ""), (with_token, "&token=s3cret")] {
        let stage = Stage::new(config).await;
        for site in ["same-site", "cross-site"] {
            let mut client = Client::dial(stage.address).await;
            let request = format!(
                "GET /socket.io/?EIO=4&transport=polling{token} HTTP/1.1\r\nHost: {}\r\nOrigin: {page}\r\n\
                 Referer: {page}/\r\nSec-Fetch-Site: {site}\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\n\r\n",
                stage.address
            );
            client.write(request.as_bytes()).await;
            let response = client.response().await.unwrap();
            assert_eq!((response.status, response.header("Access-Control-Allow-Origin")), (200, Some(page)));
            // No client is served a page, wherever it comes from.
            let navigation = request.replace("Mode: cors", "Mode: navigate");
            let status = if token.is_empty() { 403 } else { 200 };
            let mut client = Client::dial(stage.address).await;
            client.write(navigation.as_bytes()).await;
            assert_eq!(client.response().await.unwrap().status, status);
        }
    }
}
