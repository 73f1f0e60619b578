//! The same over HTTP, from clients on this machine that keep their connections.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    thread,
    time::Instant,
};

use localnet::rpc::{serve, Running, ServerConfig};

use crate::{
    load::{Call, Load},
    network::{self, Network},
    report::Report,
    rpc_path::{check_simulated, median},
    sealed::per_second,
    transactions::check_pending,
    Outcome, Size,
};

/// Connections at once.
const CONNECTIONS: usize = 8;

pub fn measure(size: &Size, report: &mut Report) -> Outcome<()> {
    report.progress("HTTP: accounts and contracts");
    let config = network::config(None);
    let network_id = config.network.network_id();
    let running = serve(ServerConfig::local(config))?;
    let mut client = Client::of(&running)?;
    let mut load = Load::found(&mut client, network_id, size.payers)?;
    let prepared = load.prepare(&mut client, Call::Transfer)?;
    let mut best = 0;
    for number in 1..=size.series {
        report.progress(&format!("HTTP: series {number} of {}", size.series));
        let rounds = load.rounds(&prepared, size.ledgers)?;
        best = best.max(sent(&running, &mut client, &rounds)?);
    }
    report.add("native transfer over HTTP, applied", best, "a second", None);

    report.progress("HTTP: simulations");
    let (Some(payer), Some(prepared)) = (load.payers.first(), prepared.first()) else {
        return Err("no accounts".into());
    };
    let body = prepared.simulating(payer)?;
    let mut times = Vec::with_capacity(size.simulations);
    for _ in 0..size.simulations {
        let start = Instant::now();
        let said = client.ask(&body)?;
        times.push(start.elapsed());
        check_simulated(&said)?;
    }
    let time = u64::try_from(median(times)?.as_micros())?;
    report.add(
        "native transfer over HTTP, simulated",
        time,
        "µs, median",
        None,
    );
    let bodies = vec![body; size.simulations];
    let start = Instant::now();
    all_at_once(&running, &bodies, check_simulated)?;
    let rate = per_second(bodies.len(), start.elapsed());
    let what = format!("  by {CONNECTIONS} connections at once");
    report.add(&what, rate, "a second", None);
    running.stop()?;
    Ok(())
}

/// Sends every round by all connections and closes a ledger after each; calls a second.
fn sent(running: &Running, client: &mut Client, rounds: &[Vec<String>]) -> Outcome<u64> {
    let start = Instant::now();
    for round in rounds {
        all_at_once(running, round, check_pending)?;
        client.close()?;
    }
    let calls = rounds.iter().map(Vec::len).sum();
    Ok(per_second(calls, start.elapsed()))
}

fn all_at_once(
    running: &Running,
    bodies: &[String],
    check: fn(&[u8]) -> Outcome<()>,
) -> Outcome<()> {
    let each = bodies.len().div_ceil(CONNECTIONS).max(1);
    thread::scope(|scope| {
        let send = |part: &[String]| -> Outcome<()> {
            let mut connection = Connection::open(&running.rpc_url)?;
            part.iter()
                .try_for_each(|body| check(&connection.post("/", body)?))
        };
        let threads: Vec<_> = bodies
            .chunks(each)
            .map(|part| scope.spawn(move || send(part)))
            .collect();
        let joined = threads
            .into_iter()
            .map(|thread| thread.join().map_err(|_| "a client panicked")?);
        joined.collect()
    })
}

/// A client of both ports.
struct Client {
    rpc: Connection,
    control: Connection,
}

impl Client {
    fn of(running: &Running) -> Outcome<Self> {
        let control = running.control_url.as_ref().ok_or("no control")?;
        Ok(Self {
            rpc: Connection::open(&running.rpc_url)?,
            control: Connection::open(control)?,
        })
    }
}

impl Network for Client {
    fn ask(&mut self, body: &str) -> Outcome<Vec<u8>> {
        self.rpc.post("/", body)
    }

    fn close(&mut self) -> Outcome<()> {
        self.control.post("/close", "{}").map(drop)
    }
}

/// A connection that is kept.
struct Connection {
    host: String,
    stream: BufReader<TcpStream>,
}

impl Connection {
    fn open(url: &str) -> Outcome<Self> {
        let host = url.strip_prefix("http://").ok_or("not HTTP")?.to_owned();
        let stream = TcpStream::connect(&host)?;
        stream.set_nodelay(true)?;
        let stream = BufReader::new(stream);
        Ok(Self { host, stream })
    }

    fn post(&mut self, path: &str, body: &str) -> Outcome<Vec<u8>> {
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.host,
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes())?;
        let (mut line, mut length) = (String::new(), None);
        self.stream.read_line(&mut line)?;
        let status = line.split(' ').nth(1).unwrap_or_default().to_owned();
        while !line.trim_end().is_empty() {
            line.clear();
            self.stream.read_line(&mut line)?;
            let header = line.to_ascii_lowercase();
            if let Some(value) = header.strip_prefix("content-length:") {
                length = Some(value.trim().parse()?);
            }
        }
        let mut body = vec![0; length.ok_or("a response without a length")?];
        self.stream.read_exact(&mut body)?;
        match status.as_str() {
            "200" => Ok(body),
            _ => Err(format!("{status}: {}", String::from_utf8_lossy(&body)).into()),
        }
    }
}
