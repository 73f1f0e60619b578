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
    loop {
        match node.ask(job).await {
            Ok(closed) => return Ok(closed?),
            Err(Unanswered::Busy) => sleep(BUSY).await,
            Err(error) => return Err(ServeError::Ended(error)),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // all of this is tests
mod tests {
    use std::sync::mpsc::channel;

    use tokio::task::JoinSet;

    use super::*;
    use crate::{node::NodeConfig, NetworkConfig};

    #[tokio::test]
    async fn a_busy_node_is_asked_again() {
        let config = NodeConfig::in_memory(NetworkConfig::mainnet(), Pace::Manual);
        let node = NodeHandle::start(config).unwrap();
        let before = node.ask(|node| node.latest().sequence).await.unwrap();
        let (go_on, wait) = channel::<()>();
        let (started, has_started) = channel();
        let asked = node.clone();
        let first = tokio::spawn(async move {
            let hold = move |_: &mut Node| {
                started.send(()).unwrap();
                let _ = wait.recv();
            };
            asked.ask(hold).await
        });
        while has_started.try_recv().is_err() {
            sleep(Duration::from_millis(1)).await;
        }
        let mut waiting = JoinSet::new();
        let is_full = loop {
            let asked = node.clone();
            waiting.spawn(async move { asked.ask(|_| ()).await });
            sleep(Duration::from_millis(1)).await;
            if let Some(answered) = waiting.try_join_next() {
                break answered.unwrap() == Err(Unanswered::Busy);
            }
        };
        assert!(is_full);
        let closing = tokio::spawn({
            let node = node.clone();
            async move { close(&node).await.unwrap() }
        });
        sleep(BUSY / 2).await;
        go_on.send(()).unwrap();
        first.await.unwrap().unwrap();
        closing.await.unwrap();
        let after = node.ask(|node| node.latest().sequence).await.unwrap();
        assert_eq!(after, before + 1, "closed all the same");
    }
}
