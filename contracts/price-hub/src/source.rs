//! Asks the feeds. What traps, is missing, stale, from the future, not positive or absurd is dropped: a source that does
//! not speak sense does not speak.

use actuary::price::{
    differ_by_more_than, is_fresh, normalise_down, Agreement, MAX_SOURCES, OUTLIER,
};
use actuary::Price;
use interfaces::price::{
    DataFeedsClient, PriceError, PriceFeedClient, Source, SourceKind, CHAINLINK_DECIMALS,
};
use soroban_sdk::{vec, Address, Env, Symbol, Vec};

use crate::storage;
use crate::types::MAX_PRICE;

/// A source's price and when it recorded it.
#[derive(Clone, Copy)]
struct Quote {
    price: Price,
    timestamp: u64,
}

/// What an asset's sources agree on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agreed {
    /// The lower side when an even number agree, else the median.
    pub bottom: Price,
    /// The median, rounded down.
    pub median: Price,
    /// The higher side when an even number agree, else the median.
    pub top: Price,
    /// How many agree, at least two.
    pub sources: u32,
    /// The newest time among the prices at most 5 % away from the median.
    pub timestamp: u64,
}

/// Refuses a list of sources that cannot work.
pub fn validate(sources: &Vec<Source>) -> Result<(), PriceError> {
    let too_many = sources.len() as usize > MAX_SOURCES;
    if too_many || sources.iter().any(|source| source.max_age == 0) {
        return Err(PriceError::InvalidSources);
    }
    Ok(())
}

/// Takes a venue off an asset's list. Returns the sources that are left.
///
/// Once until the list is set again: else whoever holds the guardian's key could drop honest venues until those that collude agree.
pub fn drop_venue(env: &Env, asset: &Address, venue: &Symbol) -> Result<Vec<Source>, PriceError> {
    if storage::is_dropped(env, asset) {
        return Err(PriceError::AlreadyDropped);
    }
    let listed = storage::sources(env, asset);
    let mut left = Vec::new(env);
    for source in listed.iter().filter(|source| source.venue != *venue) {
        left.push_back(source);
    }
    if left.len() == listed.len() {
        return Err(PriceError::UnknownVenue);
    }
    storage::set_sources_left(env, asset, &left);
    Ok(left)
}

/// What the sources agree on now. Of each venue only the first that has a price speaks.
pub fn agreed(env: &Env, sources: &Vec<Source>) -> Option<Agreed> {
    let mut quotes = [Quote {
        price: Price::ZERO,
        timestamp: 0,
    }; MAX_SOURCES];
    let mut venues: Vec<Symbol> = Vec::new(env);
    for source in sources.iter() {
        if venues.contains(&source.venue) {
            continue;
        }
        if let Some(quote) = ask(env, &source) {
            *quotes.get_mut(venues.len() as usize)? = quote;
            venues.push_back(source.venue);
        }
    }
    agree(quotes.get(..venues.len() as usize)?)
}

fn agree(quotes: &[Quote]) -> Option<Agreed> {
    let mut prices = [Price::ZERO; MAX_SOURCES];
    for (price, quote) in prices.iter_mut().zip(quotes) {
        *price = quote.price;
    }
    let Agreement { low, high, sources } =
        Agreement::of(prices.get_mut(..quotes.len())?).ok()??;
    let median = Price::from_raw((low.raw() + high.raw()) / 2);
    let is_far = |quote: &Quote| differ_by_more_than(quote.price, median, OUTLIER).unwrap_or(true);
    let agreeing = quotes.iter().filter(|quote| !is_far(quote));
    let timestamp = agreeing.map(|quote| quote.timestamp).max()?;
    Some(Agreed {
        bottom: low,
        median,
        top: high,
        sources,
        timestamp,
    })
}

/// A source's price, if it has one that counts.
fn ask(env: &Env, source: &Source) -> Option<Quote> {
    let (answer, decimals, timestamp) = match &source.kind {
        SourceKind::Sep40(asset) => {
            let feed = PriceFeedClient::new(env, &source.contract);
            let data = feed.try_lastprice(asset).ok()?.ok()??;
            (data.price, feed.try_decimals().ok()?.ok()?, data.timestamp)
        }
        SourceKind::Chainlink(feed_id) => {
            let feeds = DataFeedsClient::new(env, &source.contract);
            let rounds = feeds
                .try_latest_round(&vec![env, feed_id.clone()])
                .ok()?
                .ok()?;
            let round = rounds.try_get(0).ok()???;
            (round.answer.to_i128()?, CHAINLINK_DECIMALS, round.timestamp)
        }
    };
    let counts = is_fresh(timestamp, env.ledger().timestamp(), source.max_age.into());
    let price = normalise_down(answer, decimals)
        .ok()
        .filter(|price| *price <= MAX_PRICE)?;
    counts.then_some(Quote { price, timestamp })
}
