//! What data sources give and refuse, in one binary: a file per promise.

mod arrays;
mod dialects;
mod drawn;
mod formats;
mod loading;
mod parts;
mod refused;
