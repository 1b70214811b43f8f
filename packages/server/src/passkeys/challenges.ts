import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { UsedOnce } from "../machines/used-once.ts";

/** What somebody does with a passkey: add it, log in with it, prove with it to be there. */
export type Ceremony = "add" | "logIn" | "prove";

/** WebAuthn Level 3, 13.4.3: fresh, and long enough to fetch a telephone. */
export const CHALLENGE_MS = 5 * 60_000;
const NONCE_BYTES = 16;
const TIME_BYTES = 6;
const MAC_BYTES = 32;

/**
 * Challenges that hold once, for a few minutes, for one ceremony of one browser (`bound`: its session or its cookie). They are signed instead of kept, so that
 * nobody fills the memory by asking for them; none outlives the process.
 */
export class Challenges {
  readonly #secret = randomBytes(32);
  readonly #used = new UsedOnce();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  issue(ceremony: Ceremony, bound: string): Uint8Array<ArrayBuffer> {
    const head = Buffer.alloc(NONCE_BYTES + TIME_BYTES);
    randomBytes(NONCE_BYTES).copy(head);
    head.writeUIntBE(this.#now() + CHALLENGE_MS, NONCE_BYTES, TIME_BYTES);
    return Uint8Array.from(Buffer.concat([head, this.#mac(head, ceremony, bound)]));
  }

  /** Whether it was issued for this, is in time, and was not taken before; from now on it was. `challenge` is base64url. */
  take(challenge: string, ceremony: Ceremony, bound: string): boolean {
    const bytes = Buffer.from(challenge, "base64url");
    if (bytes.length !== NONCE_BYTES + TIME_BYTES + MAC_BYTES) return false;
    const head = bytes.subarray(0, NONCE_BYTES + TIME_BYTES);
    if (!timingSafeEqual(bytes.subarray(head.length), this.#mac(head, ceremony, bound))) return false;
    const until = head.readUIntBE(NONCE_BYTES, TIME_BYTES);
    return until > this.#now() && this.#used.take(head.toString("base64url"), until, this.#now());
  }

  #mac(head: Buffer, ceremony: Ceremony, bound: string): Buffer {
    return createHmac("sha256", this.#secret).update(head).update(`${ceremony}\n${bound}`).digest();
  }
}
