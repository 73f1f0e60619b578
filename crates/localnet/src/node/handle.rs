//! A node in a thread of its own: jobs go in, answers come out.

use std::{
    panic::{catch_unwind, AssertUnwindSafe},
    sync::mpsc::{sync_channel, SyncSender, TrySendError},
    thread,
};

use tokio::sync::oneshot;

use super::{Node, NodeConfig, NodeError};

/// Jobs that may wait for the node at once.
const WAITING: usize = 1_024;

type Job = Box<dyn FnOnce(&mut Node) + Send>;

/// A handle to a running node; clones speak to the same one. The node ends when the last is dropped.
#[derive(Clone)]
pub struct NodeHandle(SyncSender<Job>);

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
        let (opened, is_open) = sync_channel(1);
        let run = move || {
            let mut node = match Node::open(config) {
                Ok(node) => node,
                Err(error) => return drop(opened.send(Err(error))),
            };
            drop(opened.send(Ok(())));
            for job in queue {
                // As the network does: a panic while one transaction is looked at is that transaction's failure.
                drop(catch_unwind(AssertUnwindSafe(|| job(&mut node))));
            }
        };
        let gone = |_| NodeError::Refused("the node's thread ended".into());
        let spawned = thread::Builder::new().name("node".into()).spawn(run);
        spawned.map_err(|error| NodeError::Refused(error.to_string()))?;
        is_open.recv().map_err(gone)??;
        Ok(Self(jobs))
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
        let job: Job = Box::new(move |node| drop(answer.send(job(node))));
        match self.0.try_send(job) {
            Ok(()) => answered.await.map_err(|_| Unanswered::Failed),
            Err(TrySendError::Full(_)) => Err(Unanswered::Busy),
            Err(TrySendError::Disconnected(_)) => Err(Unanswered::Stopped),
        }
    }
}
