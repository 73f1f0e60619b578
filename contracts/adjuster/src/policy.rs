//! What is left of a limit, and what an advance owes.

use actuary::Assets;
use interfaces::adapter::AdapterError;
use interfaces::cover::{Class, Interest, Loss, Settlement};
use soroban_sdk::{Address, Env};

use crate::answers::{Policy, PoolClient};
use crate::refusal::{answered_or_code, no_result, Refusal};

/// The insurable interest of a loan.
pub fn loan_interest(loan: &Address) -> Interest {
    Interest(loan.clone(), Class::Loan)
}

/// The insurable interest of lenders as a whole.
pub fn deposit_interest(subject: &Address) -> Interest {
    Interest(subject.clone(), Class::Deposit)
}

/// An interest's policy.
pub fn policy(
    env: &Env,
    cover_pool: &Address,
    interest: &Interest,
) -> Result<Policy, AdapterError> {
    PoolClient::new(env, cover_pool)
        .policy(interest)
        .ok_or(AdapterError::NotInsured)
}

/// Has the cover pool settle a loss.
pub fn pay(
    env: &Env,
    cover_pool: &Address,
    interest: &Interest,
    loss: &Loss,
    bounty_to: &Address,
) -> Result<Settlement, Refusal> {
    answered_or_code(PoolClient::new(env, cover_pool).try_pay(interest, loss, bounty_to))
}

impl Policy {
    /// What its advance owes, rounded up.
    pub fn owed_up(&self) -> Result<Assets, AdapterError> {
        Assets::from_raw(self.drawn)
            .checked_add(Assets::from_raw(self.fees_due))
            .map_err(no_result)
    }

    /// Refuses while its advance owes anything.
    pub fn require_nothing_owed(&self) -> Result<(), AdapterError> {
        if self.owed_up()?.is_zero() {
            Ok(())
        } else {
            Err(AdapterError::AdvanceOwed)
        }
    }

    /// What is left of its limit, without a top-up that still waits.
    pub fn usable_limit(&self, now: u64) -> Assets {
        let waiting = if now < self.topped_up_from {
            self.topped_up
        } else {
            0
        };
        Assets::from_raw(self.limit).sub_or_zero(Assets::from_raw(waiting))
    }

    /// What of a numbered event it was settled for, gross.
    pub fn settled_for(&self, event: u32) -> Assets {
        if self.event == u64::from(event) {
            Assets::from_raw(self.event_loss)
        } else {
            Assets::ZERO
        }
    }
}
