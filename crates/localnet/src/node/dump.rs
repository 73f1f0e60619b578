//! A whole ledger in one stream: what it is, the last ledger, every entry, and the hash of all that.

use std::{
    io::{self, Read, Write},
    rc::Rc,
};

use sha2::{Digest, Sha256};
use soroban_env_host::xdr::{LedgerKey, Limits, ReadXdr, WriteXdr};

use super::{
    codec, damage::damaged, store::Found, submission::limits, tables::read_entry, LedgerRecord,
    NodeError,
};
use crate::state::Entries;

const MAGIC: &[u8; 16] = b"vangnet ledger\r\n";
const VERSION: u32 = 1;
/// No part of a dump is longer, bytes: the last ledger's metadata is the longest.
const MAX_PART: u64 = 1 << 28;

/// Writes a dump.
///
/// # Errors
/// [`NodeError::Storage`] when `out` fails.
pub(crate) fn write(
    out: &mut dyn Write,
    network_id: [u8; 32],
    latest: &LedgerRecord,
    scanned: Option<&LedgerKey>,
    entries: &Entries,
) -> Result<(), NodeError> {
    let mut out = Hashed {
        stream: out,
        hash: Sha256::new(),
    };
    out.write(MAGIC)?;
    out.write(&VERSION.to_be_bytes())?;
    out.write(&network_id)?;
    out.part(&codec::write_ledger(latest))?;
    let scanned = scanned.map(|key| key.to_xdr(Limits::none()));
    let scanned = scanned.transpose().map_err(damaged)?;
    out.part(&scanned.unwrap_or_default())?;
    out.write(&(entries.len() as u64).to_be_bytes())?;
    for (key, entry) in entries {
        out.part(&key.to_xdr(Limits::none()).map_err(damaged)?)?;
        out.part(&codec::write_entry(entry))?;
    }
    let hash = out.hash.finalize();
    out.stream.write_all(&hash).map_err(failed)?;
    out.stream.flush().map_err(failed)
}

/// Reads a dump of the network `network_id` to its end.
///
/// # Errors
/// [`NodeError::Refused`] when it is none, another network's, or of another version; [`NodeError::Damaged`] when it is
/// incomplete or altered; [`NodeError::Storage`] when `from` fails.
pub(crate) fn read(from: &mut dyn Read, network_id: [u8; 32]) -> Result<Found, NodeError> {
    let refused = |why: &str| Err(NodeError::Refused(why.into()));
    let mut from = Hashed {
        stream: from,
        hash: Sha256::new(),
    };
    if from.array::<16>()? != *MAGIC {
        return refused("this is no dump of a ledger");
    }
    if u32::from_be_bytes(from.array()?) != VERSION {
        return refused("the dump is of another version");
    }
    if from.array::<32>()? != network_id {
        return refused("the dump is of a network with another passphrase");
    }
    let latest = codec::read_ledger(&from.part()?).ok_or_else(altered)?;
    let scanned = match from.part()?.as_slice() {
        [] => None,
        key => Some(LedgerKey::from_xdr(key, limits(key)).map_err(|_| altered())?),
    };
    let count = u64::from_be_bytes(from.array()?);
    let mut entries = Entries::new();
    for _ in 0..count {
        let (key, entry) = (from.part()?, from.part()?);
        let (key, entry) = read_entry(&key, &entry).ok_or_else(altered)?;
        entries.insert(Rc::new(key), Rc::new(entry));
    }
    let hash: [u8; 32] = from.hash.clone().finalize().into();
    if from.array()? != hash {
        return Err(altered());
    }
    Ok(Found {
        entries,
        latest,
        scanned: scanned.map(Rc::new),
    })
}

/// A stream and the hash of what has passed through it.
struct Hashed<S> {
    stream: S,
    hash: Sha256,
}

impl Hashed<&mut dyn Write> {
    fn write(&mut self, bytes: &[u8]) -> Result<(), NodeError> {
        self.hash.update(bytes);
        self.stream.write_all(bytes).map_err(failed)
    }

    fn part(&mut self, bytes: &[u8]) -> Result<(), NodeError> {
        self.write(&(bytes.len() as u64).to_be_bytes())?;
        self.write(bytes)
    }
}

impl Hashed<&mut dyn Read> {
    fn array<const N: usize>(&mut self) -> Result<[u8; N], NodeError> {
        let mut array = [0; N];
        self.stream.read_exact(&mut array).map_err(failed)?;
        self.hash.update(array);
        Ok(array)
    }

    fn part(&mut self) -> Result<Vec<u8>, NodeError> {
        let length = u64::from_be_bytes(self.array()?);
        if length > MAX_PART {
            return Err(altered());
        }
        let mut part = Vec::new();
        let stream = &mut self.stream;
        stream.take(length).read_to_end(&mut part).map_err(failed)?;
        if part.len() as u64 != length {
            return Err(altered());
        }
        self.hash.update(&part);
        Ok(part)
    }
}

fn altered() -> NodeError {
    damaged("the dump is incomplete or was altered")
}

fn failed(error: io::Error) -> NodeError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => altered(),
        _ => NodeError::Storage(error.to_string()),
    }
}
