//! How the pictures in `plots/` are drawn: what was chosen when they were made stands in the manifest,
//! and is chosen again when they are made again.

use choices::{Choice, choices};
use serde_json::{Value, json};

choices! {
    /// A format of pictures.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub enum PictureFormat {
        /// Vectors for a page or an editor; its texts are texts
        Svg = "svg",
        /// Pixels
        Png = "png",
        /// Vectors for a paper; its fonts are in it
        Pdf = "pdf",
    }
}

choices! {
    /// A style of pictures.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum PictureStyle {
        /// In colours that are told apart in every common form of colour blindness
        Colour = "colour",
        /// Black and white: series have strokes and marks, values are shades of grey
        Paper = "paper",
    }
}

/// How pictures are drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    /// The formats, each once, in their order.
    pub formats: Vec<PictureFormat>,
    /// The width of a sheet, in pixels of which 96 are an inch.
    pub width: f64,
    /// The height of a sheet, likewise; `None`: what the picture takes.
    pub height: Option<f64>,
    /// Pixels of a PNG to an inch.
    pub dpi: u16,
    /// The style.
    pub style: PictureStyle,
}

impl Default for Drawing {
    /// For a screen, and sharp in print at 15 cm.
    fn default() -> Self {
        Self {
            formats: vec![PictureFormat::Svg, PictureFormat::Png],
            width: 912.0,
            height: None,
            dpi: 192,
            style: PictureStyle::Colour,
        }
    }
}

impl Drawing {
    /// No pictures at all.
    pub fn none() -> Self {
        Self {
            formats: Vec::new(),
            ..Self::default()
        }
    }

    /// What a manifest says; `None` where it says nothing that is understood.
    pub(super) fn of(said: &Value) -> Option<Self> {
        let usual = Self::default();
        let words = said["formats"].as_array()?.iter();
        let formats = words.map(|word| PictureFormat::from_word(word.as_str()?));
        let length = |name: &str| said[name].as_f64().filter(|length| *length >= 1.0);
        Some(Self {
            formats: formats.collect::<Option<_>>()?,
            width: length("width").unwrap_or(usual.width),
            height: length("height"),
            dpi: said["dpi"].as_u64()?.try_into().ok()?,
            style: PictureStyle::from_word(said["style"].as_str()?)?,
        })
    }

    /// What the manifest says.
    pub(super) fn to_json(&self) -> Value {
        let formats = self.formats.iter().map(|format| format.word());
        json!({
            "formats": formats.collect::<Vec<_>>(),
            "width": self.width,
            "height": self.height,
            "dpi": self.dpi,
            "style": self.style.word(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_chosen_is_read_back() {
        let chosen = Drawing {
            formats: vec![PictureFormat::Png, PictureFormat::Pdf],
            width: 85.0 / 25.4 * 96.0,
            height: Some(300.0),
            dpi: 600,
            style: PictureStyle::Paper,
        };
        for drawing in [chosen, Drawing::default(), Drawing::none()] {
            assert_eq!(Drawing::of(&drawing.to_json()), Some(drawing));
        }
        assert_eq!(Drawing::of(&json!(null)), None);
        assert_eq!(
            Drawing::of(&json!({"formats": ["gif"], "dpi": 9, "style": "paper"})),
            None
        );
    }
}
