//! The course of a run, whatever the way it takes: what it learns from, in which order, what each
//! epoch gives, and how it ends.

pub mod course;
pub mod dropout;
pub mod examples;
pub mod observer;
pub mod order;
pub mod outcome;
pub mod requests;
pub mod state;
pub mod stopping;
pub mod sums;
pub mod task;
