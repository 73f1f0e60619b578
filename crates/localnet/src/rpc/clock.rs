//! When ledgers close, for nodes that live by the clock on the wall.

use std::{future::pending, sync::Arc};

use tokio::{
    sync::Notify,
    time::{interval, MissedTickBehavior},
};

use crate::node::{Node, NodeHandle, Pace};

/// Closes ledgers as `pace` says, for ever; `wake` tells that a transaction waits.
pub(crate) async fn keep(pace: Pace, node: NodeHandle, wake: Arc<Notify>) {
    match pace {
        Pace::Every(period) => {
            let mut ticks = interval(period);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            // The first comes at once.
            ticks.tick().await;
            loop {
                ticks.tick().await;
                close(&node).await;
            }
        }
        Pace::OnDemand => loop {
            wake.notified().await;
            while close(&node).await {}
        },
        Pace::Manual | Pace::Eager => pending().await,
    }
}

/// Closes a ledger. Whether transactions wait for the next one.
async fn close(node: &NodeHandle) -> bool {
    let job = |node: &mut Node| node.close(None).map(|_| node.is_waiting());
    match node.ask(job).await {
        Ok(Ok(is_waiting)) => is_waiting,
        Ok(Err(error)) => {
            tracing::error!("the ledger could not be closed: {error}");
            false
        }
        Err(error) => {
            tracing::error!("the ledger was not closed: {error}");
            false
        }
    }
}

impl Node {
    /// Whether transactions wait for a ledger.
    pub fn is_waiting(&self) -> bool {
        !self.queue.0.is_empty()
    }
}
