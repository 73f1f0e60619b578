//! What was surrendered for a claim that the court denies is its owner's again; what it grants in part stays with salvage.

use localnet::xdr::ScAddress;
use testkit::{
    bindings::{loan_market, salvage::SalvageError, OnLedger},
    feeds::PRICE_ONE,
    market::{Market, MarketSetup},
};

use super::*;

/// Prices down to 92 % of the reference.
const FALL: [i128; 2] = [1_920, 1_840];
/// Nine tenths of the reference.
const OWED: i128 = 1_800 * UNIT;

/// One unit of failed collateral was surrendered on either platform, and its claim challenged.
struct Failed {
    world: World,
    votes: Governance,
    market: Market,
    /// Their loan, and its claim: on Blend and on the market.
    owners: [(Keypair, ScAddress, u32); 2],
}

impl Failed {
    fn new() -> Self {
        let setup = Setup {
            peg: 2_000 * PRICE_ONE,
            ..Setup::default()
        };
        let (world, votes) = judged(&setup);
        let peg = MarketSetup {
            peg: 2_000 * PRICE_ONE,
            ..MarketSetup::default()
        };
        let market = Market::found(&world, &peg);
        let (on_blend, position, _) = insured(&world, "on Blend", request(Peril::Collateral));
        let perils = [loan_market::Peril::Collateral];
        let (on_market, loan, _) = scene::market_loan(&world, &market, "on the market", &perils);
        world.sleep(2 * DAY);
        fall(&world, &FALL);
        world.watch(7 * HOUR);
        let ledger = &world.ledger;
        let surrender = world.adapter.surrender(&position.0, UNIT, OWED);
        let first = surrender.send(ledger, &on_blend).unwrap();
        let surrender = market.insurer.surrender(&loan, UNIT, OWED);
        let second = surrender.send(ledger, &on_market).unwrap();
        let challenger = world.funded("challenger", PURSE);
        for claim in [first, second] {
            let challenge = world.cover.challenge(claim, &challenger);
            let bond = challenge.send(ledger, &challenger).unwrap();
            assert_eq!(bond, bond_of(OWED), "bond of {claim}");
        }
        Self {
            owners: [(on_blend, position.0, first), (on_market, loan, second)],
            world,
            votes,
            market,
        }
    }

    fn decide(&self, granted: i128) {
        let [(.., first), (.., second)] = self.owners;
        let both = proposal(&self.world, first, granted);
        let both = both.with(self.world.cover.resolve(second, granted));
        self.votes.decide(&self.world, &both);
    }

    /// Each adapter's attempt.
    fn finalize(&self) -> [Result<i128, InvokeError>; 2] {
        let (ledger, keeper) = (&self.world.ledger, &self.world.keeper);
        let [(.., first), (.., second)] = self.owners;
        [
            self.world.adapter.finalize(first, keeper),
            self.market.insurer.finalize(second, keeper),
        ]
        .map(|call| call.send(ledger, keeper))
    }

    fn salvages(&self) -> [testkit::bindings::salvage::Client; 2] {
        [self.world.salvage.clone(), self.market.salvage.clone()]
    }

    fn collateral(&self, holder: &ScAddress) -> i128 {
        self.world.collateral.balance(&self.world.ledger, holder)
    }

    fn policy(&self, loan: &ScAddress) -> cover::Policy {
        let interest = cover::Interest(loan.clone(), cover::Class::Loan);
        let policy = self.world.cover.policy(&interest);
        policy.view(&self.world.ledger).unwrap().unwrap()
    }
}

#[test]
fn what_was_surrendered_in_vain_is_its_owners_again() {
    let failed = Failed::new();
    let (world, before) = (&failed.world, books(&failed.world));
    assert_eq!(before.pending, 2 * OWED, "both wait");
    failed.decide(0);
    let after = books(world);
    assert_eq!((after.pending, after.bonds), (0, 0), "both are denied");
    assert_eq!(after.exposure - before.exposure, 2 * OWED, "in force again");
    for (.., claim) in &failed.owners {
        closed(
            &world.ledger,
            &world.keeper,
            world.cover.finalize(*claim, &world.keeper),
        );
    }
    assert_eq!(failed.finalize(), [Ok(0), Ok(0)], "by its adapter");
    for ((owner, loan, claim), salvage) in failed.owners.iter().zip(failed.salvages()) {
        assert_eq!(failed.collateral(&owner.address()), UNIT, "theirs");
        assert_eq!(failed.collateral(&salvage.0), 0, "no longer in salvage");
        let lot = salvage.lot(*claim).view(&world.ledger).unwrap();
        assert_eq!(lot, None, "no lot");
        let policy = failed.policy(loan);
        assert_eq!((policy.open_claims, policy.paid), (0, 0), "closed");
        assert_eq!(policy.limit, LIMIT, "the whole limit");
    }
    let closed = books(world);
    assert_eq!(closed.cash, after.cash, "nothing is paid");
}

#[test]
fn a_surrender_is_not_granted_in_part_and_in_full_its_lot_is_sold() {
    let failed = Failed::new();
    let ledger = &failed.world.ledger;
    failed.decide(OWED);
    let not_denied = SalvageError::NotDenied as u32;
    for ((.., claim), salvage) in failed.owners.iter().zip(failed.salvages()) {
        let give_back = salvage.give_back(*claim);
        let given = give_back.send(ledger, &failed.world.keeper);
        refused(given, not_denied, "granted");
    }
    assert_eq!(failed.finalize(), [Ok(OWED), Ok(OWED)], "paid");
    for ((.., claim), salvage) in failed.owners.iter().zip(failed.salvages()) {
        assert_eq!(failed.collateral(&salvage.0), UNIT, "in salvage");
        let lot = salvage.lot(*claim).view(ledger).unwrap().unwrap();
        assert_eq!(lot.sold_from, Some(ledger.now()), "for sale");
    }
}

/// The court asked about failed collateral without a surrender: there is nothing to give back.
#[test]
fn an_appeal_about_failed_collateral_has_no_lot() {
    let failed = Failed::new();
    let (world, ledger) = (&failed.world, &failed.world.ledger);
    let (owner, loan, _) = &failed.owners[1];
    let appeal = cover::Appeal {
        amount: UNIT,
        occurred_at: ledger.now(),
        peril: cover::Peril::Collateral,
    };
    let interest = cover::Interest(loan.clone(), cover::Class::Loan);
    world.usdc.mint(ledger, &owner.address(), 100 * UNIT);
    let appeal = world.cover.appeal(&interest, &appeal, owner);
    let claim = appeal.send(ledger, owner).unwrap();
    failed.votes.decide(world, &proposal(world, claim, 0));
    let finalize = || failed.market.insurer.finalize(claim, &world.keeper);
    let denied = finalize().send(ledger, &world.keeper);
    assert_eq!(denied, Ok(0), "closed");
    let others = failed.collateral(&failed.market.salvage.0);
    assert_eq!(others, UNIT, "the lot of the other claim stays");
}
