//! The world every sequence starts in: staked, lent, with insured loans past their waiting periods.

use localnet::{xdr::ScAddress, Auth, Keypair, Snapshot};
use testkit::{
    asset::UNIT,
    bindings::{
        blend_adapter as adapter, blend_lenders as lenders, cover_pool as cover, insured_vault,
        OnLedger,
    },
    feeds::PRICE_ONE,
    governance::Governance,
    identity::Identity,
    market::{Market, MARKET_LENDERS, MARKET_LOANS},
    world::{starting_terms, Setup, World, DEPOSITS, LOANS},
};

use crate::{
    blend,
    follow::{Sources, Told},
    market,
    market::Crooked,
    shadow::{Shadow, DAY},
    tape::Tape,
};

/// Group of an adapter that says what it likes.
pub const DIRECT: u32 = 5;

/// Group of a platform whose code is changed after its loan was insured.
pub const CROOKED: u32 = 4;

/// What collateral is insured at on both platforms: far enough below its price for a fall to happen before it fails.
pub const PEG: i128 = 1_200 * PRICE_ONE;
/// The part of it that the insured bear.
pub const PEG_DEDUCTIBLE: u32 = 1_000_000;
/// How Blend counts collateral, and what it divides debt by.
pub const C_FACTOR: i128 = 7_500_000;
pub const L_FACTOR: i128 = 9_500_000;
/// The scale of Blend's rates.
pub const BLEND_SCALE: i128 = 1_000_000_000_000;

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
    pub blend_books: blend::Books,
    /// A platform that lies.
    pub crooked: Crooked,
    /// Owners of direct policies; the last one trusts nothing at first.
    pub subjects: Vec<Keypair>,
    pub liquidator: Keypair,
    pub lender: Keypair,
    pub attacker: Keypair,
    /// PLT, the governors, and who is named.
    pub governance: Governance,
    /// Who decides as long as the contracts are not handed over.
    pub judge: Keypair,
    /// Who may show who they are, and to whom.
    pub identity: Identity,
    /// Who may hold cover and shares, and be paid in both assets.
    pub people: Vec<Keypair>,
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
            peg: PEG,
            peg_deductible: PEG_DEDUCTIBLE,
            c_factor: C_FACTOR as u32,
            l_factor: L_FACTOR as u32,
            // Random calls are others in each run; simulations are held against those that stay the same.
            observer: None,
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
        let crooked = Crooked::found(&world, &market, CROOKED);
        let lender = world.lend("second lender", 1_000_000 * UNIT);
        world.usdc.mint(&world.ledger, &lender.address(), PURSE);
        let insured_vault = world.deploy_vault("insured vault");
        let (governance, identity) = (Governance::found(&world), Identity::found(&world));
        let judge = world.actor("judge");
        let people = [
            &lps[..],
            &borrowers,
            &market_borrowers,
            &subjects[..2],
            std::slice::from_ref(&liquidator),
        ]
        .concat();
        let recipients = [&people[..], &subjects[2..], std::slice::from_ref(&vault)]
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
            blend_books: blend::Books::default(),
            crooked,
            subjects,
            liquidator,
            lender,
            attacker,
            governance,
            judge,
            identity,
            people,
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
        self.insure_vault();
        self.crooked.insure(&self.world, &self.market_borrowers[0]);
        // As long as their cover has to wait.
        self.tape.sleep(&self.world, 14 * DAY);
        self.crooked.change_code(&self.world);
        use adapter::Peril::{Advance, Collateral, Grant, Liquidation};
        for (number, debt, perils) in [
            (0, 18_000, vec![Advance]),
            (1, 18_000, vec![Advance, Grant]),
            (0, 12_000, vec![Liquidation, Collateral]),
        ] {
            let position = self.open_loan(number, debt * UNIT, perils);
            self.positions.push(position);
        }
        self.open_market_loans();
        self.insure_directly();
        self.tape.sleep(&self.world, 25 * 3_600);
        (self.shadow, self.market_books, self.blend_books) = self.read_shadows();
        self.shadow.people = self.introduce();
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
        for holder in self.people.iter().chain([&self.lender]) {
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
        self.name_roles();
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

    fn open_loan(&self, number: usize, debt: i128, perils: Vec<adapter::Peril>) -> ScAddress {
        let (world, owner) = (&self.world, &self.borrowers[number]);
        let request = adapter::CoverRequest {
            limit: 10_000 * UNIT,
            max_premium: 10_000 * UNIT,
            max_rate: 5_000_000,
            perils,
            route: adapter::Route::Repay,
            weeks: 8,
        };
        let loan = world.open_loan(owner, 20 * UNIT, debt, Some(request));
        loan.unwrap().0 .0
    }

    fn read_shadows(&self) -> (Shadow, market::Books, blend::Books) {
        let mut shadow = Shadow::default();
        let (mut market, mut blend) = (market::Books::default(), blend::Books::default());
        self.read_terms(&mut shadow);
        for record in self.world.ledger.events_since(0) {
            let (events, now) = (&record.events, record.time);
            market.follow(events, self, &shadow, now).unwrap();
            blend.follow(events, self, &shadow, now).unwrap();
            shadow.now = now;
            shadow
                .follow(events, &self.sources(), &Told::default())
                .unwrap();
        }
        (shadow, market, blend)
    }

    /// Brings what governance sets up to date.
    pub fn read_terms(&self, shadow: &mut Shadow) {
        let (pool, ledger) = (&self.world.cover, &self.world.ledger);
        shadow.terms = Some(pool.terms().view(ledger).unwrap());
        shadow.caps = pool.caps().view(ledger).unwrap();
        shadow.roles = Some(pool.roles().view(ledger).unwrap());
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
