//! Leaves steps out of a failing sequence until each of the rest is needed.

use crate::step::Step;

/// Most attempts: each plays a whole sequence.
const ATTEMPTS: usize = 300;

/// The shortest sequence found for which `fails` holds; it holds for `steps`.
pub fn shrink(mut steps: Vec<Step>, mut fails: impl FnMut(&[Step]) -> bool) -> Vec<Step> {
    let (mut size, mut attempts) = (steps.len().div_ceil(2), 0);
    while size > 0 {
        let before = steps.len();
        let mut start = 0;
        while start < steps.len() && attempts < ATTEMPTS {
            let end = (start + size).min(steps.len());
            let rest = [&steps[..start], &steps[end..]].concat();
            attempts += 1;
            if fails(&rest) {
                steps = rest;
            } else {
                start = end;
            }
        }
        let is_smallest = size == 1 && steps.len() == before;
        size = if is_smallest || attempts >= ATTEMPTS {
            0
        } else {
            size.div_ceil(2).min(steps.len())
        };
    }
    steps
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::step::Action;

    fn wait(seconds: u64) -> Step {
        Step {
            is_forged_first: false,
            action: Action::Wait { seconds },
        }
    }

    #[test]
    fn only_the_steps_that_matter_are_left() {
        let steps: Vec<_> = (0..100).map(wait).collect();
        let is_failing = |steps: &[Step]| {
            let at = |seconds| steps.iter().position(|step| *step == wait(seconds));
            matches!((at(17), at(63)), (Some(first), Some(second)) if first < second)
        };
        assert_eq!(
            shrink(steps, is_failing),
            [wait(17), wait(63)],
            "the two that fail together"
        );
    }
}
