//! Before a connection is established: requests that never end, that are invalid, or that come from a place that is not
//! allowed.

use std::time::Duration;

use tokio::io::AsyncWriteExt as _;

use crate::tcp::{Client, Stage, config, websocket_request};

#[tokio::test]
async fn silence_is_cut_off() {
    let mut stage = Stage::new(config()).await;
    let mut client = Client::dial(stage.address).await;
    client.is_refused(&[400, 408]).await;
    stage.is_alone().await;
}

/// Each byte is progress, yet the whole takes too long.
#[tokio::test]
async fn a_request_that_drips_is_cut_off() {
    let mut stage = Stage::new(config()).await;
    let client = Client::dial(stage.address).await;
    let (mut reading, mut writing) = client.stream.into_split();
    let drip = tokio::spawn(async move {
        for byte in "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nX: ".bytes().chain(std::iter::repeat(b'x')) {
            if writing.write_all(&[byte]).await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
    let mut sink = tokio::io::sink();
    let _ = crate::tcp::soon("the drip is cut off", tokio::io::copy(&mut reading, &mut sink)).await;
    drip.abort();
    stage.is_alone().await;
}

#[tokio::test]
async fn a_header_without_end_is_refused() {
    let mut stage = Stage::new(config()).await;
    let mut client = Client::dial(stage.address).await;
    client.write(b"GET /socket.io/ HTTP/1.1\r\nX: ").await;
    for _ in 0..1000 {
        if client.try_write(&[b'x'; 1024]).await.is_err() {
            break;
        }
    }
    client.is_refused(&[400, 431]).await;
    stage.is_alone().await;
}

#[tokio::test]
async fn a_target_without_end_is_refused() {
    let mut stage = Stage::new(config()).await;
    let mut client = Client::dial(stage.address).await;
    client.write(format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(100_000)).as_bytes()).await;
    client.is_refused(&[400, 414, 431]).await;
    stage.is_alone().await;
}

#[tokio::test]
async fn too_many_headers_are_refused() {
    let mut stage = Stage::new(config()).await;
    let mut client = Client::dial(stage.address).await;
    let headers = "X: y\r\n".repeat(200);
    client.write(websocket_request(stage.address, "", &headers).as_bytes()).await;
    client.is_refused(&[400, 431]).await;
    stage.is_alone().await;
}

#[tokio::test]
async fn bytes_that_are_not_a_request_are_refused() {
    let mut stage = Stage::new(config()).await;
    for garbage in [
        &b"\0\0\0\0\r\n\r\n"[..],
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 what TLS begins with\r\n\r\n",
        b"HELLO\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET /socket.io/ HTTP/9.9\r\n\r\n",
        b"GET /socket.io/ HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET /socket.io/ HTTP/1.1\r\nHost: \xff\xfe\r\n\r\n",
        b"GET /socket.io/ HTTP/1.1\r\n folded: no\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ] {
        let mut client = Client::dial(stage.address).await;
        client.write(garbage).await;
        client.is_refused(&[400, 403, 405, 501, 505]).await;
        stage.is_alone().await;
    }
}

/// Otherwise the first could be allowed and the second forbidden.
#[tokio::test]
async fn two_origins_are_forbidden() {
    let mut stage = Stage::new(config()).await;
    let own = format!("Origin: http://{}\r\n", stage.address);
    for origins in [format!("{own}Origin: https://evil.example\r\n"), format!("Origin: https://evil.example\r\n{own}")]
    {
        let mut client = Client::dial(stage.address).await;
        client.write(websocket_request(stage.address, "", &origins).as_bytes()).await;
        let response = client.response().await.unwrap();
        assert!([400, 403].contains(&response.status), "{response:?}");
        stage.is_alone().await;
    }
}

#[tokio::test]
async fn an_invalid_websocket_handshake_is_refused() {
    let mut stage = Stage::new(config()).await;
    let request = websocket_request(stage.address, "", "");
    for (good, bad) in [
        ("Sec-WebSocket-Version: 13\r\n", ""),
        ("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Version: 13"),
        ("Sec-WebSocket-Key", "X-Key"),
        ("Sec-WebSocket-Key: ", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Key: "),
        ("dGhlIHNhbXBsZSBub25jZQ==", ""),
        ("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZQ=="),
        ("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZSEh"),
        ("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ"),
        ("Upgrade: websocket", "Upgrade: h2c"),
        ("GET ", "POST "),
        ("GET ", "CONNECT "),
        ("EIO=4", "EIO=3"),
        ("transport=websocket", "transport=pigeons"),
        ("transport=websocket", "transport=websocket&sid=unknown"),
    ] {
        let mut client = Client::dial(stage.address).await;
        client.write(request.replace(good, bad).as_bytes()).await;
        let response = client.response().await.unwrap();
        assert_eq!(response.status, 400, "{bad}: {response:?}");
        stage.is_alone().await;
    }
}

#[tokio::test]
async fn another_version_of_websockets_is_told_ours() {
    let mut stage = Stage::new(config()).await;
    for version in ["8", "12", "14", "130", "+13", "013", "x"] {
        let mut client = Client::dial(stage.address).await;
        let request = websocket_request(stage.address, "", "").replace("Version: 13", &format!("Version: {version}"));
        client.write(request.as_bytes()).await;
        let response = client.response().await.unwrap();
        assert_eq!((response.status, response.header("Sec-WebSocket-Version")), (426, Some("13")), "{version}");
    }
    stage.is_alone().await;
}

/// For polling, too.
#[tokio::test]
async fn another_version_of_http_is_refused() {
    let mut stage = Stage::new(config()).await;
    let request = websocket_request(stage.address, "", "");
    for request in [request.clone(), request.replace("transport=websocket", "transport=polling")] {
        for version in ["HTTP/1.0", "HTTP/0.9", "HTTP/2.0"] {
            let mut client = Client::dial(stage.address).await;
            client.write(request.replace("HTTP/1.1", version).as_bytes()).await;
            let response = client.response().await.unwrap();
            assert_eq!((response.status, response.body.as_str()), (505, ""), "{version}");
        }
    }
    stage.is_alone().await;
}

#[tokio::test]
async fn another_path_is_not_found() {
    let mut stage = Stage::new(config()).await;
    for path in ["/", "/engine.io/", "/socket.io/../etc/passwd", "/socket.iox/", "*"] {
        let mut client = Client::dial(stage.address).await;
        let request = websocket_request(stage.address, "", "").replace("/socket.io/", path);
        client.write(request.as_bytes()).await;
        let response = client.response().await.unwrap();
        assert!([400, 404].contains(&response.status), "{path}: {response:?}");
        stage.is_alone().await;
    }
}

/// Bytes right behind the request belong to the connection and have to keep to its rules.
#[tokio::test]
async fn garbage_behind_the_handshake_ends_the_connection() {
    let mut stage = Stage::new(config()).await;
    let mut client = Client::dial(stage.address).await;
    let request = websocket_request(stage.address, "", "");
    client.write(&[request.as_bytes(), &[0xff; 64]].concat()).await;
    assert_eq!(client.response().await.unwrap().status, 101);
    assert_eq!(client.close_code().await, Some(1002));
    stage.is_alone().await;
}

#[tokio::test]
async fn a_client_that_opens_and_never_joins_is_cut_off() {
    let mut stage = Stage::new(rooms::Config { connect_timeout: Duration::from_millis(300), ..config() }).await;
    let mut client = Client::open(stage.address).await;
    client.ended().await;
    stage.is_alone().await;
}
