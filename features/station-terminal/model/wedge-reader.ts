/** A reader types faster than a hand, and ends with Enter. */
const GAP_MS = 80;
const SHORTEST = 3;
const LONGEST = 500;

/** Puts together what a reader types like a keyboard ("keyboard wedge"); what a hand types is let pass. */
export class WedgeReader {
  #text = "";
  #last = 0;

  /** What was read, once it is whole. `now` in ms. */
  key(key: string, now: number): string | undefined {
    if (now - this.#last > GAP_MS) this.#text = "";
    this.#last = now;
    if (key === "Enter" || key === "Tab") {
      const read = this.#text;
      this.#text = "";
      return read.length >= SHORTEST ? read : undefined;
    }
    // a reader sends the separator of GS1 element strings as a control key or as a character of its own
    if (key.length === 1 && this.#text.length < LONGEST) this.#text += key;
    return undefined;
  }
}
