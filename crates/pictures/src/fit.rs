//! A figure on a sheet of a given size.

use super::{Figure, Item};

impl Figure {
    /// The figure on a sheet with this width and, if it is given, this height. It keeps its size if
    /// there is room, and is made smaller otherwise. On a sheet with a given height it is in the
    /// middle.
    #[must_use]
    pub fn within(self, width: f64, height: Option<f64>) -> Self {
        let room = (width / self.width).min(height.map_or(1.0, |height| height / self.height));
        let scale = room.min(1.0);
        let sheet = match height {
            Some(height) => [width, height],
            None => [self.width * scale, self.height * scale],
        };
        let before = [
            (sheet[0] - self.width * scale) / 2.0,
            (sheet[1] - self.height * scale) / 2.0,
        ];
        if scale == 1.0 && before == [0.0; 2] {
            return self;
        }
        let place = Place { scale, before };
        let items = self.items.into_iter().map(|item| place.item(item));
        Self {
            width: sheet[0],
            height: sheet[1],
            items: items.collect(),
            ..self
        }
    }
}

/// The places of items on the sheet.
#[derive(Clone, Copy)]
struct Place {
    scale: f64,
    before: [f64; 2],
}

impl Place {
    fn point(self, (x, y): (f64, f64)) -> (f64, f64) {
        (
            x * self.scale + self.before[0],
            y * self.scale + self.before[1],
        )
    }

    fn frame(self, [x, y, w, h]: [f64; 4]) -> [f64; 4] {
        let (x, y) = self.point((x, y));
        [x, y, w * self.scale, h * self.scale]
    }

    fn item(self, mut item: Item) -> Item {
        match &mut item {
            Item::Line { points, width, .. } => {
                points
                    .iter_mut()
                    .for_each(|point| *point = self.point(*point));
                *width *= self.scale;
            }
            Item::Area { points, .. } => {
                points
                    .iter_mut()
                    .for_each(|point| *point = self.point(*point));
            }
            Item::Rectangle { frame, .. } | Item::Image { frame, .. } => {
                *frame = self.frame(*frame);
            }
            Item::Disc { at, radius, .. } | Item::Cross { at, radius, .. } => {
                *at = self.point(*at);
                *radius *= self.scale;
            }
            Item::Text { at, size, .. } => {
                *at = self.point(*at);
                *size *= self.scale;
            }
            Item::Group { items, .. } => {
                let inner = std::mem::take(items).into_iter();
                *items = inner.map(|item| self.item(item)).collect();
            }
        }
        item
    }
}

#[cfg(test)]
mod tests {
    use crate::{Figure, Ink, Item, rule};

    #[test]
    fn a_figure_is_made_smaller_and_never_larger() {
        let mut figure = Figure::new(400.0, 200.0, "");
        figure
            .items
            .push(rule((0.0, 0.0), (400.0, 200.0), Ink::Text));
        let end = |figure: &Figure| match &figure.items[0] {
            Item::Line { points, .. } => points[1],
            _ => unreachable!("it is a line"),
        };
        let half = figure.clone().within(200.0, None);
        assert_eq!(
            (half.width, half.height, end(&half)),
            (200.0, 100.0, (200.0, 100.0))
        );
        let same = figure.clone().within(800.0, None);
        assert_eq!((same.width, end(&same)), (400.0, (400.0, 200.0)));
        let sheet = figure.within(200.0, Some(300.0));
        assert_eq!(
            (sheet.width, sheet.height, end(&sheet)),
            (200.0, 300.0, (200.0, 200.0))
        );
    }
}
