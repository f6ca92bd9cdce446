//! Data: what is read and drawn, how it is split and prepared, and what is refused with which words.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use runner::data::{
    Dataset, Missing, Request, Scale, Source, Synthetic, TargetKind, Validation, load,
};

/// A request without validation, scaling or derived inputs.
fn request(source: Source) -> Request {
    Request {
        source,
        validation: Validation::None,
        kind: TargetKind::Numbers,
        derive: Vec::new(),
        scale: Scale::None,
        outputs: None,
    }
}

fn synthetic(shape: Synthetic, samples: usize, noise: f64) -> Request {
    request(Source::Synthetic {
        shape,
        samples,
        noise,
    })
}

/// A CSV file of these bytes in a directory of its own.
struct Table {
    directory: tempfile::TempDir,
    path: PathBuf,
}

impl Table {
    fn new(content: impl AsRef<[u8]>) -> Self {
        Self::named("table.csv", content)
    }

    fn named(name: &str, content: impl AsRef<[u8]>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(name);
        std::fs::write(&path, content).unwrap();
        Self { directory, path }
    }

    fn source(&self) -> Source {
        csv(&self.path)
    }

    fn load(&self) -> Result<Arc<Dataset>, String> {
        self.load_as(|_| {})
    }

    /// Loads it with some of the request changed; the directory is left out of messages.
    fn load_as(&self, change: impl FnOnce(&mut Request)) -> Result<Arc<Dataset>, String> {
        let mut request = request(self.source());
        change(&mut request);
        load(&request, 0, 0).map_err(|problems| {
            let text = problems.render(false);
            let directory = format!("{}/", self.directory.path().display());
            text.replace(&directory, "").trim_end().to_owned()
        })
    }
}

fn csv(path: &Path) -> Source {
    Source::Csv {
        path: path.to_path_buf(),
        features: None,
        exclude: Vec::new(),
        targets: None,
        categorical: Vec::new(),
        missing: Missing::Refuse,
    }
}

/// Changes the fields of a CSV source.
macro_rules! with {
    ($($field:ident = $value:expr),* $(,)?) => {
        |request: &mut Request| {
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

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

const SHAPES: [Synthetic; 6] = [
    Synthetic::Plane,
    Synthetic::MultiGaussian,
    Synthetic::Circle,
    Synthetic::Xor,
    Synthetic::Gaussian,
    Synthetic::Spiral,
];

#[test]
fn every_generator_gives_exactly_the_samples_asked_for() {
    for shape in SHAPES {
        for samples in [1, 2, 3, 10, 251] {
            let data = load(&synthetic(shape, samples, 0.3), 1, 1).unwrap();
            assert_eq!(data.train.x.dim(), (samples, 2), "{shape:?}");
            assert_eq!(data.train.y.dim(), (samples, 1), "{shape:?}");
        }
    }
}

#[test]
fn a_csv_file_gives_its_last_column_as_the_target() {
    let data = Table::new("a,b,y\n1,2,3\n4,5,6\n").load().unwrap();
    assert_eq!(data.train.x, ndarray::array![[1.0, 2.0], [4.0, 5.0]]);
    assert_eq!(data.train.y, ndarray::array![[3.0], [6.0]]);
    assert_eq!(data.preparation.features, names(&["a", "b"]));
    assert_eq!(data.preparation.targets, names(&["y"]));
}

#[test]
fn a_feature_column_and_a_target_are_found_by_name() {
    let data = Table::new("a,b,y\n1,2,3\n4,5,6\n")
        .load_as(with!(
            features = Some(names(&["b"])),
            targets = Some(names(&["a", "y"]))
        ))
        .unwrap();
    assert_eq!(data.train.x, ndarray::array![[2.0], [5.0]]);
    assert_eq!(data.train.y, ndarray::array![[1.0, 3.0], [4.0, 6.0]]);
}
