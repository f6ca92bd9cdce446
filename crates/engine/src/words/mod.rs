//! The choices of an experiment: each word with its meaning, its value and its derivative in one
//! file.

pub mod activation;
pub mod architecture;
pub mod class_weights;
pub mod init;
pub mod loss;
pub mod metric;
pub mod monitor;
pub mod optimizer;
pub mod schedule;
pub mod settings;
