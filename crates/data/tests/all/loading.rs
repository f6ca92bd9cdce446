//! The reading of data, and its preparation.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use data::{
    Dataset, Derived, Missing, NewSource, Request, Scale, Seeds, Source, TargetKind, Test,
    Validation,
};
use ndarray::{Array1, Array2, Axis, array};
use numbers::matrix::DataMatrix;
use problems::Problems;

/// The data of these seeds, without folds.
pub fn load(request: &Request, data: u64, split: u64) -> Result<Arc<Dataset>, Problems> {
    let seeds = Seeds {
        data,
        split,
        test: 0,
    };
    data::load(request, seeds, 0)
}

/// A request without validation, scaling or derived inputs.
pub fn request(source: Source) -> Request {
    Request {
        source,
        validation: Validation::None,
        test: Test::None,
        kind: TargetKind::Numbers,
        derive: Vec::new(),
        scale: Scale::None,
        scale_targets: Scale::None,
        outputs: None,
    }
}

/// All columns of a CSV file, of which the last one is the target.
pub fn csv(path: &Path) -> Source {
    Source::Csv {
        path: path.to_path_buf(),
        features: None,
        exclude: Vec::new(),
        targets: None,
        categorical: Vec::new(),
        missing: Missing::REFUSE,
        dialect: data::Dialect::default(),
    }
}

pub fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

/// Changes fields of a request and of its CSV source.
macro_rules! with {
    ($($field:ident = $value:expr),* $(,)?) => {
        move |request: &mut Request| {
            $(with!(request, $field, $value);)*
        }
    };
    ($request:ident, kind, $value:expr) => { $request.kind = $value };
    ($request:ident, scale, $value:expr) => { $request.scale = $value };
    ($request:ident, derive, $value:expr) => { $request.derive = $value };
    ($request:ident, outputs, $value:expr) => { $request.outputs = $value };
    ($request:ident, validation, $value:expr) => { $request.validation = $value };
    ($request:ident, $field:ident, $value:expr) => {
        let Source::Csv { $field, .. } = &mut $request.source else { unreachable!() };
        *$field = $value;
    };
}
pub(crate) use with;

/// Files in a directory of their own.
pub struct Files(pub tempfile::TempDir);

impl Files {
    pub fn new(files: &[(&str, &[u8])]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        for (name, content) in files {
            std::fs::write(directory.path().join(name), content).unwrap();
        }
        Self(directory)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Loads a request. Messages do not name the directory and this machine's memory.
    pub fn load(&self, request: &Request) -> Result<Arc<Dataset>, String> {
        load(request, 0, 0).map_err(|problems| {
            let text = problems.render(false);
            let text = text.replace(&format!("{}/", self.0.path().display()), "");
            text.trim_end().to_owned()
        })
    }
}

/// Loads a CSV text.
fn table(text: &str, change: impl FnOnce(&mut Request)) -> Arc<Dataset> {
    let files = Files::new(&[("table.csv", text.as_bytes())]);
    let mut request = request(csv(&files.path("table.csv")));
    change(&mut request);
    files
        .load(&request)
        .unwrap_or_else(|problems| panic!("{problems}"))
}

pub fn shipped(name: &str) -> Source {
    csv(&Path::new("../../experiments/data").join(name))
}

#[test]
fn a_csv_file_gives_its_last_column_as_the_target() {
    let data = table("a,b,y\n1,2,3\n4,5,6\n", |_| {});
    assert_eq!(data.train.x, array![[1.0, 2.0], [4.0, 5.0]]);
    assert_eq!(data.train.y, array![[3.0], [6.0]]);
    assert_eq!(data.preparation.features, names(&["a", "b"]));
    assert_eq!(data.preparation.targets, names(&["y"]));
}

#[test]
fn columns_are_chosen_and_left_out_by_name() {
    let text = "a,b,c,y\n1,2,word,3\n4,5,word,6\n";
    let data = table(
        text,
        with!(
            features = Some(names(&["b"])),
            targets = Some(names(&["y", "a"]))
        ),
    );
    assert_eq!(data.train.x, array![[2.0], [5.0]]);
    assert_eq!(data.train.y, array![[3.0, 1.0], [6.0, 4.0]]);
    let data = table(text, with!(exclude = names(&["c", "y"])));
    assert_eq!(data.preparation.targets, names(&["b"]));
    assert_eq!(data.train.x, array![[1.0], [4.0]]);
}

#[test]
fn a_csv_file_may_have_quotes_crlf_blank_lines_and_a_byte_order_mark() {
    let text = "\u{feff}\"a\",\"the \"\"b\"\"\",y\r\n\r\n\"1\", 2 ,3\r\n4,5,6";
    let data = table(text, |_| {});
    assert_eq!(data.train.x, array![[1.0, 2.0], [4.0, 5.0]]);
    assert_eq!(data.preparation.features, names(&["a", "the \"b\""]));
}

#[test]
fn gzipped_data_is_the_same_data() {
    use std::io::Write;
    let text = b"a,y\n1,2\n3,4\n";
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(text).unwrap();
    let gzip = gzip.finish().unwrap();
    let files = Files::new(&[("t.csv", text), ("t.csv.gz", &gzip)]);
    let load = |name| files.load(&request(csv(&files.path(name)))).unwrap();
    assert_eq!(load("t.csv"), load("t.csv.gz"));
    assert_eq!(load("t.csv").digest(), load("t.csv.gz").digest());
}

#[test]
fn rows_with_empty_cells_are_dropped_or_filled_with_the_training_mean() {
    let text = "a,b,y\n1,,1\n3,4,2\n,8,3\n5,0,4\n";
    let data = table(text, with!(missing = Missing::DROP));
    assert_eq!(data.train.x, array![[3.0, 4.0], [5.0, 0.0]]);
    let data = table(text, with!(missing = Missing::MEAN));
    assert_eq!(
        data.train.x,
        array![[1.0, 4.0], [3.0, 4.0], [3.0, 8.0], [5.0, 0.0]]
    );
}

#[test]
fn the_validation_part_is_filled_and_scaled_as_the_training_part_was() {
    let files = Files::new(&[
        ("train.csv", b"a,b,y\n0,7,1\n4,9,2\n"),
        ("valid.csv", b"y,b,a\n5,9,8\n6,,2\n"),
    ]);
    let mut request = request(csv(&files.path("train.csv")));
    with!(missing = Missing::MEAN)(&mut request);
    let Source::Csv { .. } = &request.source else {
        unreachable!()
    };
    let mut valid = request.source.clone();
    let Source::Csv { path, .. } = &mut valid else {
        unreachable!()
    };
    *path = files.path("valid.csv");
    request.validation = Validation::Files(Box::new(valid));
    request.scale = Scale::MinMax;
    let data = files.load(&request).unwrap();
    assert_eq!(data.train.x, array![[0.0, 0.0], [1.0, 1.0]]);
    let valid = data.valid.as_ref().unwrap();
    assert_eq!(valid.x, array![[2.0, 1.0], [0.5, 0.5]]);
    assert_eq!(valid.y, array![[5.0], [6.0]]);
}

#[test]
fn categories_become_a_zero_or_one_each() {
    let text = "size,colour,y\n1,red,1\n2,blue,2\n3,red,3\n";
    let data = table(
        text,
        with!(categorical = names(&["colour"]), scale = Scale::MinMax),
    );
    assert_eq!(
        data.preparation.features,
        names(&["size", "colour=blue", "colour=red"])
    );
    assert_eq!(
        data.train.x,
        array![[0.0, 0.0, 1.0], [0.5, 1.0, 0.0], [1.0, 0.0, 1.0]]
    );
}

#[test]
fn classes_are_sorted_names_or_indices() {
    let classes = |text: &str, outputs| {
        let data = table(text, with!(kind = TargetKind::Classes, outputs = outputs));
        (data.preparation.classes.clone(), data.train.y.clone())
    };
    let (names_found, y) = classes("a,y\n1,setosa\n2,Versicolor\n3,setosa\n", Some(2));
    assert_eq!(names_found, names(&["Versicolor", "setosa"]));
    assert_eq!(y, array![[1.0], [0.0], [1.0]]);
    let (names_found, y) = classes("a,y\n1,10\n2,9\n3,1\n", Some(3));
    assert_eq!(names_found, names(&["1", "9", "10"]));
    assert_eq!(y, array![[2.0], [1.0], [0.0]]);
    let (names_found, y) = classes("a,y\n1,3\n2,0\n3,1\n", Some(5));
    assert_eq!(names_found, names(&["0", "1", "2", "3", "4"]));
    assert_eq!(y, array![[3.0], [0.0], [1.0]]);
}

#[test]
fn two_names_are_zero_and_one() {
    let data = table("a,y\n1,no\n2,yes\n", with!(kind = TargetKind::Binary));
    assert_eq!(data.train.y, array![[0.0], [1.0]]);
    assert_eq!(data.preparation.classes, names(&["no", "yes"]));
    let data = table(
        "a,p,q\n1,0,1\n2,1,1\n",
        with!(
            kind = TargetKind::Binary,
            targets = Some(names(&["p", "q"]))
        ),
    );
    assert_eq!(data.train.y, array![[0.0, 1.0], [1.0, 1.0]]);
}

#[test]
fn inputs_are_derived_as_in_the_playground() {
    let mut request = request(Source::Inline {
        x: vec![vec![2.0, -3.0]],
        y: vec![vec![0.0]],
    });
    request.derive = vec![
        Derived::X1Squared,
        Derived::X2Squared,
        Derived::Product,
        Derived::SinX1,
        Derived::SinX2,
    ];
    let data = load(&request, 0, 0).unwrap();
    let expected = [
        2.0,
        -3.0,
        4.0,
        9.0,
        -6.0,
        0.909_297_426_825_681_7,
        -0.141_120_008_059_867_2,
    ];
    assert_eq!(data.train.x, array![expected]);
    assert_eq!(
        data.preparation.features[2..],
        names(&["x1^2", "x2^2", "x1*x2", "sin(x1)", "sin(x2)"])
    );
}

/// NumPy sums the 442 rows in pairs, and this program in order.
const ORDER_OF_SUMS: f64 = 1e-13;

/// numpy.mean(x, 0) and numpy.std(x, 0) of the ten features of diabetes.csv (NumPy 2).
const DIABETES: [(f64, f64); 10] = [
    (48.51809954751131, 13.09419020798002),
    (1.4683257918552035, 0.49899573599220226),
    (26.37579185520364, 4.413120855492464),
    (94.64701357466065, 13.815628311857537),
    (189.14027149321268, 34.568880126921385),
    (115.43914027149319, 30.378657550243783),
    (49.78846153846154, 12.919562419379742),
    (4.070248868778281, 1.288989285051803),
    (4.641410859728506, 0.5217992869003063),
    (91.26018099547511, 11.483322471735475),
];

#[test]
fn standardizing_agrees_with_numpy() {
    let mut request = request(shipped("diabetes.csv"));
    request.scale = Scale::Standardize;
    let data = load(&request, 0, 0).unwrap();
    for (scaling, (mean, deviation)) in data.preparation.scaling.iter().zip(DIABETES) {
        assert!((scaling.offset / mean - 1.0).abs() < ORDER_OF_SUMS);
        assert!((scaling.divisor / deviation - 1.0).abs() < ORDER_OF_SUMS);
    }
    let means = data
        .train
        .x
        .clone()
        .into_array()
        .mean_axis(Axis(0))
        .unwrap();
    assert!(means.iter().all(|mean| mean.abs() < 1e-12));
}

#[test]
fn scaling_sees_the_training_part_alone() {
    let mut request = request(shipped("diabetes.csv"));
    request.validation = Validation::Share {
        share: 0.3,
        stratify: false,
    };
    let raw = load(&request, 0, 5).unwrap();
    request.scale = Scale::MinMax;
    let scaled = load(&request, 0, 5).unwrap();
    for (j, scaling) in scaled.preparation.scaling.iter().enumerate() {
        let least = raw.train.x.column(j).fold(f64::INFINITY, f64::min);
        assert_eq!(scaling.offset, least);
    }
    let outside = |x: &DataMatrix| x.iter().filter(|x| !(0.0..=1.0).contains(x)).count();
    assert_eq!(outside(&scaled.train.x), 0);
    assert!(outside(&scaled.valid.as_ref().unwrap().x) > 0);
}

/// An IDX file of unsigned bytes.
pub fn idx(shape: &[u32], bytes: &[u8]) -> Vec<u8> {
    let mut file = vec![0, 0, 8, shape.len() as u8];
    for size in shape {
        file.extend(size.to_be_bytes());
    }
    file.extend(bytes);
    file
}

#[test]
fn idx_images_become_shares_of_255() {
    let files = Files::new(&[
        ("images", &idx(&[2, 1, 3], &[0, 51, 255, 102, 1, 0])),
        ("labels", &idx(&[2], &[1, 0])),
    ]);
    let mut request = request(Source::Idx {
        images: files.path("images"),
        labels: files.path("labels"),
    });
    request.kind = TargetKind::Classes;
    let data = files.load(&request).unwrap();
    assert_eq!(
        data.train.x,
        array![[0.0, 0.2, 1.0], [0.4, 1.0 / 255.0, 0.0]]
    );
    assert_eq!(data.train.y, array![[1.0], [0.0]]);
    assert_eq!(data.preparation.classes, names(&["0", "1"]));
}

#[test]
fn numpy_arrays_of_any_number_type_are_read() {
    let files = Files::new(&[]);
    let y: Array1<i64> = array![1, 0];
    ndarray_npy::write_npy(files.path("y.npy"), &y).unwrap();
    let expected = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
    macro_rules! check {
        ($($type:ty),*) => {$({
            let x: Array2<$type> = expected.mapv(|value: f64| value as $type);
            ndarray_npy::write_npy(files.path("x.npy"), &x).unwrap();
            let data = files.load(&request(Source::Npy {
                x: files.path("x.npy"),
                y: Some(files.path("y.npy")),
            })).unwrap();
            assert_eq!(data.train.x, expected, stringify!($type));
            assert_eq!(data.train.y, array![[1.0], [0.0]]);
        })*};
    }
    check!(f64, f32, i8, u8, i16, u16, i32, u32, i64, u64);

    // The file has the numbers column by column, as with NumPy's order="F".
    let columns = expected.t().as_standard_layout().to_owned();
    ndarray_npy::write_npy(files.path("x.npy"), &columns.t()).unwrap();
    let source = Source::Npy {
        x: files.path("x.npy"),
        y: Some(files.path("y.npy")),
    };
    assert_eq!(files.load(&request(source)).unwrap().train.x, expected);

    let mut archive =
        ndarray_npy::NpzWriter::new(std::fs::File::create(files.path("a.npz")).unwrap());
    archive.add_array("x", &expected).unwrap();
    archive.add_array("y", &y).unwrap();
    archive.finish().unwrap();
    let source = Source::Npy {
        x: files.path("a.npz"),
        y: None,
    };
    let data = files.load(&request(source)).unwrap();
    assert_eq!(data.train.x, expected);
    assert_eq!(data.train.y.dim(), (2, 1));
}

#[test]
fn new_data_is_treated_as_the_training_data_was() {
    let files = Files::new(&[
        (
            "train.csv",
            b"size,colour,kind\n1,red,b\n3,blue,a\n,red,a\n5,red,b\n",
        ),
        ("new.csv", b"id,colour,size\n7,blue,\n8,red,9\n"),
        ("known.csv", b"kind,colour,size\nb,blue,1\n"),
    ]);
    let mut request = request(csv(&files.path("train.csv")));
    with!(
        categorical = names(&["colour"]),
        missing = Missing::MEAN,
        kind = TargetKind::Classes,
        scale = Scale::MinMax,
    )(&mut request);
    let preparation = files.load(&request).unwrap().preparation.clone();
    // The metadata of a model have it as JSON.
    let text = serde_json::to_string(&preparation).unwrap();
    let preparation: data::Preparation = serde_json::from_str(&text).unwrap();

    let new = preparation
        .read(NewSource::Path(&files.path("new.csv")), None)
        .unwrap();
    assert_eq!(new.x, array![[0.5, 1.0, 0.0], [2.0, 0.0, 1.0]]);
    assert_eq!(new.y, None);
    let known = preparation
        .read(NewSource::Path(&files.path("known.csv")), None)
        .unwrap();
    assert_eq!(known.y, Some(array![[1.0]].into()));
}

#[test]
fn a_digest_changes_with_every_number_and_name() {
    let digest = |text: &str| table(text, |_| {}).digest();
    let first = digest("a,y\n1,2\n3,4\n");
    assert_eq!(first, digest("a,y\n1.0,2\n3,4e0\n"));
    for other in [
        "a,y\n1,2\n3,5\n",
        "a,y\n1,2\n",
        "b,y\n1,2\n3,4\n",
        "a,y\n3,4\n1,2\n",
        "a,y\n1,-2\n3,4\n",
    ] {
        assert_ne!(first, digest(other), "{other}");
    }
}

#[test]
fn targets_are_scaled_column_by_column_by_what_the_training_part_says() {
    let files = Files::new(&[
        ("train.csv", b"x,p,q\n1,10,-1\n2,30,3\n3,20,7\n".as_slice()),
        ("valid.csv", b"x,p,q\n9,1000,-9\n"),
    ]);
    let mut request = request(csv(&files.path("train.csv")));
    let Source::Csv { targets, .. } = &mut request.source else {
        unreachable!("it is a table");
    };
    *targets = Some(names(&["p", "q"]));
    let mut valid = request.source.clone();
    let Source::Csv { path, .. } = &mut valid else {
        unreachable!("it is a table");
    };
    *path = files.path("valid.csv");
    request.validation = Validation::Files(Box::new(valid));
    request.scale_targets = Scale::MinMax;
    let data = files.load(&request).expect("it is a table of numbers");
    assert_eq!(data.train.y, array![[0.0, 0.0], [1.0, 0.5], [0.5, 1.0]]);
    assert_eq!(data.target_units(), [[10.0, 20.0], [-1.0, 8.0]]);
    let valid = data.valid.as_ref().expect("there is validation data");
    assert_eq!(valid.y, array![[49.5, -1.0]]);
    assert_eq!(data.own_targets(valid), array![[1000.0, -9.0]]);
    // The inputs have their own scaling, which is none here.
    assert_eq!(valid.x, array![[9.0]]);
    request.scale_targets = Scale::Standardize;
    let data = files.load(&request).expect("it is a table of numbers");
    for column in 0..2 {
        let values: Vec<f64> = data.train.y.column(column).collect();
        let mean = values.iter().sum::<f64>() / 3.0;
        let square = values.iter().map(|y| y * y).sum::<f64>() / 3.0;
        assert!(mean.abs() < 1e-15 && (square - 1.0).abs() < 1e-15);
    }
}

#[test]
fn a_target_of_one_value_becomes_0() {
    for scale in [Scale::Standardize, Scale::MinMax] {
        let data = table("a,y\n1,3\n4,3\n", |request| request.scale_targets = scale);
        assert_eq!(data.train.y, array![[0.0], [0.0]]);
        assert_eq!(data.own_targets(&data.train), array![[3.0], [3.0]]);
    }
}

#[test]
fn two_classes_of_numbers_stay_two_classes_when_they_are_scaled() {
    for scale in [Scale::None, Scale::Standardize, Scale::MinMax] {
        let data = table("a,y\n1,1\n4,-1\n2,1\n", |request| {
            request.scale_targets = scale
        });
        assert!(data.is_two_class(), "{scale:?}");
        let data = table("a,y\n1,1\n4,-1\n2,0.5\n", |request| {
            request.scale_targets = scale
        });
        assert!(!data.is_two_class(), "{scale:?}");
    }
}
