import { writeFileSync } from "node:fs";
import { join } from "node:path";
import wabtInit from "wabt";

/** Suffix of a compiled module for the sandbox's Python. */
const COMPILED = ".cpython-314-wasm32-emscripten.so";

/** Writes a wheel with these files (path inside -> content) into a directory. */
export function makeWheel(directory: string, file: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  writeFileSync(join(directory, file), zip(Object.entries(files).map(([name, content]) => [name, Buffer.from(content)])));
}

/**
 * A compiled Python module with one function `count()`: 1, 2, 3, …. The number is in the library's own memory; the result is made by a function of the
 * interpreter that is called by its address. By hand, as a C compiler with Emscripten's linker would lay it out.
 */
export async function makeCompiledModule(name: string): Promise<{ readonly path: string; readonly bytes: Uint8Array }> {
  const wabt = await wabtInit();
  const wat = `(module
    (import "env" "memory" (memory 0))
    (import "env" "__indirect_function_table" (table 1 funcref))
    (import "env" "__memory_base" (global $memory i32))
    (import "env" "__table_base" (global $table i32))
    (import "GOT.func" "PyLong_FromLong" (global $fromLong (mut i32)))
    (import "env" "PyModule_Create2" (func $create (param i32 i32) (result i32)))
    (type $unary (func (param i32) (result i32)))
    (func $count (export "count_${name}") (param i32 i32) (result i32)
      (i32.store offset=200 (global.get $memory) (i32.add (i32.load offset=200 (global.get $memory)) (i32.const 1)))
      (call_indirect (type $unary) (i32.load offset=200 (global.get $memory)) (global.get $fromLong)))
    (elem (global.get $table) func $count)
    (data (global.get $memory) "${name}\\00\\00\\00\\00count\\00")
    (func (export "PyInit_${name}") (result i32)
      ;; PyMethodDef[2] at +32: name, function, METH_NOARGS; PyModuleDef at +64: name, no state, methods.
      (i32.store offset=32 (global.get $memory) (i32.add (global.get $memory) (i32.const ${name.length + 4})))
      (i32.store offset=36 (global.get $memory) (global.get $table))
      (i32.store offset=40 (global.get $memory) (i32.const 4))
      (i32.store offset=64 (global.get $memory) (i32.const 1))
      (i32.store offset=84 (global.get $memory) (global.get $memory))
      (i32.store offset=92 (global.get $memory) (i32.const -1))
      (i32.store offset=96 (global.get $memory) (i32.add (global.get $memory) (i32.const 32)))
      (call $create (i32.add (global.get $memory) (i32.const 64)) (i32.const 1013))))`;
  const module = Buffer.from(wabt.parseWat(`${name}.wat`, wat).toBinary({}).buffer);
  return { path: `${name}${COMPILED}`, bytes: Buffer.concat([module.subarray(0, 8), dylink(256, 1), module.subarray(8)]) };
}

/** The section that makes a module a dynamic library: memory (16-byte aligned) and places in the function table that it needs. */
function dylink(memoryBytes: number, places: number): Buffer {
  const name = Buffer.from("dylink.0");
  const info = [...leb(memoryBytes), ...leb(4), ...leb(places), ...leb(0)];
  const body = [name.length, ...name, 1, info.length, ...info];
  return Buffer.from([0, ...leb(body.length), ...body]);
}

function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)];
}

/** An archive without compression. */
function zip(files: readonly (readonly [string, Buffer])[]): Buffer {
  let at = 0;
  const locals: Buffer[] = [];
  const entries: Buffer[] = [];
  for (const [name, content] of files) {
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x21, 8);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(content.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, Buffer.from(name), content]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    entries.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00"), common, rest, Buffer.from(name)]));
    locals.push(local);
    at += local.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...locals, directory, Buffer.from("PK\x05\x06"), end]);
}

function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return ~crc >>> 0;
}
