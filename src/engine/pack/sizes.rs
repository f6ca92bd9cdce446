//! The sizes of a network's layers: known when the program runs, or already when it is compiled.

/// The nodes of each layer, the input first.
pub(super) trait Sizes {
    /// Nodes per layer.
    fn layers(&self) -> &[usize];

    /// Where a layer's weights start among all parameters; its biases follow them.
    #[inline(always)]
    fn first_parameter(&self, layer: usize) -> usize {
        let before = &self.layers()[..=layer];
        let mut first = 0;
        for i in 0..layer {
            first += (before[i] + 1) * before[i + 1];
        }
        first
    }

    /// Where a layer's nodes start among those of all layers after the input.
    #[inline(always)]
    fn first_node(&self, layer: usize) -> usize {
        let mut first = 0;
        for &nodes in &self.layers()[1..=layer] {
            first += nodes;
        }
        first
    }

    /// How many layers follow the input.
    #[inline(always)]
    fn depth(&self) -> usize {
        self.layers().len() - 1
    }
}

/// Sizes of any network.
pub(super) struct Any<'a>(pub &'a [usize]);

impl Sizes for Any<'_> {
    #[inline(always)]
    fn layers(&self) -> &[usize] {
        self.0
    }
}
