//! Entry points: each authorises and makes one call into the logic, which checks, accrues, computes, pays, stores and
//! emits. What they promise is written on the interfaces' trait; here it is written for the rest.

use actuary::Assets;
use interfaces::cover::{
    Appeal, Application, Books, Claim, CoverPool as CoverPoolInterface, GroupTerms, IdentityTerms,
    Interest, Loss, Peril, Policy, Quote, Roles, Settlement, Terms,
};
use soroban_sdk::{contract, contractimpl, Address, BytesN, Env, MuxedAddress, String, Vec};
use stellar_access::ownable::Ownable;
use stellar_contract_utils::upgradeable::{self, Upgradeable};
use stellar_macros::only_owner;
use stellar_tokens::fungible::total_supply::FungibleTotalSupply;
use stellar_tokens::fungible::FungibleToken;
use stellar_tokens::vault::FungibleVault;

use crate::advance::{self, Lending};
use crate::errors::{CoverError, OrFail};
use crate::insured::Insured;
use crate::types::{BackedGroup, Cap, Exit, Impairment, Pause, Scope};
use crate::vault::{Depositor, LpShares};
use crate::{
    admin, claim, cover, dispute, exit, held, impaired, pause, payment, renewal, storage, vault,
    views, wind_down,
};

/// The cover pool.
#[contract]
pub struct CoverPool;

#[contractimpl]
impl CoverPool {
    /// Opens the pool: `funder` gives one unit of the asset for the dead shares, which the pool holds itself.
    pub fn __constructor(
        env: Env,
        owner: Address,
        asset: Address,
        name: String,
        symbol: String,
        terms: Terms,
        funder: Address,
    ) -> Result<(), CoverError> {
        admin::found(&env, &owner, &asset, name, symbol, &terms, &funder);
        Ok(())
    }

    /// Deposits at NAV_hi; refused below `min_shares`. Returns the shares. Signed by `from`.
    pub fn stake(
        env: Env,
        from: Address,
        assets: i128,
        min_shares: i128,
    ) -> Result<i128, CoverError> {
        from.require_auth();
        let depositor = Depositor {
            receiver: &from,
            from: &from,
            operator: &from,
        };
        Ok(vault::deposit(&env, &depositor, assets, min_shares))
    }

    /// Moves shares into escrow for 14 days, irrevocably and at risk. Returns the request's slot. Signed by `owner`.
    pub fn request_redeem(env: Env, owner: Address, shares: i128) -> Result<u32, CoverError> {
        owner.require_auth();
        Ok(exit::request(&env, &owner, shares))
    }

    /// Pays a request to its owner at NAV_lo; refused below `min_out`. Returns the assets. Signed by `caller`, who may be
    /// anyone while NAV_lo is at least 99.5 % of NAV_hi and no appeal is open, else only the owner.
    pub fn fulfil(
        env: Env,
        owner: Address,
        slot: u32,
        caller: Address,
        min_out: i128,
    ) -> Result<i128, CoverError> {
        caller.require_auth();
        Ok(exit::fulfil(&env, &owner, slot, &caller, min_out).raw())
    }

    /// An owner's exits by slot; one without shares is free.
    pub fn exits(env: Env, owner: Address) -> Result<Vec<Exit>, CoverError> {
        Ok(storage::exits(&env, &owner).view(&env))
    }

    /// Sends what could not be delivered before to its owner. Returns the amount. Anyone.
    pub fn withdraw_claimable(env: Env, owner: Address) -> Result<i128, CoverError> {
        Ok(payment::withdraw_claimable(&env, &owner).raw())
    }

    /// What could not be delivered to an address yet.
    pub fn claimable_of(env: Env, owner: Address) -> i128 {
        storage::owed(&env, &owner).raw()
    }

    /// Compares the token balance with the books and declares the pool impaired if it is short. Returns what is missing.
    /// Anyone.
    pub fn check_backing(env: Env) -> Result<i128, CoverError> {
        Ok(impaired::check_backing(&env).raw())
    }

    /// Seven days after an impairment, fixes the factor that open claims are paid by. Anyone.
    pub fn settle_impairment(env: Env) -> Result<(), CoverError> {
        impaired::settle(&env);
        Ok(())
    }

    /// Gives capital to the pool, such as what salvage brought; no shares are minted for it. Signed by `from`.
    pub fn recapitalise(env: Env, from: Address, amount: i128) -> Result<(), CoverError> {
        from.require_auth();
        impaired::recapitalise(&env, &from, Assets::checked_from_raw(amount).or_fail(&env));
        Ok(())
    }

    /// Makes an impaired pool sound again, once every limit is backed. Owner.
    #[only_owner]
    pub fn resume(env: Env) -> Result<(), CoverError> {
        impaired::resume(&env);
        Ok(())
    }

    /// The impairment, if there is one.
    pub fn impairment(env: Env) -> Option<Impairment> {
        storage::impairment(&env)
    }

    /// Use of a group.
    pub fn group_state(env: Env, group: u32) -> Result<BackedGroup, CoverError> {
        Ok(views::group_state(&env, group))
    }

    /// Amounts and rates of the whole pool.
    pub fn terms(env: Env) -> Result<Terms, CoverError> {
        Ok(storage::terms(&env))
    }

    /// Caps over several groups.
    pub fn caps(env: Env) -> Vec<Cap> {
        storage::caps(&env)
    }

    /// A scope's pause.
    pub fn pause_of(env: Env, scope: Scope) -> Pause {
        storage::pauses(&env).get(scope as u32).unwrap_or_default()
    }

    /// Sets amounts and rates of the whole pool. Owner.
    #[only_owner]
    pub fn set_terms(env: Env, terms: Terms) -> Result<(), CoverError> {
        admin::set_terms(&env, &terms);
        Ok(())
    }

    /// Adds a group, the next number, or changes one; class, deductible, waiting periods and co-insurance stay. Owner.
    #[only_owner]
    pub fn set_group(env: Env, group: u32, terms: GroupTerms) -> Result<(), CoverError> {
        admin::set_group(&env, group, &terms);
        Ok(())
    }

    /// Sets the caps over several groups. Owner.
    #[only_owner]
    pub fn set_caps(env: Env, caps: Vec<Cap>) -> Result<(), CoverError> {
        admin::set_caps(&env, &caps);
        Ok(())
    }

    /// Sets who sets base rates, who pauses and delays, who decides disputes. Owner.
    #[only_owner]
    pub fn set_roles(env: Env, roles: Roles) {
        admin::set_roles(&env, &roles);
    }

    /// Who sets base rates, who pauses and delays, who decides disputes.
    pub fn roles(env: Env) -> Roles {
        storage::roles(&env)
    }

    /// Sets who must have shown who they are; none: nobody. Owner.
    #[only_owner]
    pub fn set_identity(env: Env, terms: Option<IdentityTerms>) -> Result<(), CoverError> {
        admin::set_identity(&env, terms);
        Ok(())
    }

    /// Ends sales and deposits for good, unless the owner lifts the pauses. What was sold stays covered; LPs leave as its limits
    /// run off, after 15 weeks all of them. Owner.
    #[only_owner]
    pub fn wind_down(env: Env) -> Result<(), CoverError> {
        wind_down::begin(&env);
        Ok(())
    }

    /// Gives the reserve to the LPs that are left, once nothing is sold any more and no cover, claim or advance is open. Returns it.
    /// Owner.
    #[only_owner]
    pub fn release_reserve(env: Env) -> Result<i128, CoverError> {
        Ok(wind_down::release_reserve(&env).raw())
    }

    /// Sets a base rate inside its bounds and by at most 25 % a day, or confirms it. The risk role.
    pub fn set_base(env: Env, group: u32, peril: Peril, base: u32) -> Result<(), CoverError> {
        storage::roles(&env).risk.require_auth();
        admin::set_base(&env, group, peril, base);
        Ok(())
    }

    /// Pauses a part of the pool; what keeps money in ends after 72 h and may come again 7 days later. The guardian.
    pub fn pause(env: Env, scope: Scope) -> Result<(), CoverError> {
        storage::roles(&env).guardian.require_auth();
        pause::pause(&env, scope);
        Ok(())
    }

    /// Lifts a pause. Owner.
    #[only_owner]
    pub fn unpause(env: Env, scope: Scope) {
        pause::unpause(&env, scope);
    }

    /// Brings what is stored to this code's layout, once after an upgrade. Owner. Errors: `NothingToMigrate`.
    #[only_owner]
    pub fn migrate(env: Env) -> Result<(), CoverError> {
        admin::migrate(&env);
        Ok(())
    }

    /// The layout of what is stored.
    pub fn schema(env: Env) -> u32 {
        upgradeable::get_schema_version(&env)
    }
}

#[contractimpl]
impl CoverPoolInterface for CoverPool {
    fn quote(env: Env, application: Application) -> Result<Quote, CoverError> {
        Ok(cover::quote(&env, &application))
    }

    fn open(env: Env, application: Application) -> Result<Quote, CoverError> {
        storage::listing(&env, application.group)
            .terms
            .adapter
            .require_auth();
        Ok(cover::open(&env, &application))
    }

    fn renew(
        env: Env,
        interest: Interest,
        limit: i128,
        weeks: u32,
        ltv: u32,
        bounty_to: Address,
    ) -> Result<i128, CoverError> {
        let insured = by_adapter(&env, interest);
        Ok(renewal::renew(&env, insured, limit, weeks, ltv, &bounty_to).raw())
    }

    fn top_up(
        env: Env,
        interest: Interest,
        payer: Address,
        amount: i128,
        ltv: u32,
        max_premium: i128,
    ) -> Result<i128, CoverError> {
        let insured = by_adapter(&env, interest);
        Ok(cover::top_up(&env, insured, &payer, amount, ltv, max_premium).raw())
    }

    fn cancel(env: Env, interest: Interest) -> Result<i128, CoverError> {
        let insured = by_adapter(&env, interest);
        insured.policy.owner.require_auth();
        Ok(cover::cancel(&env, insured).raw())
    }

    fn pay(
        env: Env,
        interest: Interest,
        loss: Loss,
        bounty_to: Address,
    ) -> Result<Settlement, CoverError> {
        let insured = by_adapter(&env, interest);
        Ok(claim::pay(&env, insured, &loss, &bounty_to))
    }

    fn draw(
        env: Env,
        interest: Interest,
        amount: i128,
        rate: u32,
        sources: u32,
        bounty_to: Address,
    ) -> Result<Settlement, CoverError> {
        let insured = by_adapter(&env, interest);
        Ok(advance::draw(
            &env,
            insured,
            amount,
            sources,
            &Lending {
                rate,
                bounty_to: &bounty_to,
            },
        ))
    }

    fn pay_bounties(env: Env, group: u32, to: Address) -> Result<i128, CoverError> {
        storage::listing(&env, group).terms.adapter.require_auth();
        Ok(payment::pay_bounties(&env, &to).raw())
    }

    fn pay_back(
        env: Env,
        interest: Interest,
        payer: Address,
        amount: i128,
    ) -> Result<i128, CoverError> {
        payer.require_auth();
        let insured = Insured::load(&env, interest);
        Ok(advance::pay_back(&env, insured, &payer, amount).raw())
    }

    fn foreclose(
        env: Env,
        interest: Interest,
        payer: Address,
        recovered: i128,
    ) -> Result<i128, CoverError> {
        let insured = by_adapter(&env, interest);
        Ok(advance::foreclose(&env, insured, &payer, recovered).raw())
    }

    fn finalize(env: Env, claim: u32, bounty_to: Address) -> Result<i128, CoverError> {
        let filed = claim::load(&env, claim);
        let insured = Insured::load(&env, filed.interest.clone());
        if claim::needs_adapter(&filed, &insured) {
            insured.terms.adapter.require_auth();
        }
        Ok(claim::finalize(&env, (claim, filed), insured, &bounty_to).raw())
    }

    fn finalize_draw(
        env: Env,
        claim: u32,
        amount: i128,
        rate: u32,
        bounty_to: Address,
    ) -> Result<i128, CoverError> {
        let filed = claim::load(&env, claim);
        let insured = by_adapter(&env, filed.interest.clone());
        let lending = Lending {
            rate,
            bounty_to: &bounty_to,
        };
        Ok(advance::finalize_draw(&env, (claim, filed), insured, amount, &lending).raw())
    }

    fn challenge(env: Env, claim: u32, challenger: Address) -> Result<i128, CoverError> {
        challenger.require_auth();
        Ok(dispute::challenge(&env, claim, &challenger).raw())
    }

    fn appeal(
        env: Env,
        interest: Interest,
        appeal: Appeal,
        appellant: Address,
    ) -> Result<u32, CoverError> {
        appellant.require_auth();
        Ok(dispute::appeal(&env, interest, &appeal, &appellant))
    }

    fn resolve(env: Env, claim: u32, amount: i128) -> Result<(), CoverError> {
        storage::roles(&env).court.require_auth();
        dispute::resolve(&env, claim, amount);
        Ok(())
    }

    fn delay(env: Env, claim: u32) -> Result<(), CoverError> {
        storage::roles(&env).guardian.require_auth();
        dispute::delay(&env, claim);
        Ok(())
    }

    fn assign(env: Env, interest: Interest, to: Address) -> Result<(), CoverError> {
        let insured = by_adapter(&env, interest);
        insured.policy.owner.require_auth();
        held::assign(&env, insured, &to);
        Ok(())
    }

    fn claim(env: Env, claim: u32) -> Option<Claim> {
        storage::claim(&env, claim)
    }

    fn room(env: Env, group: u32) -> Result<i128, CoverError> {
        Ok(views::room(&env, group).raw())
    }

    fn policy(env: Env, interest: Interest) -> Result<Option<Policy>, CoverError> {
        Ok(views::policy(&env, &interest))
    }

    fn policies_of(env: Env, owner: Address) -> Vec<(Interest, Policy)> {
        views::policies_of(&env, &owner)
    }

    fn insured_of(env: Env, owner: Address) -> i128 {
        held::insured_of(&env, &owner).raw()
    }

    fn identity(env: Env) -> Option<IdentityTerms> {
        storage::identity(&env)
    }

    fn group(env: Env, group: u32) -> Option<GroupTerms> {
        storage::find_listing(&env, group).map(|listing| listing.terms)
    }

    fn books(env: Env) -> Result<Books, CoverError> {
        Ok(views::books(&env))
    }
}

/// An interest's policy, for the adapter of its group alone.
fn by_adapter(env: &Env, interest: Interest) -> Insured {
    let insured = Insured::load(env, interest);
    insured.terms.adapter.require_auth();
    insured
}

#[contractimpl(contracttrait)]
impl FungibleToken for CoverPool {
    type ContractType = LpShares;
}

#[contractimpl(contracttrait)]
impl FungibleTotalSupply for CoverPool {}

#[contractimpl(contracttrait)]
impl FungibleVault for CoverPool {}

#[contractimpl(contracttrait)]
impl Ownable for CoverPool {}

#[contractimpl]
impl Upgradeable for CoverPool {
    #[only_owner]
    fn upgrade(e: &Env, new_wasm_hash: BytesN<32>, _operator: Address) {
        upgradeable::upgrade(e, &new_wasm_hash);
    }
}
