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
    pub const ALL: [Self; 4] = [Self::Owner, Self::Court, Self::Risk, Self::Guardian];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Court => "court",
            Self::Risk => "risk",
            Self::Guardian => "guardian",
        }
    }

    /// Who holds it.
    pub fn holder(self) -> Holder {
        match self {
            Self::Owner => Holder::Vote("the governor of terms: five days of voting by a fifth of the supply, then seven days of delay"),
            Self::Court => Holder::Vote("the court's governor: four days of voting by a tenth of the supply, then two days of delay"),
            Self::Risk => Holder::Key("a key, named by the owner and replaced by it"),
            Self::Guardian => Holder::Key("a key, better several, named by the owner and replaced by it: one for the pool, one for the hub"),
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
const PARTIES: [(&str, Party); 32] = [
    ("get_owner()", Party::Privileged(Role::Owner)),
    ("roles().court", Party::Privileged(Role::Court)),
    ("roles().risk", Party::Privileged(Role::Risk)),
    ("roles().guardian", Party::Privileged(Role::Guardian)),
    ("guardian()", Party::Privileged(Role::Guardian)),
    (
        "get().address",
        Party::Themselves("to whom ownership was offered"),
    ),
    ("policy.owner", Party::Themselves("the policy's owner")),
    ("policy().owner", Party::Themselves("the policy's owner")),
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

/// Who it is that the source calls so; its last two words decide.
pub fn party(called: &str) -> Option<Party> {
    let words: Vec<_> = called.split('.').collect();
    let last = words[words.len().saturating_sub(2)..].join(".");
    let known = |(name, _): &&(&str, Party)| *name == last;
    PARTIES.iter().find(known).map(|(_, party)| *party)
}
