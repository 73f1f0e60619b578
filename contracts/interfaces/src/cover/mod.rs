//! The cover pool's types and client: what adapters, positions, vaults and front ends call.

mod books;
mod claim;
mod error;
mod policy;
mod terms;

pub use books::Books;
pub use claim::{Appeal, Claim, Loss, Settlement};
pub use error::CoverError;
pub use policy::{Application, Interest, Policy, Quote};
pub use terms::{Class, GroupTerms, IdentityTerms, Knot, Peril, PerilTerms, Roles, Route, Terms};

use soroban_sdk::{contractclient, Address, Env, Vec};

/// The cover pool. The share token (SEP-41) and vault (SEP-56) functions are OpenZeppelin's and not repeated here.
#[contractclient(name = "CoverPoolClient")]
pub trait CoverPool {
    /// Price an application without selling; refuses as `open` would. Anyone.
    fn quote(env: Env, application: Application) -> Result<Quote, CoverError>;
    /// Sell a policy; a loan's only on a position that names the adapter in its `links`, or, by the route of the adapter, on an address
    /// where nothing is deployed. The payer signs a token transfer of exactly `max_premium` to the pool, since the premium falls with every second;
    /// what exceeds it is sent back at once. The group's adapter.
    fn open(env: Env, application: Application) -> Result<Quote, CoverError>;
    /// Add the next term, paid from the payer's allowance, at no more than `max_rate` comes to; what it adds to the limit that is left is
    /// usable after the waiting period; `bounty_to` gets the bounty. The group's adapter. Returns the premium.
    fn renew(
        env: Env,
        interest: Interest,
        limit: i128,
        weeks: u32,
        ltv: u32,
        bounty_to: Address,
    ) -> Result<i128, CoverError>;
    /// Sell more limit for the rest of the term, usable after the waiting period. The payer signs a transfer of `max_premium`, as in
    /// `open`. The group's adapter. Returns the premium.
    fn top_up(
        env: Env,
        interest: Interest,
        payer: Address,
        amount: i128,
        ltv: u32,
        max_premium: i128,
    ) -> Result<i128, CoverError>;
    /// End a policy and refund 90 % of its unearned premium. The group's adapter, with the owner's signature. Returns the refund.
    fn cancel(env: Env, interest: Interest) -> Result<i128, CoverError>;
    /// Settle a loss: deductible, co-insurance and what the event was settled for before are taken off here. The group's
    /// adapter.
    fn pay(
        env: Env,
        interest: Interest,
        loss: Loss,
        bounty_to: Address,
    ) -> Result<Settlement, CoverError>;
    /// Lend `amount` (at most the limit) to the subject by its policy's route. `rate` is the yearly fee rate, `sources` how many price
    /// sources agreed. The group's adapter. Returns what was drawn, or the claim a bound made of it.
    fn draw(
        env: Env,
        interest: Interest,
        amount: i128,
        rate: u32,
        sources: u32,
        bounty_to: Address,
    ) -> Result<Settlement, CoverError>;
    /// Pay the bounties that the adapter earned in `pay` and `draw` with itself as `bounty_to`: at the end of a batch, so that its
    /// keeper is paid by one transfer. What cannot be delivered is not paid. The group's adapter. Returns the amount.
    fn pay_bounties(env: Env, group: u32, to: Address) -> Result<i128, CoverError>;
    /// Pay an advance back, at most what is owed. `payer` signs this call and in it a transfer of exactly `amount`; what exceeds the
    /// debt is sent back at once. Anyone. Returns the amount taken.
    fn pay_back(
        env: Env,
        interest: Interest,
        payer: Address,
        amount: i128,
    ) -> Result<i128, CoverError>;
    /// Close an advance with what was recovered; the rest is written off, and the policy ends: nothing is covered any more, and claims
    /// that are open are paid to its owner. `payer` authorises a transfer of
    /// `min(owed, recovered)`. The group's adapter. Returns the amount taken.
    fn foreclose(
        env: Env,
        interest: Interest,
        payer: Address,
        recovered: i128,
    ) -> Result<i128, CoverError>;
    /// Pay a claim whose time has come: its window has passed, the court has decided it, or had its time, after which what was filed is
    /// granted and what was appealed for denied. A lost bond is shared. Anyone; an advance's only through the adapter, which measures
    /// again, until nothing can be lent any more: then anyone closes it. With the adapter's signature where it has to hand the money on
    /// (its route), or to give back what was surrendered for a claim that was denied. Errors: `NotPayable`, `UnknownClaim`, `Paused`,
    /// `AdapterOnly`, `Impaired`. Events: `Finalized`, and `Resolved` where time decided. Returns the amount.
    fn finalize(env: Env, claim: u32, bounty_to: Address) -> Result<i128, CoverError>;
    /// Make the draw that an advance's claim stands for, once its window has passed: at most the claim, at the yearly fee rate `rate`.
    /// What is not drawn returns to the limit inside the grace week; 0 closes the claim. The group's adapter. Returns what was drawn.
    fn finalize_draw(
        env: Env,
        claim: u32,
        amount: i128,
        rate: u32,
        bounty_to: Address,
    ) -> Result<i128, CoverError>;
    /// Have a claim that waits go to the court, which has 14 days; before it is payable, and not an advance's, which is lent and
    /// measured again. `challenger` signs a transfer of the bond, `max(100, 2 %)` of the claim. It comes back if the court takes anything
    /// off the claim, else half of it, rounded down, goes to the policy's owner and the rest to the reserve. Anyone. Errors:
    /// `NotDisputable`, `UnknownClaim`. Events: `Challenged`. Returns the bond.
    fn challenge(env: Env, claim: u32, challenger: Address) -> Result<i128, CoverError>;
    /// Ask the court for a loss that no contract proves: a claim that is denied unless the court decides in 14 days.
    /// `appellant` signs a transfer of the bond, as in `challenge`. It comes back if the court grants anything, else half of it,
    /// rounded down, is the LPs' and the rest the reserve's. The policy's owner; or the court, which admits a claim
    /// without a bond. Errors: `NotTheirs`, `NotAppealable`, and those of `pay`. Events: `Filed`, `Appealed`. Returns the claim.
    fn appeal(
        env: Env,
        interest: Interest,
        appeal: Appeal,
        appellant: Address,
    ) -> Result<u32, CoverError>;
    /// Decide a disputed claim in time: `amount` of it is payable at once, by `finalize`; the rest returns to the limit inside the
    /// grace week, and is free capital after it. A bond that is not lost comes back; a lost one is shared by `finalize`. The court. Errors:
    /// `NotDisputed`, `AboveClaim`, `AllOrNothing`. Events: `Resolved`.
    fn resolve(env: Env, claim: u32, amount: i128) -> Result<(), CoverError>;
    /// Put off a claim that waits and is not disputed by 72 h, once. The guardian. Errors: `NotDisputable`. Events: `Delayed`.
    fn delay(env: Env, claim: u32) -> Result<(), CoverError>;
    /// Make `to` the owner of a policy whose subject its adapter hands over in the same call; not while an advance or a claim is open.
    /// It renews no more, since its new owner has agreed to no rate, and is paid for by nobody else. The group's adapter,
    /// with the owner's signature. Errors: `PolicyBusy`, `NothingCovered`, `TooMany`, `Unverified`, `Sanctioned`. Events: `Assigned`.
    fn assign(env: Env, interest: Interest, to: Address) -> Result<(), CoverError>;
    /// An open claim.
    fn claim(env: Env, claim: u32) -> Option<Claim>;
    /// The largest limit that could be sold to one subject of a group now.
    fn room(env: Env, group: u32) -> Result<i128, CoverError>;
    /// A policy as of now.
    fn policy(env: Env, interest: Interest) -> Result<Option<Policy>, CoverError>;
    /// The live policies of an owner as of now, at most 32, each with the interest that it covers: those with anything left of
    /// their limit until their grace week is over, and those with an open advance or claim. For contracts and simulations: more than
    /// 20 are longer than what a transaction may return.
    fn policies_of(env: Env, owner: Address) -> Vec<(Interest, Policy)>;
    /// What is left of the limits of an owner's policies that have not ended: their balance of INS.
    fn insured_of(env: Env, owner: Address) -> i128;
    /// Who must have shown who they are; none: nobody.
    fn identity(env: Env) -> Option<IdentityTerms>;
    /// A group's terms.
    fn group(env: Env, group: u32) -> Option<GroupTerms>;
    /// The pool's books as of now.
    fn books(env: Env) -> Result<Books, CoverError>;
}

/// What others read of the pool's SEP-56 side; the whole of it is OpenZeppelin's `FungibleVault`.
#[contractclient(name = "CoverPoolVaultClient")]
pub trait CoverPoolVault {
    /// The settlement asset.
    fn query_asset(env: Env) -> Address;
}
