//! Data in tables with other dialects than RFC 4180 in UTF-8.

use data::{Dialect, Fill, Header, Missing, Source, TargetKind, Validation};

use super::loading::{Files, request};

/// A CSV source in this dialect with all columns, of which the last one is the target.
fn source(files: &Files, dialect: Dialect) -> Source {
    Source::Csv {
        path: files.path("t.csv"),
        features: None,
        exclude: Vec::new(),
        targets: None,
        categorical: Vec::new(),
        missing: Missing::REFUSE,
        dialect,
    }
}

fn semicolons() -> Dialect {
    Dialect {
        delimiter: ';',
        decimal: ',',
        thousands: Some('.'),
        ..Dialect::default()
    }
}

#[test]
fn a_table_is_read_as_it_is_declared_to_be_written() {
    let files = Files::new(&[("t.csv", b"a;b;y\n1,5;1.234,25;3\n-2,5;12;4\n")]);
    let data = data::load(
        &request(source(&files, semicolons())),
        data::Seeds::default(),
        0,
    )
    .unwrap();
    assert_eq!(data.train.x, ndarray::array![[1.5, 1234.25], [-2.5, 12.0]]);
    assert_eq!(data.preparation.dialect, semicolons());
}

#[test]
fn every_encoding_of_the_standard_is_read() {
    let text = "高さ,y\n1,2\n3,4\n";
    let wide = |mark: &[u8], bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        let units = text.encode_utf16().flat_map(bytes);
        mark.iter().copied().chain(units).collect()
    };
    let cases = [
        ("shift_jis", b"\x8d\x82\x82\xb3,y\n1,2\n3,4\n".to_vec()),
        ("euc-jp", b"\xb9\xe2\xa4\xb5,y\n1,2\n3,4\n".to_vec()),
        ("utf-16", wide(b"\xff\xfe", u16::to_le_bytes)),
        ("utf-16", wide(b"\xfe\xff", u16::to_be_bytes)),
        ("utf-16be", wide(b"", u16::to_be_bytes)),
    ];
    for (encoding, bytes) in cases {
        let files = Files::new(&[("t.csv", &bytes)]);
        let dialect = Dialect {
            encoding: encoding.to_owned(),
            ..Dialect::default()
        };
        let data = data::load(&request(source(&files, dialect)), data::Seeds::default(), 0)
            .unwrap_or_else(|problems| panic!("{encoding}: {}", problems.render(false)));
        assert_eq!(data.preparation.features, ["高さ"], "{encoding}");
        assert_eq!(data.train.x, ndarray::array![[1.0], [3.0]], "{encoding}");
    }
}

/// The problem of a table that is read in the default dialect.
fn refused(bytes: &[u8]) -> String {
    let files = Files::new(&[("t.csv", bytes)]);
    let refused = data::load(
        &request(source(&files, Dialect::default())),
        data::Seeds::default(),
        0,
    );
    refused
        .expect_err("it is written in another way")
        .render(false)
}

#[test]
fn another_dialect_is_named_by_the_lines_that_declare_it() {
    let message = refused(b"a;b;y\n1,5;2,5;3\n4,5;5,5;6\n");
    assert!(
        message
            .contains("add to [data]:\n          delimiter = \";\"\n          decimal = \",\"\n"),
        "{message}"
    );
    assert_eq!(message.matches("error").count(), 1, "{message}");
    let message = refused(b"a\tb\ty\n1\t2\t3\n4\t5\tx\n");
    assert!(message.contains("delimiter = \"\\t\""), "{message}");
    // Mistakes beside the dialect are reported at the same time.
    assert!(
        message.contains("`x` in column `y` is not a number"),
        "{message}"
    );
    let message = refused(b"gr\xf6\xdfe;y\n1,5;2\n2,5;3\n");
    for line in [
        "encoding = \"windows-1252\"",
        "delimiter = \";\"",
        "decimal = \",\"",
    ] {
        assert!(message.contains(line), "{line}: {message}");
    }
    let message = refused(b"\xff\xfea\0,\0y\0\n\x001\x00,\x002\x00\n\x00");
    assert!(message.contains("encoding = \"utf-16le\""), "{message}");
}

#[test]
fn a_first_line_that_looks_like_a_row_is_refused() {
    let rows = b"5.1,3.5,1.4\n4.9,3.0,1.4\n7.0,3.2,4.7\n";
    let message = refused(rows);
    assert!(message.contains("header = false"), "{message}");
    let files = Files::new(&[("t.csv", rows)]);
    let headless = Dialect {
        header: Header::None,
        names: ["a", "b", "c"].map(str::to_owned).to_vec(),
        ..Dialect::default()
    };
    let data = data::load(
        &request(source(&files, headless)),
        data::Seeds::default(),
        0,
    )
    .unwrap();
    assert_eq!(data.train.x.nrows(), 3);
    assert_eq!(data.preparation.features, ["a", "b"]);
    let declared = Dialect {
        header: Header::Declared,
        ..Dialect::default()
    };
    let data = data::load(
        &request(source(&files, declared)),
        data::Seeds::default(),
        0,
    )
    .unwrap();
    assert_eq!(data.preparation.features, ["5.1", "3.5"]);
    // Numbers that rise from column to column are names.
    let files = Files::new(&[("t.csv", b"1990,1991,1992\n5,3,1\n4,6,2\n")]);
    let data = data::load(
        &request(source(&files, Dialect::default())),
        data::Seeds::default(),
        0,
    )
    .unwrap();
    assert_eq!(data.preparation.features, ["1990", "1991"]);
}

#[test]
fn columns_that_are_not_used_may_be_doubled_or_nameless() {
    let files = Files::new(&[("t.csv", b",a , twice,twice,y\nr1,1,x,x,2\nr2,3,x,x,4\n")]);
    let Source::Csv {
        path,
        targets,
        categorical,
        missing,
        dialect,
        ..
    } = source(&files, Dialect::default())
    else {
        unreachable!("it is a CSV source");
    };
    let wanted = Source::Csv {
        path,
        features: Some(vec![" a".to_owned()]),
        exclude: Vec::new(),
        targets,
        categorical,
        missing,
        dialect,
    };
    let data = data::load(&request(wanted), data::Seeds::default(), 0).unwrap();
    assert_eq!(data.preparation.features, ["a"]);
}

#[test]
fn a_missing_cell_never_becomes_a_class_or_a_category_in_silence() {
    let table = b"colour,size,kind\nred,1,a\nNA,2,b\nblue,?,a\nred,4,NA\n";
    let files = Files::new(&[("t.csv", table)]);
    let load = |missing: Missing| {
        let source = Source::Csv {
            path: files.path("t.csv"),
            features: None,
            exclude: Vec::new(),
            targets: None,
            categorical: vec!["colour".to_owned()],
            missing,
            dialect: Dialect::default(),
        };
        let mut request = request(source);
        request.kind = TargetKind::Classes;
        request.validation = Validation::None;
        data::load(&request, data::Seeds::default(), 0)
    };
    let message = load(Missing::REFUSE).unwrap_err().render(false);
    for column in ["colour", "size", "kind"] {
        assert!(
            message.contains(&format!("a cell of column `{column}` is missing")),
            "{message}"
        );
    }
    let data = load(Missing::DROP).unwrap();
    assert_eq!(data.train.x.nrows(), 1);
    let filled = Missing {
        numbers: Some(Fill::Median),
        category: true,
        drop: true,
    };
    let data = load(filled).unwrap();
    assert_eq!(data.preparation.classes, ["a", "b"]);
    assert_eq!(
        data.preparation.features,
        ["colour=(missing)", "colour=blue", "colour=red", "size"]
    );
    assert_eq!(data.train.x.column(3).collect::<Vec<_>>(), [1.0, 2.0, 1.5]);
    // Missing targets are not filled.
    let kept = Missing {
        drop: false,
        ..filled
    };
    let message = load(kept).unwrap_err().render(false);
    assert!(message.contains("a target is never filled"), "{message}");
}
