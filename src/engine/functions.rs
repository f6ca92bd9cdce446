//! temporary
/// temporary
pub fn ln(x: f64) -> f64 { libm::log(x) }
