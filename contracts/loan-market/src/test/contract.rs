//! Who may call what: one accept and several rejects for every protected entry, with exact authorisation trees.

use interfaces::adapter::CoverRequest;
use interfaces::market::{MarketConfig, RateModel};
use interfaces::platform::Beneficiary;
use soroban_sdk::testutils::{Address as _, MockAuth, MockAuthInvoke};
use soroban_sdk::{Address, Bytes, Env, IntoVal, Val, Vec};

use super::mocks::fine_token::FineToken;
use super::std::vec::Vec as List;
use super::{code, config, refused, std, World, UNIT};
use crate::{LoanMarket, MarketError};

type Signed<'a> = (&'a Address, MockAuthInvoke<'a>);

/// A world with a loan of 100 against 50, insured with an insurer that is nothing but an address.
struct Scene {
    world: World,
    insurer: Address,
    loan: Address,
    stranger: Address,
}

impl Scene {
    fn new() -> Self {
        let world = World::empty();
        let insurer = Address::generate(&world.env);
        world.market.supply(&world.lender, &(1_000 * UNIT), &0);
        let loan = world.loan(100, 50);
        world.market.set_insurer(&insurer);
        world.mark_insured(&loan);
        world.mint(&insurer, 1_000 * UNIT);
        world.mint(&world.borrower, 1_000 * UNIT);
        let stranger = Address::generate(&world.env);
        Self {
            world,
            insurer,
            loan,
            stranger,
        }
    }

    fn call<'a>(
        &'a self,
        name: &'a str,
        args: impl IntoVal<Env, Vec<Val>>,
        nested: &'a [MockAuthInvoke<'a>],
    ) -> MockAuthInvoke<'a> {
        MockAuthInvoke {
            contract: &self.world.market.address,
            fn_name: name,
            args: args.into_val(&self.world.env),
            sub_invokes: nested,
        }
    }

    /// A transfer of the loan asset to the market.
    fn payment(&self, from: &Address, amount: i128) -> MockAuthInvoke<'_> {
        self.transfer(
            &self.world.asset.address,
            from,
            &self.world.market.address,
            amount,
        )
    }

    fn transfer<'a>(
        &'a self,
        token: &'a Address,
        from: &Address,
        to: &Address,
        amount: i128,
    ) -> MockAuthInvoke<'a> {
        MockAuthInvoke {
            contract: token,
            fn_name: "transfer",
            args: (from, to, amount).into_val(&self.world.env),
            sub_invokes: &[],
        }
    }

    fn sign(&self, signed: &[Signed]) {
        let auths: List<MockAuth> = signed
            .iter()
            .map(|(address, invoke)| MockAuth { address, invoke })
            .collect();
        self.world.env.mock_auths(&auths);
    }

    /// Checks that a call needs every one of these signatures, by whom they are, for all that is nested in them; and that it
    /// needs nothing more.
    fn check(&self, signed: &[Signed], succeeds: impl Fn() -> bool) {
        let name = signed.first().unwrap().1.fn_name;
        for at in 0..signed.len() {
            let without: List<Signed> = signed
                .iter()
                .enumerate()
                .filter(|(number, _)| *number != at)
                .map(|(_, one)| one.clone())
                .collect();
            self.sign(&without);
            assert!(!succeeds(), "{name}: without signature {at}");
            let mut forged = signed.to_vec();
            forged[at].0 = &self.stranger;
            self.sign(&forged);
            assert!(!succeeds(), "{name}: a stranger's signature {at}");
            if !signed[at].1.sub_invokes.is_empty() {
                let mut bare = signed.to_vec();
                bare[at].1.sub_invokes = &[];
                self.sign(&bare);
                assert!(!succeeds(), "{name}: without what is nested in {at}");
            }
        }
        self.sign(signed);
        assert!(succeeds(), "{name}: as signed");
    }
}

#[test]
fn a_lender_signs_the_supply_and_the_redemption() {
    let scene = Scene::new();
    let (market, lender) = (&scene.world.market, &scene.world.lender);
    let nested = [scene.payment(lender, UNIT)];
    let supply = scene.call("supply", (lender, UNIT, 0_i128), &nested);
    scene.check(&[(lender, supply)], || {
        market.try_supply(lender, &UNIT, &0).is_ok()
    });
    let to = &scene.stranger;
    let redeem = scene.call("redeem", (lender, UNIT, 0_i128, to), &[]);
    scene.check(&[(lender, redeem)], || {
        market.try_redeem(lender, &UNIT, &0, to).is_ok()
    });
}

#[test]
fn an_owner_signs_a_loan_with_its_cover_once() {
    let scene = Scene::new();
    let (world, market) = (&scene.world, &scene.world.market);
    let owner = &world.borrower;
    let collateral = scene.transfer(&world.collateral.address, owner, &market.address, UNIT);
    let plain = [collateral.clone()];
    let args = (owner, UNIT, 10_i128, None::<CoverRequest>, None::<Address>);
    let borrow = scene.call("borrow", args, &plain);
    scene.check(&[(owner, borrow)], || {
        market.try_borrow(owner, &UNIT, &10, &None, &None).is_ok()
    });
}

#[test]
fn one_signature_of_the_owner_opens_and_insures_a_loan() {
    let world = World::new();
    let scene = Scene {
        insurer: world.insurer.address.clone(),
        loan: world.borrower.clone(),
        stranger: Address::generate(&world.env),
        world,
    };
    let (world, market) = (&scene.world, &scene.world.market);
    let (owner, amount) = (&world.borrower, 10 * UNIT);
    let request = world.request();
    let nested = [
        scene.transfer(
            &world.collateral.address,
            owner,
            &market.address,
            100 * UNIT,
        ),
        scene.transfer(&world.asset.address, owner, &world.cover_pool, UNIT),
    ];
    let args = (
        owner,
        100 * UNIT,
        amount,
        Some(request.clone()),
        None::<Address>,
    );
    let borrow = scene.call("borrow", args, &nested);
    let insure = Some(request);
    scene.check(&[(owner, borrow)], || {
        market
            .try_borrow(owner, &(100 * UNIT), &amount, &insure, &None)
            .is_ok()
    });
}

#[test]
fn another_payer_signs_too() {
    let world = World::new();
    let scene = Scene {
        insurer: world.insurer.address.clone(),
        loan: world.loan(100, 10),
        stranger: Address::generate(&world.env),
        world,
    };
    let (world, market) = (&scene.world, &scene.world.market);
    let (owner, payer, request) = (&world.borrower, &world.liquidator, world.request());
    let collateral = [scene.transfer(
        &world.collateral.address,
        owner,
        &market.address,
        100 * UNIT,
    )];
    let premium = [scene.transfer(&world.asset.address, payer, &world.cover_pool, UNIT)];
    let args = (
        owner,
        100 * UNIT,
        UNIT,
        Some(request.clone()),
        Some(payer.clone()),
    );
    let by_owner = scene.call("borrow", args.clone(), &collateral);
    let by_payer = scene.call("borrow", args, &premium);
    let (insure, sponsor) = (Some(request.clone()), Some(payer.clone()));
    scene.check(&[(owner, by_owner), (payer, by_payer)], || {
        market
            .try_borrow(owner, &(100 * UNIT), &UNIT, &insure, &sponsor)
            .is_ok()
    });
    let args = (&scene.loan, payer, request.clone());
    let by_owner = scene.call("insure", args.clone(), &[]);
    let by_payer = scene.call("insure", args, &premium);
    scene.check(&[(owner, by_owner), (payer, by_payer)], || {
        market.try_insure(&scene.loan, payer, &request).is_ok()
    });
    let own = [scene.transfer(&world.asset.address, owner, &world.cover_pool, UNIT)];
    let by_owner = scene.call("insure", (&scene.loan, owner, request.clone()), &own);
    scene.check(&[(owner, by_owner)], || {
        market.try_insure(&scene.loan, owner, &request).is_ok()
    });
}

#[test]
fn an_owner_alone_takes_out_of_a_loan() {
    let world = World::new();
    let scene = Scene {
        insurer: world.insurer.address.clone(),
        loan: world.loan(100, 10),
        stranger: Address::generate(&world.env),
        world,
    };
    let (market, owner) = (&scene.world.market, &scene.world.borrower);
    let (loan, to) = (&scene.loan, &scene.stranger);
    let borrow = scene.call("borrow_more", (loan, UNIT, to), &[]);
    scene.check(&[(owner, borrow)], || {
        market.try_borrow_more(loan, &UNIT, to).is_ok()
    });
    let withdraw = scene.call("withdraw_collateral", (loan, UNIT, to), &[]);
    scene.check(&[(owner, withdraw)], || {
        market.try_withdraw_collateral(loan, &UNIT, to).is_ok()
    });
    scene.world.env.mock_all_auths();
    scene.world.mint(owner, 2 * UNIT);
    let nested = [scene.payment(owner, 12 * UNIT)];
    let close = scene.call("close", (loan, 12 * UNIT), &nested);
    scene.check(&[(owner, close)], || {
        market.try_close(loan, &(12 * UNIT)).is_ok()
    });
}

#[test]
fn who_pays_into_a_loan_signs_exactly_that() {
    let scene = Scene::new();
    let (world, market, loan) = (&scene.world, &scene.world.market, &scene.loan);
    let payer = &world.borrower;
    let collateral = [scene.transfer(&world.collateral.address, payer, &market.address, UNIT)];
    let add = scene.call("supply_collateral", (loan, payer, UNIT), &collateral);
    scene.check(&[(payer, add)], || {
        market.try_supply_collateral(loan, payer, &UNIT).is_ok()
    });
    let payment = [scene.payment(payer, 60 * UNIT)];
    let repay = scene.call("repay", (loan, payer, 60 * UNIT), &payment);
    scene.check(&[(payer, repay)], || {
        market.try_repay(loan, payer, &(60 * UNIT)).is_ok()
    });
}

#[test]
fn a_liquidator_signs_the_most_they_pay() {
    let scene = Scene::new();
    let (world, market, loan) = (&scene.world, &scene.world.market, &scene.loan);
    world.set_price(55_000_000_000_000);
    let (who, most) = (&world.liquidator, 20 * UNIT);
    let nested = [scene.payment(who, most)];
    let liquidate = scene.call("liquidate", (loan, who, UNIT, most, false), &nested);
    scene.check(&[(who, liquidate)], || {
        market
            .try_liquidate(loan, who, &UNIT, &most, &false)
            .is_ok()
    });
}

#[test]
fn the_insurer_alone_has_its_say() {
    let scene = Scene::new();
    let (world, market, loan) = (&scene.world, &scene.world.market, &scene.loan);
    let (insurer, payer, to) = (&scene.insurer, &world.liquidator, &scene.stranger);
    let nested = [scene.payment(insurer, UNIT)];
    let lenders = Beneficiary::Lenders;
    let compensate = scene.call("compensate", (insurer, lenders.clone(), UNIT), &nested);
    scene.check(&[(insurer, compensate)], || {
        market.try_compensate(insurer, &lenders, &UNIT).is_ok()
    });
    let borrower = Beneficiary::Borrower(loan.clone());
    let compensate = scene.call("compensate", (insurer, borrower.clone(), UNIT), &nested);
    scene.check(&[(insurer, compensate)], || {
        market.try_compensate(insurer, &borrower, &UNIT).is_ok()
    });
    let refinance = scene.call("refinance", (loan, UNIT), &[]);
    scene.check(&[(insurer, refinance)], || {
        market.try_refinance(loan, &UNIT).is_ok()
    });
    let surrender = scene.call("surrender", (loan, UNIT, to), &[]);
    scene.check(&[(insurer, surrender)], || {
        market.try_surrender(loan, &UNIT, to).is_ok()
    });
    let foreclose = scene.call("foreclose", (loan, payer, 60 * UNIT), &[]);
    let payment = scene.payment(payer, 60 * UNIT);
    scene.check(&[(insurer, foreclose), (payer, payment)], || {
        market.try_foreclose(loan, payer, &(60 * UNIT)).is_ok()
    });
}

#[test]
fn the_owner_alone_sets_insurer_fee_pause_and_code() {
    let world = World::empty();
    let scene = Scene {
        insurer: world.insurer.address.clone(),
        loan: world.borrower.clone(),
        stranger: Address::generate(&world.env),
        world,
    };
    let (world, market, insurer) = (&scene.world, &scene.world.market, &scene.insurer);
    let (owner, successor) = (&world.owner, &world.lender);
    let set = scene.call("set_insurer", (insurer,), &[]);
    scene.check(&[(owner, set)], || market.try_set_insurer(insurer).is_ok());
    let set = scene.call("set_fee", (1_u32, insurer), &[]);
    scene.check(&[(owner, set)], || market.try_set_fee(&1, insurer).is_ok());
    let set = scene.call("set_paused", (true,), &[]);
    scene.check(&[(owner, set)], || market.try_set_paused(&true).is_ok());
    let transfer = scene.call("transfer_ownership", (successor, 1_000_u32), &[]);
    scene.check(&[(owner, transfer)], || {
        market.try_transfer_ownership(successor, &1_000).is_ok()
    });
    let accept = scene.call("accept_ownership", (), &[]);
    scene.check(&[(successor, accept)], || {
        market.try_accept_ownership().is_ok()
    });
    let code = Bytes::from_slice(&world.env, &empty_contract());
    let hash = world.env.deployer().upload_contract_wasm(code);
    let upgrade = scene.call("upgrade", (&hash, successor), &[]);
    scene.check(&[(successor, upgrade)], || {
        market.try_upgrade(&hash, successor).is_ok()
    });
    assert!(market.try_state().is_err(), "another code");
}

#[test]
fn settling_collecting_writing_off_and_looking_need_no_signature() {
    let world = World::new();
    let loan = world.insured(100, 80);
    world.set_price(70_000_000_000_000);
    let (market, who) = (&world.market, &world.liquidator);
    market.liquidate(&loan, who, &(100 * UNIT), &(100 * UNIT), &false);
    let bad_debt = world.state().unsettled;
    world.pays(0, bad_debt + UNIT, 0);
    world.authorise(&world.borrower, false);
    world.env.set_auths(&[]);
    assert_eq!(market.settle_cover(&loan, who), bad_debt + UNIT, "settled");
    world.env.mock_all_auths();
    world.authorise(&world.borrower, true);
    world.claw_back(&market.address, UNIT);
    world.env.set_auths(&[]);
    assert_eq!(market.write_off(), UNIT, "written off");
    assert_eq!(market.collect(&world.borrower), UNIT, "collected");
    assert_eq!(market.config().liquidation_ltv, 8_000_000, "config");
    assert_eq!(
        market.insurer(),
        Some(world.insurer.address.clone()),
        "insurer"
    );
    assert_eq!(market.get_owner(), Some(world.owner.clone()), "owner");
    world.check_books();
}

#[test]
fn an_insurer_is_set_once() {
    let world = World::new();
    let again = refused(world.market.try_set_insurer(&world.lender));
    assert_eq!(again, code(MarketError::InsurerSet), "for good");
}

#[test]
fn a_market_is_not_founded_on_a_contradiction() {
    let world = World::empty();
    let sound = || {
        config(
            &world.asset.address,
            &world.collateral.address,
            &world.hub.address,
        )
    };
    let found = |config: MarketConfig| {
        let attempt = || world.env.register(LoanMarket, (&world.owner, config));
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(attempt)).is_ok()
    };
    let rates = |rates: RateModel| MarketConfig { rates, ..sound() };
    assert!(found(sound()), "sound");
    let fine = world.env.register(FineToken, ());
    let unsound: [(&str, MarketConfig); 9] = [
        (
            "one asset",
            MarketConfig {
                collateral: world.asset.address.clone(),
                ..sound()
            },
        ),
        (
            "19 decimals of collateral",
            MarketConfig {
                collateral: fine.clone(),
                ..sound()
            },
        ),
        (
            "19 decimals of the asset",
            MarketConfig {
                asset: fine,
                ..sound()
            },
        ),
        (
            "no LTV",
            MarketConfig {
                liquidation_ltv: 0,
                ..sound()
            },
        ),
        (
            "LIF below 1",
            MarketConfig {
                incentive: 9_999_999,
                ..sound()
            },
        ),
        (
            "LTV * LIF of 1",
            MarketConfig {
                incentive: 12_500_000,
                ..sound()
            },
        ),
        (
            "no target",
            rates(RateModel {
                target: 0,
                ..super::RATES
            }),
        ),
        (
            "above all",
            rates(RateModel {
                target: 10_000_001,
                ..super::RATES
            }),
        ),
        (
            "above 1000 %",
            rates(RateModel {
                steep: 100_000_000,
                ..super::RATES
            }),
        ),
    ];
    for (label, config) in unsound {
        assert!(!found(config), "{label}");
    }
    let at_the_edge = MarketConfig {
        incentive: 12_499_999,
        ..sound()
    };
    assert!(found(at_the_edge), "just below 1");
}

/// The smallest contract there is: no function, protocol 28.
fn empty_contract() -> List<u8> {
    let name = b"contractenvmetav0";
    let meta = [0, 0, 0, 0, 0, 0, 0, 28, 0, 0, 0, 0];
    let section = [&[17][..], name, &meta].concat();
    [b"\0asm\x01\0\0\0", &[0, section.len() as u8][..], &section].concat()
}
