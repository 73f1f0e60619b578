//! When ledgers close, for nodes that live by the clock on the wall.

use std::{future::pending, sync::Arc, time::Duration};

use tokio::{
    sync::Notify,
    time::{interval, sleep, MissedTickBehavior},
};

use super::server::ServeError;
use crate::node::{Node, NodeHandle, Pace, Unanswered};

/// How long a busy node is left alone.
const BUSY: Duration = Duration::from_millis(50);

/// Closes ledgers as `pace` says until one cannot be closed; `wake` tells that a transaction waits.
pub(crate) async fn keep(pace: Pace, node: NodeHandle, wake: Arc<Notify>) -> ServeError {
    let kept = match pace {
        Pace::Every(period) => keep_every(period, &node).await,
        Pace::OnDemand => keep_on_demand(&node, &wake).await,
        Pace::Manual | Pace::Eager => pending().await,
    };
    match kept {
        Ok(never) => match never {},
        Err(error) => error,
    }
}

type Kept = Result<std::convert::Infallible, ServeError>;

async fn keep_every(period: Duration, node: &NodeHandle) -> Kept {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // The first comes at once.
    ticks.tick().await;
    loop {
        ticks.tick().await;
        close(node).await?;
    }
}

async fn keep_on_demand(node: &NodeHandle, wake: &Notify) -> Kept {
    loop {
        wake.notified().await;
        while close(node).await? {}
    }
}

/// Closes a ledger. Whether transactions wait for the next one.
async fn close(node: &NodeHandle) -> Result<bool, ServeError> {
    let job = |node: &mut Node| node.close(None).map(|_| node.is_waiting());
    match node.ask(job).await {
        Ok(closed) => Ok(closed?),
        Err(Unanswered::Busy) => {
            sleep(BUSY).await;
            Ok(true)
        }
        Err(error) => Err(ServeError::Ended(error)),
    }
}
