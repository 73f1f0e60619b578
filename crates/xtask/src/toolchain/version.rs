//! Versions of programs.

/// Major, minor, patch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version(pub(super) u32, pub(super) u32, pub(super) u32);

impl Version {
    /// The first word of the text that reads like `1.96.0`.
    pub(super) fn find(text: &str) -> Option<Self> {
        text.split_whitespace().find_map(Self::parse)
    }

    fn parse(word: &str) -> Option<Self> {
        let release = word.split(['-', '+']).next()?;
        let mut numbers = release.split('.').map(|number| number.parse().ok());
        let version = Self(numbers.next()??, numbers.next()??, numbers.next()??);
        numbers.next().is_none().then_some(version)
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_in_what_programs_print() {
        let cases = [
            (
                "rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)",
                Some(Version(1, 96, 0)),
            ),
            (
                "rustc 1.97.0-nightly (abcdef 2026-01-01)",
                Some(Version(1, 97, 0)),
            ),
            (
                "stellar 25.2.1 (0123abc)\nstellar-xdr 25.0.0",
                Some(Version(25, 2, 1)),
            ),
            ("no version here", None),
            ("1.2", None),
            ("1.2.3.4", None),
            ("", None),
        ];
        for (text, version) in cases {
            assert_eq!(Version::find(text), version, "{text}");
        }
        assert!(
            Version(1, 100, 0) > Version(1, 91, 0),
            "numbers, not text, are compared"
        );
    }
}
