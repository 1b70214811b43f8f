import { randomBytes } from "node:crypto";
import type { Clock, IdSource } from "@doppelwerk/world";

/** `kind:uuidv7` (RFC 9562): time-ordered, 74 random bits. */
export function createIdSource(clock: Clock): IdSource {
  return {
    next(kind) {
      const bytes = randomBytes(16);
      const milliseconds = Math.floor(clock.now() / 1_000);
      bytes.writeUIntBE(milliseconds, 0, 6);
      bytes[6] = 0x70 | (bytes[6]! & 0x0f);
      bytes[8] = 0x80 | (bytes[8]! & 0x3f);
      const hex = bytes.toString("hex");
      return `${kind}:${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
    },
  };
}
