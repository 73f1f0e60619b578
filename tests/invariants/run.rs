//! One sequence: each call is made, followed, and everything is checked after it.

use std::{
    collections::BTreeMap,
    fmt::{self, Display},
};

use localnet::{xdr::ScAddress, Auth, FromScVal, InvokeError, Keypair, Limit, Outcome};
use testkit::bindings::{
    blend_adapter::AdapterError, cover_pool::CoverError, insured_vault::VaultError,
    loan_market::MarketError, price_hub::PriceError, salvage::SalvageError, Call, OnLedger,
};

use crate::{
    audit::Auditor,
    blend,
    follow::Told,
    governance::{audit::Ins, motions::Motions},
    market,
    rules::{expect, Broken, Rules},
    shadow::{Shadow, Value},
    stage::Stage,
    step::Step,
    tape::Tape,
};

/// Codes of errors that no ordinary call may lead to: a formula without a result, an entry that cannot be read.
const INTERNAL: [u32; 9] = [
    CoverError::NoResult as u32,
    CoverError::Corrupt as u32,
    AdapterError::NoResult as u32,
    PriceError::Overflow as u32,
    VaultError::NoResult as u32,
    VaultError::Corrupt as u32,
    MarketError::NoResult as u32,
    MarketError::Corrupt as u32,
    SalvageError::NoResult as u32,
];

/// Calls that pay, or decide what is paid.
const PAYOUTS: [&str; 12] = [
    "cancel",
    "draw",
    "finalize",
    "finalize_draw",
    "foreclose",
    "grant",
    "pay",
    "pay_vault",
    "rescue",
    "resolve",
    "settle",
    "settle_cover",
];

/// Calls of one kind: how many were made, and for what others were refused.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub done: u64,
    pub refused: BTreeMap<String, u64>,
}

impl Tally {
    /// Counts a refusal.
    pub fn refuse(&mut self, why: String) {
        *self.refused.entry(why).or_default() += 1;
    }

    /// Adds another's counts.
    pub fn add(&mut self, other: &Self) {
        self.done += other.done;
        for (why, count) in &other.refused {
            *self.refused.entry(why.clone()).or_default() += count;
        }
    }
}

impl Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:>8} done {:>8} refused:",
            self.done,
            self.refused.values().sum::<u64>()
        )?;
        self.refused
            .iter()
            .try_for_each(|(why, count)| write!(f, " {why}x{count}"))
    }
}

/// A sequence under way.
pub struct Run<'a> {
    pub stage: &'a Stage,
    pub tape: Tape,
    pub positions: Vec<ScAddress>,
    pub shadow: Shadow,
    pub market: market::Books,
    pub blend: blend::Books,
    /// When base rates were last confirmed.
    pub confirmed_at: u64,
    pub is_forged_first: bool,
    pub calls: u64,
    pub tally: BTreeMap<String, Tally>,
    pub action: String,
    pub motions: Motions,
    pub ins: Ins,
    /// The code with which the last call was refused, if it was.
    pub refusal: Option<u32>,
}

impl<'a> Run<'a> {
    /// Back to the start.
    pub fn new(stage: &'a Stage) -> Self {
        stage.world.ledger.revert(&stage.start);
        Self {
            stage,
            tape: stage.tape.clone(),
            positions: stage.positions.clone(),
            shadow: stage.shadow.clone(),
            market: stage.market_books.clone(),
            blend: stage.blend_books.clone(),
            confirmed_at: 0,
            is_forged_first: false,
            calls: 0,
            tally: BTreeMap::new(),
            action: String::new(),
            motions: Motions::default(),
            ins: Ins::default(),
            refusal: None,
        }
    }

    /// Plays all steps, up to the first that breaks something: its index, and what it broke.
    pub fn play(&mut self, steps: &[Step]) -> Result<(), (usize, Broken)> {
        for (index, step) in steps.iter().enumerate() {
            self.step(step).map_err(|broken| (index, broken))?;
        }
        self.foresee().map_err(|broken| (steps.len(), broken))
    }

    fn step(&mut self, step: &Step) -> Rules {
        self.is_forged_first = step.is_forged_first;
        self.action = step.name();
        self.shadow.now = self.stage.world.ledger.now();
        self.act(&step.action)?;
        self.stage.world.ledger.clear_events();
        Ok(())
    }

    pub fn now(&self) -> u64 {
        self.stage.world.ledger.now()
    }

    /// Makes a call that only `signers` may make. Now and then others try before: each must fail.
    pub fn guarded<R: FromScVal>(
        &mut self,
        call: Call<R>,
        signers: &[&Keypair],
        told: Told,
    ) -> Result<Option<Outcome>, Broken> {
        if self.is_forged_first {
            self.forge(&call, &self.stage.attacker)?;
            if signers.len() > 1 {
                self.forge(&call, signers[0])?;
            }
        }
        self.send(call, signers, told)
    }

    /// I15: a call with nobody's signature but this one fails.
    pub fn forge<R>(&mut self, call: &Call<R>, signer: &Keypair) -> Rules {
        self.calls += 1;
        let ledger = &self.stage.world.ledger;
        let args = call.args().expect("arguments fit").to_vec();
        let forged = ledger.invoke(signer, &call.contract, call.function, args, Auth::Sign(&[]));
        expect("I15", forged.is_err(), || {
            let (function, args) = (call.function, call.args());
            format!("{function} {args:?} succeeds without its signature")
        })
    }

    /// Makes a call and checks everything after it. A refused one changes nothing.
    pub fn send<R: FromScVal>(
        &mut self,
        call: Call<R>,
        signers: &[&Keypair],
        told: Told,
    ) -> Result<Option<Outcome>, Broken> {
        let ledger = &self.stage.world.ledger;
        self.shadow.now = ledger.now();
        self.calls += 1;
        let is_payout = PAYOUTS.contains(&call.function);
        let sent = call.outcome(ledger, signers[0], Auth::Sign(&signers[1..]));
        self.refusal = sent.as_ref().err().and_then(InvokeError::first_error_code);
        match sent {
            Err(error) => {
                self.refused(&error)?;
                let is_about_them = self.refusal.is_some_and(is_about_people);
                expect("K2", !is_payout || !is_about_them, || {
                    format!("{}: not paid: {error:?}", self.action)
                })?;
                Ok(None)
            }
            Ok(outcome) => {
                self.counted().done += 1;
                self.accept(&outcome, &told)?;
                Ok(Some(outcome))
            }
        }
    }

    /// What was counted of the action so far.
    pub fn counted(&mut self) -> &mut Tally {
        self.tally.entry(self.action.clone()).or_default()
    }

    /// Counts what is worth knowing of a call that was made.
    pub fn note(&mut self, what: &str) {
        let label = format!("{} {what}", self.action);
        self.tally.entry(label).or_default().done += 1;
    }

    /// Follows what a call did, and checks it.
    pub fn accept(&mut self, outcome: &Outcome, told: &Told) -> Rules {
        let (stage, before) = (self.stage, self.shadow.value());
        let groups = self.shadow.group_totals();
        let (lenders, now) = (self.market.owned(), self.now());
        let events = &outcome.events;
        let flow = self.market.follow(events, stage, &self.shadow, now)?;
        self.blend.follow(events, stage, &self.shadow, now)?;
        self.shadow.follow(events, &stage.sources(), told)?;
        let is_said = |names: &[&str]| {
            let of_pool = outcome
                .events
                .iter()
                .filter(|event| event.contract == stage.world.cover.0);
            of_pool
                .into_iter()
                .any(|event| names.iter().any(|name| event.is_named(name)))
        };
        if is_said(&[
            "terms_set",
            "group_set",
            "caps_set",
            "base_set",
            "roles_set",
        ]) {
            stage.read_terms(&mut self.shadow);
        }
        Auditor {
            stage,
            shadow: &self.shadow,
        }
        .check(self.calls, &groups)?;
        self.ins.check(stage, &self.shadow, self.calls)?;
        self.blend.check_holdings(stage)?;
        self.blend.lenders.check_index(stage)?;
        let is_spot_check = self.calls.is_multiple_of(16);
        let mut auditor = market::Auditor {
            stage,
            books: &mut self.market,
            now,
        };
        auditor.check_holdings()?;
        if flow.is_booked {
            auditor.check(lenders, &flow)?;
        } else if flow.is_any || is_spot_check {
            auditor.check_interest()?;
        }
        if self.shadow.is_impaired || is_said(&["resumed"]) {
            return Ok(());
        }
        let after = self.shadow.value();
        let lo_may_fall = is_said(&["paid", "filed", "drawn"]);
        i08_price(before.shares, (before.lo, after.lo), after, lo_may_fall)?;
        let hi_may_fall = is_said(&["paid", "finalized", "foreclosed"]);
        i08_price(before.shares, (before.hi, after.hi), after, hi_may_fall)?;
        if is_spot_check {
            self.foresee()?;
        }
        Ok(())
    }

    fn refused(&mut self, error: &InvokeError) -> Rules {
        let code = error.first_error_code();
        self.counted()
            .refuse(code.map_or_else(|| kind(error), |code| code.to_string()));
        let is_internal = code.is_some_and(|code| INTERNAL.contains(&code));
        expect("internal", !is_internal, || {
            format!("{}: {error:?}", self.action)
        })?;
        // Restoring code that lapsed may be too much for one transaction; whoever calls then restores it before.
        let is_restoring = matches!(
            error,
            InvokeError::LimitExceeded {
                which: Limit::DiskReadBytes | Limit::WriteBytes,
                ..
            }
        );
        let is_over = matches!(
            error,
            InvokeError::Internal(_)
                | InvokeError::LimitExceeded { .. }
                | InvokeError::OutsideFootprint { .. }
        );
        expect("limits", !is_over || is_restoring, || {
            format!("{}: {error:?}", self.action)
        })
    }

    /// I07: what the pool will show after each coming boundary, in one jump, is what every policy by itself says of it.
    pub fn foresee(&mut self) -> Rules {
        let (stage, shadow) = (self.stage, self.shadow.clone());
        let (ledger, held) = (&stage.world.ledger, stage.world.ledger.snapshot());
        let mut moments: Vec<u64> = shadow
            .policies
            .values()
            .flat_map(|policy| [policy.end - 1, policy.end, policy.end + crate::shadow::WEEK])
            .chain([
                self.now() + 1,
                self.now() + 16 * crate::shadow::WEEK + 12_345,
            ])
            .filter(|moment| *moment > self.now())
            .collect();
        moments.sort_unstable();
        moments.dedup();
        let mut checked = Ok(());
        for moment in moments {
            ledger.set_time(moment).expect("forward");
            let shadow = Shadow {
                now: moment,
                ..shadow.clone()
            };
            checked = Auditor {
                stage,
                shadow: &shadow,
            }
            .check_totals();
            if checked.is_err() {
                break;
            }
        }
        stage.world.ledger.revert(&held);
        checked
    }
}

/// I08: the price of a share falls only where it may.
fn i08_price(shares: i128, (before, after): (i128, i128), value: Value, may_fall: bool) -> Rules {
    let falls = (after + 1) * (shares + 1_000) < (before + 1) * (value.shares + 1_000);
    expect("I08", !falls || may_fall, || {
        format!(
            "NAV {before} of {shares} shares, then {after} of {}",
            value.shares
        )
    })
}

/// Whether a code says that somebody has not shown who they are, or is sanctioned.
pub fn is_about_people(code: u32) -> bool {
    [CoverError::Unverified as u32, CoverError::Sanctioned as u32].contains(&code)
}

/// Whether a code stands for a formula without a result or an entry that cannot be read.
pub fn internal_code(code: u32) -> bool {
    INTERNAL.contains(&code)
}

/// The kind of an error that is not a contract's.
fn kind(error: &InvokeError) -> String {
    match error {
        InvokeError::Host { error, .. } => format!("{error:?}"),
        InvokeError::LimitExceeded { which, .. } => format!("{which:?}"),
        other => format!("{other:?}")
            .split([' ', '{', '('])
            .next()
            .unwrap_or_default()
            .to_owned(),
    }
}
