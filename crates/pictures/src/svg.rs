//! A figure as SVG.

use std::fmt::Write;

use super::{Anchor, Figure, Ink, Item, colour};

/// The target of the SVG.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The page, whose style sheet has a class for each ink.
    Page,
    /// A file of its own.
    File,
}

/// The fonts of a file: several, since a picture in a paper should not depend on one.
const FONTS: &str = "Inter, Helvetica, Arial, Noto Sans, Noto Sans JP, sans-serif";

/// The SVG of a figure.
pub fn write(figure: &Figure, target: Target) -> String {
    let mut svg = Writer {
        text: String::with_capacity(16 * 1024),
        target,
    };
    let (w, h) = (short(figure.width), short(figure.height));
    match target {
        Target::File => {
            let _ = writeln!(
                svg.text,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\" font-family=\"{FONTS}\">"
            );
            let _ = writeln!(svg.text, "<title>{}</title>", escape(&figure.title));
            if !figure.description.is_empty() {
                let _ = writeln!(svg.text, "<desc>{}</desc>", escape(&figure.description));
            }
            let _ = writeln!(
                svg.text,
                "<rect width=\"{w}\" height=\"{h}\" fill=\"#ffffff\"/>"
            );
        }
        Target::Page => {
            let label = if figure.description.is_empty() {
                figure.title.clone()
            } else {
                format!("{}. {}", figure.title, figure.description)
            };
            let _ = writeln!(
                svg.text,
                "<svg viewBox=\"0 0 {w} {h}\" role=\"img\" aria-label=\"{}\">",
                escape(&label)
            );
        }
    }
    for item in &figure.items {
        svg.item(item);
    }
    svg.text += "</svg>\n";
    svg.text
}

struct Writer {
    text: String,
    target: Target,
}

impl Writer {
    fn item(&mut self, item: &Item) {
        match item {
            Item::Line {
                points,
                ink,
                width,
                dash,
            } => {
                let stroke = self.ink("stroke", *ink);
                let dash = dash.pattern().map_or(String::new(), |lengths| {
                    let lengths: Vec<String> = lengths.iter().map(f32::to_string).collect();
                    format!(" stroke-dasharray=\"{}\"", lengths.join(" "))
                });
                let path = path(points);
                let _ = writeln!(
                    self.text,
                    "<path d=\"{path}\" fill=\"none\"{stroke} stroke-width=\"{}\" stroke-linejoin=\"round\" stroke-linecap=\"round\"{dash}/>",
                    short(*width)
                );
            }
            Item::Area {
                points,
                ink,
                opacity,
            } => {
                let fill = self.ink("fill", *ink);
                let path = path(points);
                let _ = writeln!(
                    self.text,
                    "<path d=\"{path}Z\"{fill} fill-opacity=\"{}\"/>",
                    short(*opacity)
                );
            }
            Item::Rectangle { frame, ink, title } => {
                let fill = self.ink("fill", *ink);
                let [x, y, w, h] = frame.map(short);
                let _ = write!(
                    self.text,
                    "<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"{fill}"
                );
                self.close("rect", title);
            }
            Item::Disc {
                at,
                radius,
                ink,
                title,
            } => {
                let (fill, stroke) = (self.ink("fill", *ink), self.rim());
                let _ = write!(
                    self.text,
                    "<circle cx=\"{}\" cy=\"{}\" r=\"{}\"{fill}{stroke}",
                    short(at.0),
                    short(at.1),
                    short(*radius)
                );
                self.close("circle", title);
            }
            Item::Cross {
                at,
                radius,
                ink,
                title,
            } => {
                let stroke = self.ink("stroke", *ink);
                let (x, y, r) = (at.0, at.1, *radius);
                let arm = |a: f64, b: f64| {
                    format!(
                        "M{} {}L{} {}",
                        short(x - a),
                        short(y - b),
                        short(x + a),
                        short(y + b)
                    )
                };
                let _ = write!(
                    self.text,
                    "<path d=\"{}{}\" fill=\"none\"{stroke} stroke-width=\"2\" stroke-linecap=\"round\"",
                    arm(r, r),
                    arm(r, -r)
                );
                self.close("path", title);
            }
            Item::Text {
                at,
                text,
                anchor,
                size,
                ink,
                strong,
                upwards,
            } => {
                let fill = self.ink("fill", *ink);
                let anchor = match anchor {
                    Anchor::Start => "",
                    Anchor::Middle => " text-anchor=\"middle\"",
                    Anchor::End => " text-anchor=\"end\"",
                };
                let strong = if *strong { " font-weight=\"600\"" } else { "" };
                let (x, y) = (short(at.0), short(at.1));
                let place = if *upwards {
                    format!("transform=\"translate({x} {y}) rotate(-90)\"")
                } else {
                    format!("x=\"{x}\" y=\"{y}\"")
                };
                let _ = writeln!(
                    self.text,
                    "<text {place} font-size=\"{}\"{anchor}{strong}{fill}>{}</text>",
                    short(*size),
                    escape(text)
                );
            }
            Item::Image { frame, png, .. } => {
                let [x, y, w, h] = frame.map(short);
                let data = base64(png);
                let _ = writeln!(
                    self.text,
                    "<image x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" preserveAspectRatio=\"none\" href=\"data:image/png;base64,{data}\"/>"
                );
            }
            Item::Group {
                series,
                name,
                items,
            } => {
                let _ = writeln!(
                    self.text,
                    "<g data-series=\"{series}\" data-name=\"{}\">",
                    escape(name)
                );
                for item in items {
                    self.item(item);
                }
                self.text += "</g>\n";
            }
        }
    }

    /// Ends an element, with the text that appears when a person points at it.
    fn close(&mut self, element: &str, title: &str) {
        if title.is_empty() {
            self.text += "/>\n";
        } else {
            let _ = writeln!(self.text, "><title>{}</title></{element}>", escape(title));
        }
    }

    /// The attribute `fill` or `stroke` with an ink.
    fn ink(&self, property: &str, ink: Ink) -> String {
        let class = match ink {
            Ink::Series(series) => format!("s{}", series % super::SERIES),
            Ink::Text => "ink".to_owned(),
            Ink::Muted => "muted".to_owned(),
            Ink::Grid => "grid".to_owned(),
            Ink::Paper => "paper".to_owned(),
            Ink::Fixed(_) => String::new(),
        };
        if self.target == Target::File || class.is_empty() {
            format!(" {property}=\"{}\"", hex(colour(ink)))
        } else {
            format!(" class=\"{}-{class}\"", &property[..1])
        }
    }

    /// The rim of a disc, which is written out since the class belongs to the element.
    fn rim(&self) -> &'static str {
        match self.target {
            Target::File => " stroke=\"#ffffff\" stroke-width=\"1\"",
            Target::Page => " stroke=\"var(--paper)\" stroke-width=\"1\"",
        }
    }
}

/// The path `M x y L …` through the points.
fn path(points: &[(f64, f64)]) -> String {
    let mut text = String::with_capacity(points.len() * 12);
    for (i, &(x, y)) in points.iter().enumerate() {
        text.push(if i == 0 { 'M' } else { 'L' });
        push_short(&mut text, x);
        text.push(' ');
        push_short(&mut text, y);
    }
    text
}

/// A coordinate with a precision of a tenth of a pixel (a hundredth below 1), without trailing
/// zeros.
fn short(value: f64) -> String {
    let mut text = String::new();
    push_short(&mut text, value);
    text
}

fn push_short(text: &mut String, value: f64) {
    let places = if value.abs() < 1.0 { 100.0 } else { 10.0 };
    let rounded = (value * places).round() / places;
    // The rounded number may be −0.
    let _ = write!(text, "{}", if rounded == 0.0 { 0.0 } else { rounded });
}

/// The colour as `#rrggbb`.
pub fn hex([r, g, b]: [u8; 3]) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// A text for an element or an attribute of HTML or XML. Characters that XML cannot have become the
/// replacement character.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            '\n' | '\t' => escaped.push(c),
            c if c.is_control() || c == '\u{fffe}' || c == '\u{ffff}' => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Bytes in base64 (RFC 4648).
pub fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = chunk
            .iter()
            .fold(0u32, |word, &byte| word << 8 | u32::from(byte));
        let word = word << (8 * (3 - chunk.len()));
        for digit in 0..4 {
            if digit <= chunk.len() {
                let index = word >> (18 - 6 * digit) & 63;
                text.push(char::from(DIGITS[index as usize]));
            } else {
                text.push('=');
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_rfc() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn texts_are_escaped_and_coordinates_short() {
        assert_eq!(
            escape("a<b & \"c\"\u{1}"),
            "a&lt;b &amp; &quot;c&quot;\u{fffd}"
        );
        assert_eq!(short(12.345), "12.3");
        assert_eq!(short(0.126), "0.13");
        assert_eq!(short(-0.001), "0");
        assert_eq!(short(40.0), "40");
    }
}
