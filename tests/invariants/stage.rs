//! The world every sequence starts in: staked, lent, with insured loans past their waiting periods.

use localnet::{xdr::ScAddress, Auth, Keypair, Snapshot};
use testkit::{
    asset::UNIT,
    bindings::{
        blend_adapter as adapter, blend_lenders as lenders, cover_pool as cover, insured_vault,
    },
    feeds::PRICE_ONE,
    market::{Market, MARKET_LENDERS, MARKET_LOANS},
    world::{deposit_group, peril, starting_terms, Setup, World, DEPOSITS, LOANS},
};

use crate::{
    follow::{Sources, Told},
    market,
    shadow::{Shadow, DAY},
    tape::Tape,
};

/// Group of an adapter that says what it likes.
pub const DIRECT: u32 = 4;

/// USDC that every actor starts with.
pub const PURSE: i128 = 3_000_000 * UNIT;
const COLLATERAL_PRICE: i128 = 2_000 * PRICE_ONE;
/// Groups whose losses come together.
pub fn correlated() -> Vec<u32> {
    vec![LOANS, DEPOSITS, MARKET_LOANS, MARKET_LENDERS, DIRECT]
}

/// The world, who is in it, and its state at the start of every sequence.
pub struct Stage {
    pub world: World,
    pub lps: Vec<Keypair>,
    pub borrowers: Vec<Keypair>,
    /// A vault that is an account: it claims whatever loss it likes.
    pub vault: Keypair,
    /// A vault that lends.
    pub insured_vault: insured_vault::Client,
    /// The adapter of the group [`DIRECT`].
    pub insurer: Keypair,
    /// The loan market with its insurer and salvage.
    pub market: Market,
    pub market_borrowers: Vec<Keypair>,
    /// Who pays premiums of others' loans there.
    pub sponsor: Keypair,
    /// The market's books at the start.
    pub market_books: market::Books,
    /// Owners of direct policies; the last one trusts nothing at first.
    pub subjects: Vec<Keypair>,
    pub liquidator: Keypair,
    pub lender: Keypair,
    pub attacker: Keypair,
    /// Everybody who may be owed something.
    pub recipients: Vec<ScAddress>,
    pub start: Snapshot,
    pub tape: Tape,
    pub positions: Vec<ScAddress>,
    pub shadow: Shadow,
}

impl Stage {
    /// Builds it.
    pub fn build() -> Self {
        let world = World::new(&Setup {
            explain_failures: false,
            has_wide_footprints: true,
            has_clawback: true,
            price: COLLATERAL_PRICE,
            ..Setup::default()
        });
        let funded = |names: &[&str]| {
            names
                .iter()
                .map(|name| world.funded(name, PURSE))
                .collect::<Vec<_>>()
        };
        let lps = funded(&["lp one", "lp two", "lp three"]);
        let borrowers = funded(&["borrower one", "borrower two"]);
        let market_borrowers = funded(&["market borrower one", "market borrower two"]);
        let mut subjects = funded(&["subject one", "subject two"]);
        let distrustful = Keypair::named("subject three");
        world
            .ledger
            .create_account(&distrustful.account_id(), 1_000_000 * UNIT as i64)
            .unwrap();
        subjects.push(distrustful);
        let [vault, insurer, liquidator, attacker] =
            ["vault", "insurer", "liquidator", "attacker"].map(|name| world.funded(name, PURSE));
        let sponsor = world.funded("sponsor", PURSE);
        let market = Market::found(&world, &market::setup());
        let lender = world.lend("second lender", 1_000_000 * UNIT);
        world.usdc.mint(&world.ledger, &lender.address(), PURSE);
        let insured_vault = world.deploy_vault("insured vault");
        let recipients = [
            &lps[..],
            &borrowers,
            &market_borrowers,
            &subjects,
            std::slice::from_ref(&vault),
        ]
        .concat()
        .iter()
        .map(Keypair::address)
        .collect();
        let mut stage = Self {
            start: world.ledger.snapshot(),
            tape: Tape::new(COLLATERAL_PRICE),
            positions: Vec::new(),
            shadow: Shadow::default(),
            world,
            lps,
            borrowers,
            vault,
            insured_vault,
            insurer,
            market,
            market_borrowers,
            sponsor,
            market_books: market::Books::default(),
            subjects,
            liquidator,
            lender,
            attacker,
            recipients,
        };
        stage.open();
        stage.start = stage.world.ledger.snapshot();
        stage
    }

    fn open(&mut self) {
        self.fund();
        self.list();
        self.tape.sleep(&self.world, 25 * 3_600);
        self.insure_market_lenders();
        // As long as their cover has to wait.
        self.tape.sleep(&self.world, 14 * DAY);
        self.insure_vault();
        for (number, ask) in [
            (0, vec![adapter::Peril::Advance]),
            (1, vec![adapter::Peril::Advance, adapter::Peril::Grant]),
        ] {
            let position = self.open_loan(number, ask);
            self.positions.push(position);
        }
        self.open_market_loans();
        self.insure_directly();
        self.tape.sleep(&self.world, 25 * 3_600);
        (self.shadow, self.market_books) = self.read_shadows();
        self.world.ledger.clear_events();
    }

    fn fund(&self) {
        let (world, ledger) = (&self.world, &self.world.ledger);
        for (lp, amount) in self.lps.iter().zip([1_200_000, 600_000, 200_000]) {
            world
                .cover
                .stake(lp, amount * UNIT, 1)
                .send(ledger, lp)
                .unwrap();
        }
        for holder in self
            .borrowers
            .iter()
            .chain(&self.market_borrowers)
            .chain([&self.liquidator, &self.lender])
        {
            world
                .collateral
                .mint(ledger, &holder.address(), 1_000 * UNIT);
        }
        let (supply_collateral, supply) = (2, 0);
        world
            .pool
            .request(
                ledger,
                &self.liquidator,
                supply_collateral,
                &world.usdc.contract,
                1_000_000 * UNIT,
            )
            .unwrap();
        world
            .pool
            .request(
                ledger,
                &self.lender,
                supply,
                &world.collateral.contract,
                500 * UNIT,
            )
            .unwrap();
    }

    fn list(&self) {
        let (world, ledger) = (&self.world, &self.world.ledger);
        world
            .cover
            .set_group(DIRECT, &self.direct_group())
            .send(ledger, &world.owner)
            .unwrap();
        let vault = lenders::VaultTerms {
            asset: world.usdc.contract.clone(),
            group: DEPOSITS,
            platform: world.pool.address.clone(),
        };
        world
            .lenders
            .add_vault(&self.vault, &vault)
            .send(ledger, &world.owner)
            .unwrap();
        let terms = cover::Terms {
            base_max_age: 30 * DAY,
            ..starting_terms()
        };
        world
            .cover
            .set_terms(&terms)
            .send(ledger, &world.owner)
            .unwrap();
        let caps = vec![cover::Cap {
            groups: correlated(),
            rate: 7_000_000,
        }];
        world
            .cover
            .set_caps(&caps)
            .send(ledger, &world.owner)
            .unwrap();
    }

    fn direct_group(&self) -> cover::GroupTerms {
        use cover::Peril::{Advance, Collateral, Contract, Default, Grant};
        let perils = [Advance, Grant, Default, Collateral, Contract];
        cover::GroupTerms {
            adapter: self.insurer.address(),
            cap: 1_000_000,
            deductible: 10 * UNIT,
            perils: perils
                .map(|sold| peril(sold, 200_000, 700_000, 10_000_000))
                .to_vec(),
            platform: Some(self.world.pool.address.clone()),
            subject_cap: 600_000,
            ..deposit_group(&self.world.lenders.0)
        }
    }

    fn insure_vault(&self) {
        let (world, ledger, owner) = (&self.world, &self.world.ledger, &self.world.owner);
        let lp = &self.lps[2];
        self.insured_vault
            .deposit(150_000 * UNIT, lp, lp, lp)
            .send(ledger, lp)
            .unwrap();
        world.usdc.mint(ledger, &owner.address(), 100_000 * UNIT);
        let request = insured_vault::CoverRequest {
            limit: 100_000 * UNIT,
            max_premium: 5_000 * UNIT,
            max_rate: 5_000_000,
            perils: vec![insured_vault::Peril::Default],
            route: insured_vault::Route::Repay,
            weeks: 10,
        };
        self.insured_vault
            .insure(&self.insured_vault.0, &request)
            .send(ledger, owner)
            .unwrap();
    }

    /// The vault that is an account, two accounts, and the first position, which is insured twice.
    fn insure_directly(&self) {
        let (world, ledger) = (&self.world, &self.world.ledger);
        let request = lenders::CoverRequest {
            limit: 20_000 * UNIT,
            max_premium: 5_000 * UNIT,
            max_rate: 5_000_000,
            perils: vec![lenders::Peril::Default],
            route: lenders::Route::Repay,
            weeks: 7,
        };
        world
            .lenders
            .insure_vault(&self.vault, &self.vault, &request)
            .send(ledger, &self.vault)
            .unwrap();
        let subjects = [
            self.subjects[0].address(),
            self.subjects[2].address(),
            self.positions[0].clone(),
        ];
        for (weeks, subject) in (5..).zip(subjects) {
            use cover::Peril::{Advance, Collateral, Contract, Default, Grant};
            let application = cover::Application {
                group: DIRECT,
                interest: cover::Interest(subject, cover::Class::Deposit),
                limit: 25_000 * UNIT,
                ltv: 3_000_000,
                max_premium: 5_000 * UNIT,
                max_rate: 5_000_000,
                owner: self.subjects[0].address(),
                payer: self.insurer.address(),
                perils: vec![Advance, Grant, Default, Collateral, Contract],
                route: cover::Route::Repay,
                weeks,
            };
            world
                .cover
                .open(&application)
                .send(ledger, &self.insurer)
                .unwrap();
        }
    }

    fn open_loan(&self, number: usize, perils: Vec<adapter::Peril>) -> ScAddress {
        let (world, owner) = (&self.world, &self.borrowers[number]);
        let request = adapter::CoverRequest {
            limit: 10_000 * UNIT,
            max_premium: 10_000 * UNIT,
            max_rate: 5_000_000,
            perils,
            route: adapter::Route::Repay,
            weeks: 8,
        };
        let loan = world.open_loan(owner, 20 * UNIT, 18_000 * UNIT, Some(request));
        loan.unwrap().0 .0
    }

    fn read_shadows(&self) -> (Shadow, market::Books) {
        let (mut shadow, mut books) = (Shadow::default(), market::Books::default());
        self.read_terms(&mut shadow);
        for record in self.world.ledger.events_since(0) {
            let mut cover = market::Cover::new(self, &shadow);
            let (events, sources) = (&record.events, self.market_sources());
            books
                .follow(events, sources, &mut cover, record.time)
                .unwrap();
            shadow.now = record.time;
            shadow
                .follow(events, &self.sources(), &Told::default())
                .unwrap();
        }
        (shadow, books)
    }

    /// Brings what governance sets up to date.
    pub fn read_terms(&self, shadow: &mut Shadow) {
        let (pool, ledger) = (&self.world.cover, &self.world.ledger);
        shadow.terms = Some(pool.terms().view(ledger).unwrap());
        shadow.caps = pool.caps().view(ledger).unwrap();
        shadow.groups = (LOANS..=DIRECT)
            .map(|group| pool.group(group).view(ledger).unwrap().unwrap())
            .collect();
    }

    /// Whose events tell of the pool.
    pub fn sources(&self) -> Sources<'_> {
        Sources {
            pool: &self.world.cover.0,
            token: &self.world.usdc.contract,
        }
    }

    /// Lets the pool take renewals from an account.
    pub fn approve(&self, payer: &Keypair, amount: i128) {
        let (ledger, token) = (&self.world.ledger, &self.world.usdc.contract);
        let until = ledger.sequence() + 100_000;
        let args = (payer, &self.world.cover.0, amount, until);
        ledger
            .call(payer, token, "approve", args, Auth::Sign(&[]))
            .unwrap();
    }
}
