//! Stories of those who govern the protocol and of those who show who they are. They are told in steps on the same stage as
//! prices are played on; whatever is told was answered by contracts, and what must be refused and is not ends the demo.

mod ballot;
mod court;
mod dispute;
mod kyc;
mod names;
mod records;
mod vote;

#[cfg(test)]
mod tests;

use actuary::time::HOUR;
use actuary::Price;
use localnet::xdr::ScAddress;
use localnet::Keypair;
use testkit::bindings::{cover_pool as cover, OnLedger};
use testkit::governance::Governance;
use testkit::market::MARKET_LOANS;
use testkit::world::LOANS;

use super::borrower::Borrower;
use super::play::Play;
use super::refusal::Ground;
use super::stage::{refused, Stage};
use super::{story, DemoError, Options, Progress};
use crate::output::{self, date, Dispute, Facts, Governed, Platform, Refused, Run, Step};
use crate::peril::Peril;
use crate::prices::{Prices, STEP_SECONDS};
use crate::scenario::{Scenario, Story};

/// What the hub needs to trust its prices again after nobody has looked.
const WINDOW: u64 = 26 * HOUR;
/// At its end it looks at every step.
const DENSE: u64 = HOUR / 2;
/// Steps of each story, for the progress alone.
const STEPS: u64 = 7;

/// Plays a story and reports how far it is.
///
/// # Errors
/// [`DemoError`].
pub fn play<'a>(
    story: Story,
    scenario: &'a Scenario,
    prices: &Prices,
    options: Options,
    progress: &'a mut dyn FnMut(Progress<'_>),
) -> Result<Run, DemoError> {
    let mut assembly = Assembly::found(scenario, prices, options, progress)?;
    match story {
        Story::Vote => vote::play(&mut assembly)?,
        Story::Dispute => dispute::play(&mut assembly)?,
        Story::Kyc => kyc::play(&mut assembly)?,
    }
    assembly.end(prices)
}

/// The play, those who govern it, and what is written down on the way.
struct Assembly<'a> {
    play: Play<'a>,
    governance: Governance,
    platform: Platform,
    people: Vec<(ScAddress, String)>,
    steps: Vec<Step>,
    refusals: Vec<Refused>,
    disputes: Vec<Dispute>,
    progress: &'a mut dyn FnMut(Progress<'_>),
}

impl<'a> Assembly<'a> {
    /// PLT is in the hands of three holders; the contracts are their founder's still.
    fn found(
        scenario: &'a Scenario,
        prices: &Prices,
        options: Options,
        progress: &'a mut dyn FnMut(Progress<'_>),
    ) -> Result<Self, DemoError> {
        progress(Progress {
            done: 0,
            total: STEPS,
            doing: "setting up",
        });
        let play = Play::set_up(scenario, &prices.path, options)?;
        let world = &play.scene.stage.world;
        let governance = Governance::found(world);
        let [first, second, third] = &governance.holders;
        let people = [
            (&world.owner, "founder"),
            (&world.keeper, "keeper"),
            (first, "first holder"),
            (second, "second holder"),
            (third, "third holder"),
            (&governance.risk, "risk role"),
            (&governance.guardian, "guardian"),
        ];
        let people = people.map(|(key, name)| (key.address(), name.to_owned()));
        Ok(Self {
            play,
            governance,
            platform: options.platform,
            people: people.to_vec(),
            steps: Vec::new(),
            refusals: Vec::new(),
            disputes: Vec::new(),
            progress,
        })
    }

    fn stage(&self) -> &Stage<'a> {
        &self.play.scene.stage
    }

    fn stage_mut(&mut self) -> &mut Stage<'a> {
        &mut self.play.scene.stage
    }

    /// The group of the platform's loans.
    const fn loans(&self) -> u32 {
        match self.platform {
            Platform::Blend => LOANS,
            Platform::Market => MARKET_LOANS,
        }
    }

    /// Somebody, known by name from now on.
    fn actor(&mut self, name: &str) -> Keypair {
        let key = self.stage().actor(name);
        self.people.push((key.address(), name.to_owned()));
        key
    }

    /// Who somebody is; contracts and strangers by their address.
    fn name_of(&self, address: &ScAddress) -> String {
        let mut people = self.people.iter();
        let known = people.find(|(other, _)| other == address);
        known.map_or_else(|| address.to_string(), |(_, name)| name.clone())
    }

    /// Begins a step; the last one is looked back on, so that invariants are checked after each.
    fn begin(&mut self, title: &'static str) -> Result<(), DemoError> {
        self.play.look_around()?;
        let done = self.steps.len();
        (self.progress)(Progress {
            done: done as u64,
            total: STEPS,
            doing: title,
        });
        self.steps.push(Step {
            step: u8::try_from(done + 1).unwrap_or(u8::MAX),
            title: title.to_owned(),
            facts: Facts::default(),
        });
        Ok(())
    }

    /// Tells what somebody did now and what came of it.
    fn tell(&mut self, who: &str, what: impl Into<String>) {
        let name = format!("{}  {who}", date(self.stage().now()));
        if let Some(step) = self.steps.last_mut() {
            step.facts.add(name, what);
        }
    }

    /// Takes note that something was refused as it must be.
    ///
    /// # Errors
    /// [`DemoError::NotRefused`] when it was not, or on another ground.
    fn refuses<T>(
        &mut self,
        who: &str,
        tried: &str,
        result: Result<T, DemoError>,
        expected: Ground,
    ) -> Result<(), DemoError> {
        let found = match result {
            Ok(_) => "accepted".to_owned(),
            Err(DemoError::Refused { ground, .. }) if ground == expected => {
                self.refusals.push(Refused {
                    time: self.stage().now(),
                    who: who.to_owned(),
                    tried: tried.to_owned(),
                    code: expected.code(),
                    error: expected.name().to_owned(),
                });
                self.tell(who, format!("{tried}: refused, {expected}"));
                return Ok(());
            }
            Err(error) => error.to_string(),
        };
        Err(DemoError::NotRefused {
            doing: format!("{who}: {tried}"),
            found,
            expected,
        })
    }

    /// What would come of something; nothing changes.
    fn try_out<T>(
        &mut self,
        attempt: impl FnOnce(&mut Play<'a>) -> Result<T, DemoError>,
    ) -> Result<T, DemoError> {
        let (snapshot, flows) = (self.stage().world.ledger.snapshot(), self.play.scene.flows);
        let result = attempt(&mut self.play);
        self.stage().world.ledger.revert(&snapshot);
        self.play.scene.flows = flows;
        result
    }

    /// Lets time pass with the price as it is. At the end the hub looks as long as it needs to trust its prices.
    fn wait(&mut self, seconds: u64) -> Result<(), DemoError> {
        let end = self.stage().now() + seconds;
        let from = end.saturating_sub(WINDOW).max(self.stage().now());
        self.play.pass_time(from)?;
        while self.stage().now() < end {
            let left = end - self.stage().now();
            let step = match left.checked_sub(DENSE) {
                Some(sparse) if sparse > 0 => HOUR.min(sparse),
                _ => STEP_SECONDS.min(left),
            };
            let price = self.stage().market;
            self.play.pass_time(self.stage().now() + step)?;
            self.stage_mut().publish(price)?;
        }
        Ok(())
    }

    /// Moves the price, and lets the hub and the keeper look until they believe it.
    fn move_price(&mut self, price: Price) -> Result<(), DemoError> {
        for _ in 0..DENSE / STEP_SECONDS {
            self.play.pass_time(self.stage().now() + STEP_SECONDS)?;
            self.stage_mut().publish(price)?;
            self.play.keeper.trigger(&mut self.play.scene.stage);
        }
        Ok(())
    }

    /// The risk role confirms all base rates: old ones sell nothing.
    fn confirm_rates(&mut self) -> Result<(), DemoError> {
        let risk = self.governance.risk.clone();
        for group in self.play.platform.groups() {
            for sold in self.terms_of(*group)?.perils {
                let call = self
                    .stage()
                    .world
                    .cover
                    .set_base(*group, &sold.peril, sold.base);
                self.stage_mut().send("confirm a base rate", call, &risk)?;
            }
        }
        Ok(())
    }

    /// A group's terms.
    fn terms_of(&self, group: u32) -> Result<cover::GroupTerms, DemoError> {
        let world = &self.stage().world;
        let terms = world.cover.group(group).view(&world.ledger);
        let terms = terms.map_err(refused("read a group's terms"))?;
        terms.ok_or_else(|| DemoError::NotSo {
            what: format!("there is a group {group}"),
        })
    }

    /// Somebody borrows, insured up to the limit. Returns their number among the borrowers.
    fn borrow(
        &mut self,
        (name, key): (&'static str, &Keypair),
        cover: (Peril, i128),
    ) -> Result<usize, DemoError> {
        let borrower = borrow(&mut self.play, (name, key), cover)?;
        self.play.scene.borrowers.push(borrower);
        Ok(self.play.scene.borrowers.len() - 1)
    }

    /// One of the borrowers.
    fn borrower(&self, index: usize) -> Result<&Borrower, DemoError> {
        let borrower = self.play.scene.borrowers.get(index);
        borrower.ok_or_else(|| DemoError::NotSo {
            what: format!("there is a borrower {index}"),
        })
    }

    /// What somebody has of the settlement asset.
    fn balance(&self, of: &ScAddress) -> i128 {
        let world = &self.stage().world;
        world.usdc.balance(&world.ledger, of)
    }

    /// The end: everybody takes out what is theirs, and all is told.
    fn end(mut self, prices: &Prices) -> Result<Run, DemoError> {
        let price = self.stage().market;
        self.stage_mut().publish(price)?;
        self.play.leave()?;
        let governance = records::proposals(&self)?;
        let governed = Governed {
            governance,
            disputes: self.disputes,
            refusals: self.refusals,
        };
        let (steps, platform) = (self.steps, self.platform);
        story::tell_in(steps, governed, &self.play, platform, prices)
    }
}

/// Somebody borrows in a play, insured up to the limit.
fn borrow(
    play: &mut Play<'_>,
    (name, key): (&'static str, &Keypair),
    cover: (Peril, i128),
) -> Result<Borrower, DemoError> {
    let platform = play.platform.as_ref();
    let (stage, flows) = (&mut play.scene.stage, &mut play.scene.flows);
    Borrower::borrow_insured(stage, flows, platform, (name, key.clone()), Some(cover))
}

/// Makes what a story tells depend on what the ledger shows.
///
/// # Errors
/// [`DemoError::NotSo`].
fn require(holds: bool, what: &str) -> Result<(), DemoError> {
    let not_so = || DemoError::NotSo {
        what: what.to_owned(),
    };
    holds.then_some(()).ok_or_else(not_so)
}

/// A moment so many ledgers after another.
const fn after(moment: output::Moment, ledger: u32) -> output::Moment {
    let ledgers = ledger.saturating_sub(moment.ledger);
    output::Moment {
        time: moment.time + ledgers as u64 * localnet::SECONDS_PER_LEDGER,
        ledger,
    }
}
