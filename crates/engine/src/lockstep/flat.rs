//! The parameters of all lanes as one row of numbers, for an optimizer to visit.

use crate::words::optimizer::{Formula, Visit};
use alloc::vec::Vec;
use numbers::real::{Mask, Real};

/// All parameters of all lanes, ready for a visit. The lanes of `mask` are updated, by gradients
/// that are multiplied by `scale`.
pub(super) struct Flat<'a, T: Real> {
    pub values: &'a mut [T],
    pub gradients: &'a mut [T],
    pub slots: &'a mut [Vec<T>],
    pub mask: T::Mask,
    pub scale: T,
}

impl<T: Real> Flat<'_, T> {
    /// The same visit, for every lane.
    #[inline(always)]
    pub fn everywhere(self) -> Self {
        let mask = T::Mask::splat(true);
        Self { mask, ..self }
    }
}

impl<T: Real> Visit<T> for Flat<'_, T> {
    #[inline(always)]
    fn visit<const SLOTS: usize>(self, formula: impl Formula<T, SLOTS>) {
        let Self {
            values,
            gradients,
            slots,
            mask,
            scale,
        } = self;
        let mut slots = slots.iter_mut();
        let mut slots: [&mut [T]; SLOTS] = core::array::from_fn(|_| {
            let slot = slots.next().expect("the optimizer's form has these slots");
            &mut slot[..values.len()]
        });
        for (i, (value, gradient)) in values.iter_mut().zip(gradients).enumerate() {
            let remembered: [T; SLOTS] = core::array::from_fn(|slot| slots[slot][i]);
            let (new, remember) = formula.apply(*value, *gradient * scale, remembered);
            *value = T::select(mask, new, *value);
            *gradient = T::select(mask, T::zero(), *gradient);
            for (slot, (new, old)) in slots.iter_mut().zip(remember.into_iter().zip(remembered)) {
                slot[i] = T::select(mask, new, old);
            }
        }
    }
}
