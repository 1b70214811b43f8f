import { isIPv6 } from "node:net";

// What a connection, an address and all together may take of this server before anybody knows who it is. All of it stands here, and for people in
// docs/guide/operations.md; what a known person, machine or window may take is counted where it is served.

export interface ConnectionLimits {
  /** Line and headers of a request. */
  readonly headerBytesMax: number;
  readonly headersMs: number;
  /** A body brings at least so much in each window of `bodyMs`; what this server is slow to take does not count. */
  readonly bodyBytesPerS: number;
  readonly bodyMs: number;
  /** An answer of which nothing is taken for so long is given up. */
  readonly unreadMs: number;
  /** Between two requests of a connection. */
  readonly betweenRequestsMs: number;
  /** How often slow headers and bodies are looked for. */
  readonly lookMs: number;
  /** Who connects and sends nothing. */
  readonly silentMs: number;
  /** Who waits for the turn of a handshake. */
  readonly turnMs: number;
  readonly handshakeMs: number;
  /** Handshakes are computed on the thread that answers: so many in a row, and one while others arrive, then the others are served. */
  readonly handshakesInTurn: number;
  /** Of one address, for as long as it goes on; further ones wait. */
  readonly handshakesPerS: number;
  /** Of one address at once, before that counts: a plant comes back after a restart. */
  readonly handshakesBurst: number;
  /** Handshakes that were begun and not finished; the oldest gives way. */
  readonly halfOpenMax: number;
  /** Of one address; further ones wait. */
  readonly halfOpenOfAddressMax: number;
  /** Connections of all kinds. */
  readonly connectionsMax: number;
  readonly connectionsOfAddressMax: number;
}

export const CONNECTION_LIMITS: ConnectionLimits = {
  headerBytesMax: 16_384,
  headersMs: 15_000,
  bodyBytesPerS: 1_000,
  bodyMs: 20_000,
  unreadMs: 60_000,
  betweenRequestsMs: 72_000,
  lookMs: 5_000,
  silentMs: 10_000,
  turnMs: 30_000,
  handshakeMs: 15_000,
  handshakesInTurn: 16,
  handshakesPerS: 100,
  handshakesBurst: 500,
  halfOpenMax: 512,
  halfOpenOfAddressMax: 64,
  connectionsMax: 4_000,
  connectionsOfAddressMax: 1_000,
};

/** What the door counts. */
export interface AtTheDoor {
  readonly connections: number;
  /** Connections that wait for the turn of their handshake. */
  readonly waiting: number;
  /** Handshakes that were begun and not finished. */
  readonly halfOpen: number;
  /** Connections that were closed because there were too many, since the start. */
  readonly refused: number;
  /** Somebody who is known asks from this address: its handshakes go first. */
  knows(address: string): void;
}

/** Whom a connection is counted of: an address, or the network of 64 bits of one of IPv6, of which its owner has as many as he likes. */
export function countedAddress(address: string): string {
  const plain = address.startsWith("::ffff:") && address.includes(".") ? address.slice("::ffff:".length) : address;
  if (!isIPv6(plain)) return plain;
  const [before = "", after] = plain.split("%")[0]!.split("::");
  const [left, right] = [before, after ?? ""].map((half) => (half === "" ? [] : half.split(":")));
  const zeros = after === undefined ? [] : Array.from({ length: 8 - left!.length - right!.length }, () => "0");
  return `${[...left!, ...zeros, ...right!]
    .slice(0, 4)
    .map((group) => parseInt(group, 16).toString(16))
    .join(":")}::/64`;
}
