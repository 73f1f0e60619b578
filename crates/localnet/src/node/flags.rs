//! An account's flags: the one part of `SetOptions` that there is. An issuer needs it, to be able to take its asset back.

use soroban_env_host::xdr::{
    AccountEntry, AccountFlags, OperationResult, OperationResultTr, SetOptionsOp, SetOptionsResult,
};

/// Every flag that an account can have.
const KNOWN: u32 = AccountFlags::RequiredFlag as u32
    | AccountFlags::RevocableFlag as u32
    | AccountFlags::ImmutableFlag as u32
    | AccountFlags::ClawbackEnabledFlag as u32;

/// What the operation comes to if it cannot succeed on any ledger: it wants something other than flags, or contradicts itself.
pub(crate) fn malformed(operation: &SetOptionsOp) -> Option<OperationResult> {
    let (set, clear) = wanted(operation);
    let flags_alone = SetOptionsOp {
        set_flags: operation.set_flags,
        clear_flags: operation.clear_flags,
        ..SetOptionsOp::default()
    };
    if *operation != flags_alone {
        return Some(OperationResult::OpNotSupported);
    }
    let result = match () {
        () if set & clear != 0 => SetOptionsResult::BadFlags,
        () if (set | clear) & !KNOWN != 0 => SetOptionsResult::UnknownFlag,
        () => return None,
    };
    Some(OperationResult::OpInner(OperationResultTr::SetOptions(
        result,
    )))
}

/// Changes the flags of `account`, unless it or they forbid it.
pub(crate) fn change(account: &mut AccountEntry, operation: &SetOptionsOp) -> SetOptionsResult {
    let has = |flags: u32, flag: AccountFlags| flags & flag as u32 != 0;
    let (set, clear) = wanted(operation);
    if set | clear != 0 && has(account.flags, AccountFlags::ImmutableFlag) {
        return SetOptionsResult::CantChange;
    }
    let flags = (account.flags & !clear) | set;
    if has(flags, AccountFlags::ClawbackEnabledFlag) && !has(flags, AccountFlags::RevocableFlag) {
        return SetOptionsResult::AuthRevocableRequired;
    }
    account.flags = flags;
    SetOptionsResult::Success
}

fn wanted(operation: &SetOptionsOp) -> (u32, u32) {
    let part = |flags: Option<u32>| flags.unwrap_or_default();
    (part(operation.set_flags), part(operation.clear_flags))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(set: u32, clear: u32) -> SetOptionsOp {
        SetOptionsOp {
            set_flags: Some(set),
            clear_flags: Some(clear),
            ..SetOptionsOp::default()
        }
    }

    fn refused(result: SetOptionsResult) -> Option<OperationResult> {
        Some(OperationResult::OpInner(OperationResultTr::SetOptions(
            result,
        )))
    }

    #[test]
    fn flags_that_contradict_each_other_or_do_not_exist_are_malformed() {
        assert_eq!(malformed(&flags(0b1010, 0b0001)), None, "sound");
        let both = malformed(&flags(0b0010, 0b0010));
        assert_eq!(both, refused(SetOptionsResult::BadFlags), "both");
        let unknown = malformed(&flags(0b1_0000, 0));
        assert_eq!(unknown, refused(SetOptionsResult::UnknownFlag), "a fifth");
        let weight = SetOptionsOp {
            master_weight: Some(0),
            ..flags(0, 0)
        };
        let expected = Some(OperationResult::OpNotSupported);
        assert_eq!(malformed(&weight), expected, "a key's weight");
    }

    #[test]
    fn clawback_wants_revocable_and_immutable_is_for_good() {
        let mut account = AccountEntry::default();
        let alone = change(&mut account, &flags(0b1000, 0));
        assert_eq!(alone, SetOptionsResult::AuthRevocableRequired, "alone");
        assert_eq!(account.flags, 0, "nothing changed");
        let both = change(&mut account, &flags(0b1010, 0));
        assert_eq!((both, account.flags), (SetOptionsResult::Success, 0b1010));
        let left = change(&mut account, &flags(0, 0b0010));
        assert_eq!(left, SetOptionsResult::AuthRevocableRequired, "left alone");
        let fixed = change(&mut account, &flags(0b0100, 0));
        assert_eq!((fixed, account.flags), (SetOptionsResult::Success, 0b1110));
        let after = change(&mut account, &flags(0, 0b1000));
        assert_eq!(after, SetOptionsResult::CantChange, "immutable");
    }
}
