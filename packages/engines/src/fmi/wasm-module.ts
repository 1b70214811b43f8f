/** A module whose own memory cannot grow beyond a bound, and how many variables it has outside of its memory (undefined: not known). */
export interface BoundedModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly mutableGlobals: number | undefined;
}

const MEMORY_SECTION = 5;
const GLOBAL_SECTION = 6;

/**
 * Rewrites the limits of a module's own memory (WebAssembly core 5.5.8), because nothing outside can bound it. Throws on bytes that are no module, and on a
 * module that wants more from the beginning. What else may be wrong is left for the engine to find.
 */
export function boundedModule(bytes: Uint8Array, mostPages: number): BoundedModule {
  const pieces: Uint8Array[] = [bytes.slice(0, 8)];
  let mutableGlobals: number | undefined = 0;
  let at = 8;
  while (at < bytes.length) {
    const start = at;
    const id = bytes[at++]!;
    const length = unsigned(bytes, at);
    at = length.next + length.value;
    if (at > bytes.length) throw new Error("a section is longer than the module");
    const body = bytes.subarray(length.next, at);
    if (id === GLOBAL_SECTION) mutableGlobals = mutableGlobalsIn(body);
    if (id !== MEMORY_SECTION) {
      pieces.push(bytes.subarray(start, at));
      continue;
    }
    const limited = limitedMemories(body, mostPages);
    pieces.push(Uint8Array.from([MEMORY_SECTION, ...encoded(limited.length), ...limited]));
  }
  const bounded = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let to = 0;
  for (const piece of pieces) {
    bounded.set(piece, to);
    to += piece.length;
  }
  return { bytes: bounded, mutableGlobals };
}

function limitedMemories(body: Uint8Array, mostPages: number): readonly number[] {
  const count = unsigned(body, 0);
  let at = count.next;
  const limited = [...encoded(count.value)];
  for (let index = 0; index < count.value; index++) {
    const flags = body[at++]!;
    if ((flags & ~1) !== 0) throw new Error("a memory that is shared or of 64 bits is not given");
    const least = unsigned(body, at);
    at = least.next;
    if (least.value > mostPages) throw new Error(`it wants ${least.value / 16} MiB of memory; ${mostPages / 16} MiB are given`);
    let most = mostPages;
    if ((flags & 1) !== 0) {
      const declared = unsigned(body, at);
      at = declared.next;
      most = Math.min(most, declared.value);
    }
    limited.push(1, ...encoded(least.value), ...encoded(most));
  }
  return limited;
}

/** Variables with a constant as their beginning, as compilers write them; undefined where one begins in another way. */
function mutableGlobalsIn(body: Uint8Array): number | undefined {
  const count = unsigned(body, 0);
  let at = count.next;
  let mutable = 0;
  for (let index = 0; index < count.value; index++) {
    at++;
    if (body[at++] === 1) mutable++;
    const opcode = body[at++];
    if (opcode === 0x41 || opcode === 0x42 || opcode === 0x23) while ((body[at++]! & 0x80) !== 0);
    else if (opcode === 0x43) at += 4;
    else if (opcode === 0x44) at += 8;
    else return undefined;
    if (body[at++] !== 0x0b) return undefined;
  }
  return mutable;
}

function unsigned(bytes: Uint8Array, from: number): { readonly value: number; readonly next: number } {
  let [value, at] = [0, from];
  for (let shift = 0; shift < 35; shift += 7) {
    if (at >= bytes.length) throw new Error("the module is cut short");
    const byte = bytes[at++]!;
    value += (byte & 0x7f) * 2 ** shift;
    if ((byte & 0x80) === 0) return { value, next: at };
  }
  throw new Error("a number of the module is too long");
}

function encoded(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...encoded(Math.floor(value / 128))];
}
