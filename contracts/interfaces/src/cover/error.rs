//! The cover pool's errors. They live with the interface, since callers tell them apart.

use actuary::MathError;
use soroban_sdk::contracterror;

/// What the cover pool refuses, and why. Codes 7000 to 7099.
#[contracterror]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
pub enum CoverError {
    /// A formula has no answer for these numbers.
    NoResult = 7000,
    /// A stored entry cannot be read.
    Corrupt = 7001,
    /// The pool is impaired.
    Impaired = 7002,
    /// The pool is not impaired, or not ready for this step of it.
    NotImpaired = 7003,
    /// This part of the pool is paused.
    Paused = 7004,
    /// The guardian may not pause this again yet.
    PausedTooOften = 7005,
    /// There is no such group.
    UnknownGroup = 7010,
    /// There is no such policy.
    UnknownPolicy = 7011,
    /// There is no such claim.
    UnknownClaim = 7012,
    /// There is no such exit request.
    UnknownExit = 7013,
    /// An amount that must be above zero is not.
    InvalidAmount = 7014,
    /// Terms of the pool, a group or a cap that contradict themselves, or change what was sold.
    InvalidTerms = 7015,
    /// More groups, caps, policies or requests than are allowed.
    TooMany = 7016,
    /// Only the group's adapter may finish this claim.
    AdapterOnly = 7017,
    /// The pool would pay itself for what it sells or is owed.
    PaysItself = 7018,
    /// Fewer shares than asked for, or none.
    TooFewShares = 7020,
    /// Less is paid out than asked for.
    TooLittleOut = 7021,
    /// The exit's delay is not over, or nothing of it can be paid.
    TooEarly = 7022,
    /// Only the owner may complete this exit while NAV_lo is below 99.5 % of NAV_hi, or an appeal is open.
    OwnerOnly = 7023,
    /// The capital backs limits.
    CapitalInUse = 7024,
    /// A cap would be passed with the capital that is left.
    CapInUse = 7025,
    /// Nothing waits for this address.
    NothingToWithdraw = 7026,
    /// A term that is too long, or none.
    InvalidTerm = 7030,
    /// The term is shorter than the waiting period and seven days.
    TermTooShort = 7031,
    /// No peril, one twice, or one that the group does not sell or the policy does not cover.
    PerilNotCovered = 7032,
    /// The interest is not of the class that the group sells.
    WrongClass = 7033,
    /// There is no room for this limit.
    NoRoom = 7034,
    /// The loan is too close to its liquidation.
    LtvTooHigh = 7035,
    /// A base rate was not confirmed for too long.
    BaseStale = 7036,
    /// The premium is above the payer's maximum.
    PremiumTooHigh = 7037,
    /// The rate is above the payer's maximum, or a draw's above what is counted with.
    RateTooHigh = 7038,
    /// All unearned premium would pass its bound.
    TooMuchUnearned = 7039,
    /// The interest is insured already.
    AlreadyInsured = 7040,
    /// An advance, a claim or a top-up is open.
    PolicyBusy = 7041,
    /// Not in the last three days of the term.
    NotInRenewalWindow = 7042,
    /// The limit is above what was sold.
    AboveSold = 7043,
    /// A cancellation before seven days or after the end.
    NotCancellable = 7044,
    /// The subject is no position of the group's adapter.
    ForeignSubject = 7045,
    /// The event began before the waiting period was over, after the end, or in the future.
    OutsideCover = 7050,
    /// The grace week is over.
    Expired = 7051,
    /// Nothing is left to pay or to draw.
    NothingCovered = 7052,
    /// A later event was settled already.
    EventPassed = 7053,
    /// The claim's window is open, or it may not be paid.
    NotPayable = 7054,
    /// Nothing is owed.
    NothingOwed = 7055,
    /// The rescue would call something else than the group's platform.
    WrongPlatform = 7056,
    /// The rescue took more than it was given.
    TookTooMuch = 7057,
    /// The rescue did not succeed.
    RescueFailed = 7058,
    /// A base rate outside its bounds, or moved by more than 25 % in a day.
    BaseOutOfBounds = 7060,
    /// The claim is an advance's, disputed already, or payable already; or the guardian has delayed it before.
    NotDisputable = 7061,
    /// The claim is not disputed, or the court's time is over.
    NotDisputed = 7062,
    /// The court grants more than the claim asks.
    AboveClaim = 7063,
    /// Neither the policy's owner nor the court asks for it.
    NotTheirs = 7064,
    /// They have not shown who they are, at the tier that this much cover or LPs' shares need.
    Unverified = 7065,
    /// A sanctions list names who would buy, stake, be assigned cover or be paid; what is theirs stays where it is.
    Sanctioned = 7066,
    /// Cover, claims or advances are open, or the pool sells still.
    NotWoundDown = 7067,
    /// Collateral was surrendered for this claim: the court grants all of it, or nothing and the collateral goes back.
    AllOrNothing = 7068,
    /// A platform's lenders, insured through its adapter, are paid what the adapter files alone.
    NotAppealable = 7069,
    /// What is stored has this code's layout.
    NothingToMigrate = 7070,
}

impl From<MathError> for CoverError {
    fn from(_: MathError) -> Self {
        Self::NoResult
    }
}
