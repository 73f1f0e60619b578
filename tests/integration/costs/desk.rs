//! A cover pool on its own: an account sells and settles in the adapter's place, so that what is measured is the pool's.

use actuary::time::DAY;
use localnet::{contract_address, xdr::ScAddress, Auth, FromScVal, Keypair, Ledger, NetworkConfig};
use testkit::{
    asset::{Asset, UNIT},
    bindings::{cover_pool as cover, Call, OnLedger},
    wasm,
    world::{peril, starting_terms, usual_knots},
};

use super::Cost;

const GROUP: u32 = 0;
/// The group's base rate.
const BASE: u32 = 150_000;
/// How many policies are many.
pub const MANY_POLICIES: u32 = 10_000;
/// How long nobody touches the pool.
pub const UNPOKED: u64 = 60 * DAY;

/// A ledger with a cover pool in use, and those who use it.
pub struct Desk {
    /// The ledger.
    pub ledger: Ledger,
    /// The settlement asset.
    pub usdc: Asset,
    /// The cover pool.
    pub cover: cover::Client,
    /// The pool's owner.
    pub owner: Keypair,
    /// Stands in for an adapter.
    pub underwriter: Keypair,
    /// Gets bounties.
    pub keeper: Keypair,
}

impl Desk {
    /// A pool with one group and 100M staked.
    #[must_use]
    pub fn new() -> Self {
        let mut config = NetworkConfig::mainnet();
        config.start_time = 1_767_225_600;
        let ledger = Ledger::new(config).unwrap();
        let usdc = Asset::issue(&ledger, "USDC");
        let [owner, underwriter, keeper] =
            ["owner", "underwriter", "keeper"].map(|name| holder(&ledger, &usdc, name, 1_000_000));
        let args = (
            &owner,
            &usdc.contract,
            "Vangnet USDC",
            "vUSDC",
            starting_terms(),
            &owner,
        );
        let cover = cover::Client(ledger.deploy(&owner, wasm::COVER_POOL, args).unwrap());
        let group = group(&underwriter);
        cover
            .set_group(GROUP, &group)
            .send(&ledger, &owner)
            .unwrap();
        let desk = Self {
            ledger,
            usdc,
            cover,
            owner,
            underwriter,
            keeper,
        };
        let first = desk.holder("first LP", 100_000_000);
        desk.run(desk.cover.stake(&first, 100_000_000 * UNIT, 1), &first);
        desk
    }

    /// An account with so many whole tokens.
    #[must_use]
    pub fn holder(&self, name: &str, tokens: i128) -> Keypair {
        holder(&self.ledger, &self.usdc, name, tokens)
    }

    /// What a call costs that `source` sends.
    pub fn cost<R: FromScVal>(
        &self,
        operation: impl Into<String>,
        call: Call<R>,
        source: &Keypair,
    ) -> Cost {
        Cost::of(
            operation,
            &call.outcome(&self.ledger, source, Auth::Sign(&[])).unwrap(),
        )
    }

    fn run<R: FromScVal>(&self, call: Call<R>, source: &Keypair) -> R {
        call.send(&self.ledger, source).unwrap()
    }

    /// The application for a policy on subject `number` over 3 to 13 weeks, paid by the underwriter.
    fn application(&self, number: u32, owner: ScAddress) -> cover::Application {
        cover::Application {
            group: GROUP,
            interest: interest(number),
            limit: 3_000 * UNIT,
            ltv: 0,
            max_premium: 50 * UNIT,
            max_rate: 5_000_000,
            owner,
            payer: self.underwriter.address(),
            perils: vec![cover::Peril::Default],
            route: cover::Route::Repay,
            weeks: 3 + number % 11,
        }
    }

    /// Sells a policy to somebody of their own.
    fn sell(&self, number: u32) {
        let application = self.application(number, address(2, number));
        self.run(self.cover.open(&application), &self.underwriter);
    }
}

fn interest(number: u32) -> cover::Interest {
    cover::Interest(address(1, number), cover::Class::Deposit)
}

/// A contract's address, its own for each number of a kind.
fn address(kind: u8, number: u32) -> ScAddress {
    let mut id = [kind; 32];
    id[..4].copy_from_slice(&number.to_be_bytes());
    contract_address(id)
}

impl Default for Desk {
    fn default() -> Self {
        Self::new()
    }
}

fn holder(ledger: &Ledger, usdc: &Asset, name: &str, tokens: i128) -> Keypair {
    let key = Keypair::named(name);
    ledger
        .create_account(&key.account_id(), 1_000_000 * 10_000_000)
        .unwrap();
    usdc.trust(ledger, &key);
    usdc.mint(ledger, &key.address(), tokens * UNIT);
    key
}

fn group(underwriter: &Keypair) -> cover::GroupTerms {
    cover::GroupTerms {
        adapter: underwriter.address(),
        cap: 4_000_000,
        class: cover::Class::Deposit,
        deductible: 0,
        knots: usual_knots(),
        perils: vec![peril(cover::Peril::Default, BASE, 500_000, 8_000_000)],
        platform: None,
        rate_max: 5_000_000,
        rate_min: 10_000,
        subject_cap: 1_000_000,
    }
}

/// Staking and leaving, by somebody new to a pool in use.
pub(super) fn liquidity() -> Vec<Cost> {
    let desk = Desk::new();
    desk.sell(0);
    desk.ledger.advance(DAY);
    let lp = desk.holder("second LP", 10_000);
    let stake = desk.cost("stake", desk.cover.stake(&lp, 10_000 * UNIT, 1), &lp);
    let shares = desk.run(desk.cover.balance(&lp), &lp);
    let request = desk.cover.request_redeem(&lp, shares / 2);
    let request = desk.cost("request exit", request, &lp);
    desk.ledger.advance(14 * DAY);
    let fulfil = desk.cover.fulfil(&lp, 0, &lp, 1);
    vec![stake, request, desk.cost("fulfil", fulfil, &lp)]
}

/// One policy, from its sale to each of its ends.
pub(super) fn policies() -> Vec<Cost> {
    let desk = Desk::new();
    desk.sell(0);
    desk.ledger.advance(DAY);
    let owner = &desk.underwriter;
    let application = desk.application(1, owner.address());
    let mut costs = vec![desk.cost("open a policy", desk.cover.open(&application), owner)];
    let (cover, insured) = (&desk.cover, application.interest);
    desk.ledger.advance(8 * DAY);
    let sold = desk.ledger.snapshot();
    let mut then = |operation: &str, call: &dyn Fn() -> Cost| {
        desk.ledger.revert(&sold);
        let cost = call();
        costs.push(Cost {
            operation: operation.into(),
            ..cost
        });
    };
    let top_up = cover.top_up(&insured, owner, 1_000 * UNIT, 0, 50 * UNIT);
    then("top up", &|| {
        desk.confirm_base();
        desk.cost("", top_up.clone(), owner)
    });
    then("renew", &|| desk.renewal(&insured));
    then("cancel", &|| desk.cost("", cover.cancel(&insured), owner));
    then("settle one payout, no bounty", &|| {
        let terms = cover::Terms {
            bounty: 0,
            ..starting_terms()
        };
        desk.run(cover.set_terms(&terms), &desk.owner);
        desk.settlement(&insured)
    });
    then("settle one payout, bounty", &|| desk.settlement(&insured));
    costs
}

impl Desk {
    /// The renewal of a policy from an allowance, on its last day.
    fn renewal(&self, insured: &cover::Interest) -> Cost {
        let owner = &self.underwriter;
        let until = self.ledger.sequence() + 1_000_000;
        let args = (owner, &self.cover.0, 100 * UNIT, until);
        let token = &self.usdc.contract;
        self.ledger
            .call(owner, token, "approve", args, Auth::Sign(&[]))
            .unwrap();
        let end = self.run(self.cover.policy(insured), owner).unwrap().end;
        self.ledger.set_time(end - DAY).unwrap();
        self.confirm_base();
        let renew = self.cover.renew(insured, 3_000 * UNIT, 4, 0, &self.keeper);
        self.cost("", renew, owner)
    }

    /// Nothing is sold at a base rate that nobody has confirmed for a week.
    fn confirm_base(&self) {
        let confirm = self.cover.set_base(GROUP, &cover::Peril::Default, BASE);
        self.run(confirm, &self.owner);
    }

    /// A loss paid at once to the subject.
    fn settlement(&self, insured: &cover::Interest) -> Cost {
        let loss = cover::Loss {
            amount: 1_000 * UNIT,
            event: 0,
            occurred_at: self.ledger.now(),
            peril: cover::Peril::Default,
            rescue: false,
            sources: 0,
        };
        self.cost(
            "",
            self.cover.pay(insured, &loss, &self.keeper),
            &self.underwriter,
        )
    }
}

/// What it costs to read the books, and to stake, 60 days after the last call: with one policy and with many.
pub(super) fn accrual() -> Vec<Cost> {
    let desk = Desk::new();
    let lp = desk.holder("second LP", 10_000);
    let mut costs = Vec::new();
    let mut sold = 0;
    for policies in [1, MANY_POLICIES] {
        // The first has the longest term, 13 weeks, so that it earns throughout.
        (sold..policies).for_each(|number| desk.sell(10 + number));
        sold = policies;
        let before = desk.ledger.snapshot();
        desk.ledger.advance(UNPOKED);
        let count = if policies == 1 {
            "1 policy".into()
        } else {
            format!("{policies} policies")
        };
        let of = |what: &str| format!("{what} after 60 days, {count}");
        costs.push(desk.cost(of("read the books"), desk.cover.books(), &lp));
        costs.push(desk.cost(of("stake"), desk.cover.stake(&lp, 10_000 * UNIT, 1), &lp));
        desk.ledger.revert(&before);
    }
    costs
}
