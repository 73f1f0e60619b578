//! A server that is killed at any moment has lost nothing that its clients were told.

use std::{
    env,
    io::{self, BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use localnet::{
    node::{Node, NodeConfig, Pace},
    rpc::{serve, ServerConfig},
    xdr::{Limits, WriteXdr},
};
use serde_json::{json, Value};
use tempfile::tempdir;

use crate::{
    account, check, config,
    crash::{check_reported, moments, Reported},
    found_payers, payer, payment, signed_as, ACCOUNTS,
};

/// Tells the child where its ledger is.
const FOLDER: &str = "VANGNET_CRASH_FOLDER";
/// The longest that a server serves before it is killed, milliseconds.
const LONGEST: u64 = 300;

#[test]
fn nothing_that_clients_were_told_is_lost_when_the_server_is_killed() {
    let folder = tempdir().unwrap();
    let open = || Node::open(config(Some(folder.path()))).unwrap();
    let mut node = open();
    found_payers(&mut node);
    let mut told_in_all = 0;
    for (kill, moment) in moments(LONGEST) {
        let sequences = (0..ACCOUNTS).map(|index| {
            let entry = account(&node, &payer(index).account_id());
            entry.unwrap().seq_num.0
        });
        let sequences: Vec<_> = sequences.collect();
        let network_id = node.network().network_id();
        drop(node);
        let told = serve_and_kill(folder.path(), moment, network_id, sequences);
        node = open();
        check(&node);
        check_reported(&node, &told, kill);
        told_in_all += told.len();
    }
    assert!(told_in_all > 0, "nothing was ever told");
}

/// Has a server serve, pays through it, kills it at `moment`, and answers what it had told: ledger and hash.
fn serve_and_kill(
    folder: &Path,
    moment: Duration,
    network_id: [u8; 32],
    sequences: Vec<i64>,
) -> Reported {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "crash_over_http::server", "--ignored"])
        .arg("--nocapture")
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut lines = lines.map_while(Result::ok);
    let host = lines.find_map(|line| Some(line.strip_prefix("http://")?.to_owned()));
    let host = host.unwrap();
    let client = thread::spawn(move || {
        let mut told = Reported::new();
        // It ends with the server.
        let _ = pay(&host, network_id, sequences, &mut told);
        told
    });
    thread::sleep(moment);
    child.kill().unwrap();
    child.wait().unwrap();
    client.join().unwrap()
}

/// Pays from all accounts in turn, and waits until each payment is done, until the server is gone.
fn pay(
    host: &str,
    network_id: [u8; 32],
    mut sequences: Vec<i64>,
    told: &mut Reported,
) -> io::Result<()> {
    loop {
        let mut sent = Vec::new();
        for (index, sequence) in sequences.iter_mut().enumerate() {
            *sequence += 1;
            let bodies = vec![payment(index, 1)];
            let payment = signed_as(network_id, &payer(index), *sequence, bodies);
            let envelope = payment.envelope.to_xdr_base64(Limits::none()).unwrap();
            let params = json!({ "transaction": envelope });
            let status = ask(host, "sendTransaction", &params)?["status"].take();
            assert_eq!(status, "PENDING");
            sent.push(payment.hash);
        }
        for hash in sent {
            let params = json!({ "hash": hex::encode(hash) });
            loop {
                let found = ask(host, "getTransaction", &params)?;
                match found["status"].as_str() {
                    Some("NOT_FOUND") => thread::sleep(Duration::from_millis(1)),
                    Some("SUCCESS") => {
                        let ledger = found["ledger"].as_u64().unwrap();
                        told.insert((ledger.try_into().unwrap(), hash));
                        break;
                    }
                    _ => panic!("{found}"),
                }
            }
        }
    }
}

/// A call's result; an error when the server is gone.
fn ask(host: &str, method: &str, params: &Value) -> io::Result<Value> {
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }).to_string();
    let mut stream = TcpStream::connect(host)?;
    write!(
        stream,
        "POST / HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let mut said = String::new();
    stream.read_to_string(&mut said)?;
    let gone = || io::Error::from(io::ErrorKind::UnexpectedEof);
    let (_, body) = said.split_once("\r\n\r\n").ok_or_else(gone)?;
    let mut said: Value = serde_json::from_str(body).map_err(|_| gone())?;
    match said.get_mut("result").map(Value::take) {
        Some(result) => Ok(result),
        None => panic!("{said}"),
    }
}

/// The child: serves until it is killed.
#[test]
#[ignore = "run by the test above, in a process of its own"]
fn server() {
    let Some(folder) = env::var_os(FOLDER) else {
        return;
    };
    let node = NodeConfig {
        pace: Pace::OnDemand,
        ..config(Some(folder.as_ref()))
    };
    let running = serve(ServerConfig::local(node)).unwrap();
    println!("\n{}", running.rpc_url);
    loop {
        thread::park();
    }
}
