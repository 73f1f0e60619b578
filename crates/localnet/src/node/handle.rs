//! A node in a thread of its own: jobs go in, answers come out.

use std::{
    panic::{catch_unwind, AssertUnwindSafe},
    sync::{
        mpsc::{sync_channel, Receiver, SyncSender, TrySendError},
        Arc, Mutex,
    },
    thread,
    time::Duration,
};

use tokio::sync::{oneshot, watch};

use super::{Node, NodeConfig, NodeError};

/// Jobs that may wait for the node at once.
const WAITING: usize = 1_024;
/// Bytes of the thread's stack: values nest deeply in the host, and so do calls.
const STACK: usize = 64 << 20;
/// How long the thread may take to end.
const ENDING: Duration = Duration::from_secs(10);

type Job = Box<dyn FnOnce(&mut Node) + Send>;

/// A handle to a running node; clones speak to the same one. The node ends when the last is dropped, or when it could
/// not make or keep a ledger.
#[derive(Clone)]
pub struct NodeHandle {
    jobs: SyncSender<Job>,
    /// Closed once the node is gone.
    end: Arc<Mutex<Receiver<()>>>,
    /// The same, for those who wait for it without a thread of their own.
    ended: watch::Receiver<()>,
}

/// Why a node did not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unanswered {
    /// Too many wait.
    #[error("the node is busy: try again")]
    Busy,
    /// The answer was never made: the job panicked.
    #[error("the node failed on this request")]
    Failed,
    /// The node has stopped.
    #[error("the node has stopped")]
    Stopped,
}

impl NodeHandle {
    /// Opens a node in a thread of its own.
    ///
    /// # Errors
    /// As [`Node::open`].
    pub fn start(config: NodeConfig) -> Result<Self, NodeError> {
        let (jobs, queue) = sync_channel::<Job>(WAITING);
        let (opened, opening) = sync_channel(1);
        let (running, end) = sync_channel(1);
        let (lasting, ended) = watch::channel(());
        let run = move || {
            // Dropped last, behind the node.
            let _running = (running, lasting);
            let mut node = match Node::open(config) {
                Ok(node) => node,
                Err(error) => return drop(opened.send(Err(error))),
            };
            drop(opened.send(Ok(())));
            for job in queue {
                // As the network does: a panic while one transaction is looked at is that transaction's failure.
                drop(catch_unwind(AssertUnwindSafe(|| job(&mut node))));
                if node.has_failed {
                    return;
                }
            }
        };
        let gone = |_| NodeError::Refused("the node's thread ended".into());
        let thread = thread::Builder::new().name("node".into());
        let spawned = thread.stack_size(STACK).spawn(run);
        spawned.map_err(|error| NodeError::Refused(error.to_string()))?;
        opening.recv().map_err(gone)??;
        Ok(Self {
            jobs,
            end: Arc::new(Mutex::new(end)),
            ended,
        })
    }

    /// Has the node do `job` and waits for what it returns.
    ///
    /// # Errors
    /// [`Unanswered`].
    pub async fn ask<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Node) -> T + Send + 'static,
    ) -> Result<T, Unanswered> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |node| {
            // Nobody waits any more: the time is others'.
            if !answer.is_closed() {
                drop(answer.send(job(node)));
            }
        });
        match self.jobs.try_send(job) {
            Ok(()) => answered.await.map_err(|_| Unanswered::Failed),
            Err(TrySendError::Full(_)) => Err(Unanswered::Busy),
            Err(TrySendError::Disconnected(_)) => Err(Unanswered::Stopped),
        }
    }

    /// Returns once the node is gone.
    pub async fn ended(&self) {
        // Nothing is ever sent: it fails when the thread is over.
        let _ = self.ended.clone().changed().await;
    }

    /// Ends the node, if this is the last handle, and waits until its folder is free; a few seconds at most.
    pub fn end(self) {
        let Self { jobs, end, .. } = self;
        drop(jobs);
        // Nothing is ever sent: it fails when the thread is over, or takes too long.
        let ended = end.lock().map(|end| end.recv_timeout(ENDING));
        drop(ended);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // all of this is tests
mod tests {
    use super::*;
    use crate::{node::Pace, NetworkConfig};

    #[tokio::test]
    async fn a_node_that_failed_ends() {
        let config = NodeConfig::in_memory(NetworkConfig::mainnet(), Pace::Manual);
        let node = NodeHandle::start(config).unwrap();
        let panicked = node.ask(|_| assert!(std::hint::black_box(false))).await;
        assert_eq!(panicked, Err(Unanswered::Failed));
        assert_eq!(node.ask(|_| 7).await, Ok(7), "a panic is one request's");
        node.ask(|node| node.has_failed = true).await.unwrap();
        // On its way out it may have taken this one's place in the queue away, or not.
        let after = node.ask(|_| 7).await;
        assert!(after.is_err(), "{after:?}");
        node.ended().await;
    }
}
