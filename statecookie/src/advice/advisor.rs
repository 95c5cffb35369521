//! The advisor: which layout sends the fewest bytes for what was recorded.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::ladder::Ladder;
use super::model::{MAX_ADVISED, Model};
use super::report::{Advice, moves};
use super::rules::Rules;
use super::{AdviceError, FieldSet, Layout, Pin, Recorder, Rung, descent, search};
use crate::{MAX_TIERS, StateCookie};

/// Finds the layout with the fewest expected bytes among all that the schema permits, of up to [`MAX_ADVISED`] fields.
pub struct Advisor<'r, S> {
    recorder: &'r Recorder<S>,
    ladder: Ladder,
    pins: Vec<(String, Pin)>,
    most_tiers: usize,
}

/// What a layout is expected to send.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Prediction {
    /// Bytes of all updates.
    pub bytes: f64,
    /// The number of tiers.
    pub tiers: usize,
}

impl<'r, S: StateCookie> Advisor<'r, S> {
    pub(super) fn new(recorder: &'r Recorder<S>) -> Self {
        Self {
            recorder,
            ladder: Ladder::of::<S>(),
            pins: Vec::new(),
            most_tiers: MAX_TIERS,
        }
    }

    /// The policies of the tiers from the root down, in place of the struct's own; the last one stands for all below it.
    ///
    /// # Errors
    ///
    /// No policy, or one that cannot stand below the one before.
    pub fn ladder(mut self, rungs: &[Rung]) -> Result<Self, AdviceError> {
        self.ladder = Ladder::from_root(rungs)?;
        Ok(self)
    }

    /// Where a field has to stand; several pins of one field must all hold.
    #[must_use]
    pub fn pin(mut self, field: &str, pin: Pin) -> Self {
        self.pins.push((field.to_string(), pin));
        self
    }

    /// At most so many tiers, 1 to 8; without it, 8.
    #[must_use]
    pub fn at_most_tiers(mut self, tiers: usize) -> Self {
        self.most_tiers = tiers;
        self
    }

    /// The layout with the fewest expected bytes, beside the one that the struct has now.
    ///
    /// # Errors
    ///
    /// Nothing was recorded, there are more than [`MAX_ADVISED`] fields, a pin names none, or no layout fulfils all pins.
    pub fn advise(&self) -> Result<Advice, AdviceError> {
        let model = self.model()?;
        let rules = Rules::new::<S>(&self.ladder, &self.pins, self.most_tiers)?;
        let now = Layout::of::<S>();
        let own = Ladder::of::<S>();
        let today = if own == self.ladder {
            model.cost(&now)
        } else {
            Model::new::<S>(&self.recorder.seen, &own).cost(&now)
        };
        // Rounding must not exclude the best layout itself.
        let limit = descent::good(&model, &rules, &now) * (1.0 + 1e-9);
        let (layout, cost) = search::best(&model, &rules, limit).ok_or(AdviceError::NoLayout)?;
        Ok(Advice {
            moves: moves::<S>(&model, &now, &layout),
            today: Prediction {
                bytes: today.bytes,
                tiers: now.tiers().len(),
            },
            advised: Prediction {
                bytes: cost.bytes,
                tiers: layout.tiers().len(),
            },
            rungs: (0..layout.tiers().len())
                .map(|depth| self.ladder.rung(depth))
                .collect(),
            fields: S::TABLE.fields,
            layout,
        })
    }

    /// What a layout would have sent, whether or not the schema permits it.
    ///
    /// # Errors
    ///
    /// Nothing was recorded, there are more than [`MAX_ADVISED`] fields, or the layout does not have all of them.
    pub fn predict(&self, layout: &Layout) -> Result<Prediction, AdviceError> {
        let model = self.model()?;
        predict::<S>(&model, layout)
    }

    /// [`predict`](Self::predict) for many layouts, which costs hardly more than for one.
    ///
    /// # Errors
    ///
    /// As for [`predict`](Self::predict), of any of them.
    pub fn predict_each<'l>(
        &self,
        layouts: impl IntoIterator<Item = &'l Layout>,
    ) -> Result<Vec<Prediction>, AdviceError> {
        let model = self.model()?;
        let layouts = layouts.into_iter();
        layouts.map(|layout| predict::<S>(&model, layout)).collect()
    }

    fn model(&self) -> Result<Model, AdviceError> {
        let fields = S::TABLE.fields.len();
        if fields > MAX_ADVISED {
            return Err(AdviceError::TooManyFields {
                fields,
                limit: MAX_ADVISED,
            });
        }
        let seen = &self.recorder.seen;
        if seen.initial.is_empty() {
            return Err(AdviceError::NothingRecorded);
        }
        Ok(Model::new::<S>(seen, &self.ladder))
    }
}

impl<S> fmt::Debug for Advisor<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Advisor")
            .field("ladder", &self.ladder)
            .field("pins", &self.pins)
            .field("most_tiers", &self.most_tiers)
            .finish_non_exhaustive()
    }
}

fn predict<S: StateCookie>(model: &Model, layout: &Layout) -> Result<Prediction, AdviceError> {
    if layout.fields() != FieldSet::first(S::TABLE.fields.len()) {
        return Err(AdviceError::Layout);
    }
    Ok(Prediction {
        bytes: model.cost(layout).bytes,
        tiers: layout.tiers().len(),
    })
}
