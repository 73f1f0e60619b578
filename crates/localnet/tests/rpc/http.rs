//! Requests by hand, one a connection.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

/// What the server said: status, headers and body.
pub struct Said {
    pub status: u16,
    pub headers: String,
    pub body: String,
}

pub fn get(url: &str) -> (u16, String) {
    let said = say("GET", url, &[], "");
    (said.status, said.body)
}

/// A JSON body.
pub fn post(url: &str, body: &str) -> (u16, String) {
    let said = say("POST", url, &[("content-type", "application/json")], body);
    (said.status, said.body)
}

pub fn say(method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> Said {
    let rest = url.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let mut request = format!("{method} /{path} HTTP/1.1\r\nconnection: close\r\n");
    if !headers.iter().any(|(name, _)| *name == "host") {
        request += &format!("host: {host}\r\n");
    }
    for (name, value) in headers {
        request += &format!("{name}: {value}\r\n");
    }
    request += &format!("content-length: {}\r\n\r\n", body.len());
    let mut stream = TcpStream::connect(host).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    // A body that is too long is refused while it is still being sent.
    let _ = stream.write_all(body.as_bytes());
    let mut said = Vec::new();
    // The rest of a refused body may reset the connection once the answer is there.
    let _ = stream.read_to_end(&mut said);
    let said = String::from_utf8_lossy(&said).into_owned();
    let (headers, body) = said.split_once("\r\n\r\n").unwrap();
    Said {
        status: headers.split(' ').nth(1).unwrap().parse().unwrap(),
        headers: headers.to_lowercase(),
        body: unchunked(headers, body),
    }
}

fn unchunked(headers: &str, body: &str) -> String {
    if !headers
        .to_lowercase()
        .contains("transfer-encoding: chunked")
    {
        return body.into();
    }
    let (mut rest, mut whole) = (body, String::new());
    while let Some((length, chunk)) = rest.split_once("\r\n") {
        let length = usize::from_str_radix(length, 16).unwrap();
        whole += &chunk[..length];
        rest = chunk[length..].trim_start_matches("\r\n");
    }
    whole
}
