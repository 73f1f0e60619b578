//! Pages of ledgers, transactions and events.

use soroban_env_host::xdr::{ContractEvent, ReadXdr};

use super::{
    answer::{range, Range, Reply, Room},
    cursor::{end_of, event_id, total_order},
    jsonrpc::Failure,
    params::{EventPage, LedgerPage, TransactionPage},
};
use crate::node::{own_limits, EventRecord, LedgerRecord, Node, Position, TransactionRecord};

/// Records read from the store at once.
const CHUNK: usize = 8;
/// Events looked at for one page; it ends early beyond, and its cursor goes on from there.
const EVENTS_LOOKED_AT: usize = 100_000;
/// Bytes that are told of an event beside itself, about.
const BESIDE: usize = 256;
/// Ledgers looked at for one page of events.
const LEDGERS_LOOKED_AT: u32 = 10_000;

impl Range {
    fn holds(&self, ledger: u32) -> bool {
        (self.oldest..=self.latest).contains(&ledger)
    }

    fn between(&self) -> String {
        format!(
            "must be between the oldest ledger: {} and the latest ledger: {} for this rpc instance",
            self.oldest, self.latest
        )
    }
}

pub(crate) fn ledgers(node: &Node, page: &LedgerPage, room: &mut Room) -> Result<Reply, Failure> {
    let range = range(node);
    let first = match page.after {
        Some(after) => after.saturating_add(1),
        None => page.start,
    };
    if !range.holds(first) {
        let between = range.between();
        return Err(match page.after {
            Some(after) => Failure::params(format!("cursor ('{after}') {between}")),
            None => Failure::request(format!("start ledger ({first}) {between}")),
        });
    }
    let mut found: Vec<LedgerRecord> = Vec::new();
    let mut next = first;
    while found.len() < page.limit && room.is_left() {
        let Some(record) = node.ledgers(next, 1).map_err(Failure::internal)?.pop() else {
            break;
        };
        room.take(record.bytes());
        next = record.sequence.saturating_add(1);
        found.push(record);
    }
    Ok(Reply::Ledgers {
        range,
        ledgers: found,
        cursor: next.saturating_sub(1),
    })
}

pub(crate) fn transactions(
    node: &Node,
    page: &TransactionPage,
    room: &mut Room,
) -> Result<Reply, Failure> {
    let range = range(node);
    let mut after = start_of(page, range)?;
    let mut found: Vec<TransactionRecord> = Vec::new();
    while found.len() < page.limit && room.is_left() {
        let wanted = page.limit.saturating_sub(found.len()).min(CHUNK);
        let records = node
            .transactions(after, wanted)
            .map_err(Failure::internal)?;
        let is_last = records.len() < wanted;
        for record in records {
            after = record.position;
            room.take(record.bytes());
            found.push(record);
        }
        if is_last {
            // Nothing is missed before the latest ledger's last transaction.
            let end = Position {
                ledger: range.latest,
                ..Position::default()
            };
            after = after.max(end);
            break;
        }
    }
    Ok(Reply::Transactions {
        range,
        transactions: found,
        cursor: total_order(after.ledger, after.transaction, 1),
    })
}

/// Behind which transaction a page begins.
fn start_of(page: &TransactionPage, range: Range) -> Result<Position, Failure> {
    if page.after.is_none() && !range.holds(page.start) {
        let between = range.between();
        return Err(Failure::request(format!("start ledger {between}")));
    }
    let after = page.after.unwrap_or(Position {
        ledger: page.start,
        ..Position::default()
    });
    if after.ledger < range.oldest.saturating_sub(1) {
        let message = format!(
            "database does not contain metadata for ledger: {}",
            after.ledger
        );
        return Err(Failure::params(message));
    }
    Ok(after)
}

pub(crate) fn transaction(node: &Node, hash: [u8; 32], room: &mut Room) -> Result<Reply, Failure> {
    let found = node.transaction(&hash).map_err(Failure::internal)?;
    room.take(found.as_ref().map_or(0, TransactionRecord::bytes));
    Ok(Reply::Transaction {
        found: found.map(Box::new),
        range: range(node),
        hash,
    })
}

pub(crate) fn events(node: &Node, page: &EventPage, room: &mut Room) -> Result<Reply, Failure> {
    let range = range(node);
    let from = match page.after {
        Some(after) => Position {
            event: after.event.saturating_add(1),
            ..after
        },
        None => Position {
            ledger: page.start,
            ..Position::default()
        },
    };
    if !range.holds(from.ledger) {
        return Err(Failure::request(format!(
            "startLedger must be within the ledger range: {} - {}",
            range.oldest, range.latest
        )));
    }
    let scanned = from.ledger.saturating_add(LEDGERS_LOOKED_AT);
    let mut until = range.latest.saturating_add(1).min(scanned);
    if page.end != 0 {
        until = until.min(page.end);
    }
    let mut search = Search::new(page, room);
    node.events(from, until, &mut |record| search.take(record))
        .map_err(Failure::internal)?;
    Ok(Reply::Events {
        range,
        // An event's id goes on behind it, the end of the window behind the whole window.
        cursor: search
            .stopped_at
            .unwrap_or_else(|| end_of(until.saturating_sub(1))),
        events: search.found,
    })
}

/// A search for the events of one page.
struct Search<'a> {
    page: &'a EventPage,
    room: &'a mut Room,
    found: Vec<EventRecord>,
    looked_at: usize,
    /// The last event looked at, if the page ended there.
    stopped_at: Option<String>,
}

impl<'a> Search<'a> {
    fn new(page: &'a EventPage, room: &'a mut Room) -> Self {
        Self {
            page,
            room,
            found: Vec::new(),
            looked_at: 0,
            stopped_at: None,
        }
    }

    /// Whether to go on.
    fn take(&mut self, record: EventRecord) -> bool {
        let id = event_id(record.position);
        self.looked_at = self.looked_at.saturating_add(1);
        if admits(self.page, &record) {
            self.room.take(record.event.len().saturating_add(BESIDE));
            self.found.push(record);
        }
        let is_full = self.found.len() >= self.page.limit
            || !self.room.is_left()
            || self.looked_at >= EVENTS_LOOKED_AT;
        if is_full {
            self.stopped_at = Some(id);
        }
        !is_full
    }
}

fn admits(page: &EventPage, record: &EventRecord) -> bool {
    let is_wanted = |event| page.filters.iter().any(|filter| filter.admits(&event));
    page.filters.is_empty() || decode_event(record).is_some_and(is_wanted)
}

/// A record's event; `None` when it cannot be read.
pub(crate) fn decode_event(record: &EventRecord) -> Option<ContractEvent> {
    ContractEvent::from_xdr(&record.event, own_limits(&record.event)).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // all of this is tests
mod tests {
    use super::*;
    use crate::{
        node::test,
        rpc::{cursor::parse_event_id, filter::Filter},
    };

    fn page(start: u32, after: Option<&str>) -> EventPage {
        EventPage {
            start,
            end: 0,
            after: after.map(|id| parse_event_id(id).unwrap()),
            limit: 10_000,
            filters: Vec::new(),
        }
    }

    /// The event of this number in one transaction, which cannot be read, of `length` bytes.
    fn record(event: u32, length: usize) -> EventRecord {
        let position = Position {
            ledger: 7,
            transaction: 1,
            operation: 0,
            event,
        };
        EventRecord {
            position,
            closed_at: 0,
            transaction_hash: [0; 32],
            is_success: true,
            event: vec![255; length],
        }
    }

    #[test]
    fn a_page_looks_at_ten_thousand_ledgers_and_the_next_one_goes_on() {
        let mut node = test::node();
        let first = node.latest().sequence;
        node.advance(5 * 9_998).unwrap();
        for sequence in [1, 2] {
            let root = node.root();
            let body = test::payment(&node).transaction.operations[0].body.clone();
            let paid = test::signed(&node, &root, sequence, body);
            node.send(paid).unwrap();
            node.close(None).unwrap();
        }
        assert_eq!(node.latest().sequence, first + 10_000);
        let told = |page: &EventPage| {
            let Reply::Events { events, cursor, .. } =
                events(&node, page, &mut Room::default()).unwrap()
            else {
                return (Vec::new(), String::new());
            };
            let ledgers = events.iter().map(|event| event.position.ledger - first);
            (ledgers.collect(), cursor)
        };
        // Each payment has two: the fee's, and its own.
        let (ledgers, cursor) = told(&page(first, None));
        assert_eq!(ledgers, [9_999; 2]);
        assert_eq!(cursor, end_of(first + 9_999));
        let (ledgers, _) = told(&page(0, Some(&cursor)));
        assert_eq!(ledgers, [10_000; 2]);
        let (ledgers, cursor) = told(&EventPage {
            end: first + 9_999,
            ..page(first, None)
        });
        assert_eq!((ledgers, cursor), (vec![], end_of(first + 9_998)));
    }

    #[test]
    fn a_page_looks_at_a_hundred_thousand_events() {
        let page = EventPage {
            // Which admits none of them.
            filters: vec![Filter::default()],
            ..page(1, None)
        };
        let mut room = Room::default();
        let mut search = Search::new(&page, &mut room);
        let looked_at = (0..200_000).take_while(|event| search.take(record(*event, 4)));
        assert_eq!(looked_at.count(), 99_999);
        assert!(search.found.is_empty());
        let last = event_id(record(99_999, 0).position);
        assert_eq!(search.stopped_at, Some(last));
    }

    #[test]
    fn a_page_of_events_ends_at_sixteen_mebibytes() {
        let (page, mut room) = (page(1, None), Room::default());
        let mut search = Search::new(&page, &mut room);
        let long = (1 << 20) - BESIDE;
        let fit = (0..100).take_while(|event| search.take(record(*event, long)));
        assert_eq!(fit.count(), 15, "and the one that fills it");
        assert_eq!(search.found.len(), 16);
        let last = event_id(record(15, 0).position);
        assert_eq!(search.stopped_at, Some(last));
    }
}
