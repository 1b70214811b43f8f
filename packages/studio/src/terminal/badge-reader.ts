/** A reader types a number faster than a hand, and ends it with Enter. */
const GAP_MS = 80;
const SHORTEST = 4;

/** Puts what a badge reader types together; what a hand types is let pass. */
export class BadgeReader {
  #text = "";
  #last = 0;

  /** The number of a badge, once it is whole. `now` in ms. */
  key(key: string, now: number): string | undefined {
    if (now - this.#last > GAP_MS) this.#text = "";
    this.#last = now;
    if (key === "Enter") {
      const read = this.#text;
      this.#text = "";
      return read.length >= SHORTEST ? read : undefined;
    }
    if (key.length === 1) this.#text += key;
    return undefined;
  }
}
