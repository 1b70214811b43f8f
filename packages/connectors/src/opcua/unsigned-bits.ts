import { DataType } from "node-opcua";
import type { UnsignedBits } from "@doppelwerk/world";

const UNSIGNED_BITS: Readonly<Partial<Record<DataType, UnsignedBits>>> = {
  [DataType.Byte]: 8,
  [DataType.UInt16]: 16,
  [DataType.UInt32]: 32,
};

/** Where a counter of a built-in type rolls over. Empty for signed integers, which a controller may let run negative, and for 64 bits. */
export function unsignedBitsOf(dataType: DataType): { readonly unsignedBits?: UnsignedBits } {
  const unsignedBits = UNSIGNED_BITS[dataType];
  return unsignedBits === undefined ? {} : { unsignedBits };
}
