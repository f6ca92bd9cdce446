//! The properties of the fuzz targets, one for each reader of bytes.

pub mod readers;
