import type { RawValue } from "../samples/accept-value.ts";
import { shortestFloat } from "../samples/shortest-float.ts";
import type { RegisterAddress } from "./register-address.ts";

/** The value at `offset` bytes of a register answer (two bytes a register, as on the wire). 64-bit integers beyond 2^53 lose their last digits. */
export function registerValue(address: RegisterAddress, bytes: Buffer, offset: number): RawValue {
  const own = ordered(address, bytes.subarray(offset, offset + address.length * 2));
  switch (address.type) {
    case "bool": {
      const word = own.readUInt16BE(0);
      return address.bit === undefined ? word !== 0 : ((word >> address.bit) & 1) === 1;
    }
    case "int16":
      return own.readInt16BE(0);
    case "uint16":
      return own.readUInt16BE(0);
    case "int32":
      return own.readInt32BE(0);
    case "uint32":
      return own.readUInt32BE(0);
    case "int64":
      return own.readBigInt64BE(0);
    case "uint64":
      return own.readBigUInt64BE(0);
    case "float32":
      return shortestFloat(own.readFloatBE(0));
    case "float64":
      return own.readDoubleBE(0);
    case "string":
      return textOf(own);
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** UTF-8 where it is valid, else Latin-1; without the padding. */
function textOf(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  const own = end < 0 ? bytes : bytes.subarray(0, end);
  try {
    return utf8.decode(own).trimEnd();
  } catch {
    return own.toString("latin1").trimEnd();
  }
}

/** High word first, high byte first. */
function ordered({ wordOrder, byteOrder, type }: RegisterAddress, bytes: Buffer): Buffer {
  if (wordOrder === "big" && byteOrder === "big") return bytes;
  const copy = Buffer.from(bytes);
  if (byteOrder === "little") copy.swap16();
  if (wordOrder === "big" || type === "string") return copy;
  const words = new Uint16Array(copy.length / 2);
  for (let word = 0; word < words.length; word++) words[word] = copy.readUInt16BE(word * 2);
  words.reverse();
  for (let word = 0; word < words.length; word++) copy.writeUInt16BE(words[word]!, word * 2);
  return copy;
}
