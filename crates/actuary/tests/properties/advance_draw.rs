use actuary::advance::*;
use actuary::health::{Loan, TARGET};
use actuary::*;
use proptest::prelude::*;

use crate::exact;
use crate::exact::{assets, big, fitting, from_one_to, many_cases, rate, ten_to, up_to};

fn loan(collateral: i128, debt: i128) -> Loan {
    Loan {
        collateral: assets(collateral),
        debt: assets(debt),
        collateral_factor: rate(7_500_000),
        liability_factor: rate(9_500_000),
    }
}

/// 10 000 of collateral, health factor 1.096 on the platform and 1.086 at the hub.
fn request() -> DrawRequest {
    DrawRequest {
        on_platform: loan(10_000, 6_500),
        at_hub: loan(9_910, 6_500),
        collateral_at_low: assets(9_900),
        owed: Assets::ZERO,
        limit: assets(3_000),
        rescue: Rescue::Repay,
    }
}

#[test]
fn a_draw_lifts_both_health_factors_to_the_target() {
    let plan = request().plan(&DrawTerms::STARTING).unwrap();
    assert_eq!(
        plan.amount,
        assets(852),
        "6 500 - floor(9 910 * 0.7125 / 1.25)"
    );
    assert_eq!(plan.health_before, rate(10_862_884), "the worse before");
    assert!(
        plan.reaches_target && plan.health_after >= TARGET,
        "the worse after: {:?}",
        plan.health_after
    );
    let buying = DrawRequest {
        rescue: Rescue::BuyCollateral,
        ..request()
    }
    .plan(&DrawTerms::STARTING)
    .unwrap();
    // needs 11 404 - 9 910 = 1 494, and 1 % more to be sure
    assert_eq!(
        (buying.amount, buying.reaches_target),
        (assets(1_510), true),
        "buying"
    );
}

#[test]
fn a_draw_is_cut_to_limit_and_equity() {
    let cut = DrawRequest {
        limit: assets(130),
        ..request()
    };
    assert_eq!(
        cut.plan(&DrawTerms::STARTING)
            .map(|plan| (plan.amount, plan.reaches_target)),
        Ok((assets(130), false)),
        "2 %"
    );
    let dust = DrawRequest {
        limit: assets(129),
        ..request()
    };
    assert_eq!(
        dust.plan(&DrawTerms::STARTING),
        Err(DrawRefusal::TooSmall),
        "below 2 % of the debt"
    );
    let none = DrawRequest {
        limit: Assets::ZERO,
        ..request()
    };
    assert_eq!(
        none.plan(&DrawTerms::STARTING),
        Err(DrawRefusal::TooSmall),
        "nothing left of the limit"
    );
    // 90 % of 9 900 = 8 910; debt and advance 6 500 + 2 406 leave 4, of which a flat fee of 0.5 % fits 600 units.
    let full = DrawRequest {
        owed: assets(2_406),
        ..request()
    };
    assert_eq!(
        full.plan(&DrawTerms::STARTING).map(|plan| plan.amount),
        Ok(assets(600)),
        "the flat fee must fit"
    );
    let nearly = DrawRequest {
        collateral_at_low: assets(9_901),
        ..full
    };
    assert_eq!(
        nearly.plan(&DrawTerms::STARTING).map(|plan| plan.amount),
        Ok(assets(600)),
        "8 910.9 is 8 910"
    );
    let dearer = DrawTerms {
        flat_fee: rate(70_000),
        ..DrawTerms::STARTING
    };
    assert_eq!(
        full.plan(&dearer).map(|plan| plan.amount),
        Ok(assets(428)),
        "428.6, rounded down"
    );
    let odd = DrawRequest {
        on_platform: loan(10_000, 6_501),
        limit: assets(130),
        ..request()
    };
    assert_eq!(
        odd.plan(&DrawTerms::STARTING),
        Err(DrawRefusal::TooSmall),
        "2 % of 6 501 is 131"
    );
    let more_debt = DrawRequest {
        at_hub: loan(9_910, 6_520),
        owed: assets(2_391),
        ..request()
    };
    assert_eq!(
        more_debt.plan(&DrawTerms::STARTING),
        Err(DrawRefusal::EquityExhausted),
        "the larger debt counts"
    );
    let over = DrawRequest {
        owed: assets(2_411),
        ..request()
    };
    assert_eq!(
        over.plan(&DrawTerms::STARTING),
        Err(DrawRefusal::EquityExhausted),
        "above 90 %"
    );
    let uncertain = DrawRequest {
        owed: assets(1_421),
        ..request()
    };
    assert_eq!(
        uncertain.plan(&DrawTerms::STARTING.quarantined()),
        Err(DrawRefusal::EquityExhausted),
        "above 80 %"
    );
}

#[test]
fn a_closed_loan_is_healthy_and_one_without_collateral_is_exhausted() {
    for rescue in [Rescue::Repay, Rescue::BuyCollateral] {
        let at = |debt| DrawRequest {
            on_platform: loan(0, debt),
            at_hub: loan(0, debt),
            collateral_at_low: Assets::ZERO,
            rescue,
            ..request()
        };
        let refusal = |debt| at(debt).plan(&DrawTerms::STARTING).unwrap_err();
        assert_eq!(refusal(0), DrawRefusal::Healthy, "{rescue:?}: closed");
        assert_eq!(
            refusal(1),
            DrawRefusal::EquityExhausted,
            "{rescue:?}: nothing to lend against"
        );
    }
}

#[test]
fn a_draw_needs_a_loan_in_need_that_it_can_help() {
    let healthy = DrawRequest {
        on_platform: loan(10_400, 6_500),
        at_hub: loan(10_400, 6_500),
        ..request()
    };
    assert_eq!(
        healthy.plan(&DrawTerms::STARTING),
        Err(DrawRefusal::Healthy),
        "1.14"
    );
    let barely = DrawRequest {
        on_platform: loan(8_400, 5_900),
        at_hub: loan(8_400, 5_900),
        limit: assets(200),
        ..request()
    };
    assert_eq!(
        barely.plan(&DrawTerms::STARTING).map(|plan| plan.amount),
        Ok(assets(200)),
        "1.05 to the last unit"
    );
    let at_trigger = DrawRequest {
        on_platform: loan(11_200, 7_125),
        at_hub: loan(11_200, 7_125),
        ..request()
    };
    assert_eq!(
        at_trigger.plan(&DrawTerms::STARTING),
        Err(DrawRefusal::Healthy),
        "1.12 is not below 1.12"
    );
    let hopeless = DrawRequest {
        on_platform: loan(9_000, 6_500),
        limit: assets(390),
        ..request()
    };
    assert_eq!(
        hopeless.plan(&DrawTerms::STARTING),
        Err(DrawRefusal::StillUnhealthy),
        "1.0495 after"
    );
    let helped = DrawRequest {
        on_platform: loan(9_000, 6_500),
        limit: assets(393),
        ..request()
    };
    assert!(helped.plan(&DrawTerms::STARTING).is_ok(), "1.05 after");
    let absurd = DrawRequest {
        on_platform: loan(9_000, i128::MAX),
        ..request()
    };
    assert_eq!(
        absurd.plan(&DrawTerms::STARTING),
        Err(DrawRefusal::Math(MathError::Overflow)),
        "no answer"
    );
}

proptest! {
    #![proptest_config(many_cases())]

    #[test]
    fn a_planned_draw_keeps_every_bound(
        collateral in from_one_to(ten_to(26)), ltv in 5_000_000i128..9_500_000, hub in 8_000_000i128..12_000_000,
        low in 8_000_000i128..=10_000_000, owed in up_to(ten_to(25)), limit in up_to(ten_to(26)), buys in any::<bool>(),
    ) {
        let part = |amount: i128, rate: i128| fitting(&exact::div_down(&(big(amount) * rate), &big(FULL_RATE))).unwrap();
        let debt = part(collateral, ltv).max(1);
        let at_hub = part(collateral, hub);
        let request = DrawRequest {
            on_platform: loan(collateral, debt),
            at_hub: loan(at_hub, debt),
            collateral_at_low: assets(part(at_hub, low)),
            owed: assets(owed),
            limit: assets(limit),
            rescue: if buys { Rescue::BuyCollateral } else { Rescue::Repay },
        };
        let Ok(plan) = request.plan(&DrawTerms::STARTING) else { return Ok(()) };
        let amount = plan.amount.raw();
        prop_assert!(0 < amount && amount <= limit, "limit");
        prop_assert!(plan.reaches_target || big(amount) * 50 >= big(debt), "least draw");
        prop_assert_eq!(plan.reaches_target, plan.health_after >= TARGET, "target on both prices");
        prop_assert!(plan.health_before < DrawTerms::STARTING.trigger, "trigger");
        let fee = exact::div_up(&(big(amount) * 50_000), &big(FULL_RATE));
        let debt_after = if buys { big(debt) } else { big((debt - amount).max(0)) };
        let bought = exact::div_down(&(big(amount) * 9_900_000), &big(FULL_RATE));
        let bought = exact::div_down(&(bought * request.collateral_at_low.raw()), &big(at_hub));
        let bought = if buys { bought } else { big(0) };
        let owes = debt_after + owed + amount + fee;
        let covered = (big(request.collateral_at_low.raw()) + bought) * 9_000_000;
        prop_assert!(owes * FULL_RATE <= covered, "equity cap");
    }
}
