//! The choices of the file that belong neither to the engine nor to the data.

use choices::choices;

choices! {
    /// What can differ between the replicates of a configuration.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Varied {
        /// The samples that a generator draws
        Data = "data",
        /// Which samples are kept for validation
        Split = "split",
        /// The initial weights
        Init = "init",
        /// The order of the samples in each epoch, and which outputs dropout drops
        Shuffle = "shuffle",
    }
}

choices! {
    /// How the lists of a block of the sweep are joined.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Joining {
        /// Every value of each key with every value of the others; the last key is fastest
        Grid = "grid",
        /// The first values together, the second values together, and so on
        Zip = "zip",
        /// So many points, each key drawn by itself
        Random = "random",
    }
}

choices! {
    /// Which trained models are kept.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Models {
        /// No model is kept
        None = "none",
        /// The best model of each configuration
        Best = "best",
        /// The model of every run
        All = "all",
    }
}
