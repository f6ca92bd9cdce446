//! The number formats of data. Numbers that f32 holds exactly take four bytes each, from the file
//! to the engine, and they are read as the same numbers.

use std::fs::File;

use data::{Dataset, NewSource, Scale, Source, TargetKind, Validation};
use ndarray::{Array1, Array2, array};
use ndarray_npy::{NpzWriter, WritableElement, write_npy};
use numbers::matrix::{DataMatrix, Numbers};

use super::loading::{Files, request};

/// Forty samples of three inputs in this type.
fn inputs<T>(number: impl Fn(i16) -> T) -> Array2<T> {
    Array2::from_shape_fn((40, 3), |(i, j)| number((i * 3 + j) as i16))
}

/// Two `.npy` files of inputs and targets.
fn npy<T: WritableElement, U: WritableElement>(x: &Array2<T>, y: &Array1<U>) -> (Files, Source) {
    let files = Files::new(&[]);
    write_npy(files.path("x.npy"), x).unwrap();
    write_npy(files.path("y.npy"), y).unwrap();
    let source = Source::Npy {
        x: files.path("x.npy"),
        y: Some(files.path("y.npy")),
    };
    (files, source)
}

/// The bytes of each number.
fn width(matrix: &DataMatrix) -> usize {
    let width = match matrix.numbers() {
        Numbers::F32(_) => 4,
        Numbers::F64(_) => 8,
    };
    assert_eq!(matrix.bytes(), width * matrix.len());
    width
}

/// The training inputs of an array and of the same numbers as f64, and the digests of both data
/// sets.
fn beside_f64<T: WritableElement>(
    x: &Array2<T>,
    wide: &Array2<f64>,
) -> [(DataMatrix, [u8; 32]); 2] {
    let y = Array1::from_shape_fn(40, |i| (i % 2) as i64);
    let load = |(files, source): (Files, Source)| {
        let mut request = request(source);
        request.kind = TargetKind::Classes;
        request.validation = Validation::Share {
            share: 0.25,
            stratify: true,
        };
        let data = files.load(&request).unwrap();
        let valid = data.valid.as_ref().unwrap();
        assert_eq!((data.train.x.nrows(), valid.x.nrows()), (30, 10));
        assert_eq!(width(&data.train.x), width(&valid.x));
        (data.train.x.clone(), data.digest())
    };
    [load(npy(x, &y)), load(npy(wide, &y))]
}

#[test]
fn types_that_f32_holds_take_four_bytes_and_have_the_digest_of_f64() {
    macro_rules! check {
        ($expected:literal: $($type:ty),*) => {$({
            let x = inputs(|i| (f64::from(i) * 0.7) as $type);
            let wide = x.mapv(|number| number as f64);
            let [(held, digest), (expected, expected_digest)] = beside_f64(&x, &wide);
            assert_eq!(width(&held), $expected, stringify!($type));
            assert_eq!(held, expected);
            assert_eq!(digest, expected_digest);
        })*};
    }
    check!(4: f32, i8, u8, i16, u16);
    check!(8: f64, i32, u32, i64, u64);
}

#[test]
fn arrays_in_the_order_of_columns_and_of_one_dimension_keep_their_format() {
    let x = inputs(|i| f32::from(i) * 0.1);
    let columns = x.t().as_standard_layout().into_owned();
    let wide = x.mapv(f64::from);
    let (files, source) = npy(&columns.reversed_axes(), &Array1::<f32>::ones(40));
    let data = files.load(&request(source)).unwrap();
    assert_eq!(data.train.x, wide);
    assert_eq!((width(&data.train.x), width(&data.train.y)), (4, 4));

    let files = Files::new(&[]);
    let line = Array1::from_iter((0..40).map(|i| i as f32 / 3.0));
    write_npy(files.path("x.npy"), &line).unwrap();
    let path = files.path("x.npy");
    let (x, y) = (path.clone(), Some(path));
    let data = files.load(&request(Source::Npy { x, y })).unwrap();
    assert_eq!((data.train.x.dim(), width(&data.train.x)), ((40, 1), 4));
    assert!(data.train.x.iter().eq(line.iter().map(|&x| f64::from(x))));
}

#[test]
fn arrays_of_an_archive_have_a_format_each() {
    let files = Files::new(&[]);
    let mut archive = NpzWriter::new(File::create(files.path("a.npz")).unwrap());
    let x = inputs(|i| f32::from(i) * 0.1);
    archive.add_array("x", &x).unwrap();
    archive
        .add_array("y", &Array1::from_elem(40, 0.1_f64))
        .unwrap();
    archive.finish().unwrap();
    let (x_path, y) = (files.path("a.npz"), None);
    let data = files.load(&request(Source::Npy { x: x_path, y })).unwrap();
    assert_eq!((width(&data.train.x), width(&data.train.y)), (4, 8));
    assert_eq!(data.train.x, x.mapv(f64::from));
    assert_eq!(data.train.y, Array2::from_elem((40, 1), 0.1));
}

#[test]
fn big_endian_numbers_are_those_of_little_endian_ones() {
    let x = inputs(|i| f32::from(i) * 0.1);
    let (files, source) = npy(&x, &Array1::<f32>::ones(40));
    let mut bytes = std::fs::read(files.path("x.npy")).unwrap();
    let place = bytes.windows(3).position(|text| text == b"<f4").unwrap();
    bytes[place] = b'>';
    let first = bytes.len() - 4 * x.len();
    bytes[first..].chunks_exact_mut(4).for_each(<[u8]>::reverse);
    std::fs::write(files.path("x.npy"), bytes).unwrap();
    let data = files.load(&request(source)).unwrap();
    assert_eq!(width(&data.train.x), 4);
    assert_eq!(data.train.x, x.mapv(f64::from));
}

#[test]
fn numbers_that_are_not_finite_are_told_with_their_place_in_either_order() {
    let x = array![[1.0_f32, f32::NAN, 3.0], [4.0, 5.0, f32::NEG_INFINITY]];
    let columns = x.t().as_standard_layout().into_owned();
    for x in [x, columns.reversed_axes()] {
        let (files, source) = npy(&x, &array![1.0_f32, 2.0]);
        assert_eq!(
            files.load(&request(source)).unwrap_err(),
            "error: x.npy holds NaN, which is not a finite number, in row 1, column 2\n\n\
             error: x.npy holds -inf, which is not a finite number, in row 2, column 3"
        );
    }
}

#[test]
fn what_preparation_changes_is_f64() {
    let x = inputs(|i| f32::from(i) * 0.1);
    let load = |scale| -> std::sync::Arc<Dataset> {
        let (files, source) = npy(&x, &Array1::<f32>::ones(40));
        let mut request = request(source);
        request.scale = scale;
        files.load(&request).unwrap()
    };
    assert_eq!(width(&load(Scale::None).train.x), 4);
    assert_eq!(width(&load(Scale::Standardize).train.x), 8);
}

#[test]
fn new_data_is_held_as_its_file_holds_it() {
    let x = inputs(|i| f32::from(i) * 0.1);
    let (files, source) = npy(&x, &Array1::<f32>::ones(40));
    let preparation = &files.load(&request(source)).unwrap().preparation;
    let targets = files.path("y.npy");
    let new = preparation
        .read(NewSource::Path(&files.path("x.npy")), Some(&targets))
        .unwrap();
    assert_eq!((width(&new.x), new.y.as_ref().map(width)), (4, Some(4)));
    assert_eq!(new.x, x.mapv(f64::from));
}
