//! The choices for the pictures in `plots/`. The manifest records them when pictures are made, and
//! they are used again when the pictures are made again.

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

/// The choices for drawing pictures.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    /// The formats in their order, each once.
    pub formats: Vec<PictureFormat>,
    /// The width of a sheet in pixels, of which 96 are an inch.
    pub width: f64,
    /// The height of a sheet in pixels, of which 96 are an inch; `None` for the height that the
    /// picture needs.
    pub height: Option<f64>,
    /// The resolution of a PNG in pixels per inch.
    pub dpi: u16,
    /// The style of the pictures.
    pub style: PictureStyle,
}

impl Default for Drawing {
    /// Pictures for a screen, which are sharp in print at 15 cm.
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
    /// The choice of no pictures.
    pub fn none() -> Self {
        Self {
            formats: Vec::new(),
            ..Self::default()
        }
    }

    /// The choices in a manifest; `None` if they are missing or unknown.
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

    /// The choices as the manifest records them.
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
