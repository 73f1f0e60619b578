//! Whose signature a contract asks for: what the source calls them, and who they are.

/// A right that no user has by what is theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The owner of a contract.
    Owner,
    /// The pool's court.
    Court,
    /// The pool's risk role.
    Risk,
    /// The guardian of pool or hub.
    Guardian,
    /// Who lists sanctioned accounts.
    Screener,
    /// The owner of a claim issuer.
    Issuer,
}

/// Who holds a role in a deployed system.
pub enum Holder {
    /// A vote of the token holders, by this governor.
    Vote(&'static str),
    /// Somebody with a key.
    Key(&'static str),
}

impl Role {
    /// All of them, as the page lists them.
    pub const ALL: [Self; 6] = [
        Self::Owner,
        Self::Court,
        Self::Risk,
        Self::Guardian,
        Self::Screener,
        Self::Issuer,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Court => "court",
            Self::Risk => "risk",
            Self::Guardian => "guardian",
            Self::Screener => "screener",
            Self::Issuer => "issuer",
        }
    }

    /// Who holds it.
    pub fn holder(self) -> Holder {
        match self {
            Self::Owner => Holder::Vote(
                "the governor of terms: a vote of five days, a fifth of the supply, seven days of delay",
            ),
            Self::Court => Holder::Vote(
                "the court's governor: a vote of four days, a tenth of the supply, two days of delay",
            ),
            Self::Risk => Holder::Key("who the owner names, until it names another"),
            Self::Guardian => Holder::Key(
                "who the owner names, one for the pool and one for the hub, until it names another; one key may hold both",
            ),
            Self::Screener => Holder::Key("who the owner appoints, until it appoints another"),
            Self::Issuer => Holder::Key(
                "whoever checks people and owns an issuer; verifiers trust it until the owner takes that back",
            ),
        }
    }
}

/// Who signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// Somebody for what is theirs.
    Themselves(&'static str),
    /// Another contract of ours, by calling.
    Contract(&'static str),
    /// The holder of a role.
    Privileged(Role),
}

/// What the source calls them. A name alone is an argument of the call, so whoever signs speaks for themselves; what has
/// brackets or dots is looked up by the contract.
const PARTIES: [(&str, Party); 35] = [
    ("get_owner()", Party::Privileged(Role::Owner)),
    ("roles().court", Party::Privileged(Role::Court)),
    ("roles().risk", Party::Privileged(Role::Risk)),
    ("roles().guardian", Party::Privileged(Role::Guardian)),
    ("guardian()", Party::Privileged(Role::Guardian)),
    ("screener()", Party::Privileged(Role::Screener)),
    ("owner()", Party::Themselves("the identity's owner")),
    (
        "get().address",
        Party::Themselves("to whom ownership was offered"),
    ),
    ("policy.owner", Party::Themselves("the policy's owner")),
    ("policy().owner", Party::Themselves("the policy's owner")),
    ("in_force().owner", Party::Themselves("the policy's owner")),
    ("owner_of()", Party::Themselves("the loan's owner")),
    ("loan().owner", Party::Themselves("the loan's owner")),
    ("account().owner", Party::Themselves("the position's owner")),
    ("terms.adapter", Party::Contract("the group's adapter")),
    ("links().adapter", Party::Contract("the position's adapter")),
    ("links().cover_pool", Party::Contract("the cover pool")),
    ("insurer()", Party::Contract("the market's insurer")),
    (
        "adapter",
        Party::Contract("an adapter that it was founded with"),
    ),
    ("vault", Party::Contract("a registered vault")),
    ("platform", Party::Contract("a listed platform")),
    ("account", Party::Themselves("`account`")),
    ("appellant", Party::Themselves("`appellant`")),
    ("buyer", Party::Themselves("`buyer`")),
    ("caller", Party::Themselves("`caller`")),
    ("challenger", Party::Themselves("`challenger`")),
    ("from", Party::Themselves("`from`")),
    ("lender", Party::Themselves("`lender`")),
    ("liquidator", Party::Themselves("`liquidator`")),
    ("operator", Party::Themselves("`operator`")),
    ("owner", Party::Themselves("`owner`")),
    ("payer", Party::Themselves("`payer`")),
    ("proposer", Party::Themselves("`proposer`")),
    ("spender", Party::Themselves("`spender`")),
    ("voter", Party::Themselves("`voter`")),
];

/// Contracts that are no part of the protocol: their owner is somebody else's role.
const OUTSIDE: [(&str, Role); 1] = [("claim-issuer", Role::Issuer)];

/// Who it is that the source of a contract calls so; its last two words decide.
pub fn party(contract: &str, called: &str) -> Option<Party> {
    let words: Vec<_> = called.split('.').collect();
    let last = words[words.len().saturating_sub(2)..].join(".");
    let (_, party) = PARTIES.iter().find(|(name, _)| *name == last)?;
    let outside = OUTSIDE.iter().find(|(name, _)| *name == contract);
    match (party, outside) {
        (Party::Privileged(Role::Owner), Some((_, role))) => Some(Party::Privileged(*role)),
        _ => Some(*party),
    }
}
