//! Arguments of any size, negative ones too: an answer or a named error, never a panic (the build checks overflow).

use actuary::advance::*;
use actuary::capacity::*;
use actuary::claim::*;
use actuary::deficit::{CountedDeficit, LentReserve};
use actuary::health::*;
use actuary::lending;
use actuary::loss::*;
use actuary::nav::*;
use actuary::premium::*;
use actuary::price::*;
use actuary::quote::*;
use actuary::rate::*;
use actuary::ring::*;
use actuary::time::*;
use actuary::window::*;
use actuary::*;
use proptest::prelude::*;

use crate::exact::{assets, many_cases, rate, ten_to};

/// Any bits, and often what lies at an edge.
fn any_amount() -> impl Strategy<Value = i128> {
    let edges = [
        i128::MIN,
        -1,
        0,
        1,
        FULL_RATE,
        ten_to(26),
        ten_to(27),
        ten_to(38),
        i128::MAX - 1,
        i128::MAX,
    ];
    prop_oneof![
        any::<i128>(),
        any::<i64>().prop_map(i128::from),
        prop::sample::select(edges.to_vec())
    ]
}

fn any_time() -> impl Strategy<Value = u64> {
    let edges = vec![0, 1, WEEK, MAX_TIME, MAX_TIME + 1, u64::MAX - 1, u64::MAX];
    prop_oneof![any::<u64>(), 0..=MAX_TIME, prop::sample::select(edges)]
}

fn amounts() -> impl Strategy<Value = [i128; 6]> {
    prop::array::uniform6(any_amount())
}

proptest! {
    #![proptest_config(many_cases())]

    #[test]
    fn premiums_and_rings_answer_or_refuse([a, b, c, d, ..] in amounts(), [t, u, v] in prop::array::uniform3(any_time()), weeks: u32) {
        let _ = (term_end(t, weeks), renewed_end(t, weeks, u), leaving_week(t), is_backed(t, u));
        let _ = Premium::of(assets(a), rate(b), t, assets(c));
        let _ = (earning_rate_down(assets(a), t), merged_earning_rate_down(Scaled::from_raw(a), assets(b), t));
        let _ = (unearned(ScaledRate::from_raw(a), t, u), refund_down(Scaled::from_raw(a)));
        let _ = (check_unearned(Scaled::from_raw(a), assets(b)), split_protocol_fee(assets(a), assets(b)));
        let mut ring = PremiumRing { unearned: Scaled::from_raw(a), earning_rate: ScaledRate::from_raw(b), ending: [ScaledRate::from_raw(c); 14], last: t };
        let _ = (ring.add(ScaledRate::from_raw(d), u), ring.remove(ScaledRate::from_raw(d), u), ring.accrue(v), ring.add(ScaledRate::from_raw(d), u));
        let mut ring = ExposureRing { exposure: assets(a), leaving: [assets(b); 16], week: t };
        let _ = (ring.add(assets(c), u), ring.remove(assets(c), u), ring.roll(v), ring.add(assets(d), v));
    }

    #[test]
    fn rates_and_quotes_answer_or_refuse([a, b, c, d, e, f] in amounts(), now in any_time(), weeks in 0u32..20) {
        let span = Span { exposure: assets(a), limit: assets(b), capital: assets(c) };
        let _ = UtilisationCurve::STARTING.mean_factor_up(span, rate(d));
        let _ = (is_within_daily_step(rate(a), rate(b)), closeness_up(rate(a)));
        let tariff = Tariff {
            base: rate(d),
            ltv_table: LtvTable::STARTING,
            utilisation_curve: UtilisationCurve::STARTING,
            min_rate: rate(e.min(f)),
            max_rate: rate(f),
        };
        let request = QuoteRequest { span, ltv: rate(e), weeks, minimum: assets(f), debt: assets(a), borrow_rate: rate(b) };
        let _ = (tariff.rate_up(rate(e), span), Quote::of(&tariff, &request, now));
        let lenient = Tariff { base: rate(1), min_rate: Rate::ZERO, max_rate: MAX_RATE, ..tariff };
        let _ = lenient.rate_up(Rate::ZERO, span);
        let _ = (per_up(assets(a), now, now / 2), share_of_interest_up(assets(a), assets(b), rate(c), now));
    }

    #[test]
    fn books_and_claims_answer_or_refuse([a, b, c, d, e, f] in amounts()) {
        let books = Books {
            cash: assets(a), unearned: Scaled::from_raw(b), pending: assets(c), claimable: assets(d), bonds: assets(e),
            bounties: assets(f), reserve: assets(b), drawn: assets(c), fees_owed: Scaled::from_raw(d),
        };
        let _ = books.nav();
        let (s, n) = (Shares::from_raw(b), assets(c));
        let _ = (shares_for_down(assets(a), s, n), shares_for_up(assets(a), s, n), assets_for_down(s, s, n), assets_for_up(s, s, n));
        let group = GroupUse { exposure: assets(a), drawn: assets(b), cap: rate(c) };
        let _ = (group.room(assets(d), assets(e)), group.is_within_cap(assets(d)), pool_room(assets(a), assets(b), assets(c), assets(d)));
        let _ = (is_exit_backed(assets(a), assets(b), assets(c)), is_at_parity(Nav { lo: assets(a), hi: assets(b) }));
        let _ = (utilisation_up(assets(a), assets(b)), pro_rata_down(assets(a), assets(b), assets(c)));
        let _ = (instant_cap_down(assets(a), assets(b)), instant_daily_room_down(assets(a), assets(b)), challenge_bond_up(assets(a), assets(b)), split_bond(assets(a)), reserve_part(assets(a), assets(b)));
        let _ = (payout_down(assets(a), assets(b), rate(c), assets(d)), default_loss_down(assets(a), assets(b), assets(c), rate(d)));
        let mut index = LossIndex { last: a, lambda: b };
        let _ = (index.record(c), index.loss_down(d, e));
        let terms = GrantTerms { trigger: rate(a), deductible: rate(b), most: rate(c) };
        let _ = (grant_loss_down(assets(d), rate(e), terms, assets(f)), liquidation_loss_down(assets(a), assets(b), rate(c), assets(d)));
        let _ = collateral_loss_down(assets(a), Price::from_raw(b), Price::from_raw(c), rate(d));
        let platform = PlatformBooks { supply: assets(a), credits: assets(b), liabilities: assets(c), balance: assets(d) };
        let reserve = LentReserve { books: platform, b_tokens: e, b_rate: f };
        let mut counted = CountedDeficit(a);
        let _ = (platform.deficit(), counted.uncounted(assets(b), &reserve), counted.count_down(assets(c), &reserve), counted.set_off_down(d, &reserve));
    }

    #[test]
    fn advances_answer_or_refuse([a, b, c, d, e, f] in amounts(), t in any_time(), u in any_time(), buys: bool) {
        let loan = |collateral, debt| Loan { collateral: assets(collateral), debt: assets(debt), collateral_factor: rate(e), liability_factor: rate(f) };
        let _ = (loan(a, b).health_factor_down(), loan(a, b).repay_to_reach_up(rate(c)), loan(a, b).collateral_to_reach_up(rate(c)));
        let request = DrawRequest {
            on_platform: loan(a, b), at_hub: loan(c, d), collateral_at_low: assets(c), owed: assets(d), limit: assets(e),
            rescue: if buys { Rescue::BuyCollateral } else { Rescue::Repay },
        };
        let _ = (request.plan(&DrawTerms::STARTING), buying_cost_up(assets(a)), yearly_rate_up(rate(a), rate(b)));
        let mut book = AdvanceBook { drawn: assets(a), fees_owed: Scaled::from_raw(b), fee_rate: ScaledRate::from_raw(c), last: t };
        let _ = (book.accrue(u), book.pay_back(assets(d)), book.foreclose(assets(e)), Draw::new(assets(a), rate(b), rate(c)));
        if let Ok(settlement) = book.pay_back(assets(d)) {
            let _ = (settlement.paid(), book.subtract(&settlement));
        }
        let _ = (is_foreclosable(assets(a), assets(b), assets(c), t, u), discount_down(t, u));
        let _ = Foreclosure::split(assets(a), assets(b), assets(c), rate(d));
    }

    #[test]
    fn prices_answer_or_refuse([a, b, c, d, e, f] in amounts(), decimals: u32, [t, u, v] in prop::array::uniform3(any_time())) {
        let price = Price::from_raw;
        let _ = (normalise_down(a, decimals), max_age(t), is_fresh(t, u, v), cross_down(price(a), price(b)));
        let _ = Agreement::of(&mut [a, b, c, d, e, f].map(price));
        let _ = Agreement::of(&mut [a.max(1), b.max(1), c.max(1)].map(price));
        let _ = (differ_by_more_than(price(a), price(b), rate(c)), is_jump(price(a), price(b)), fall_down(price(a), price(b)));
        let (of, other) = (Priced { price: price(a), decimals: decimals % 40 }, Priced { price: price(b), decimals: 7 });
        let _ = (of.value_down(assets(c), &other), of.value_up(assets(c), &other));
        let mean = mean_of(&[Observation { price: price(a), time: t }, Observation { price: price(b), time: u }], v, 1, v);
        if let Ok(Some(mean)) = mean {
            let _ = (mean.price_down(), mean.price_up());
        }
    }

    #[test]
    fn lending_answers_or_refuses([a, b, c, d, e, f] in amounts(), t in any_time(), decimals: u32) {
        let model = lending::RateModel { base: rate(a), slope: rate(b), steep: rate(c), target: rate(d) };
        let _ = (model.check(), model.rate_up(rate(e)), model.rate_up(rate(f)));
        let _ = (lending::lent_part_up(assets(a), assets(b)), lending::supply_rate_down(rate(a), assets(b), assets(c), rate(d)));
        let _ = (lending::growth_up(rate(a), t), lending::interest_up(assets(a), b, c), lending::interest_up(assets(a), b, c % lending::WAD));
        let (s, n) = (Shares::from_raw(b), assets(c));
        let _ = (lending::supply_shares_down(assets(a), s, n), lending::redeemed_assets_down(s, s, n), lending::fee_shares_down(assets(a), s, n));
        let debts = lending::Debts { amount: assets(d), shares: Shares::from_raw(e) };
        let _ = (debts.shares_for_up(assets(a)), debts.owed_up(s), debts.taken_off(s, assets(a)), debts.repayment(s, assets(a)));
        let terms = lending::LiquidationTerms {
            collateral: Priced { price: Price::from_raw(a), decimals: decimals % 40 },
            asset: Priced { price: Price::from_raw(b), decimals: 7 },
            incentive: rate(c),
        };
        let _ = (terms.cost_up(assets(d)), terms.bought_down(assets(d)), terms.seizure(assets(d), assets(e), assets(f), assets(a)));
        let _ = lending::split_compensation(assets(a), assets(b), assets(c));
    }
}
