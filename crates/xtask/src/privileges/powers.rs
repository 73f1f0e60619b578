//! What each privileged function can do at worst and what bounds it: the words that no source tells.

/// A privileged function.
pub struct Power {
    /// Its contract; none: every contract that has it.
    pub contract: Option<&'static str>,
    /// Its name.
    pub function: &'static str,
    /// What it can do at worst.
    pub worst: &'static str,
    /// What bounds that.
    pub bound: &'static str,
    /// Where money goes that it moves. A function that moves none has none, and only one that a vote decides may move any.
    pub money: Option<&'static str>,
}

const fn power(
    contract: &'static str,
    function: &'static str,
    worst: &'static str,
    bound: &'static str,
) -> Power {
    Power {
        contract: Some(contract),
        function,
        worst,
        bound,
        money: None,
    }
}

const fn everywhere(function: &'static str, worst: &'static str, bound: &'static str) -> Power {
    Power {
        contract: None,
        function,
        worst,
        bound,
        money: None,
    }
}

impl Power {
    /// The same, which moves money, and where it goes.
    const fn moving(self, money: &'static str) -> Self {
        Self {
            money: Some(money),
            ..self
        }
    }
}

/// All of them.
pub const POWERS: &[Power] = &[
    everywhere("upgrade", "replaces the code, and new code can do anything", "the vote on exactly that code, and its delay"),
    everywhere("transfer_ownership", "offers all of the owner's powers to somebody else", "the vote and its delay; the other must accept"),
    everywhere("renounce_ownership", "leaves the contract without owner for good: nothing can be changed any more", "the vote and its delay; what was sold stays covered, and paid"),
    power("cover-pool", "set_terms", "makes premiums, fees and bounties of new cover absurd; has more paid at once, without the 48 h", "what was sold keeps its terms; the payer's `max_premium` and `max_rate`"),
    power("cover-pool", "set_group", "lists an adapter that reports losses that never were", "limits that were sold, the group's cap, its daily share, 48 h and the court"),
    power("cover-pool", "set_caps", "lifts the caps over several groups: more of one risk is sold", "every limit stays backed by capital"),
    power("cover-pool", "set_roles", "names somebody bad as risk, guardian or court", "what these can do, below"),
    power("cover-pool", "set_identity", "refuses sales and stakes to whom it likes; holds back what is paid to them", "what was sold is paid: it waits for its owner as claimable"),
    power("cover-pool", "wind_down", "ends sales and deposits", "`unpause`; what was sold stays covered, and LPs leave"),
    power("cover-pool", "release_reserve", "gives the reserve to the LPs that are left", "only once sales have ended and no cover, claim or advance is open"),
    power("cover-pool", "resume", "calls an impaired pool sound", "only once it holds what its books say and every limit is backed"),
    power("cover-pool", "unpause", "lifts a pause while its reason lasts", "the guardian may pause again"),
    power("cover-pool", "migrate", "nothing: it brings what is stored to a new layout, once", "refused unless new code asks for it"),
    power("cover-pool", "resolve", "decides a disputed claim wrongly", "at most the claim, to whom the policy names; the bond to who brought it or the claim's owner; 14 days")
        .moving("the bond alone: to who brought it, or half of it to the claim's owner"),
    power("cover-pool", "appeal", "files any policy's claim without a bond", "decided by another vote; at most its limit, 14 days")
        .moving("the bond of another appellant, to the pool; none for the court"),
    power("cover-pool", "set_base", "sells too cheaply or too dearly", "the group's bounds, 25 % a day; sales end when a rate is not confirmed for a week"),
    power("cover-pool", "pause", "stops deposits and sales until the owner lifts it, exits and claims for 72 h", "exits and claims not again for seven days; pay-backs, cancelling and what waits to be collected go on"),
    power("cover-pool", "delay", "puts a claim that waits off by 72 h", "once for each claim; not a disputed one; it never denies"),
    power("price-hub", "set_sources", "lists sources that lie: losses that never were, or none that were", "limits, caps, the daily share, the market's own oracle at sale"),
    power("price-hub", "set_threshold", "calls noise an event, or a crash none", "from 1 % to 90 %; deductible and limit of what was sold"),
    power("price-hub", "set_guardian", "names somebody bad as guardian", "what a guardian can do, below"),
    power("price-hub", "drop_venue", "of two venues: no price, so nothing is sold on the asset and nothing rescued; of four, two of which are bad together: their price", "once until the owner sets the list again; it adds none; three venues of which two are honest keep their price, within 2 %"),
    power("blend-adapter", "set_market", "lists a market with terms that pay too easily", "limits, caps and daily share of its group in the pool"),
    power("blend-lenders", "add_vault", "lists a vault that reports losses that never were", "limits, caps and daily share of its group in the pool; the loss index"),
    power("market-adapter", "set_market", "lists a platform that reports losses that never were", "limits, caps and daily share of its groups in the pool"),
    power("insured-vault", "invest", "lends all of the idle deposits", "to the vault's platform, fixed for life; not while armed")
        .moving("from the vault to its platform, as its own"),
    power("insured-vault", "divest", "takes deposits back from the platform, so that they earn nothing", "to the vault itself")
        .moving("from the platform back to the vault"),
    power("insured-vault", "insure", "buys cover that is too dear with the vault's money", "at most `max_rate`, for at most its assets; another payer signs")
        .moving("a premium, to the cover pool; what the platform holds, to the vault"),
    power("insured-vault", "cancel", "ends the vault's cover", "after seven days, nothing open; the refund is the vault's")
        .moving("the refund, from the cover pool to the vault"),
    power("loan-market", "set_insurer", "names an insurer that refuses exits of insured loans", "once; loans that were never insured are none of its business"),
    power("loan-market", "set_fee", "takes a quarter of the interest from then on", "25 % of interest; nothing of what was lent")
        .moving("the fee earned until then, to who was named before"),
    power("loan-market", "set_paused", "stops new loans and new deposits", "repaying, leaving and liquidating go on"),
    power("identity-verifier", "add_claim_topic", "requires what nobody has been confirmed: nobody new stakes, or buys above the free limit", "what was sold is paid whether or not its owner is verified"),
    power("identity-verifier", "remove_claim_topic", "drops one of several checks; of the last one it shuts the tier", "backing, caps and terms of cover do not depend on it"),
    power("identity-verifier", "add_trusted_issuer", "trusts an issuer that confirms anybody", "backing, caps and terms of cover do not depend on it"),
    power("identity-verifier", "remove_trusted_issuer", "trusts nobody any more: nobody new stakes, or buys above the free limit", "what was sold is paid whether or not its owner is verified"),
    power("identity-verifier", "update_issuer_claim_topics", "trusts an issuer with more, or with less", "as adding and removing it"),
    power("sanctions", "appoint", "appoints somebody bad as screener", "what a screener can do, below"),
    power("sanctions", "add", "lists honest people: what they would be paid waits", "nothing is lost, and nobody else gets it; the owner appoints another screener, or gives the pool another list"),
    power("sanctions", "remove", "lets somebody who is sanctioned be paid", "only what is theirs"),
    power("claim-issuer", "allow_key", "lets a bad key sign for the issuer", "the owner has verifiers trust it no more"),
    power("claim-issuer", "remove_key", "ends what a key has confirmed: who relies on it stakes no more, and buys no more above the free limit", "what was sold is paid whether or not its owner is verified"),
    power("claim-issuer", "revoke", "ends one person's identity claim", "what was sold is paid whether or not its owner is verified"),
    power("claim-issuer", "revoke_all", "ends all identity claims of one person on a topic", "what was sold is paid whether or not its owner is verified"),
    power("claim-issuer", "transfer_ownership", "offers the issuer to somebody else", "the owner has verifiers trust it no more"),
    power("claim-issuer", "renounce_ownership", "leaves the issuer without owner for good", "the owner has verifiers trust it no more"),
];
