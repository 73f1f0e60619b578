//! Events, page by page, from a place that survives a restart.

use bindings::DecodeEvent;
use serde_json::json;
use stellar_rpc_client::{Event as Sent, GetEventsResponse};
use wire::xdr::{ContractId, Limits, ScAddress, ScVal, WriteXdr};

use crate::{
    decode,
    error::Error,
    rpc::{Question, Rpc},
};

const METHOD: &str = "getEvents";

/// Events that are asked for at once.
const PAGE: usize = 1_000;

/// Characters of an event's id or a cursor at most; servers' are 30.
const ID: usize = 100;

/// Which events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// Of these contracts, at most five; of all when there are none.
    pub contracts: Vec<ScAddress>,
    /// Whose topics are one of these, at most five; any when there are none. `None` stands for any one topic; a list matches
    /// events with as many topics as it has.
    pub topics: Vec<Vec<Option<ScVal>>>,
}

/// From where on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventStart {
    /// From the beginning of this ledger.
    Ledger(u32),
    /// After what was read when [`Events::cursor`] was this.
    Cursor(String),
}

/// An event of a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainEvent {
    /// Its place in history: unique, and increasing from event to event.
    pub id: String,
    /// The ledger.
    pub ledger: u32,
    /// The contract.
    pub contract: ScAddress,
    /// The transaction, as far as the server tells.
    pub transaction: Option<[u8; 32]>,
    /// Its topics.
    pub topics: Vec<ScVal>,
    /// Its data.
    pub data: ScVal,
}

impl ChainEvent {
    /// The event as one of a contract of ours; `None` when it is none of that contract's.
    ///
    /// # Errors
    /// When it is named like one and holds something else.
    pub fn decode<E: DecodeEvent>(&self) -> Result<Option<E>, Error> {
        Ok(E::decode(&self.topics, &self.data)?)
    }
}

/// Some events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventPage {
    /// In the order in which they happened.
    pub events: Vec<ChainEvent>,
    /// Whether that was all up to the last ledger that the server has. Until then the next page is there already, also after
    /// an empty one: a server looks at so many ledgers a page, `stellar-rpc` at 10 000.
    pub is_last: bool,
}

/// Events in the order in which they happened. [`Events::next_page`] goes on for ever; [`EventPage::is_last`] says when there
/// is nothing new.
#[derive(Debug)]
pub struct Events {
    rpc: Rpc,
    filter: EventFilter,
    start: EventStart,
    page: usize,
}

/// A place in history: ledger, transaction and operation in one number, and the event within.
type Place = (u64, u64);

/// The bits of a place's first number below the ledger.
const BELOW_LEDGER: u32 = 32;
/// Behind the last event of a ledger.
const BEHIND_ALL: u64 = 0xffff_ffff;

impl Events {
    pub(crate) fn new(rpc: Rpc, filter: EventFilter, start: EventStart) -> Self {
        Self {
            rpc,
            filter,
            start,
            page: PAGE,
        }
    }

    /// The same with at most `count` events a page.
    #[must_use]
    pub fn with_page(mut self, count: usize) -> Self {
        self.page = count.clamp(1, PAGE);
        self
    }

    /// Where the next page starts: to be kept together with what was made of the pages before it. `None` before the first.
    #[must_use]
    pub fn cursor(&self) -> Option<&str> {
        match &self.start {
            EventStart::Cursor(cursor) => Some(cursor),
            EventStart::Ledger(_) => None,
        }
    }

    /// The next events. Giving up half-way loses none: the next call asks for the same page.
    ///
    /// # Errors
    /// [`Error`]; when the events asked for are no longer kept, [`Error::Refused`].
    pub async fn next_page(&mut self) -> Result<EventPage, Error> {
        let answer: GetEventsResponse = self.rpc.ask(self.question()?).await?;
        let page = self.read(&answer)?;
        self.start = EventStart::Cursor(answer.cursor);
        Ok(page)
    }

    fn question(&self) -> Result<Question, Error> {
        let contracts: Vec<_> = self
            .filter
            .contracts
            .iter()
            .map(ScAddress::to_string)
            .collect();
        let mut topics = Vec::new();
        for list in &self.filter.topics {
            topics.push(list.iter().map(topic).collect::<Result<Vec<_>, _>>()?);
        }
        let filter = json!({ "type": "contract", "contractIds": contracts, "topics": topics });
        let question = Question::new(METHOD).with("filters", [filter])?;
        match &self.start {
            EventStart::Ledger(ledger) => question
                .with("startLedger", ledger)?
                .with("pagination", json!({ "limit": self.page })),
            EventStart::Cursor(cursor) => question.with(
                "pagination",
                json!({ "limit": self.page, "cursor": cursor }),
            ),
        }
    }

    /// The page, if it can be what was asked for: its events lie behind the last cursor and not behind its own.
    fn read(&self, answer: &GetEventsResponse) -> Result<EventPage, Error> {
        if answer.events.len() > self.page {
            return Err(Error::answer(METHOD, "more events than asked for"));
        }
        let end = place(&answer.cursor)?;
        let latest = u64::from(answer.latest_ledger);
        if ledger_of(end) > latest {
            return Err(Error::answer(METHOD, "a cursor behind the last ledger"));
        }
        let start = self.cursor().and_then(|cursor| place(cursor).ok());
        let mut last = start;
        let mut events = Vec::new();
        for sent in &answer.events {
            let place = place(&sent.id)?;
            if last.is_some_and(|last| place <= last) {
                return Err(Error::answer(METHOD, "events out of order"));
            }
            if ledger_of(place) != u64::from(sent.ledger) {
                return Err(Error::answer(METHOD, "an event of two ledgers"));
            }
            last = Some(place);
            events.push(self.event(sent)?);
        }
        if last.is_some_and(|last| end < last) {
            return Err(Error::answer(METHOD, "a cursor that goes back"));
        }
        let (_, event) = end;
        let is_last = ledger_of(end) == latest && event == BEHIND_ALL;
        if !is_last && start == Some(end) {
            return Err(Error::answer(METHOD, "a page without a step forward"));
        }
        Ok(EventPage { events, is_last })
    }

    fn event(&self, sent: &Sent) -> Result<ChainEvent, Error> {
        let contract: ContractId = sent
            .contract_id
            .parse()
            .map_err(|_| Error::answer(METHOD, "an event of no contract"))?;
        let contract = ScAddress::Contract(contract);
        let wanted = &self.filter.contracts;
        let is_early = matches!(self.start, EventStart::Ledger(from) if sent.ledger < from);
        if is_early || !(wanted.is_empty() || wanted.contains(&contract)) {
            return Err(Error::answer(METHOD, "an event that was not asked for"));
        }
        let hash = sent.tx_hash.as_deref();
        Ok(ChainEvent {
            id: sent.id.clone(),
            ledger: sent.ledger,
            contract,
            transaction: hash.map(|text| decode::hash(METHOD, text)).transpose()?,
            topics: decode::all(METHOD, &sent.topic)?,
            data: decode::xdr(METHOD, &sent.value)?,
        })
    }
}

fn topic(topic: &Option<ScVal>) -> Result<String, Error> {
    match topic {
        Some(value) => Ok(value.to_xdr_base64(Limits::none())?),
        None => Ok("*".into()),
    }
}

/// The place of the event with this id, or of a cursor: both are written the same way.
fn place(id: &str) -> Result<Place, Error> {
    let parts = id.split_once('-').filter(|_| id.len() <= ID);
    let place =
        parts.and_then(|(operation, event)| Some((operation.parse().ok()?, event.parse().ok()?)));
    place.ok_or_else(|| Error::answer(METHOD, "an event or a cursor without a place"))
}

fn ledger_of((operation, _): Place) -> u64 {
    operation >> BELOW_LEDGER
}
