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

/** The machine's clock in microseconds, never going back within the process. */
export function createWallClock(): Clock {
  const origin = Date.now() * 1_000 - Math.round(performance.now() * 1_000);
  let last = 0;
  let offset = origin;
  return {
    now() {
      const monotone = Math.round(performance.now() * 1_000);
      // A corrected machine clock is followed when it differs by more than a second, forwards only.
      const wall = Date.now() * 1_000;
      if (Math.abs(offset + monotone - wall) > 1_000_000) offset = wall - monotone;
      last = Math.max(last, offset + monotone);
      return last;
    },
  };
}
