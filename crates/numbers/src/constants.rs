//! The constants of the [functions](crate::functions), for each number format.
//!
//! exp and ln are minimax fits (Remez). erfc is a Chebyshev interpolation, computed in 60 digits;
//! its coefficients are rounded to the format.
#![allow(clippy::excessive_precision, clippy::unreadable_literal)]

/// The constants of one number format.
#[derive(Debug)]
pub struct Table<T: 'static> {
    /// 1.5 · 2^(mantissa bits): adding and subtracting it rounds to a whole number.
    pub(crate) round: T,
    /// 1 / ln 2.
    pub(crate) log2_e: T,
    /// ln 2 rounded to the nearest number, and the rest.
    pub(crate) ln_2: [T; 2],
    /// ln 2 with trailing zeros, so that its product with a whole number is exact, and the rest.
    pub(crate) ln_2_exact: [T; 2],
    /// Below the first number exp is 0; above the second it is infinite.
    pub(crate) exp_range: [T; 2],
    /// At and below this, e^x − 1 is −1 to the last place.
    pub(crate) expm1_lowest: T,
    /// Above this, tanh is 1 to the last place.
    pub(crate) tanh_one: T,
    /// (e^r − 1 − r) / r² for |r| ≤ ½ ln 2, constant term first.
    pub(crate) exp: &'static [T],
    /// (ln((1 + s) / (1 − s)) − 2s) / s³ as a polynomial of s², constant term first.
    pub(crate) ln: &'static [T],
    /// At and above this, erfc is 0.
    pub(crate) erfc_zero: T,
    /// K of the variable t = (x − K) / (x + K) that takes 0 ≤ x to −1 ≤ t < 1.
    pub(crate) erfc_middle: T,
    /// (1 + 2x) e^(x²) erfc x as a polynomial of t, constant term first.
    pub(crate) erfc: &'static [T],
    /// The smallest normal number.
    pub(crate) smallest_normal: T,
    /// The power of two that makes each smaller number normal, and its logarithm to base 2.
    pub(crate) normalise: [T; 2],
}

/// The constants for f64.
pub(crate) mod f64 {
    pub(crate) const TABLE: super::Table<f64> = super::Table {
        round: 6_755_399_441_055_744.0,
        log2_e: core::f64::consts::LOG2_E,
        ln_2: [core::f64::consts::LN_2, 2.319_046_813_846_299_6e-17],
        ln_2_exact: [0.693_147_180_543_746_8, 1.619_851_018_665_656e-11],
        exp_range: [-746.0, 710.0],
        expm1_lowest: -40.0,
        tanh_one: 22.0,
        exp: &[
            0.500_000_000_000_000_6,
            0.166_666_666_666_665_88,
            0.041_666_666_666_576_76,
            0.008_333_333_333_389_549,
            0.001_388_888_893_156_479_3,
            0.000_198_412_697_190_145_56,
            2.480_150_527_389_2e-5,
            2.755_740_753_540_448_6e-6,
            2.762_603_785_102_417_5e-7,
            2.505_377_740_624_587e-8,
        ],
        ln: &[
            0.666_666_666_666_667,
            0.399_999_999_998_984_45,
            0.285_714_286_263_993,
            0.222_222_110_728_317_82,
            0.181_828_932_193_572_63,
            0.153_315_969_408_078_23,
            0.146_178_728_985_520_5,
        ],
        erfc_zero: 28.0,
        erfc_middle: 4.0,
        erfc: &[
            1.2329951186255526,
            -0.1396211168405629,
            0.01537965210262074,
            0.06809705425473732,
            -0.10103906603635213,
            0.09373283499679412,
            -0.06633036581152939,
            0.03716751556249286,
            -0.016197734059115006,
            0.005031969755895426,
            -0.00075777334141333,
            -0.00019925550755614952,
            0.000150622243948303,
            -2.4403169244974074e-05,
            -1.1224789135154701e-05,
            5.7178872846321855e-06,
            3.0135049944875397e-07,
            -8.351619688696847e-07,
            6.270727157198311e-08,
            1.1534943745754157e-07,
            -7.71541861441783e-09,
            -1.3670989863347383e-08,
            -1.8206098680308682e-09,
        ],
        smallest_normal: core::primitive::f64::MIN_POSITIVE,
        normalise: [18_014_398_509_481_984.0, 54.0],
    };
}

/// The constants for f32.
pub(crate) mod f32 {
    pub(crate) const TABLE: super::Table<f32> = super::Table {
        round: 12_582_912.0,
        log2_e: core::f32::consts::LOG2_E,
        ln_2: [core::f32::consts::LN_2, -1.904_654_2e-9],
        ln_2_exact: [0.693_115_23, 3.194_618_3e-5],
        exp_range: [-104.0, 89.0],
        expm1_lowest: -20.0,
        tanh_one: 10.0,
        exp: &[
            0.499_999_97,
            0.166_665_43,
            0.041_667_2,
            0.008_366_520_5,
            0.001_388_252_1,
        ],
        ln: &[0.666_666_7, 0.400_001_23, 0.285_507_38, 0.233_323_83],
        erfc_zero: 11.0,
        erfc_middle: 3.0,
        erfc: &[
            1.253008,
            -0.13562116,
            -0.047562372,
            0.12964685,
            -0.11927094,
            0.068292744,
            -0.023800058,
            0.0025729046,
            0.0020097822,
            -0.0007758974,
            -0.0002690068,
        ],
        smallest_normal: core::primitive::f32::MIN_POSITIVE,
        normalise: [33_554_432.0, 25.0],
    };
}
