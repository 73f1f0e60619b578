//! Networks that end with whoever started them.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{bail, ensure, Context, Result};

use super::{FOLDER, VANGNET};

/// How long a network may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running `vangnet localnet`, in memory.
pub struct Localnet {
    process: Child,
    log: PathBuf,
    /// Where JSON-RPC is.
    pub rpc_url: String,
    /// Where control is.
    pub control_url: String,
}

impl Localnet {
    /// Starts one whose ledgers close at this pace, as `--close-every` has it, and waits until it listens.
    pub fn start(root: &Path, pace: &str) -> Result<Self> {
        let (rpc, control) = (free_port()?, free_port()?);
        let log = root.join(FOLDER).join(format!("localnet-{pace}.log"));
        fs::create_dir_all(root.join(FOLDER))?;
        let output = File::create(&log).with_context(|| format!("creating {}", log.display()))?;
        let process = Command::new(root.join(VANGNET))
            .args(["localnet", "--close-every", pace])
            .args(["--port", &rpc.to_string()])
            .args(["--control-port", &control.to_string()])
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()
            .with_context(|| format!("could not start `{VANGNET} localnet`"))?;
        let mut started = Self {
            process,
            log,
            rpc_url: format!("http://127.0.0.1:{rpc}"),
            control_url: format!("http://127.0.0.1:{control}"),
        };
        started.wait_for(rpc)?;
        Ok(started)
    }

    /// Asks control for something, with parameters in JSON.
    pub fn post(&self, what: &str, body: &str) -> Result<()> {
        let host = self.control_url.trim_start_matches("http://");
        let mut stream = TcpStream::connect(host)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        write!(
            stream,
            "POST /{what} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        ensure!(answer.starts_with("HTTP/1.1 200"), "{what}: {answer}");
        Ok(())
    }

    fn wait_for(&mut self, port: u16) -> Result<()> {
        let began = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if let Some(status) = self.process.try_wait()? {
                let said = fs::read_to_string(&self.log).unwrap_or_default();
                bail!("`vangnet localnet` ended ({status}): {said}");
            }
            if began.elapsed() > PATIENCE {
                bail!(
                    "`vangnet localnet` does not listen; its log is {}",
                    self.log.display()
                );
            }
            sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

impl Drop for Localnet {
    fn drop(&mut self) {
        // Both fail if it has ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A port that nobody listens on at this moment.
fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?.port())
}
