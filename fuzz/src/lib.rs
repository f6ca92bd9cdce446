//! What the fuzz targets have in common: a property for each reader of bytes.

pub mod readers;
