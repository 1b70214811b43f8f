const MAX = 200_000;

/** Identifiers that count once within their time. Beyond its size the oldest are forgotten, whose time is over the soonest. */
export class UsedOnce {
  readonly #until = new Map<string, number>();

  /** False where it was used before. */
  take(id: string, untilMs: number, nowMs: number): boolean {
    for (const [known, until] of this.#until) {
      if (until > nowMs && this.#until.size < MAX) break;
      this.#until.delete(known);
    }
    if (this.#until.has(id)) return false;
    this.#until.set(id, untilMs);
    return true;
  }
}
