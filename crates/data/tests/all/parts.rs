//! The parts of the data: the test part, which is taken out first, and the folds of the rest.

use std::collections::BTreeSet;

use data::{
    Dataset, Request, Samples, Seeds, Source, Synthetic, TargetKind, Test, Validation, load,
};

use super::loading::{Files, csv, request};

fn with(mut request: Request, change: impl FnOnce(&mut Request)) -> Request {
    change(&mut request);
    request
}

fn spiral(samples: usize) -> Request {
    request(Source::Synthetic {
        shape: Synthetic::Spiral,
        samples,
        noise: 0.1,
    })
}

fn folded(samples: usize, folds: u32, stratify: bool) -> Request {
    with(spiral(samples), |request| {
        request.validation = Validation::Folds { folds, stratify };
    })
}

const SEEDS: Seeds = Seeds {
    data: 1,
    test: 2,
    split: 3,
};

fn loaded(request: &Request, seeds: Seeds, fold: u32) -> std::sync::Arc<Dataset> {
    load(request, seeds, fold).unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// The rows of a part, as bits.
fn rows(samples: &Samples) -> BTreeSet<Vec<u64>> {
    (0..samples.x.nrows())
        .map(|row| samples.x.row(row).map(f64::to_bits).collect())
        .collect()
}

fn valid(data: &Dataset) -> &Samples {
    data.valid.as_ref().expect("there is a validation part")
}

fn test(data: &Dataset) -> &Samples {
    data.test.as_ref().expect("there is a test part").open()
}

#[test]
fn the_folds_are_disjoint_and_cover_all_samples_once() {
    for (samples, folds) in [(20, 2), (23, 5), (7, 7), (101, 10)] {
        for stratify in [false, true] {
            let request = folded(samples, folds, stratify);
            let whole = rows(&loaded(&spiral(samples), SEEDS, 0).train);
            let mut seen = BTreeSet::new();
            let mut sizes = Vec::new();
            for fold in 0..folds {
                let data = loaded(&request, SEEDS, fold);
                let (train, valid) = (rows(&data.train), rows(valid(&data)));
                assert!(train.is_disjoint(&valid));
                assert_eq!(&train | &valid, whole);
                sizes.push(valid.len());
                assert!(seen.is_disjoint(&valid), "a sample is in two folds");
                seen.extend(valid);
            }
            assert_eq!(seen, whole);
            let (least, most) = (sizes.iter().min(), sizes.iter().max());
            assert!(most.unwrap() - least.unwrap() <= 1, "{sizes:?}");
        }
    }
}

#[test]
fn every_stratified_fold_has_its_share_of_each_class() {
    let request = folded(203, 10, true);
    let positives = |samples: &Samples| samples.y.iter().filter(|y| *y > 0.0).count();
    let all = positives(&loaded(&spiral(203), SEEDS, 0).train);
    for fold in 0..10 {
        let data = loaded(&request, SEEDS, fold);
        let part = valid(&data);
        let (ones, others) = (positives(part), part.y.nrows() - positives(part));
        assert!(ones.abs_diff(all / 10) <= 1 && others.abs_diff((203 - all) / 10) <= 1);
    }
}

#[test]
fn another_seed_deals_other_folds() {
    let request = folded(60, 3, false);
    let other = Seeds { split: 4, ..SEEDS };
    let first = rows(valid(&loaded(&request, SEEDS, 0)));
    assert_eq!(first, rows(valid(&loaded(&request, SEEDS, 0))));
    assert_ne!(first, rows(valid(&loaded(&request, other, 0))));
}

#[test]
fn the_test_part_is_drawn_from_a_seed_of_its_own() {
    for stratify in [false, true] {
        let sealed = with(folded(100, 4, stratify), |request| {
            request.test = Test::Share {
                share: 0.25,
                stratify,
            };
        });
        let first = rows(test(&loaded(&sealed, SEEDS, 0)));
        assert_eq!(first.len(), 25);
        for (split, fold) in [(3, 1), (3, 3), (9, 0)] {
            let data = loaded(&sealed, Seeds { split, ..SEEDS }, fold);
            assert_eq!(rows(test(&data)), first);
            assert!(rows(&data.train).is_disjoint(&first));
            assert!(rows(valid(&data)).is_disjoint(&first));
            assert_eq!(data.train.x.nrows() + valid(&data).x.nrows(), 75);
        }
        let other = loaded(&sealed, Seeds { test: 5, ..SEEDS }, 0);
        assert_ne!(rows(test(&other)), first);
    }
}

#[test]
fn without_a_test_part_its_seed_changes_nothing() {
    let request = with(spiral(50), |request| {
        request.validation = Validation::Share {
            share: 0.3,
            stratify: false,
        };
    });
    let other = Seeds { test: 99, ..SEEDS };
    assert_eq!(
        loaded(&request, SEEDS, 0).digest(),
        loaded(&request, other, 0).digest()
    );
}

#[test]
fn the_sealed_samples_are_scaled_by_the_training_part_and_never_shown() {
    let files = Files::new(&[
        ("train.csv", b"a,y\n0,0\n2,1\n4,0\n"),
        ("test.csv", b"a,y\n100,1\n"),
    ]);
    let request = with(request(csv(&files.path("train.csv"))), |request| {
        request.scale = data::Scale::MinMax;
        request.test = Test::Files(Box::new(csv(&files.path("test.csv"))));
    });
    let data = loaded(&request, SEEDS, 0);
    assert_eq!(test(&data).x.get(0, 0), 25.0);
    assert_eq!(data.train.x.iter().fold(0.0, f64::max), 1.0);
    assert!(!format!("{data:?}").contains("25.0"));
    // The same without the test part trains on the same data.
    let open = with(request.clone(), |request| request.test = Test::None);
    assert_eq!(data.digest(), loaded(&open, SEEDS, 0).digest());
}

#[test]
fn parts_that_cannot_be_are_refused() {
    let test_of = |samples, share, stratify| {
        with(spiral(samples), move |request| {
            request.test = Test::Share { share, stratify };
        })
    };
    for (request, expected) in [
        (
            folded(3, 5, false),
            "`folds` = 5 needs as many samples, and there are 3",
        ),
        (
            test_of(3, 0.1, false),
            "`test` = 0.1 of 3 samples leaves none for test",
        ),
        (
            test_of(3, 0.9, false),
            "`test` = 0.9 of 3 samples leaves none for training",
        ),
        (
            with(test_of(4, 0.6, false), |request| {
                request.validation = Validation::Folds {
                    folds: 3,
                    stratify: false,
                };
            }),
            "`folds` = 3 needs as many samples, and there are 2",
        ),
    ] {
        let problems = load(&request, SEEDS, 0).expect_err(expected);
        assert!(problems.iter().any(|problem| problem.message == expected));
    }
    let regression = with(
        request(Source::Synthetic {
            shape: Synthetic::Plane,
            samples: 40,
            noise: 0.0,
        }),
        |request| {
            request.validation = Validation::Folds {
                folds: 4,
                stratify: true,
            };
        },
    );
    assert_eq!(regression.kind, TargetKind::Numbers);
    let problems = load(&regression, SEEDS, 0).expect_err("numbers are no classes");
    assert!(
        problems
            .iter()
            .any(|problem| problem.message.contains("`stratify` needs classes"))
    );
}
