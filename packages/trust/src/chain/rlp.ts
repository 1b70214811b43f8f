/** A value of RLP (Ethereum Yellow Paper, appendix B): a string of bytes, or a list of values. */
export type RlpValue = Uint8Array | readonly RlpValue[];

/** Deeper lists are in nothing that is read here. */
const MAX_DEPTH = 16;

export function encodeRlp(value: RlpValue): Uint8Array {
  if (value instanceof Uint8Array) {
    if (value.length === 1 && value[0]! < 0x80) return value;
    return joined([headOf(value.length, 0x80), value]);
  }
  const items = value.map(encodeRlp);
  return joined([
    headOf(
      items.reduce((sum, { length }) => sum + length, 0),
      0xc0,
    ),
    ...items,
  ]);
}

/** Undefined for anything that is not the one encoding of one value. */
export function decodeRlp(bytes: Uint8Array): RlpValue | undefined {
  const read = readValue(bytes, 0, bytes.length, 0);
  return read?.end === bytes.length ? read.value : undefined;
}

/** A number without leading zeros. */
export function rlpNumber(value: number | bigint): Uint8Array {
  const hex = value.toString(16);
  return Number(value) === 0 ? new Uint8Array(0) : Uint8Array.from(hexPairs(hex.length % 2 === 0 ? hex : `0${hex}`));
}

/** Undefined for a list, leading zeros, or more than a JavaScript number holds. */
export function numberOf(value: RlpValue | undefined): number | undefined {
  if (!(value instanceof Uint8Array) || value.length > 7 || value[0] === 0) return undefined;
  const number = value.reduce((sum, byte) => sum * 256 + byte, 0);
  return Number.isSafeInteger(number) ? number : undefined;
}

export function hexPairs(hex: string): readonly number[] {
  return Array.from({ length: hex.length / 2 }, (_, at) => Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16));
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function headOf(length: number, offset: number): Uint8Array {
  if (length < 56) return Uint8Array.of(offset + length);
  const digits = rlpNumber(length);
  return joined([Uint8Array.of(offset + 55 + digits.length), digits]);
}

interface Read<Value> {
  readonly value: Value;
  readonly end: number;
}

// oxlint-disable-next-line max-params -- the stretch that may be read
function readValue(bytes: Uint8Array, at: number, end: number, depth: number): Read<RlpValue> | undefined {
  const first = bytes[at];
  if (at >= end || first === undefined || depth > MAX_DEPTH) return undefined;
  if (first < 0x80) return { value: bytes.subarray(at, at + 1), end: at + 1 };
  const isList = first >= 0xc0;
  const content = lengthAt(bytes, at, end, isList ? 0xc0 : 0x80);
  if (content === undefined) return undefined;
  const { value: length, end: begin } = content;
  if (length > end - begin) return undefined;
  const last = begin + length;
  if (!isList) {
    // a byte that is its own encoding
    if (length === 1 && bytes[begin]! < 0x80) return undefined;
    return { value: bytes.subarray(begin, last), end: last };
  }
  const items: RlpValue[] = [];
  for (let next = begin; next < last;) {
    const item = readValue(bytes, next, last, depth + 1);
    if (item === undefined) return undefined;
    items.push(item.value);
    next = item.end;
  }
  return { value: items, end: last };
}

/** How long what follows is, and where it begins. */
// oxlint-disable-next-line max-params -- the stretch that may be read
function lengthAt(bytes: Uint8Array, at: number, end: number, offset: number): Read<number> | undefined {
  const short = bytes[at]! - offset;
  if (short < 56) return { value: short, end: at + 1 };
  const digits = short - 55;
  if (at + 1 + digits > end) return undefined;
  const length = numberOf(bytes.subarray(at + 1, at + 1 + digits));
  return length === undefined || length < 56 ? undefined : { value: length, end: at + 1 + digits };
}
