import type { Clock, Instant } from "@doppelwerk/world";

/**
 * Asks edge nodes for their births without ever becoming a storm: one request a node and interval, the interval doubled while no birth comes,
 * and never more than one request each `spacingMs` over all nodes.
 */
export class Rebirths {
  readonly #clock: Clock;
  readonly #send: (node: string) => void;
  readonly #options: RebirthOptions;
  readonly #nodes = new Map<string, { due: Instant; pauseMs: number }>();
  readonly #queue = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(clock: Clock, options: RebirthOptions, send: (node: string) => void) {
    this.#clock = clock;
    this.#options = options;
    this.#send = send;
  }

  request(node: string): void {
    this.#queue.add(node);
    this.#arm();
  }

  /** A birth came: nothing is owed, and the next request may be prompt again after one interval. */
  born(node: string): void {
    this.#queue.delete(node);
    const state = this.#nodes.get(node);
    if (state !== undefined) state.pauseMs = this.#options.intervalMs;
  }

  /** Connection gone: nothing can be asked. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#queue.clear();
  }

  #arm(): void {
    if (this.#timer !== undefined || this.#queue.size === 0) return;
    const now = this.#clock.now();
    const wait = Math.min(...[...this.#queue].map((node) => (this.#nodes.get(node)?.due ?? 0) - now)) / 1000;
    this.#timer = setTimeout(() => this.#fire(), Math.max(this.#options.spacingMs, Math.ceil(wait)));
  }

  #fire(): void {
    this.#timer = undefined;
    const now = this.#clock.now();
    for (const node of this.#queue) {
      const state = this.#nodes.get(node) ?? { due: 0, pauseMs: this.#options.intervalMs };
      if (state.due > now) continue;
      this.#queue.delete(node);
      this.#nodes.set(node, { due: now + state.pauseMs * 1000, pauseMs: Math.min(state.pauseMs * 2, this.#options.longestMs) });
      this.#send(node);
      break;
    }
    this.#arm();
  }
}

export interface RebirthOptions {
  readonly intervalMs: number;
  readonly longestMs: number;
  readonly spacingMs: number;
}
