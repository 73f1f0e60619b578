//! The parameters of every method, typed and checked as far as that needs no ledger.

use std::collections::BTreeSet;

use base64::{engine::general_purpose::STANDARD, Engine};
use serde::{de::DeserializeOwned, Deserialize};
use serde_json::Value;
use soroban_env_host::xdr::{LedgerKey, ReadXdr};

use super::{
    cursor::{parse_event_id, parts},
    filter::{filters, Filter, FilterParams},
    jsonrpc::{split, Call, Failure, Message, Rejected, Request, Terms, METHOD_NOT_FOUND},
    wish::{wish, Wish},
};
use crate::node::{limits, Position, Submission, SubmissionError, VERIFICATIONS};

/// Keys of one `getLedgerEntries`.
const KEYS: usize = 200;
/// Bytes of one key: the network's own bound is far below.
const KEY_BYTES: usize = 16_384;
/// Ledgers, transactions, events of one page, at most and unless told.
const LEDGERS: (usize, usize) = (200, 50);
const TRANSACTIONS: (usize, usize) = (200, 50);
const EVENTS: (usize, usize) = (10_000, 100);

/// A call, understood.
#[derive(Debug)]
pub(crate) enum Asked {
    Health,
    Network {
        friendbot_url: Option<String>,
    },
    VersionInfo,
    LatestLedger,
    FeeStats,
    LedgerEntries(Vec<LedgerKey>),
    Ledgers(LedgerPage),
    Transactions(TransactionPage),
    Transaction {
        hash: [u8; 32],
    },
    Events(EventPage),
    Send(Box<Submission>),
    /// What cannot be simulated is told as a simulation's result.
    Simulate(Result<Box<Wish>, String>),
}

/// Which ledgers: from `start` on, or after `after`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct LedgerPage {
    pub start: u32,
    pub after: Option<u32>,
    pub limit: usize,
}

/// Which transactions: those of ledger `start` and later, or those after `after`'s transaction.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TransactionPage {
    pub start: u32,
    pub after: Option<Position>,
    pub limit: usize,
}

/// Which events: from ledger `start` on, or after `after`, in ledgers before `end` unless 0.
#[derive(Debug)]
pub(crate) struct EventPage {
    pub start: u32,
    pub end: u32,
    pub after: Option<Position>,
    pub limit: usize,
    pub filters: Vec<Filter>,
}

/// Reads a request and verifies the signatures of the transactions in it.
///
/// # Errors
/// [`Rejected`] when it carries no calls; a call that is wrong by itself is answered by its failure.
pub fn parse(body: &[u8], terms: &Terms) -> Result<Request, Rejected> {
    let (messages, is_batch) = split(body)?;
    let mut left = VERIFICATIONS;
    let call = |Message { id, method }: Message| Call {
        id,
        asked: method.and_then(|(name, params)| asked(&name, params, terms, &mut left)),
    };
    Ok(Request {
        calls: messages.into_iter().map(call).collect(),
        is_batch,
    })
}

/// What is asked for; `left` signatures may still be verified for it.
fn asked(method: &str, params: Value, terms: &Terms, left: &mut u32) -> Result<Asked, Failure> {
    Ok(match method {
        "getHealth" => Asked::Health,
        "getNetwork" => Asked::Network {
            friendbot_url: terms.friendbot_url.clone(),
        },
        "getVersionInfo" => Asked::VersionInfo,
        "getLatestLedger" => Asked::LatestLedger,
        "getFeeStats" => Asked::FeeStats,
        "getLedgerEntries" => Asked::LedgerEntries(ledger_keys(read(params)?)?),
        "getLedgers" => Asked::Ledgers(ledger_page(read(params)?)?),
        "getTransactions" => Asked::Transactions(transaction_page(read(params)?)?),
        "getTransaction" => Asked::Transaction {
            hash: transaction_hash(read(params)?)?,
        },
        "getEvents" => Asked::Events(event_page(read(params)?)?),
        "sendTransaction" => Asked::Send(Box::new(submission(read(params)?, terms, left)?)),
        "simulateTransaction" => Asked::Simulate(wish(read(params)?).map(Box::new)),
        _ => {
            let message = format!("method not found: {method:?}");
            return Err(Failure::new(METHOD_NOT_FOUND, message));
        }
    })
}

fn read<T: DeserializeOwned>(params: Value) -> Result<T, Failure> {
    serde_json::from_value(params)
        .map_err(|error| Failure::params(format!("invalid parameters: {error}")))
}

/// Only base64 XDR is spoken.
pub(crate) fn check_format(format: Option<&str>) -> Result<(), String> {
    match format {
        None | Some("" | "base64") => Ok(()),
        Some("json") => Err(
            "xdrFormat 'json' is not supported by this network: leave it out, or 'base64'".into(),
        ),
        Some(other) => Err(format!(
            "got '{other}': expected base64 for optional 'xdrFormat'"
        )),
    }
}

/// An XDR value in base64.
pub(crate) fn from_base64<T: ReadXdr>(text: &str) -> Result<T, String> {
    let bytes = STANDARD.decode(text).map_err(|error| error.to_string())?;
    T::from_xdr(&bytes, limits(&bytes)).map_err(|error| error.to_string())
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct KeyParams {
    keys: Option<Vec<String>>,
    xdr_format: Option<String>,
}

fn ledger_keys(params: KeyParams) -> Result<Vec<LedgerKey>, Failure> {
    check_format(params.xdr_format.as_deref()).map_err(Failure::params)?;
    let keys = params.keys.unwrap_or_default();
    if keys.len() > KEYS {
        let message = format!(
            "key count ({}) exceeds maximum supported ({KEYS})",
            keys.len()
        );
        return Err(Failure::params(message));
    }
    let key = |(index, text): (usize, String)| {
        let wrong = || Failure::params(format!("cannot unmarshal key value at index {index}"));
        if text.len() > KEY_BYTES {
            return Err(wrong());
        }
        match from_base64(&text).map_err(|_| wrong())? {
            LedgerKey::Ttl(_) => Err(Failure::params(
                "ledger ttl entries cannot be queried directly",
            )),
            key => Ok(key),
        }
    };
    // Each is answered once, however often it is asked for.
    let mut seen = BTreeSet::new();
    let keys = keys.into_iter().enumerate().map(key);
    let keys = keys.filter(|key| key.as_ref().map_or(true, |key| seen.insert(key.clone())));
    keys.collect()
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct PageParams {
    start_ledger: Option<u32>,
    end_ledger: Option<u32>,
    filters: Option<Vec<FilterParams>>,
    pagination: Option<Pagination>,
    xdr_format: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Pagination {
    cursor: Option<String>,
    limit: Option<u32>,
}

impl PageParams {
    fn start(&self) -> u32 {
        self.start_ledger.unwrap_or_default()
    }

    /// Takes the cursor; an empty one is none.
    fn cursor(&mut self) -> Option<String> {
        let pagination = self.pagination.as_mut()?;
        pagination.cursor.take().filter(|cursor| !cursor.is_empty())
    }

    fn limit(&self, (most, usual): (usize, usize)) -> Result<usize, String> {
        let limit = self.pagination.as_ref().and_then(|page| page.limit);
        match usize::try_from(limit.unwrap_or_default()) {
            Ok(0) => Ok(usual),
            Ok(limit) if limit <= most => Ok(limit),
            _ => Err(format!("limit must not exceed {most}")),
        }
    }
}

fn ledger_page(mut params: PageParams) -> Result<LedgerPage, Failure> {
    check_format(params.xdr_format.as_deref()).map_err(Failure::params)?;
    let (start, cursor) = (params.start(), params.cursor());
    if cursor.is_some() && start != 0 {
        return Err(Failure::request(
            "startLedger and cursor cannot both be set",
        ));
    }
    let limit = params.limit(LEDGERS).map_err(Failure::request)?;
    let after = cursor.map(|cursor| {
        let wrong = |_| Failure::params(format!("cursor {cursor:?} is no ledger"));
        cursor.parse().map_err(wrong)
    });
    Ok(LedgerPage {
        start,
        after: after.transpose()?,
        limit,
    })
}

fn transaction_page(mut params: PageParams) -> Result<TransactionPage, Failure> {
    check_format(params.xdr_format.as_deref()).map_err(Failure::params)?;
    let (start, cursor) = (params.start(), params.cursor());
    if cursor.is_some() && start != 0 {
        return Err(Failure::request(
            "startLedger and cursor cannot both be set",
        ));
    }
    let limit = params.limit(TRANSACTIONS).map_err(Failure::request)?;
    let after = cursor.map(|cursor| {
        let place = cursor.parse().ok().and_then(parts);
        place.ok_or_else(|| Failure::params(format!("cursor {cursor:?} is no transaction's")))
    });
    Ok(TransactionPage {
        start,
        after: after.transpose()?,
        limit,
    })
}

fn event_page(mut params: PageParams) -> Result<EventPage, Failure> {
    check_format(params.xdr_format.as_deref()).map_err(Failure::params)?;
    let (start, end) = (params.start(), params.end_ledger.unwrap_or_default());
    let cursor = params.cursor();
    if cursor.is_some() && (start, end) != (0, 0) {
        return Err(Failure::params(
            "ledger ranges and cursor cannot both be set",
        ));
    }
    if cursor.is_none() && start == 0 {
        return Err(Failure::params("startLedger must be positive"));
    }
    let limit = params.limit(EVENTS).map_err(Failure::params)?;
    let after = cursor.map(|cursor| {
        let wrong = || Failure::params(format!("invalid event id {cursor:?}"));
        parse_event_id(&cursor).ok_or_else(wrong)
    });
    Ok(EventPage {
        start,
        end,
        after: after.transpose()?,
        limit,
        filters: filters(params.filters.unwrap_or_default())?,
    })
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct HashParams {
    hash: Option<String>,
    xdr_format: Option<String>,
}

fn transaction_hash(params: HashParams) -> Result<[u8; 32], Failure> {
    check_format(params.xdr_format.as_deref()).map_err(Failure::params)?;
    let text = params.hash.unwrap_or_default();
    if text.len() != 64 {
        let message = format!("unexpected hash length ({})", text.len());
        return Err(Failure::params(message));
    }
    let mut hash = [0; 32];
    hex::decode_to_slice(&text, &mut hash)
        .map_err(|error| Failure::params(format!("incorrect hash: {error}")))?;
    Ok(hash)
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct SendParams {
    transaction: Option<String>,
    xdr_format: Option<String>,
}

fn submission(params: SendParams, terms: &Terms, left: &mut u32) -> Result<Submission, Failure> {
    check_format(params.xdr_format.as_deref()).map_err(Failure::params)?;
    let text = params.transaction.unwrap_or_default();
    // One that is somewhat too long is read, so that the network's own code refuses it.
    let limit = terms.transaction_bytes.saturating_mul(2);
    let decoded = Submission::decode_within(&text, terms.network_id, limit, left);
    decoded.map_err(|error| match error {
        SubmissionError::Malformed(_) => Failure::params(format!("invalid_xdr: {error}")),
        SubmissionError::TooManySignatures => Failure::request(error.to_string()),
    })
}
