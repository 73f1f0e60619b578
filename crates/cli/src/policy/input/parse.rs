//! From fields to a policy and its terms.

use actuary::ScaledRate;

use super::error::Fault;
use super::fields::{one_of, Fields};
use super::node::Node;
use super::{
    Asset, Class, Collateral, CollateralTerms, Drawing, GrantBounds, Group, Issued, Market,
    Payment, Peril, PerilTerms, Platform, PlatformKind, Policy, Route,
};

/// The most decimals that are counted with.
const MAX_DECIMALS: u64 = 18;
/// The longest waiting period that is counted with: a year.
const MAX_WAITING: u64 = actuary::time::YEAR;
/// The most that a policy may earn each second, scaled: beyond it nothing in the pool adds up.
const MAX_EARNING_RATE: i128 = 1_000_000_000_000_000_000_000_000_000_000;

const KINDS: [(&str, PlatformKind); 2] = [
    ("blend", PlatformKind::Blend),
    ("market", PlatformKind::Market),
];
const CLASSES: [(&str, Class); 2] = [("loan", Class::Loan), ("deposit", Class::Deposit)];
const ROUTES: [(&str, Route); 3] = [
    ("repay", Route::Repay),
    ("buy-collateral", Route::BuyCollateral),
    ("adapter", Route::Adapter),
];

pub fn issued(node: Node) -> Result<Issued, Fault> {
    let mut fields = Fields::of("", node)?;
    let issued = Issued {
        as_of: fields.time("as_of")?,
        asset: asset(fields.object("asset")?)?,
        platform: platform(fields.object("platform")?)?,
        cover_pool: fields.contract("cover_pool")?,
        price_hub: fields.contract("price_hub")?,
        subject: fields.contract("subject")?,
        class: fields.one_of("class", &CLASSES)?,
        policy: policy(fields.object("policy")?)?,
        group: group(fields.object("group")?)?,
        payment: payment(fields.object("payment")?)?,
        collateral: fields
            .optional_object("collateral")?
            .map(collateral)
            .transpose()?,
        market: fields
            .optional_object("market")?
            .map(market)
            .transpose()?
            .unwrap_or_default(),
    };
    fields.finish()?;
    Ok(issued)
}

fn asset(mut fields: Fields) -> Result<Asset, Fault> {
    let hint = "write the decimals of the asset's smallest unit, 7 for most";
    let asset = Asset {
        code: fields.code("code")?,
        decimals: fields.whole("decimals", MAX_DECIMALS, hint)? as u32,
        contract: fields.contract("contract")?,
    };
    fields.finish()?;
    Ok(asset)
}

fn platform(mut fields: Fields) -> Result<Platform, Fault> {
    let platform = Platform {
        name: fields.name("name")?,
        kind: fields.one_of("kind", &KINDS)?,
        contract: fields.contract("contract")?,
    };
    fields.finish()?;
    Ok(platform)
}

fn policy(mut fields: Fields) -> Result<Policy, Fault> {
    let policy = Policy {
        owner: fields.address("owner")?,
        payer: fields.address("payer")?,
        perils: fields.list("perils", Peril::ALL.len(), |path, node| {
            one_of(path, &node, &perils())
        })?,
        route: fields.one_of("route", &ROUTES)?,
        start: fields.time("start")?,
        end: fields.time("end")?,
        earning_rate: ScaledRate::from_raw(fields.digits("earning_rate", MAX_EARNING_RATE)?),
        limit: fields.assets("limit")?,
        original_limit: fields.assets("original_limit")?,
        topped_up: fields.assets("topped_up")?,
        topped_up_from: fields.time("topped_up_from")?,
        max_rate: fields.rate("max_rate")?,
        paid: fields.assets("paid")?,
        drawn: fields.assets("drawn")?,
        fees_due: fields.assets("fees_due")?,
        open_claims: fields.whole("open_claims", u32::MAX.into(), "write a number")? as u32,
    };
    fields.finish()?;
    Ok(policy)
}

fn group(mut fields: Fields) -> Result<Group, Fault> {
    let group = Group {
        adapter: fields.contract("adapter")?,
        deductible: fields.assets("deductible")?,
        perils: fields.list("perils", Peril::ALL.len(), |path, node| {
            peril_terms(Fields::of(path, node)?)
        })?,
    };
    fields.finish()?;
    Ok(group)
}

fn peril_terms(mut fields: Fields) -> Result<PerilTerms, Fault> {
    let terms = PerilTerms {
        peril: fields.one_of("peril", &perils())?,
        waiting: fields.whole("waiting", MAX_WAITING, "write seconds, such as 86400")?,
        co_insurance: fields.part("co_insurance")?,
    };
    fields.finish()?;
    Ok(terms)
}

fn payment(mut fields: Fields) -> Result<Payment, Fault> {
    let payment = Payment {
        instant_max: fields.assets("instant_max")?,
        instant_share: fields.part("instant_share")?,
        daily_share: fields.part("daily_share")?,
    };
    fields.finish()?;
    Ok(payment)
}

fn collateral(mut fields: Fields) -> Result<Collateral, Fault> {
    let collateral = Collateral {
        code: fields.code("code")?,
        contract: fields.contract("contract")?,
    };
    fields.finish()?;
    Ok(collateral)
}

fn market(mut fields: Fields) -> Result<Market, Fault> {
    let mut market = Market::default();
    if let Some(mut terms) = fields.optional_object("advance")? {
        market.advance = Some(Drawing {
            trigger: terms.rate("trigger")?,
            target: terms.rate("target")?,
            least_rate: terms.rate("least_rate")?,
            flat_fee: terms.part("flat_fee")?,
        });
        terms.finish()?;
    }
    if let Some(mut terms) = fields.optional_object("grant")? {
        market.grant = Some(GrantBounds {
            trigger: terms.part("trigger")?,
            deductible: terms.part("deductible")?,
            most: terms.part("most")?,
            target: terms.rate("target")?,
        });
        terms.finish()?;
    }
    if let Some(mut terms) = fields.optional_object("peg")? {
        market.peg = Some(CollateralTerms {
            reference: terms.price("reference")?,
            deductible: terms.part("deductible")?,
        });
        terms.finish()?;
    }
    market.incentive = fields.optional_rate("incentive")?;
    fields.finish()?;
    Ok(market)
}

fn perils() -> [(&'static str, Peril); 6] {
    Peril::ALL.map(|peril| (peril.name(), peril))
}
