//! Places in history as clients name them: ledger, transaction and operation in one number (SEP-35), and an event's
//! number behind it.

use crate::node::{Position, AFTER_ALL, AFTER_OPERATIONS, LAST_LEDGER};

/// Bits of a transaction's and an operation's number; [`AFTER_ALL`] and [`AFTER_OPERATIONS`] are the highest that fit.
const TRANSACTION_BITS: u32 = 20;
const OPERATION_BITS: u32 = 12;

/// Ledger, transaction (from 1) and operation in one number.
pub(crate) fn total_order(ledger: u32, transaction: u32, operation: u32) -> u64 {
    u64::from(ledger.min(LAST_LEDGER)) << (TRANSACTION_BITS + OPERATION_BITS)
        | u64::from(transaction.min(AFTER_ALL)) << OPERATION_BITS
        | u64::from(operation.min(AFTER_OPERATIONS))
}

/// The place that such a number names, before all events there; `None` if it is none.
pub(crate) fn parts(order: u64) -> Option<Position> {
    let ledger = u32::try_from(order >> (TRANSACTION_BITS + OPERATION_BITS)).ok()?;
    let transaction = (order >> OPERATION_BITS) & u64::from(AFTER_ALL);
    let place = Position {
        ledger,
        transaction: u32::try_from(transaction).ok()?,
        operation: u32::try_from(order & u64::from(AFTER_OPERATIONS)).ok()?,
        event: 0,
    };
    (ledger <= LAST_LEDGER).then_some(place)
}

/// An event's id.
pub(crate) fn event_id(position: Position) -> String {
    let Position {
        ledger,
        transaction,
        operation,
        event,
    } = position;
    let order = total_order(ledger, transaction, operation);
    format!("{order:019}-{event:010}")
}

/// Behind all events of `ledger`.
pub(crate) fn end_of(ledger: u32) -> String {
    let end = Position {
        ledger,
        transaction: AFTER_ALL,
        operation: AFTER_OPERATIONS,
        event: u32::MAX,
    };
    event_id(end)
}

/// The place of the event with this id.
pub(crate) fn parse_event_id(id: &str) -> Option<Position> {
    let (order, event) = id.split_once('-')?;
    let event = event.parse().ok()?;
    Some(Position {
        event,
        ..parts(order.parse().ok()?)?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_events_are_those_of_the_network() -> Result<(), String> {
        let position = Position {
            ledger: 1_190_000,
            transaction: 7,
            operation: 0,
            event: 2,
        };
        let id = event_id(position);
        assert_eq!(id, "0005111011082268672-0000000002");
        assert_eq!(parse_event_id(&id), Some(position));
        let last = Position {
            ledger: 5,
            transaction: 3,
            operation: AFTER_OPERATIONS,
            event: 0,
        };
        assert_eq!(parts(total_order(5, 3, AFTER_OPERATIONS)), Some(last));
        for wrong in [
            "",
            "1",
            "1-",
            "-1",
            "x-1",
            "1-x",
            "1-99999999999",
            "99999999999999999999-1",
        ] {
            assert_eq!(parse_event_id(wrong), None, "{wrong}");
        }
        let end = parse_event_id(&end_of(9)).ok_or("the end is no id")?;
        let ledger = |ledger| Position {
            ledger,
            ..Position::default()
        };
        assert!(end > ledger(9) && end < ledger(10));
        Ok(())
    }
}
