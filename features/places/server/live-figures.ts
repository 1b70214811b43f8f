import type { Instant } from "@doppelwerk/world";
import { figuresOfLines, type FiguresOfLine, type LinePorts } from "./line-figures.ts";

/** Microseconds after which figures are asked for again although nothing was concluded: what is due grows with the clock. */
const KEPT = 5_000_000;

interface Kept extends LinePorts {
  readonly at: Instant;
  readonly reading: boolean;
  readonly figures: Promise<readonly FiguresOfLine[]>;
}

/** Figures of the lines as they stand now: asked for once, however many boards show them, until something is concluded or another feature answers. */
export class LiveFigures {
  #kept: Kept | undefined;

  of(ports: LinePorts, at: Instant, reading: boolean): Promise<readonly FiguresOfLine[]> {
    const { line, shifts, runs, lossCauses } = ports;
    const kept = this.#kept;
    const isSame = (other: Kept): boolean =>
      other.line === line && other.shifts === shifts && other.runs === runs && other.reading === reading;
    if (kept !== undefined && isSame(kept) && at - kept.at < KEPT) return kept.figures;
    const asked = { line, shifts, runs, lossCauses, at, reading, figures: figuresOfLines(ports, { at, past: false, reading }) };
    this.#kept = asked;
    // what failed is asked for again
    asked.figures.catch(() => {
      if (this.#kept === asked) this.#kept = undefined;
    });
    return asked.figures;
  }

  forget(): void {
    this.#kept = undefined;
  }
}
