import { FairQueue } from "../http/fair-queue.ts";
import { countedAddress, type ConnectionLimits } from "../http/connection-limits.ts";

/** What a connection is to those who count it. */
export interface Arriving {
  readonly remoteAddress?: string | undefined;
  destroy(): unknown;
  once(event: "close", listener: () => void): unknown;
}

interface Waiting<S> {
  readonly socket: S;
  begin(): void;
}

interface Allowance {
  left: number;
  at: number;
}

/** Addresses whose handshakes are counted at a time; beyond them the one that came first is forgotten. */
const MAX_ADDRESSES = 10_000;
/** Addresses of people and machines that are remembered. */
const MAX_KNOWN = 1_000;
/** Until somebody who waits for the pace of his address is looked at again. */
const AGAIN_MS = 50;

/** How much those at the door take: a connection is counted until it is closed, and a handshake waits for its turn. */
export class HandshakeTurns<S extends Arriving> {
  readonly #limits: ConnectionLimits;
  readonly #now: () => number;
  readonly #open = new Map<string, number>();
  #openAll = 0;
  readonly #waiting: FairQueue<Waiting<S>>;
  /** Begun and not finished, the oldest first. */
  readonly #halfOpen = new Map<S, string>();
  readonly #halfOpenOf = new Map<string, number>();
  readonly #paces = new Map<string, Allowance>();
  /** Where somebody who is known asked from, the latest last. */
  readonly #known = new Set<string>();
  #isDue = false;
  /** Somebody came since the last turn: a server of Node takes in one connection between two turns, so they are short until all are in. */
  #isArriving = false;
  #again: NodeJS.Timeout | undefined;
  /** Connections that were closed because there were too many, since the start. */
  refused = 0;

  /** `now` in milliseconds. */
  constructor(limits: ConnectionLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
    this.#waiting = new FairQueue(limits.connectionsMax);
  }

  get connections(): number {
    return this.#openAll;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  get halfOpen(): number {
    return this.#halfOpen.size;
  }

  /** Whether there is room for one more connection; one that has none is closed. */
  admits(socket: S): boolean {
    const of = countedAddress(socket.remoteAddress ?? "");
    const count = this.#open.get(of) ?? 0;
    if (this.#openAll >= this.#limits.connectionsMax || count >= this.#limits.connectionsOfAddressMax) {
      this.refused++;
      socket.destroy();
      return false;
    }
    this.#openAll++;
    this.#isArriving = true;
    this.#open.set(of, count + 1);
    socket.once("close", () => {
      this.#openAll--;
      countDown(this.#open, of);
    });
    return true;
  }

  /** Begins a handshake when it is its turn. */
  enter(socket: S, begin: () => void): void {
    const of = countedAddress(socket.remoteAddress ?? "");
    const item = { socket, begin };
    socket.once("close", () => {
      this.#waiting.remove(of, item);
      this.finished(socket);
    });
    const without = this.#waiting.put(of, item);
    if (without !== undefined) {
      this.refused++;
      without.socket.destroy();
    }
    this.#soon();
  }

  /** Somebody who is known asked from this address: its handshakes go first, within its bounds. */
  knows(address: string): void {
    const of = countedAddress(address);
    this.#known.delete(of);
    this.#known.add(of);
    if (this.#known.size > MAX_KNOWN) this.#known.delete(this.#known.keys().next().value!);
  }

  /** The handshake is over, well or not. */
  finished(socket: S): void {
    const of = this.#halfOpen.get(socket);
    if (of === undefined) return;
    this.#halfOpen.delete(socket);
    countDown(this.#halfOpenOf, of);
    this.#soon();
  }

  #soon(): void {
    if (this.#isDue || this.#waiting.size === 0) return;
    this.#isDue = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#isDue = false;
    clearTimeout(this.#again);
    const atMost = this.#isArriving ? 1 : this.#limits.handshakesInTurn;
    this.#isArriving = false;
    for (let n = 0; n < atMost; n++) {
      const next = this.#waiting.take((of) => this.#known.has(of) && this.#mayBegin(of)) ?? this.#waiting.take((of) => this.#mayBegin(of));
      if (next === undefined) break;
      this.#begin(next.of, next.item);
    }
    if (this.#waiting.some((of) => this.#mayBegin(of))) this.#soon();
    else if (this.#waiting.size > 0) this.#again = setTimeout(() => this.#soon(), AGAIN_MS).unref();
  }

  #mayBegin(of: string): boolean {
    return (this.#halfOpenOf.get(of) ?? 0) < this.#limits.halfOpenOfAddressMax && this.#pace(of).left >= 1;
  }

  #begin(of: string, { socket, begin }: Waiting<S>): void {
    this.#pace(of).left--;
    if (this.#halfOpen.size >= this.#limits.halfOpenMax) {
      const oldest = this.#halfOpen.keys().next().value as S;
      this.refused++;
      // its close comes later
      this.finished(oldest);
      oldest.destroy();
    }
    this.#halfOpen.set(socket, of);
    this.#halfOpenOf.set(of, (this.#halfOpenOf.get(of) ?? 0) + 1);
    begin();
  }

  /** What an address may begin now: it fills up with time. */
  #pace(of: string): Allowance {
    const { handshakesBurst, handshakesPerS } = this.#limits;
    const [now, known] = [this.#now(), this.#paces.get(of)];
    if (known === undefined) {
      const pace = { left: handshakesBurst, at: now };
      this.#paces.set(of, pace);
      if (this.#paces.size > MAX_ADDRESSES) this.#paces.delete(this.#paces.keys().next().value!);
      return pace;
    }
    known.left = Math.min(handshakesBurst, known.left + (Math.max(0, now - known.at) * handshakesPerS) / 1_000);
    known.at = now;
    return known;
  }
}

function countDown(counts: Map<string, number>, of: string): void {
  const count = (counts.get(of) ?? 1) - 1;
  if (count > 0) counts.set(of, count);
  else counts.delete(of);
}
