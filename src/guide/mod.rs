//! Helps for writing an experiment: the schema for editors, the explanation and the reference of
//! every key, templates, completions and the manual page.
//!
//! All texts about a key come from the schema that also checks the files
//! ([`config`](crate::config)).

pub mod completions;
pub mod entries;
mod examples;
pub mod explain;
mod meanings;
pub mod proposal;
pub mod reference;
pub mod schema;
pub mod template;
