//! What helps a person write an experiment: the schema for editors, the explanation and the
//! reference of every key, templates, completions and the manual page.
//!
//! All that is said about a key comes from the table of keys that also checks the files
//! ([`config`](crate::config)); nothing is said twice.

pub mod completions;
pub mod entries;
mod examples;
pub mod explain;
mod meanings;
pub mod proposal;
pub mod reference;
pub mod schema;
pub mod template;
