//! A structure in Thrift's compact protocol, which encodes the format's headers and footer.

/// Thrift's numbers of types.
pub(super) const INT: u8 = 5;
pub(super) const LONG: u8 = 6;
pub(super) const BINARY: u8 = 8;
pub(super) const LIST: u8 = 9;
pub(super) const STRUCT: u8 = 12;

/// A structure in Thrift's compact protocol.
#[derive(Default)]
pub(super) struct Thrift {
    bytes: Vec<u8>,
    /// The number of the last field in this structure.
    last: i16,
    /// The number of the last field in each structure around this one.
    around: Vec<i16>,
}

impl Thrift {
    fn field(&mut self, number: i16, kind: u8) {
        let step = number - self.last;
        debug_assert!(
            (1..16).contains(&step),
            "fields are written in rising order"
        );
        self.bytes.push(((step as u8) << 4) | kind);
        self.last = number;
    }

    pub(super) fn int(&mut self, number: i16, value: i64) {
        self.field(number, INT);
        self.item(value);
    }

    pub(super) fn long(&mut self, number: i16, value: i64) {
        self.field(number, LONG);
        self.item(value);
    }

    pub(super) fn text(&mut self, number: i16, value: &str) {
        self.binary(number, value.as_bytes());
    }

    pub(super) fn binary(&mut self, number: i16, value: &[u8]) {
        self.field(number, BINARY);
        self.bytes(value);
    }

    pub(super) fn list(&mut self, number: i16, kind: u8, length: usize) {
        self.field(number, LIST);
        if length < 15 {
            self.bytes.push(((length as u8) << 4) | kind);
        } else {
            self.bytes.push(0xf0 | kind);
            put_varint(length as u64, &mut self.bytes);
        }
    }

    /// Appends a whole number in zigzag encoding.
    pub(super) fn item(&mut self, value: i64) {
        put_varint(((value << 1) ^ (value >> 63)) as u64, &mut self.bytes);
    }

    pub(super) fn bytes(&mut self, value: &[u8]) {
        put_varint(value.len() as u64, &mut self.bytes);
        self.bytes.extend(value);
    }

    /// Begins a structure as a field.
    pub(super) fn begin(&mut self, number: i16) {
        self.field(number, STRUCT);
        self.element();
    }

    /// Begins a structure as an element of a list.
    pub(super) fn element(&mut self) {
        self.around.push(std::mem::take(&mut self.last));
    }

    pub(super) fn end(&mut self) {
        self.bytes.push(0);
        self.last = self.around.pop().expect("every structure was begun");
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        self.bytes.push(0);
        self.bytes
    }
}

/// Appends a whole number in groups of seven bits, the lowest group first.
pub(super) fn put_varint(mut value: u64, bytes: &mut Vec<u8>) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}
