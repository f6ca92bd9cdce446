//! Prints the digests: on a computer to the terminal; as WebAssembly into a text, which the program
//! that loads the module reads.

#[cfg(target_family = "wasm")]
mod exports;

fn main() {
    for line in bits::lines() {
        println!("{line}");
    }
}
