import type { SAFE_TYPES } from "./pin-kind.ts";

type SafeType = (typeof SAFE_TYPES)[number];

const MAGIC: readonly (readonly [type: SafeType, at: number, bytes: readonly number[]])[] = [
  ["application/pdf", 0, [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ["image/png", 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ["image/jpeg", 0, [0xff, 0xd8, 0xff]],
  ["image/webp", 8, [0x57, 0x45, 0x42, 0x50]],
  ["video/mp4", 4, [0x66, 0x74, 0x79, 0x70]],
  ["video/webm", 0, [0x1a, 0x45, 0xdf, 0xa3]],
];

/** The type by what the bytes are, whatever somebody calls them; undefined: none that is shown, such as SVG or HTML. */
export function safeType(bytes: Uint8Array): SafeType | undefined {
  return MAGIC.find(([, at, magic]) => magic.every((byte, index) => bytes[at + index] === byte))?.[0];
}
