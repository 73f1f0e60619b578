//! What the server admits: so many requests at once and a second.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Requests answered at once.
const IN_FLIGHT: usize = 512;
/// Requests of friendbot answered at once, beside the others: each may wait for a ledger, one after the other.
const FUNDING: usize = 32;

/// Why a request is not admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Too many are being answered.
    Busy,
    /// Too many came this second.
    TooMany,
    /// Too much is being answered.
    TooMuch,
}

/// Counts requests.
pub(crate) struct Bounds {
    in_flight: Arc<Semaphore>,
    funding: Arc<Semaphore>,
    per_second: u32,
    /// The second that is counted, and the requests in it.
    counted: Mutex<(Instant, u32)>,
}

impl Bounds {
    pub(crate) fn new(per_second: u32) -> Self {
        Self {
            in_flight: Arc::new(Semaphore::new(IN_FLIGHT)),
            funding: Arc::new(Semaphore::new(FUNDING)),
            per_second,
            counted: Mutex::new((Instant::now(), 0)),
        }
    }

    /// Admits a request for as long as the permit is held.
    pub(crate) fn admit(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        self.admit_to(&self.in_flight)
    }

    /// Admits a request of friendbot, as long.
    pub(crate) fn admit_funding(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        self.admit_to(&self.funding)
    }

    fn admit_to(&self, room: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, Refusal> {
        if !self.count(Instant::now()) {
            return Err(Refusal::TooMany);
        }
        let permit = Arc::clone(room).try_acquire_owned();
        permit.map_err(|_| Refusal::Busy)
    }

    fn count(&self, now: Instant) -> bool {
        // Nothing that holds the lock can panic.
        let mut counted = match self.counted.lock() {
            Ok(counted) => counted,
            Err(poisoned) => poisoned.into_inner(),
        };
        if now.duration_since(counted.0) >= Duration::from_secs(1) {
            *counted = (now, 0);
        }
        counted.1 = counted.1.saturating_add(1);
        counted.1 <= self.per_second
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_admits_what_it_may_and_the_next_one_anew() {
        let bounds = Bounds::new(2);
        let now = Instant::now();
        assert_eq!(
            [bounds.count(now), bounds.count(now), bounds.count(now)],
            [true, true, false]
        );
        assert!(bounds.count(now + Duration::from_secs(1)));
    }

    #[test]
    fn requests_at_once_are_bounded() {
        let bounds = Bounds::new(u32::MAX);
        assert_eq!((IN_FLIGHT, FUNDING), (512, 32), "as stated");
        let admitted: Vec<_> = (0..IN_FLIGHT).map(|_| bounds.admit()).collect();
        assert!(admitted.iter().all(Result::is_ok));
        assert_eq!(bounds.admit().err(), Some(Refusal::Busy));
        assert!(
            bounds.admit_funding().is_ok(),
            "friendbot has room of its own"
        );
        drop(admitted);
        let funding: Vec<_> = (0..FUNDING).map(|_| bounds.admit_funding()).collect();
        assert!(funding.iter().all(Result::is_ok));
        assert_eq!(bounds.admit_funding().err(), Some(Refusal::Busy));
        assert!(bounds.admit().is_ok(), "others do not wait for friendbot");
    }
}
