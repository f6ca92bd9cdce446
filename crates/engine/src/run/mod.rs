//! The course of a run, the same for every way of training: what it learns from, in which order,
//! the figures of each epoch, and how it ends.

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
