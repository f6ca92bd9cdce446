//! From a request to its dataset: samples are read or drawn, divided into parts, and prepared.

use std::sync::Arc;

use crate::dataset::{Dataset, Parts, Sealed};
use crate::raw::{Purpose, Raw};
use crate::request::{Request, Seeds, Test, Validation};
use crate::source::{read, read_like};
use crate::split::{self, Kept};
use crate::{digest, preparation};
use problems::Problems;

/// Reads or draws the samples, splits and prepares them. `fold` is the number of the fold that is
/// the validation part, if there are folds.
///
/// # Errors
/// If anything is wrong with the data. A problem has a file, line and column if it is at one;
/// otherwise it is about the source as a whole.
pub fn load(request: &Request, seeds: Seeds, fold: u32) -> Result<Arc<Dataset>, Problems> {
    Pool::read(request, seeds)?.divide(request, seeds.split, fold)
}

/// The samples of a request before they are divided into training and validation.
#[derive(Debug, Clone)]
pub struct Pool {
    /// The samples that are neither in the test part nor in a validation file.
    rest: Raw,
    test: Option<Raw>,
    test_source: [u8; 32],
    data_seed: u64,
}

impl Pool {
    /// Reads or draws the samples and takes the test part out. `seeds.split` has no effect.
    ///
    /// # Errors
    /// The errors of [`load`].
    pub fn read(request: &Request, seeds: Seeds) -> Result<Self, Problems> {
        let raw = read(&request.source, request.kind, Purpose::Training, seeds.data)?;
        let (rest, test) = match &request.test {
            Test::None => (raw, None),
            Test::Share { share, stratify } => {
                let (rest, test) = split::split(raw, *share, *stratify, Kept::Test, seeds.test)?;
                (rest, Some(test))
            }
            Test::Files(source) => {
                let test = read_like(source, request.kind, Purpose::Test, &raw)?;
                (raw, Some(test))
            }
        };
        let test_source = test.as_ref().map(|test| {
            let (source, seed) = match &request.test {
                Test::Files(source) => (&**source, 0),
                _ => (&request.source, seeds.data),
            };
            digest::rows(&source.identity(), seed, &test.rows)
        });
        Ok(Self {
            rest,
            test,
            test_source: test_source.unwrap_or_default(),
            data_seed: seeds.data,
        })
    }

    /// Divides the samples into training and validation and prepares all parts.
    ///
    /// # Errors
    /// The errors of [`load`].
    pub fn divide(
        self,
        request: &Request,
        split_seed: u64,
        fold: u32,
    ) -> Result<Arc<Dataset>, Problems> {
        let (train, valid) = match &request.validation {
            Validation::None => (self.rest, None),
            Validation::Share { share, stratify } => {
                let what = Kept::Validation;
                let (train, valid) = split::split(self.rest, *share, *stratify, what, split_seed)?;
                (train, Some(valid))
            }
            Validation::Folds { folds, stratify } => {
                let (train, valid) = split::fold(self.rest, *folds, fold, *stratify, split_seed)?;
                (train, Some(valid))
            }
            Validation::Files(source) => {
                let valid = read_like(source, request.kind, Purpose::Validation, &self.rest)?;
                (self.rest, Some(valid))
            }
        };
        let parts = Parts {
            train: digest::part(&request.source, self.data_seed, &train),
            valid: valid.as_ref().map(|valid| {
                let source = match &request.validation {
                    Validation::Files(source) => source,
                    _ => &request.source,
                };
                digest::part(source, self.data_seed, valid)
            }),
        };
        let (fitted, train) = preparation::fit(train, request)?;
        let valid = valid
            .map(|valid| fitted.samples(valid, request.validation.advice()))
            .transpose()?;
        let test = self
            .test
            .map(|test| fitted.samples(test, request.test.advice()))
            .transpose()?;
        let mut dataset = Dataset::new(fitted.preparation, train, valid, parts);
        dataset.test = test.map(|samples| Sealed::new(samples, self.test_source));
        Ok(Arc::new(dataset))
    }
}
