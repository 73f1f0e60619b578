//! Asking the server: one question at a time, each within a time, again when that may help.

use std::time::Duration;

use jsonrpsee_core::{
    client::{ClientT, Error as ClientError},
    params::ObjectParams,
};
use jsonrpsee_http_client::transport::Error as TransportError;
use serde::{de::DeserializeOwned, Serialize};

use crate::error::Error;

/// Characters that are kept of what a server says.
const WORDS: usize = 400;

/// How patient to be with a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// How long one answer may take.
    pub answer: Duration,
    /// How often a question is asked at most.
    pub attempts: u32,
    /// Time before the second attempt; it doubles with each further one.
    pub pause: Duration,
    /// The longest time between attempts.
    pub longest_pause: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            answer: Duration::from_secs(20),
            attempts: 4,
            pause: Duration::from_millis(200),
            longest_pause: Duration::from_secs(5),
        }
    }
}

impl Patience {
    /// The time to wait after `attempt` attempts.
    pub(crate) fn pause_after(&self, attempt: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(attempt.saturating_sub(1));
        self.pause.saturating_mul(doubled).min(self.longest_pause)
    }
}

/// A question's parameters.
pub(crate) struct Question {
    method: &'static str,
    params: ObjectParams,
}

impl Question {
    pub fn new(method: &'static str) -> Self {
        Self {
            method,
            params: ObjectParams::new(),
        }
    }

    pub fn with(mut self, name: &'static str, value: impl Serialize) -> Result<Self, Error> {
        let insert = self.params.insert(name, value);
        insert.map_err(|error| Error::Question {
            method: self.method,
            problem: error.to_string(),
        })?;
        Ok(self)
    }
}

/// The official client's connection.
#[derive(Clone, Debug)]
pub(crate) struct Rpc {
    client: stellar_rpc_client::Client,
    pub patience: Patience,
}

impl Rpc {
    pub fn new(url: &str, patience: Patience) -> Result<Self, Error> {
        let client = stellar_rpc_client::Client::new(url);
        Ok(Self {
            client: client.map_err(|error| Error::Url(error.to_string()))?,
            patience,
        })
    }

    /// Asks until there is an answer, at most as often as patience allows. Only for questions that change nothing.
    pub async fn ask<T: DeserializeOwned>(&self, question: Question) -> Result<T, Error> {
        let mut attempt = 1;
        loop {
            match self.ask_once(&question).await {
                Err(error) if error.is_retryable() && attempt < self.patience.attempts => {
                    tracing::debug!(method = question.method, attempt, %error, "asking again");
                    tokio::time::sleep(self.patience.pause_after(attempt)).await;
                    attempt = attempt.saturating_add(1);
                }
                answer => return answer,
            }
        }
    }

    /// Asks once.
    pub async fn ask_once<T: DeserializeOwned>(&self, question: &Question) -> Result<T, Error> {
        let Question { method, params } = question;
        let answer = self.client.client().request(method, params.clone());
        match tokio::time::timeout(self.patience.answer, answer).await {
            Ok(answer) => answer.map_err(|error| understood(method, error)),
            Err(_) => Err(Error::Unreachable {
                method,
                reason: "no answer in time".into(),
            }),
        }
    }
}

fn understood(method: &'static str, error: ClientError) -> Error {
    let reason = |error: &dyn std::fmt::Display| error.to_string().chars().take(WORDS).collect();
    match &error {
        ClientError::Call(call) => Error::Refused {
            method,
            code: i64::from(call.code()),
            message: call.message().chars().take(WORDS).collect(),
        },
        ClientError::Transport(cause) => match cause.downcast_ref::<TransportError>() {
            Some(TransportError::Rejected { status_code }) => rejected(method, *status_code),
            Some(TransportError::RequestTooLarge) => Error::Question {
                method,
                problem: "it is too large".into(),
            },
            _ => Error::Unreachable {
                method,
                reason: reason(&error),
            },
        },
        ClientError::RequestTimeout => Error::Unreachable {
            method,
            reason: reason(&error),
        },
        _ => Error::answer(method, reason(&error)),
    }
}

fn rejected(method: &'static str, status: u16) -> Error {
    match status {
        408 | 425 | 429 | 500..=599 => Error::Busy { method, status },
        _ => Error::Refused {
            method,
            code: i64::from(status),
            message: "HTTP status".into(),
        },
    }
}
