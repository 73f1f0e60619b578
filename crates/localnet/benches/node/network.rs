//! A node as clients reach it: through the RPC's code without HTTP.

use std::{
    collections::VecDeque,
    future::Future,
    path::Path,
    pin::Pin,
    task::{Context, Poll, Waker},
};

use localnet::{
    node::{Node, NodeConfig, NodeHandle, Pace, Unanswered, SUPPLY},
    rpc::{answer, parse, render, Answer, Terms},
    NetworkConfig,
};
use serde_json::{json, Value};
use tokio::runtime::{Builder, Runtime};

use crate::Outcome;

/// Requests that wait for the node at once; it takes twice as many.
const WAITING: usize = 512;

/// Whatever answers requests and closes ledgers.
pub trait Network {
    /// The response to a request.
    fn ask(&mut self, body: &str) -> Outcome<Vec<u8>>;

    /// Closes a ledger.
    fn close(&mut self) -> Outcome<()>;
}

/// A node's settings: mainnet's, with the ledger in `folder` or in memory. Ledgers close when told.
pub fn config(folder: Option<&Path>) -> NodeConfig {
    let mut network = NetworkConfig::mainnet();
    network.start_sequence = 1;
    NodeConfig {
        network,
        pace: Pace::Manual,
        folder: folder.map(Into::into),
        retention: 100,
        queue: 1_000,
        supply: SUPPLY,
    }
}

/// What a request comes to.
pub fn call(network: &mut dyn Network, method: &str, params: &Value) -> Outcome<Value> {
    let mut said: Value = serde_json::from_slice(&network.ask(&body(method, params))?)?;
    match said.get_mut("result").map(Value::take) {
        Some(result) => Ok(result),
        None => Err(format!("{method}: {said}").into()),
    }
}

/// A request as it is sent.
pub fn body(method: &str, params: &Value) -> String {
    json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }).to_string()
}

/// A node in its thread; requests are read and answers written on the caller's.
pub struct Direct {
    handle: NodeHandle,
    terms: Terms,
    runtime: Runtime,
}

type Waiting<T> = Pin<Box<dyn Future<Output = Result<T, Unanswered>>>>;

/// What is there of it now.
fn look_at<T>(waiting: &mut Waiting<T>) -> Poll<Result<T, Unanswered>> {
    let mut nobody = Context::from_waker(Waker::noop());
    waiting.as_mut().poll(&mut nobody)
}

impl Direct {
    pub fn open(config: NodeConfig) -> Outcome<Self> {
        let runtime = Builder::new_current_thread().build()?;
        let handle = NodeHandle::start(config)?;
        let terms = runtime.block_on(handle.ask(|node| Terms::of(node)))?;
        Ok(Self {
            handle,
            terms,
            runtime,
        })
    }

    pub fn terms(&self) -> Terms {
        self.terms.clone()
    }

    /// Has the node do `job`.
    pub fn on_node<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Node) -> T + Send + 'static,
    ) -> Outcome<T> {
        Ok(self.runtime.block_on(self.handle.ask(job))?)
    }

    /// Sends every round's requests and closes a ledger after each, without waiting for answers but where too many
    /// wait; hands every response to `take`.
    pub fn pipeline(
        &self,
        rounds: &[Vec<String>],
        take: &mut dyn FnMut(Vec<u8>) -> Outcome<()>,
    ) -> Outcome<()> {
        let mut waiting = VecDeque::new();
        let mut closings = Vec::new();
        for round in rounds {
            for body in round {
                let request = parse(body.as_bytes(), &self.terms).map_err(|no| no.0.message)?;
                let job = move |node: &mut Node| answer(node, request);
                let mut asked: Waiting<Answer> = Box::pin(self.ask(job));
                // The first look at it puts it into the node's queue.
                match look_at(&mut asked) {
                    Poll::Ready(answer) => take(render(answer?))?,
                    Poll::Pending => waiting.push_back(asked),
                }
                self.take_ready(&mut waiting, WAITING, take)?;
            }
            let mut closing: Waiting<_> = Box::pin(self.ask(|node| node.close(None)));
            match look_at(&mut closing) {
                Poll::Ready(closed) => drop(closed??),
                Poll::Pending => closings.push(closing),
            }
        }
        self.take_ready(&mut waiting, 0, take)?;
        for closing in closings {
            self.runtime.block_on(closing)??;
        }
        Ok(())
    }

    fn ask<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Node) -> T + Send + 'static,
    ) -> impl Future<Output = Result<T, Unanswered>> {
        let handle = self.handle.clone();
        async move { handle.ask(job).await }
    }

    /// Takes the answers that are there, in order, and waits for them while more than `most` are not.
    fn take_ready(
        &self,
        waiting: &mut VecDeque<Waiting<Answer>>,
        most: usize,
        take: &mut dyn FnMut(Vec<u8>) -> Outcome<()>,
    ) -> Outcome<()> {
        while let Some(mut first) = waiting.pop_front() {
            let must_wait = waiting.len() >= most;
            let answer = match look_at(&mut first) {
                Poll::Ready(answer) => answer,
                Poll::Pending if must_wait => self.runtime.block_on(first),
                Poll::Pending => {
                    waiting.push_front(first);
                    break;
                }
            };
            take(render(answer?))?;
        }
        Ok(())
    }
}

impl Network for Direct {
    fn ask(&mut self, body: &str) -> Outcome<Vec<u8>> {
        let request = parse(body.as_bytes(), &self.terms).map_err(|no| no.0.message)?;
        Ok(render(self.on_node(|node| answer(node, request))?))
    }

    fn close(&mut self) -> Outcome<()> {
        self.on_node(|node| node.close(None).map(drop))??;
        Ok(())
    }
}
