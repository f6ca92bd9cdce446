//! The course of a run, whatever the way it takes.

pub mod examples;
pub mod stopping;
