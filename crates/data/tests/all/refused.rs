//! Data that cannot be used: each mistake has its place and its exact message.
//!
//! The messages are in tests/cases/refused.txt. `RUNNER_BLESS=1 cargo test -p data refused` writes
//! the file again; read the changes before you keep it.

use std::fmt::Write as _;
use std::path::Path;

use data::{Derived, Missing, Request, Scale, Source, Synthetic, TargetKind, Validation};
use ndarray::{Array, Array2, IxDyn, array};
use ndarray_npy::{NpzWriter, write_npy};

use super::loading::{Files, csv, idx, names, request, with};

const EXPECTED: &str = "tests/cases/refused.txt";

/// The messages of all refusals, one after the other.
#[derive(Default)]
struct Log(String);

impl Log {
    /// Adds the message for a refused request, without the machine's memory.
    fn add(&mut self, title: &str, files: &Files, request: &Request) {
        let message = match files.load(request) {
            Ok(_) => panic!("{title}: it was not refused"),
            Err(message) => message,
        };
        let message = match message.split_once("but this machine has ") {
            Some((before, _)) => format!("{before}but this machine has …"),
            None => message,
        };
        writeln!(self.0, "== {title}\n{message}\n").unwrap();
    }

    /// Adds the message for a refused CSV text.
    fn table(&mut self, title: &str, text: &str, change: impl FnOnce(&mut Request)) {
        let files = Files::new(&[("table.csv", text.as_bytes())]);
        let mut request = request(csv(&files.path("table.csv")));
        change(&mut request);
        self.add(title, &files, &request);
    }
}

#[test]
fn every_mistake_is_refused_with_its_place_and_words() {
    let mut log = Log::default();
    tables(&mut log);
    classes(&mut log);
    preparations(&mut log);
    csv_files(&mut log);
    idx_files(&mut log);
    numpy_files(&mut log);
    sources(&mut log);

    if std::env::var_os("RUNNER_BLESS").is_some() {
        std::fs::write(EXPECTED, &log.0).unwrap();
    }
    let expected = std::fs::read_to_string(EXPECTED).unwrap_or_default();
    for (found, expected) in log.0.split("== ").zip(expected.split("== ")) {
        assert_eq!(found, expected);
    }
    assert_eq!(log.0.len(), expected.len());
}

fn tables(log: &mut Log) {
    log.table(
        "a cell that is no number",
        "a,b,y\n1,2,3\n4,five,6\n",
        |_| {},
    );
    log.table(
        "a wide character before it",
        "a,b,y\n1,2,3\n4 €,5,6\n",
        |_| {},
    );
    log.table("NaN", "a,y\n1,NaN\n", |_| {});
    log.table("infinity", "a,y\n-inf,1\n", |_| {});
    log.table("a number too large", "a,y\n1e400,1\n", |_| {});
    log.table("an empty cell", "a,b,y\n1,,2\n", |_| {});
    log.table("a word for a missing value", "a,y\nNA,1\n", |_| {});
    log.table("a decimal comma", "a,y\n\"1,5\",1\n", |_| {});
    log.table("a short row", "a,b,c,d,y\n1,2,3,4,5\n1,2,3\n", |_| {});
    log.table("a very short row", "a,b,c,d,y\n1\n", |_| {});
    log.table("a long row", "a,y\n1,2,3,4\n", |_| {});
    log.table("two columns of one name", "a,b,a\n1,2,3\n", |_| {});
    log.table("a column without a name", ",a,y\n0,1,2\n", |_| {});
    log.table(
        "a misspelt feature",
        "sepal,petal,species\n1,2,3\n",
        with!(features = Some(names(&["sepall"]))),
    );
    log.table(
        "a column that nothing is like",
        "sepal,petal,y\n1,2,3\n",
        with!(targets = Some(names(&["weight"]))),
    );
    log.table(
        "a misspelt excluded column",
        "sepal,petal,y\n1,2,3\n",
        with!(exclude = names(&["petals"])),
    );
    log.table(
        "a feature that is the target",
        "a,y\n1,2\n",
        with!(features = Some(names(&["a", "y"]))),
    );
    log.table(
        "a feature that is excluded",
        "a,b,y\n1,2,3\n",
        with!(features = Some(names(&["a"])), exclude = names(&["a"])),
    );
    log.table(
        "a feature named twice",
        "a,b,y\n1,2,3\n",
        with!(features = Some(names(&["a", "a"]))),
    );
    log.table(
        "categorical, but no feature",
        "a,b,y\n1,2,3\n",
        with!(features = Some(names(&["a"])), categorical = names(&["b"])),
    );
    log.table("one column", "a\n1\n", |_| {});
    log.table("semicolons", "a;b;y\n1;2;3\n", |_| {});
    log.table(
        "a quote that is never closed",
        "a,y\n1,2\n\"3,4\n5,6\n",
        |_| {},
    );
    log.table("text behind a quote", "a,y\n1,2\n\"3\" cm,4\n", |_| {});
    log.table("an empty file", "", |_| {});
    log.table("blank lines only", "\n\r\n\n", |_| {});
    log.table("a header only", "a,y\n", |_| {});
    log.table(
        "nothing left",
        "a,y\n1,\n,2\n",
        with!(missing = Missing::DROP),
    );
    log.table(
        "a target that is to be filled",
        "a,y\n1,\n1,2\n",
        with!(missing = Missing::MEAN),
    );
    log.table(
        "a category that is to be filled",
        "a,y\n,1\nb,2\n",
        with!(missing = Missing::MEAN, categorical = names(&["a"])),
    );
    log.table(
        "a column without a mean",
        "a,b,y\n,1,1\n,2,2\n",
        with!(missing = Missing::MEAN),
    );
    let many: String = (0..25)
        .map(|row| format!("{row},{},x{row}\n", if row % 2 == 0 { "1" } else { "" }))
        .collect();
    log.table("many mistakes", &format!("a,b,y\n{many}"), |_| {});
    log.table(
        "a mistake behind a cell of two lines",
        "a,note,y\n1,\"two\nlines\",2\n1,\"one\",z\n",
        with!(exclude = names(&["note"])),
    );
    log.table(
        "a mistake in a row of two lines",
        "a,note,y\n1,\"two\nlines\",z\n",
        with!(exclude = names(&["note"])),
    );
}

fn classes(log: &mut Log) {
    let classes = |outputs| with!(kind = TargetKind::Classes, outputs = outputs);
    log.table("names where numbers are learnt", "a,y\n1,setosa\n", |_| {});
    log.table(
        "a label out of range",
        "a,y\n1,0\n2,1\n3,7\n4,7\n",
        classes(Some(3)),
    );
    log.table("a label below 0", "a,y\n1,0\n2,-1\n", classes(Some(2)));
    log.table(
        "a label between two classes",
        "a,y\n1,0\n2,0.5\n",
        classes(None),
    );
    log.table(
        "classes in two columns that are not one-hot",
        "a,p,q\n1,0,1\n2,1,1\n",
        with!(
            kind = TargetKind::Classes,
            targets = Some(names(&["p", "q"]))
        ),
    );
    log.table(
        "neither 0 nor 1",
        "a,y\n1,0\n2,1\n3,0.5\n",
        with!(kind = TargetKind::Binary),
    );
    log.table(
        "three names for two classes",
        "a,y\n1,x\n2,z\n3,w\n",
        with!(kind = TargetKind::Binary),
    );
    log.table(
        "one name for two classes",
        "a,y\n1,x\n",
        with!(kind = TargetKind::Binary),
    );
    let files = Files::new(&[
        ("train.csv", b"a,colour,y\n1,red,x\n2,blue,z\n"),
        ("valid.csv", b"a,colour,y\n1,red,x\n2,green,w\n"),
    ]);
    let mut request = request(csv(&files.path("train.csv")));
    request.validation = Validation::Files(Box::new(csv(&files.path("valid.csv"))));
    with!(kind = TargetKind::Classes, exclude = names(&["colour"]))(&mut request);
    log.add("a class that only validation has", &files, &request);
    with!(kind = TargetKind::Binary)(&mut request);
    log.add("a name that only validation has", &files, &request);
    with!(
        exclude = Vec::new(),
        categorical = names(&["colour"]),
        targets = Some(names(&["a"])),
        features = Some(names(&["colour"])),
        kind = TargetKind::Numbers
    )(&mut request);
    log.add("a category that only validation has", &files, &request);
    let rare = "a,y\n1,0\n2,0\n3,0\n4,2\n";
    log.table("a class that only the share has", rare, |request| {
        request.kind = TargetKind::Classes;
        request.outputs = Some(3);
        // The stream of seed 0 keeps the last row.
        request.validation = Validation::Share {
            share: 0.75,
            stratify: false,
        };
    });
}

fn preparations(log: &mut Log) {
    log.table(
        "numbers too large to scale",
        "a,y\n1e308,1\n-1e308,2\n",
        with!(scale = Scale::Standardize),
    );
    log.table(
        "derived inputs of three features",
        "a,b,c,y\n1,2,3,4\n",
        with!(derive = vec![Derived::Product]),
    );
    log.table(
        "derived inputs of one feature",
        "a,y\n1,4\n",
        with!(derive = vec![Derived::SinX1]),
    );
    log.table(
        "a product beyond all numbers",
        "a,b,y\n1,2,3\n1e200,1e200,1\n",
        with!(derive = vec![Derived::Product]),
    );
    let share = |share, stratify| {
        move |request: &mut Request| request.validation = Validation::Share { share, stratify }
    };
    log.table(
        "no sample for validation",
        "a,y\n1,1\n2,2\n3,3\n",
        share(0.1, false),
    );
    log.table(
        "no sample for training",
        "a,y\n1,1\n2,2\n3,3\n",
        share(0.9, false),
    );
    log.table("a single sample", "a,y\n1,1\n", share(0.5, false));
    log.table(
        "nothing to stratify by",
        "a,y\n1,1.5\n2,2.5\n3,3.5\n",
        share(0.4, true),
    );
    log.table(
        "classes too small to keep a share of each",
        "a,y\n1,p\n2,q\n3,r\n4,s\n",
        |request| {
            request.kind = TargetKind::Classes;
            request.validation = Validation::Share {
                share: 0.25,
                stratify: true,
            };
        },
    );
    // The split of seed 0 keeps the single rare row.
    let rows: Vec<String> = (0..12)
        .map(|row| format!("{row},{}\n", if row == RARE { "rare" } else { "common" }))
        .collect();
    log.table(
        "a class that the split keeps",
        &format!("a,y\n{}", rows.concat()),
        |request| {
            request.kind = TargetKind::Binary;
            request.validation = Validation::Share {
                share: 0.5,
                stratify: false,
            };
        },
    );
}

/// A row that the split of twelve rows into halves keeps for validation.
const RARE: usize = 2;

fn csv_files(log: &mut Log) {
    let files = Files::new(&[
        ("data.csv", b"a,y\n1,2\n"),
        ("latin.csv", b"a,y\n1,2\nM\xfcnchen,3\n"),
        ("utf16.csv", b"\xff\xfea\0,\0y\0\n\0"),
        ("plain.csv.gz", b"a,y\n1,2\n"),
        ("damaged.csv.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\x03garbage"),
        (
            "book.xlsx",
            b"PK\x03\x04\x14\0\0\0[Content_Types].xml<Types/>",
        ),
        (
            "sheet.ods",
            b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
        ),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0"),
        ("t.parquet", b"PAR1\x15\x04\0\0PAR1"),
        ("paper.pdf", b"%PDF-1.7\n%\xe2\xe3\n"),
        (
            "page.csv",
            b"\n<!DOCTYPE html>\n<html><body>404</body></html>\n",
        ),
        ("rows.json", b"[\n  {\"a\": 1, \"y\": 2}\n]\n"),
    ]);
    let mut add = |title, name| log.add(title, &files, &request(csv(&files.path(name))));
    add("a file that is not there", "dta.csv");
    add("a file that nothing is like", "measurements.csv");
    add("a directory", "");
    add("another encoding", "latin.csv");
    add("UTF-16", "utf16.csv");
    add("a plain file named .gz", "plain.csv.gz");
    add("a damaged gzip file", "damaged.csv.gz");
    add("a workbook", "book.xlsx");
    add("a spreadsheet", "sheet.ods");
    add("a workbook of an old Excel", "old.xls");
    add("a Parquet file", "t.parquet");
    add("a PDF", "paper.pdf");
    add("a web page in the file's place", "page.csv");
    add("JSON", "rows.json");
    let files = Files::new(&[
        ("train.csv", b"a,b,y\n1,2,3\n"),
        ("valid.csv", b"a,c,y\n1,2,3\n"),
    ]);
    let mut request = request(csv(&files.path("train.csv")));
    request.validation = Validation::Files(Box::new(csv(&files.path("valid.csv"))));
    log.add("a validation file without a column", &files, &request);
}

fn idx_files(log: &mut Log) {
    let images = idx(&[2, 2, 2], &[0; 8]);
    let mut floats = images.clone();
    floats[2] = 0x0d;
    let mut wrong = images.clone();
    wrong[2] = 0x77;
    let files = Files::new(&[
        ("images", &images),
        ("labels", &idx(&[2], &[0, 1])),
        ("three", &idx(&[3], &[0, 1, 2])),
        ("beyond", &idx(&[2], &[0, 12])),
        ("short", &images[..images.len() - 3]),
        ("header", &images[..9]),
        ("long", &[images.as_slice(), &[0, 0]].concat()),
        ("floats", &floats),
        ("wrong", &wrong),
        ("text", b"a,y\n1,2\n"),
        ("empty", b""),
        ("none", &idx(&[0, 28, 28], &[])),
        ("huge", &idx(&[u32::MAX, u32::MAX, u32::MAX], &[])),
    ]);
    let mut add = |title, images, labels| {
        let mut request = request(Source::Idx {
            images: files.path(images),
            labels: files.path(labels),
        });
        request.kind = TargetKind::Classes;
        request.outputs = Some(10);
        log.add(title, &files, &request);
    };
    add("images cut short", "short", "labels");
    add("images cut short within the header", "header", "labels");
    add("images too long", "long", "labels");
    add("images of floats cut short", "floats", "labels");
    add("images of no type", "wrong", "labels");
    add("images that are text", "text", "labels");
    add("images that are empty", "empty", "labels");
    add("no images", "none", "labels");
    add("more images than any memory holds", "huge", "labels");
    add("more labels than images", "images", "three");
    add("images and labels exchanged", "labels", "images");
    add("both files missing", "imags", "lables");
    add("an IDX label out of range", "images", "beyond");
}

fn numpy_files(log: &mut Log) {
    let files = Files::new(&[("text.npy", b"a,y\n1,2\n"), ("text.npz", b"a,y\n1,2\n")]);
    let path = |name: &str| files.path(name);
    let x: Array2<f64> = array![[1.0, 2.0], [3.0, 4.0]];
    write_npy(path("x.npy"), &x).unwrap();
    write_npy(path("y.npy"), &array![1.0, 2.0]).unwrap();
    write_npy(path("three.npy"), &array![1.0, 2.0, 3.0]).unwrap();
    write_npy(
        path("nan.npy"),
        &array![[1.0, f64::NAN], [f64::NEG_INFINITY, 4.0]],
    )
    .unwrap();
    write_npy(path("cube.npy"), &Array::<f64, _>::zeros((2, 2, 2))).unwrap();
    write_npy(path("scalar.npy"), &Array::<f64, _>::zeros(IxDyn(&[]))).unwrap();
    write_npy(path("empty.npy"), &Array2::<f64>::zeros((0, 3))).unwrap();
    let bytes = std::fs::read(path("x.npy")).unwrap();
    std::fs::write(path("short.npy"), &bytes[..bytes.len() - 4]).unwrap();
    std::fs::write(path("long.npy"), [bytes.as_slice(), b"more"].concat()).unwrap();
    let header = |from: &str, to: &str| {
        // The header is padded to 64 bytes, so that its length stays the same.
        let text: String = bytes.iter().map(|&byte| char::from(byte)).collect();
        let grown = text.replacen(from, to, 1);
        let surplus = grown.chars().count() - text.chars().count();
        let grown = grown.replacen(&" ".repeat(surplus), "", 1);
        grown
            .chars()
            .map(|letter| letter as u8)
            .collect::<Vec<u8>>()
    };
    std::fs::write(path("text_type.npy"), header("'<f8'", "'<U1'")).unwrap();
    std::fs::write(path("objects.npy"), header("'<f8'", "'|O' ")).unwrap();
    std::fs::write(path("huge.npy"), header("(2, 2)", "(2000000000000, 2)")).unwrap();
    let mut add = |title: &str, x: &str, y: &str| {
        let source = Source::Npy {
            x: path(x),
            y: (!y.is_empty()).then(|| path(y)),
        };
        log.add(title, &files, &request(source));
    };
    add("an array with NaN", "nan.npy", "y.npy");
    add("targets of three dimensions", "x.npy", "cube.npy");
    add("an array of no dimension", "scalar.npy", "y.npy");
    add("an array of no samples", "empty.npy", "empty.npy");
    add("an array cut short", "short.npy", "y.npy");
    add("an array too long", "long.npy", "y.npy");
    add("an array of texts", "text_type.npy", "y.npy");
    add("an array of objects", "objects.npy", "y.npy");
    add("an array larger than any memory", "huge.npy", "y.npy");
    add("a file that is no array", "text.npy", "y.npy");
    add("a file that is no archive", "text.npz", "");
    add("more targets than samples", "x.npy", "three.npy");
    add("no targets", "x.npy", "");
    let mut archive = NpzWriter::new(std::fs::File::create(path("a.npz")).unwrap());
    archive.add_array("X", &x).unwrap();
    archive.add_array("labels", &x).unwrap();
    archive.finish().unwrap();
    add("an archive with other names", "a.npz", "");
    let mut archive = NpzWriter::new(std::fs::File::create(path("half.npz")).unwrap());
    archive.add_array("x_train", &x).unwrap();
    archive.add_array("x_test", &x).unwrap();
    archive.finish().unwrap();
    add("an archive without targets", "half.npz", "");
}

fn sources(log: &mut Log) {
    let files = Files::new(&[]);
    let inline = |x: &[&[f64]], y: &[&[f64]]| {
        let rows = |rows: &[&[f64]]| rows.iter().map(|row| row.to_vec()).collect();
        request(Source::Inline {
            x: rows(x),
            y: rows(y),
        })
    };
    log.add(
        "inline rows of unequal length",
        &files,
        &inline(&[&[1.0, 2.0], &[3.0]], &[&[1.0], &[2.0]]),
    );
    log.add(
        "fewer inline targets than inputs",
        &files,
        &inline(&[&[1.0], &[3.0]], &[&[1.0]]),
    );
    log.add("no inline rows", &files, &inline(&[], &[]));
    let synthetic = |shape, samples| {
        request(Source::Synthetic {
            shape,
            samples,
            noise: 0.0,
        })
    };
    let mut classes = synthetic(Synthetic::Plane, 10);
    classes.kind = TargetKind::Classes;
    log.add("classes of a generator of numbers", &files, &classes);
    log.add(
        "more samples than any memory holds",
        &files,
        &synthetic(Synthetic::Xor, 1 << 60),
    );
    assert!(Path::new(EXPECTED).exists() || std::env::var_os("RUNNER_BLESS").is_some());
}
