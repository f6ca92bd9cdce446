// Prints what a WebAssembly module of this crate says: node run.mjs MODULE
import { readFileSync } from 'node:fs';

const { instance } = await WebAssembly.instantiate(readFileSync(process.argv[2]));
const { memory, text, text_length } = instance.exports;
const start = text();
process.stdout.write(new Uint8Array(memory.buffer, start, text_length()));
