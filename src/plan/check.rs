//! What is legal but probably not meant: warnings with a reason, a place and a remedy.

use super::Plan;
use crate::error::Problems;

/// The warnings of a plan.
pub fn warnings(_plan: &Plan) -> Problems {
    Problems::new()
}
