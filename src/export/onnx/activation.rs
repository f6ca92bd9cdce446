//! The activations as ONNX nodes: an operator if the format has one for both precisions, else a
//! formula of elementary operators.

use super::graph::{Element, Graph};
use engine::types::Activation;
use engine::words::activation::{GELU_CUBE, LEAK, SELU_ALPHA, SELU_SCALE};
use numbers::functions::normal_tail;

/// Writes activations of numbers of one type into a graph.
pub(super) struct Activations<'a> {
    pub(super) graph: &'a mut Graph,
    pub(super) element: Element,
}

impl Activations<'_> {
    fn node(&mut self, operator: &str, inputs: &[&str]) -> String {
        self.graph.node(operator, inputs)
    }

    fn number(&mut self, value: f64) -> String {
        self.graph.number(self.element, value)
    }

    /// z = f(u).
    pub(super) fn apply(&mut self, activation: Activation, u: &str) -> String {
        match activation {
            Activation::Identity => u.to_owned(),
            Activation::Sigmoid => self.node("Sigmoid", &[u]),
            Activation::Tanh => self.node("Tanh", &[u]),
            Activation::Relu => self.node("Relu", &[u]),
            Activation::LeakyRelu => {
                let slope = self.number(LEAK);
                let below = self.node("Mul", &[u, &slope]);
                self.node("Max", &[u, &below])
            }
            Activation::Elu => self.exponential_unit(u),
            Activation::Selu => {
                // λ max(0, u) + λ α (e^min(0, u) − 1) (Klambauer et al. 2017).
                let (scale, alpha) = (SELU_SCALE, SELU_ALPHA);
                let above = self.node("Relu", &[u]);
                let (scale, product) = (self.number(scale), self.number(scale * alpha));
                let above = self.node("Mul", &[&above, &scale]);
                let below = self.negative_part(u);
                let below = self.node("Mul", &[&below, &product]);
                self.node("Add", &[&above, &below])
            }
            Activation::Gelu => {
                let probability = self.normal(u);
                self.node("Mul", &[u, &probability])
            }
            Activation::GeluTanh => {
                // u (1 + tanh(√(2/π) (u + 0.044715 u³))) / 2
                let (half, one, cube) =
                    (self.number(0.5), self.number(1.0), self.number(GELU_CUBE));
                let root = self.number((2.0 / std::f64::consts::PI).sqrt());
                let square = self.node("Mul", &[u, u]);
                let inner = self.node("Mul", &[&square, &cube]);
                let inner = self.node("Add", &[&inner, &one]);
                let inner = self.node("Mul", &[&inner, u]);
                let inner = self.node("Mul", &[&inner, &root]);
                let tanh = self.node("Tanh", &[&inner]);
                let sum = self.node("Add", &[&tanh, &one]);
                let product = self.node("Mul", &[u, &sum]);
                self.node("Mul", &[&product, &half])
            }
            Activation::Silu => {
                let sigmoid = self.node("Sigmoid", &[u]);
                self.node("Mul", &[u, &sigmoid])
            }
            Activation::Softplus => self.softplus(u),
            Activation::HardSigmoid => {
                let (slope, half) = (self.number(1.0 / 6.0), self.number(0.5));
                let line = self.node("Mul", &[u, &slope]);
                let line = self.node("Add", &[&line, &half]);
                let (low, high) = (self.number(0.0), self.number(1.0));
                self.node("Clip", &[&line, &low, &high])
            }
            Activation::Mish => {
                let softplus = self.softplus(u);
                let tanh = self.node("Tanh", &[&softplus]);
                self.node("Mul", &[u, &tanh])
            }
        }
    }

    /// max(0, u) + (e^min(0, u) − 1).
    fn exponential_unit(&mut self, u: &str) -> String {
        let above = self.node("Relu", &[u]);
        let below = self.negative_part(u);
        self.node("Add", &[&above, &below])
    }

    /// e^min(0, u) − 1.
    fn negative_part(&mut self, u: &str) -> String {
        let (zero, one) = (self.number(0.0), self.number(1.0));
        let negative = self.node("Min", &[u, &zero]);
        let power = self.node("Exp", &[&negative]);
        self.node("Sub", &[&power, &one])
    }

    /// max(0, u) + ln(1 + e^−|u|).
    fn softplus(&mut self, u: &str) -> String {
        let one = self.number(1.0);
        let above = self.node("Relu", &[u]);
        let size = self.node("Abs", &[u]);
        let negative = self.node("Neg", &[&size]);
        let power = self.node("Exp", &[&negative]);
        let sum = self.node("Add", &[&power, &one]);
        let logarithm = self.node("Log", &[&sum]);
        self.node("Add", &[&above, &logarithm])
    }

    /// The normal distribution Φ(u). In single precision it is (1 + erf(u / √2)) / 2. Runtimes have
    /// no erf in double precision, so the graph then has the program's own formula for the tail
    /// beyond y = |u| / √2: ½ e^(−y²) P((y − K) / (y + K)) / (1 + 2y).
    fn normal(&mut self, u: &str) -> String {
        let (half, one) = (self.number(0.5), self.number(1.0));
        let root = self.number(std::f64::consts::FRAC_1_SQRT_2);
        if self.element == Element::Float {
            let scaled = self.node("Mul", &[u, &root]);
            let erf = self.node("Erf", &[&scaled]);
            let sum = self.node("Add", &[&erf, &one]);
            return self.node("Mul", &[&sum, &half]);
        }
        let tail = normal_tail();
        let (middle, bound) = (self.number(tail.middle), self.number(tail.zero_at));
        let size = self.node("Abs", &[u]);
        let y = self.node("Mul", &[&size, &root]);
        let y = self.node("Min", &[&y, &bound]);
        let (below, above) = (
            self.node("Sub", &[&y, &middle]),
            self.node("Add", &[&y, &middle]),
        );
        let t = self.node("Div", &[&below, &above]);
        let mut polynomial: Option<String> = None;
        for &coefficient in tail.coefficients.iter().rev() {
            let coefficient = self.number(coefficient);
            polynomial = Some(match polynomial {
                None => coefficient,
                Some(sum) => {
                    let product = self.node("Mul", &[&sum, &t]);
                    self.node("Add", &[&product, &coefficient])
                }
            });
        }
        let polynomial = polynomial.expect("a polynomial has terms");
        let square = self.node("Mul", &[&y, &y]);
        let negative = self.node("Neg", &[&square]);
        let density = self.node("Exp", &[&negative]);
        let density = self.node("Mul", &[&density, &half]);
        let tail = self.node("Mul", &[&density, &polynomial]);
        let double = self.node("Add", &[&y, &y]);
        let divisor = self.node("Add", &[&double, &one]);
        let tail = self.node("Div", &[&tail, &divisor]);
        let rest = self.node("Sub", &[&one, &tail]);
        let zero = self.number(0.0);
        let positive = self.node("Greater", &[u, &zero]);
        self.node("Where", &[&positive, &rest, &tail])
    }
}
