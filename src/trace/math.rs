//! Formulas as trees. One tree gives the formula in symbols, the formula with numbers, and its
//! value.
//!
//! Every quantity of the tree has its symbol and the number that the engine computed for it; a
//! renderer shows one of them. [`Math::evaluate`] computes the formula from those numbers in f64,
//! and a test compares the result with the engine's.
//!
//! The module knows nothing of networks.

/// Whether a symbol is a quantity or a derivative by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Derivative {
    /// The quantity itself.
    No,
    /// The derivative of the loss E by the quantity.
    OfLoss,
    /// The derivative of E of one sample, by its number in the batch (from 1), by the quantity.
    OfSample(usize),
}

/// The name of a quantity: a letter with indices, or a derivative by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// One letter or a short word in Unicode: `w`, `δ`, `η`.
    pub letter: &'static str,
    /// Whether the symbol is a derivative by this quantity.
    pub derivative: Derivative,
    /// The lower indices, counted from 1: node, then input.
    pub lower: Vec<usize>,
    /// The upper index in parentheses: the layer, counted from 1 for the first one after the input.
    pub layer: Option<usize>,
}

impl Symbol {
    /// A letter without indices.
    pub fn plain(letter: &'static str) -> Self {
        Self {
            letter,
            derivative: Derivative::No,
            lower: Vec::new(),
            layer: None,
        }
    }

    /// A letter with lower indices, counted from 1.
    pub fn indexed(letter: &'static str, lower: &[usize]) -> Self {
        Self {
            lower: lower.to_vec(),
            ..Self::plain(letter)
        }
    }

    /// A quantity of a layer (from 1) with lower indices (from 1).
    pub fn of_layer(letter: &'static str, layer: usize, lower: &[usize]) -> Self {
        Self {
            layer: Some(layer),
            ..Self::indexed(letter, lower)
        }
    }

    /// The derivative of the sample's loss E by this quantity.
    pub fn derivative(self) -> Self {
        Self {
            derivative: Derivative::OfLoss,
            ..self
        }
    }

    /// The symbol with another letter and the same indices.
    pub fn renamed(&self, letter: &'static str) -> Self {
        Self {
            letter,
            derivative: Derivative::No,
            ..self.clone()
        }
    }
}

/// A formula.
#[derive(Debug, Clone, PartialEq)]
pub enum Math {
    /// A quantity: its symbol, and its number.
    Value(Symbol, f64),
    /// A number that is part of the formula.
    Constant(f64),
    /// a + b + c; a [`Math::Minus`] is subtracted.
    Sum(Vec<Math>),
    /// −a.
    Minus(Box<Math>),
    /// a · b · c.
    Product(Vec<Math>),
    /// a / b.
    Quotient(Box<Math>, Box<Math>),
    /// a to the power of a constant or quantity.
    Power(Box<Math>, Box<Math>),
    /// The square root.
    Root(Box<Math>),
    /// e to the power of a.
    Exp(Box<Math>),
    /// |a|.
    Absolute(Box<Math>),
    /// A named function of its arguments.
    Call(Function, Vec<Math>),
    /// One of two formulas: the first if `condition` holds, else the second.
    Cases {
        /// The condition.
        condition: Box<Condition>,
        /// The formula if the condition holds.
        then: Box<Math>,
        /// The formula if the condition does not hold.
        otherwise: Box<Math>,
    },
}

/// left > right, or left ≤ right.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// The left side.
    pub left: Math,
    /// Whether the comparison is > (else ≤).
    pub greater: bool,
    /// The right side.
    pub right: Math,
}

impl Condition {
    /// Whether the condition holds for the numbers.
    pub fn holds(&self) -> bool {
        let (left, right) = (self.left.evaluate(), self.right.evaluate());
        if self.greater {
            left > right
        } else {
            left <= right
        }
    }
}

/// A function that is written with its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// The hyperbolic tangent.
    Tanh,
    /// The natural logarithm.
    Ln,
    /// The sign: −1, 0 or 1.
    Sign,
    /// The normal distribution function Φ.
    NormalCdf,
    /// The normal density φ.
    NormalDensity,
    /// The logistic function σ.
    Sigmoid,
    /// ln(1 + e^u).
    Softplus,
    /// The greatest argument.
    Max,
    /// The least argument.
    Min,
}

impl Function {
    /// The function's name in a plain text.
    pub fn name(self) -> &'static str {
        match self {
            Function::Tanh => "tanh",
            Function::Ln => "ln",
            Function::Sign => "sign",
            Function::NormalCdf => "Φ",
            Function::NormalDensity => "φ",
            Function::Sigmoid => "σ",
            Function::Softplus => "softplus",
            Function::Max => "max",
            Function::Min => "min",
        }
    }

    fn evaluate(self, arguments: &[f64]) -> f64 {
        let x = arguments[0];
        match self {
            Function::Tanh => libm::tanh(x),
            Function::Ln => libm::log(x),
            Function::Sign => {
                if x > 0.0 {
                    1.0
                } else if x < 0.0 {
                    -1.0
                } else {
                    0.0
                }
            }
            Function::NormalCdf => 0.5 * libm::erfc(-x / std::f64::consts::SQRT_2),
            Function::NormalDensity => {
                libm::exp(-0.5 * x * x) / (2.0 * std::f64::consts::PI).sqrt()
            }
            Function::Sigmoid => 1.0 / (1.0 + libm::exp(-x)),
            Function::Softplus => x.max(0.0) + libm::log1p(libm::exp(-x.abs())),
            Function::Max => arguments.iter().copied().fold(x, f64::max),
            Function::Min => arguments.iter().copied().fold(x, f64::min),
        }
    }
}

impl Math {
    /// The formula's value in f64, from the numbers of its quantities.
    pub fn evaluate(&self) -> f64 {
        match self {
            Math::Value(_, value) | Math::Constant(value) => *value,
            Math::Sum(terms) => terms.iter().map(Math::evaluate).sum(),
            Math::Minus(inner) => -inner.evaluate(),
            Math::Product(factors) => factors.iter().map(Math::evaluate).product(),
            Math::Quotient(a, b) => a.evaluate() / b.evaluate(),
            Math::Power(base, exponent) => libm::pow(base.evaluate(), exponent.evaluate()),
            Math::Root(inner) => inner.evaluate().sqrt(),
            Math::Exp(inner) => libm::exp(inner.evaluate()),
            Math::Absolute(inner) => inner.evaluate().abs(),
            Math::Call(function, arguments) => {
                let arguments: Vec<f64> = arguments.iter().map(Math::evaluate).collect();
                function.evaluate(&arguments)
            }
            Math::Cases {
                condition,
                then,
                otherwise,
            } => {
                if condition.holds() {
                    then.evaluate()
                } else {
                    otherwise.evaluate()
                }
            }
        }
    }

    /// Whether the formula is a single quantity or number.
    pub fn is_atom(&self) -> bool {
        matches!(self, Math::Value(..) | Math::Constant(_))
    }

    /// a².
    pub fn squared(self) -> Self {
        Math::Power(Box::new(self), Box::new(Math::Constant(2.0)))
    }

    /// √a.
    pub fn root(self) -> Self {
        Math::Root(Box::new(self))
    }

    /// a / b.
    pub fn over(self, denominator: Math) -> Self {
        Math::Quotient(Box::new(self), Box::new(denominator))
    }

    /// e^a.
    pub fn exp(self) -> Self {
        Math::Exp(Box::new(self))
    }

    /// |a|.
    pub fn absolute(self) -> Self {
        Math::Absolute(Box::new(self))
    }

    /// f(a).
    pub fn of(self, function: Function) -> Self {
        Math::Call(function, vec![self])
    }
}

impl std::ops::Add for Math {
    type Output = Math;

    fn add(self, other: Math) -> Math {
        match self {
            Math::Sum(mut terms) => {
                terms.push(other);
                Math::Sum(terms)
            }
            first => Math::Sum(vec![first, other]),
        }
    }
}

impl std::ops::Sub for Math {
    type Output = Math;

    fn sub(self, other: Math) -> Math {
        std::ops::Add::add(self, -other)
    }
}

impl std::ops::Neg for Math {
    type Output = Math;

    fn neg(self) -> Math {
        Math::Minus(Box::new(self))
    }
}

impl std::ops::Mul for Math {
    type Output = Math;

    fn mul(self, other: Math) -> Math {
        match self {
            Math::Product(mut factors) => {
                factors.push(other);
                Math::Product(factors)
            }
            first => Math::Product(vec![first, other]),
        }
    }
}

/// A number that is part of a formula.
pub fn number(value: f64) -> Math {
    Math::Constant(value)
}
