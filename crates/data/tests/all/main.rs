//! The promises of data sources, in one binary with a file per promise.

mod arrays;
mod dialects;
mod drawn;
mod formats;
mod loading;
mod parts;
mod refused;
