//! Data in arrays as NumPy, Keras and MNIST's tools write them.

use std::io::{Cursor, Write};
use std::path::PathBuf;

use data::{Dataset, NewSource, Source, TargetKind, Test, Validation};
use ndarray::{Array, Array1, Array2, Array3, Array4, ShapeBuilder, array};
use ndarray_npy::{WritableElement, WriteNpyExt, write_npy};
use zip::write::SimpleFileOptions;

use super::loading::{Files, csv, names, request};

/// The bytes of an `.npy`.
fn npy<T: WritableElement, D: ndarray::Dimension>(array: &Array<T, D>) -> Vec<u8> {
    let mut bytes = Vec::new();
    array.write_npy(&mut bytes).unwrap();
    bytes
}

/// An `.npz` as `numpy.savez_compressed` writes it.
fn npz(arrays: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (name, bytes) in arrays {
        archive.start_file(format!("{name}.npy"), options).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn archive(path: PathBuf) -> Source {
    Source::Npy { x: path, y: None }
}

fn load(files: &Files, source: Source, kind: TargetKind) -> std::sync::Arc<Dataset> {
    let mut request = request(source);
    request.kind = kind;
    files.load(&request).unwrap()
}

#[test]
fn a_compressed_archive_is_read_with_the_names_of_keras_each_part_for_its_purpose() {
    let x = |first: f64| array![[first, 1.0], [2.0, 3.0]];
    let y = |first: f64| array![first, 5.0];
    let bytes = npz(&[
        ("x_train", npy(&x(10.0))),
        ("y_train", npy(&y(20.0))),
        ("x_val", npy(&x(11.0))),
        ("y_val", npy(&y(21.0))),
        ("x_test", npy(&x(12.0))),
        ("y_test", npy(&y(22.0))),
    ]);
    let files = Files::new(&[("all.npz", &bytes)]);
    let source = archive(files.path("all.npz"));
    let mut request = request(source.clone());
    request.validation = Validation::Files(Box::new(source.clone()));
    request.test = Test::Files(Box::new(source));
    let data = files.load(&request).unwrap();
    let firsts = |samples: &data::Samples| (samples.x.get(0, 0), samples.y.get(0, 0));
    assert_eq!(firsts(&data.train), (10.0, 20.0));
    assert_eq!(firsts(data.valid.as_ref().unwrap()), (11.0, 21.0));
    assert_eq!(firsts(data.test.as_ref().unwrap().open()), (12.0, 22.0));
    let new = data
        .preparation
        .read(NewSource::Path(&files.path("all.npz")), None);
    assert_eq!(new.unwrap().x.get(0, 0), 12.0);
}

#[test]
fn numbers_of_sixteen_bits_are_read_in_either_order_of_bytes() {
    // 1, -2, 65504 and 2^-24 as numpy.float16.
    let halves: [u16; 4] = [0x3c00, 0xc000, 0x7bff, 0x0001];
    let expected = array![[1.0, -2.0], [65504.0, 2f64.powi(-24)]];
    let written = npy(&array![[1_u16, 2], [3, 4]]);
    let start = written.len() - 8;
    for (order, bytes) in [
        ("<", halves.map(u16::to_le_bytes).concat()),
        (">", halves.map(u16::to_be_bytes).concat()),
    ] {
        let header =
            String::from_utf8_lossy(&written[10..start]).replace("<u2", &format!("{order}f2"));
        let file = [&written[..10], header.as_bytes(), &bytes].concat();
        let files = Files::new(&[("x.npy", &file)]);
        write_npy(files.path("y.npy"), &array![0.0, 1.0]).unwrap();
        let source = Source::Npy {
            x: files.path("x.npy"),
            y: Some(files.path("y.npy")),
        };
        let data = load(&files, source, TargetKind::Numbers);
        assert_eq!(data.train.x, expected, "{order}f2");
    }
}

#[test]
fn each_image_of_an_array_is_a_row_whatever_the_order_of_its_numbers() {
    let image = |i: usize, row: usize, column: usize| (i * 6 + row * 3 + column) as u8;
    let expected = Array2::from_shape_fn((4, 6), |(i, pixel)| (i * 6 + pixel) as f64);
    let plain = Array3::from_shape_fn((4, 2, 3), |(i, row, column)| image(i, row, column));
    let fortran = Array3::from_shape_fn((4, 2, 3).f(), |(i, row, column)| image(i, row, column));
    let channel = Array4::from_shape_fn((4, 2, 3, 1), |(i, row, column, _)| image(i, row, column));
    for x in [npy(&plain), npy(&fortran), npy(&channel)] {
        let files = Files::new(&[(
            "a.npz",
            &npz(&[("x", x), ("y", npy(&array![0_u8, 1, 2, 0]))]),
        )]);
        let data = load(&files, archive(files.path("a.npz")), TargetKind::Classes);
        assert_eq!(data.train.x, expected);
        assert_eq!(data.train.y, array![[0.0], [1.0], [2.0], [0.0]]);
        assert_eq!(data.outputs(), 3);
    }
}

#[test]
fn one_hot_targets_are_the_classes_and_a_class_without_a_sample_counts() {
    let x = Array2::<f64>::zeros((3, 1));
    let y = array![[0_u8, 0, 1, 0], [1, 0, 0, 0], [0, 0, 1, 0]];
    let files = Files::new(&[("a.npz", &npz(&[("x", npy(&x)), ("y", npy(&y))]))]);
    let data = load(&files, archive(files.path("a.npz")), TargetKind::Classes);
    assert_eq!(data.train.y, array![[2.0], [0.0], [2.0]]);
    assert_eq!(data.preparation.classes, ["0", "1", "2", "3"]);

    // The columns of a table name the classes, which are sorted like all names.
    let files = Files::new(&[("t.csv", b"a,red,blue\n1,1,0\n2,0,1\n3,1,0\n")]);
    let mut source = csv(&files.path("t.csv"));
    if let Source::Csv { targets, .. } = &mut source {
        *targets = Some(names(&["red", "blue"]));
    }
    let data = load(&files, source, TargetKind::Classes);
    assert_eq!(data.preparation.classes, ["blue", "red"]);
    assert_eq!(data.train.y, array![[1.0], [0.0], [1.0]]);
    let new = data
        .preparation
        .read(NewSource::Path(&files.path("t.csv")), None)
        .unwrap();
    assert_eq!(new.y, Some(data.train.y.clone()));

    // The same targets are numbers for a loss of numbers, and 0 or 1 for bce.
    let files = Files::new(&[("a.npz", &npz(&[("x", npy(&x)), ("y", npy(&y))]))]);
    for kind in [TargetKind::Numbers, TargetKind::Binary] {
        let data = load(&files, archive(files.path("a.npz")), kind);
        assert_eq!(data.train.y, y.mapv(f64::from));
    }
}

#[test]
fn labels_of_every_type_of_the_idx_format_are_read() {
    let expected = [0.0, 2.0, 1.0, 2.0];
    let labels = [0_i8, 2, 1, 2];
    let types: [(u8, Vec<u8>); 6] = [
        (0x08, labels.map(|label| label as u8).to_vec()),
        (0x09, labels.map(|label| label as u8).to_vec()),
        (
            0x0b,
            labels.map(|label| i16::from(label).to_be_bytes()).concat(),
        ),
        (
            0x0c,
            labels.map(|label| i32::from(label).to_be_bytes()).concat(),
        ),
        (
            0x0d,
            labels.map(|label| f32::from(label).to_be_bytes()).concat(),
        ),
        (
            0x0e,
            labels.map(|label| f64::from(label).to_be_bytes()).concat(),
        ),
    ];
    for (code, bytes) in types {
        let file = [&[0, 0, code, 1, 0, 0, 0, 4], bytes.as_slice()].concat();
        let images = super::loading::idx(&[4, 1, 1], &[0, 51, 102, 255]);
        let files = Files::new(&[("labels", &file), ("images", &images)]);
        let source = Source::Idx {
            images: files.path("images"),
            labels: files.path("labels"),
        };
        let data = load(&files, source, TargetKind::Classes);
        assert_eq!(
            data.train.y.iter().collect::<Vec<_>>(),
            expected,
            "{code:#x}"
        );
        let pixels: Array1<f64> = data.train.x.iter().collect();
        assert_eq!(pixels, array![0.0, 0.2, 0.4, 1.0]);
    }
}
