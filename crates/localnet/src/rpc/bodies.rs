//! How much of all answers is in memory at once.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{answer::Answer, bounds::Refusal, jsonrpc::Failure};

/// Bytes of all answers that are made or sent.
pub(crate) const BYTES: usize = 256 << 20;
/// Bytes that one permit stands for.
const UNIT: usize = 1 << 10;
/// Bytes of an answer that goes at any time: all the requests that may be there take little with such ones.
const SHORT: usize = 64 << 10;
/// How much longer a body is than what it tells, at most: base64 makes four bytes of three, and the events of a transaction
/// are told beside its metadata once more.
const GROWTH: usize = 3;
/// What is said to whom there is no room for.
pub(crate) const NO_ROOM: &str = "too many long answers at once: try again";

/// Room for answers.
#[derive(Clone)]
pub(crate) struct Bodies(Arc<Semaphore>);

/// An answer's room, until it is dropped.
#[derive(Default)]
pub(crate) struct Held(Option<OwnedSemaphorePermit>);

impl Bodies {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Semaphore::new(units(BYTES))))
    }

    /// Takes the room that `answer` needs, on its way to the client. When there is not enough, only what came of transactions is
    /// told.
    ///
    /// # Errors
    /// [`Refusal::TooMuch`] when none was sent.
    pub(crate) fn hold(&self, answer: Answer) -> Result<(Answer, Held), Refusal> {
        let bytes = answer.bytes.saturating_mul(GROWTH).min(BYTES);
        if bytes <= SHORT {
            return Ok((answer, Held::default()));
        }
        let permits = u32::try_from(units(bytes)).unwrap_or(u32::MAX);
        if let Ok(permit) = Arc::clone(&self.0).try_acquire_many_owned(permits) {
            return Ok((answer, Held(Some(permit))));
        }
        let failure = Failure::internal(NO_ROOM);
        let receipts = answer.receipts(&failure).ok_or(Refusal::TooMuch)?;
        Ok((receipts, Held::default()))
    }

    /// Bytes that are free.
    #[cfg(test)]
    pub(crate) fn free(&self) -> usize {
        self.0.available_permits() * UNIT
    }

    /// All that is free.
    #[cfg(test)]
    pub(crate) fn hold_all(&self) -> Held {
        let all = u32::try_from(self.0.available_permits()).ok();
        Held(all.and_then(|all| Arc::clone(&self.0).try_acquire_many_owned(all).ok()))
    }
}

impl Held {
    /// Gives back what a body of `bytes` does not need.
    pub(crate) fn keep(&mut self, bytes: usize) {
        if let Some(permit) = &mut self.0 {
            let surplus = permit.num_permits().saturating_sub(units(bytes));
            drop(permit.split(surplus));
        }
    }
}

fn units(bytes: usize) -> usize {
    bytes.div_ceil(UNIT)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // all of this is tests
mod tests {
    use super::*;

    fn answer(bytes: usize) -> Answer {
        let mut answer = Answer::failed(vec![None], false, &Failure::internal("a"));
        answer.bytes = bytes;
        answer
    }

    #[test]
    fn answers_at_once_are_bounded_and_short_ones_always_go() {
        let bodies = Bodies::new();
        let hold = |bytes| bodies.hold(answer(bytes)).map(|(_, held)| held);
        let long = 16 << 20;
        let held: Vec<_> = (0..5).map(|_| hold(long).unwrap()).collect();
        assert_eq!(bodies.free(), BYTES - 5 * 3 * long);
        assert_eq!(hold(long).err(), Some(Refusal::TooMuch));
        assert!(hold(long / 3).is_ok(), "it fits");
        let rest = bodies.hold_all();
        assert!(hold(SHORT / 3).is_ok(), "short");
        assert_eq!(hold(SHORT / 3 + 1).err(), Some(Refusal::TooMuch));
        drop((held, rest));
        assert_eq!(bodies.free(), BYTES);
    }

    #[test]
    fn an_answer_longer_than_all_room_goes_alone() {
        let bodies = Bodies::new();
        let (_, held) = bodies.hold(answer(usize::MAX)).unwrap();
        assert_eq!(bodies.free(), 0);
        drop(held);
        assert_eq!(bodies.free(), BYTES);
    }

    #[test]
    fn what_a_body_does_not_need_is_given_back() {
        let bodies = Bodies::new();
        let (_, mut held) = bodies.hold(answer(1 << 20)).unwrap();
        assert_eq!(bodies.free(), BYTES - (3 << 20));
        held.keep(1_025);
        assert_eq!(bodies.free(), BYTES - 2_048);
        held.keep(1 << 20);
        assert_eq!(bodies.free(), BYTES - 2_048, "none is taken again");
    }
}
