//! Tables that fit the screen: on a narrow one, headings and cells have shorter forms, the least
//! important columns are left out, and long texts are cut in the middle or wrapped.

use problems::visible;

use super::{Screen, breaking, columns, shortened};

/// The tone of a cell, which decides its colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tone {
    /// A cell without a tone.
    #[default]
    Plain,
    /// The best of all values.
    Best,
    /// A value that is worse than the best.
    Worse,
    /// A failure or another problem.
    Trouble,
}

/// A cell: one or more forms of its text, the longest first.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    forms: Vec<String>,
    tone: Tone,
}

impl Cell {
    /// A cell with these forms, the longest first.
    pub fn of(forms: impl IntoIterator<Item = String>) -> Self {
        let forms = forms.into_iter();
        Self {
            forms: forms.map(|form| one_line(&form)).collect(),
            tone: Tone::Plain,
        }
    }

    /// The cell with this tone.
    pub fn toned(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }

    fn form(&self, level: usize) -> &str {
        let last = self.forms.len().saturating_sub(1);
        self.forms.get(level.min(last)).map_or("", String::as_str)
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::of([text.into()])
    }
}

/// A text in one line, in which control characters are escaped.
fn one_line(text: &str) -> String {
    visible(text).replace(['\n', '\t'], " ")
}

/// One column.
#[derive(Debug, Clone)]
pub struct Column {
    heading: Cell,
    cells: Vec<Cell>,
    right: bool,
    wraps: bool,
    /// The importance of the column; `None` if it is always shown.
    weight: Option<u8>,
    /// The least columns of its texts, if these may be shortened or wrapped.
    least: Option<usize>,
}

impl Column {
    /// A column with this heading.
    pub fn new(heading: impl Into<Cell>) -> Self {
        Self {
            heading: heading.into(),
            cells: Vec::new(),
            right: false,
            wraps: false,
            weight: None,
            least: None,
        }
    }

    /// The column with its cells aligned to the right, as for numbers.
    pub fn right(mut self) -> Self {
        self.right = true;
        self
    }

    /// The column may be left out if there is too little room; the smallest weights are left out
    /// first.
    pub fn optional(mut self, weight: u8) -> Self {
        self.weight = Some(weight);
        self
    }

    /// The column's texts may be cut in the middle, down to `least` columns.
    pub fn shortening(mut self, least: usize) -> Self {
        self.least = Some(least);
        self
    }

    /// The column's texts may take several lines, of at least `least` columns.
    pub fn wrapping(mut self, least: usize) -> Self {
        self.least = Some(least);
        self.wraps = true;
        self
    }

    /// Adds a cell.
    pub fn push(&mut self, cell: impl Into<Cell>) {
        self.cells.push(cell.into());
    }

    /// The widest cell in the forms of a level.
    fn cells_width(&self, level: usize) -> usize {
        let widths = self.cells.iter().map(|cell| columns(cell.form(level)));
        widths.max().unwrap_or(0)
    }
}

/// The spaces between two columns.
const GAP: usize = 2;
/// The spaces before the first column.
const INDENT: usize = 1;

/// A table.
#[derive(Debug, Clone, Default)]
pub struct Table {
    columns: Vec<Column>,
}

/// The layout of a table.
struct Layout<'a> {
    columns: &'a [Column],
    shown: Vec<bool>,
    level: usize,
    /// The width of the widest cell in each column, in the forms of the current level.
    cells: Vec<usize>,
    headings: Headings,
    /// The greatest width of each column's texts, if these may be shortened.
    limits: Vec<usize>,
}

/// The form of the headings.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Headings {
    Long,
    Short,
    Wrapped,
}

impl Layout<'_> {
    /// Chooses the forms of a level for the cells.
    fn set_level(&mut self, level: usize) {
        self.level = level;
        let widths = self.columns.iter().map(|column| column.cells_width(level));
        self.cells = widths.collect();
    }

    fn heading_width(&self, column: &Column) -> usize {
        match self.headings {
            Headings::Long => columns(column.heading.form(0)),
            Headings::Short => columns(column.heading.form(usize::MAX)),
            Headings::Wrapped => {
                let pieces = pieces(column.heading.form(usize::MAX));
                let widths = pieces.iter().map(|piece| columns(piece));
                widths.max().unwrap_or(0)
            }
        }
    }

    fn width(&self, place: usize) -> usize {
        let column = &self.columns[place];
        let cells = self.cells[place].min(self.limits[place]);
        cells.max(self.heading_width(column))
    }

    fn total(&self) -> usize {
        let shown = (0..self.columns.len()).filter(|&place| self.shown[place]);
        let widths: Vec<usize> = shown.map(|place| self.width(place)).collect();
        INDENT + widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1)
    }

    /// Leaves out the least important column with a weight up to `most`. Returns whether there was
    /// one.
    fn drop_one(&mut self, most: u8) -> bool {
        let droppable = (0..self.columns.len()).filter(|&place| self.shown[place]);
        let droppable = droppable.filter_map(|place| Some((self.columns[place].weight?, place)));
        let least = droppable.filter(|(weight, _)| *weight <= most).min();
        if let Some((_, place)) = least {
            self.shown[place] = false;
        }
        least.is_some()
    }

    /// Uses the room that is left: puts headings on one line again, and shows the most important
    /// columns that still fit.
    fn use_what_is_left(&mut self, fits: &impl Fn(&Self) -> bool) {
        let headings = self.headings;
        if headings == Headings::Wrapped {
            self.headings = Headings::Short;
            if !fits(self) {
                self.headings = headings;
            }
        }
        let weight = |place: &usize| self.columns[*place].weight;
        let gone = (0..self.columns.len()).filter(|&place| !self.shown[place]);
        let mut gone: Vec<usize> = gone.collect();
        gone.sort_by_key(|place| std::cmp::Reverse(weight(place)));
        for place in gone {
            self.shown[place] = true;
            if !fits(self) {
                self.shown[place] = false;
            }
        }
    }

    /// Makes the widest text that may be narrower one column narrower. Returns whether there was
    /// one.
    fn narrow_one(&mut self) -> bool {
        let may = |&place: &usize| {
            let least = self.columns[place].least;
            let width = self.width(place);
            self.shown[place]
                && least.is_some_and(|least| width > least)
                && width > self.heading_width(&self.columns[place])
        };
        let widest = (0..self.columns.len())
            .filter(may)
            .max_by_key(|&place| (self.width(place), place));
        if let Some(place) = widest {
            self.limits[place] = self.width(place) - 1;
        }
        widest.is_some()
    }
}

/// Columns with weights up to this are left out before headings are wrapped.
pub const LIGHT: u8 = 9;

impl Table {
    /// A table of these columns, which have equal numbers of cells.
    pub fn of(columns: impl IntoIterator<Item = Column>) -> Self {
        Self {
            columns: columns.into_iter().collect(),
        }
    }

    /// The best layout for this width, and whether it fits.
    fn layout(&self, width: usize) -> (Layout<'_>, bool) {
        let mut layout = Layout {
            columns: &self.columns,
            shown: vec![true; self.columns.len()],
            level: 0,
            cells: Vec::new(),
            headings: Headings::Long,
            limits: vec![usize::MAX; self.columns.len()],
        };
        layout.set_level(0);
        let fits = |layout: &Layout<'_>| layout.total() <= width;
        if fits(&layout) {
            return (layout, true);
        }
        layout.headings = Headings::Short;
        if fits(&layout) {
            return (layout, true);
        }
        layout.set_level(1);
        while !fits(&layout) && layout.drop_one(LIGHT) {}
        if !fits(&layout) {
            layout.headings = Headings::Wrapped;
        }
        while !fits(&layout) && layout.drop_one(u8::MAX) {}
        if !fits(&layout) {
            layout.set_level(usize::MAX);
        }
        // A text that may be narrower begins with the width of the screen and loses a column at a
        // time, whatever its length.
        let limits = self.columns.iter().map(|column| match column.least {
            Some(least) => width.max(least),
            None => usize::MAX,
        });
        layout.limits = limits.collect();
        while !fits(&layout) && layout.narrow_one() {}
        let fit = fits(&layout);
        if fit {
            layout.use_what_is_left(&fits);
        }
        (layout, fit)
    }

    /// Whether the table fits the screen.
    pub fn fits(&self, screen: &Screen) -> bool {
        self.layout(screen.width).1
    }

    /// The lines of the table, with a rule above, beneath the headings and at the end.
    pub fn render(&self, screen: &Screen) -> String {
        let (layout, _) = self.layout(screen.width);
        let shown: Vec<usize> = (0..self.columns.len())
            .filter(|&place| layout.shown[place])
            .collect();
        let rule = "─".repeat(layout.total());
        let mut lines = vec![rule.clone()];
        let headings: Vec<Vec<String>> = shown
            .iter()
            .map(|&place| {
                let heading = &self.columns[place].heading;
                match layout.headings {
                    Headings::Long => vec![heading.form(0).to_owned()],
                    Headings::Short => vec![heading.form(usize::MAX).to_owned()],
                    Headings::Wrapped => joined(heading.form(usize::MAX), layout.width(place)),
                }
            })
            .collect();
        let plain = vec![Tone::Plain; shown.len()];
        self.row(&layout, &shown, headings, &plain, screen, &mut lines);
        lines.push(rule.clone());
        let rows = self.columns.first().map_or(0, |column| column.cells.len());
        for row in 0..rows {
            let cells = shown.iter().map(|&place| {
                let column = &self.columns[place];
                let text = column.cells[row].form(layout.level);
                let width = layout.width(place);
                if columns(text) <= width {
                    vec![text.to_owned()]
                } else if column.wraps {
                    breaking::lines(text, width, width)
                } else {
                    vec![shortened(text, width).into_owned()]
                }
            });
            let cells = cells.collect();
            let tones = shown
                .iter()
                .map(|&place| self.columns[place].cells[row].tone);
            let tones: Vec<Tone> = tones.collect();
            self.row(&layout, &shown, cells, &tones, screen, &mut lines);
        }
        lines.push(rule);
        lines.join("\n")
    }

    /// Adds the lines of one row, whose cells may have several lines each.
    fn row(
        &self,
        layout: &Layout<'_>,
        shown: &[usize],
        cells: Vec<Vec<String>>,
        tones: &[Tone],
        screen: &Screen,
        lines: &mut Vec<String>,
    ) {
        let height = cells.iter().map(Vec::len).max().unwrap_or(0);
        for line in 0..height {
            let mut text = " ".repeat(INDENT);
            let mut padding = 0;
            for ((&place, cell), &tone) in shown.iter().zip(&cells).zip(tones) {
                let piece = cell.get(line).map_or("", String::as_str);
                let missing = layout.width(place) - columns(piece).min(layout.width(place));
                let before = if self.columns[place].right {
                    missing
                } else {
                    0
                };
                if !piece.is_empty() {
                    text += &" ".repeat(padding + before);
                    text += &coloured(piece, tone, screen);
                    padding = missing - before;
                } else {
                    padding += missing;
                }
                padding += GAP;
            }
            lines.push(text.trim_end().to_owned());
        }
    }
}

/// The text in the colour of its tone.
fn coloured(text: &str, tone: Tone, screen: &Screen) -> String {
    let code = match tone {
        Tone::Plain => return text.to_owned(),
        _ if !screen.styled => return text.to_owned(),
        Tone::Best => "32",
        Tone::Worse => "2",
        Tone::Trouble => "31",
    };
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
}

/// The pieces of a heading, which may stand on different lines.
fn pieces(heading: &str) -> Vec<&str> {
    heading.split_inclusive([' ', '_', '.', '-']).collect()
}

/// The pieces of a heading, joined into lines of at most `width` columns.
fn joined(heading: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for piece in pieces(heading) {
        match lines.last_mut() {
            Some(line) if columns(line) + columns(piece.trim_end()) <= width => *line += piece,
            _ => lines.push(piece.to_owned()),
        }
    }
    lines
        .iter()
        .map(|line| line.trim_end().to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut name = Column::new("name").shortening(8);
        let mut value =
            Column::new(Cell::of(["value ± 95 %".to_owned(), "value".to_owned()])).right();
        let mut curve = Column::new("curve").optional(1);
        let mut verdict = Column::new("verdict");
        for (a, b, c, d) in [
            ("a rather long name", "0.1", "▁▂▃", "best"),
            ("b", "10.25", "▃▂▁", "same?"),
        ] {
            name.push(a);
            value.push(b);
            curve.push(c);
            verdict.push(Cell::of([format!("{d} and why"), d.to_owned()]));
        }
        Table::of([name, value, curve, verdict])
    }

    #[test]
    fn no_line_is_wider_than_the_screen() {
        for width in NARROW..120 {
            let text = table().render(&Screen {
                width,
                styled: false,
            });
            for line in text.lines() {
                assert!(columns(line) <= width, "{width}: {line}");
            }
            assert!(text.contains("best") && text.contains("10.25"), "{text}");
        }
    }

    /// The least width of the table.
    const NARROW: usize = 27;

    #[test]
    fn a_narrow_screen_lets_the_least_important_column_go_and_marks_what_is_cut() {
        let text = table().render(&Screen {
            width: 28,
            styled: false,
        });
        assert_eq!(
            text,
            "────────────────────────────\n \
             name         value  verdict\n\
             ────────────────────────────\n \
             a rat… name    0.1  best\n \
             b            10.25  same?\n\
             ────────────────────────────"
        );
    }

    #[test]
    fn colours_do_not_change_what_stands_where() {
        let mut column = Column::new("verdict").right();
        column.push(Cell::from("best").toned(Tone::Best));
        let table = Table::of([column]);
        let screen = |styled| Screen { width: 80, styled };
        let coloured = table.render(&screen(true));
        assert!(
            coloured.contains("   \u{1b}[32mbest\u{1b}[0m\n"),
            "{coloured}"
        );
        let bare = coloured.replace("\u{1b}[32m", "").replace("\u{1b}[0m", "");
        assert_eq!(bare, table.render(&screen(false)));
    }
}
