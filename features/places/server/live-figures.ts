import type { Instant } from "@doppelwerk/world";
import { figuresOfLines, type FiguresOfLine, type LinePorts } from "./line-figures.ts";

/** Microseconds after which figures are asked for again although nothing was concluded: what is due grows with the clock. */
const KEPT = 5_000_000;

interface Kept extends LinePorts {
  readonly at: Instant;
  readonly figures: Promise<readonly FiguresOfLine[]>;
}

/** Figures of the lines as they stand now: asked for once, however many boards show them, until something is concluded or another feature answers. */
export class LiveFigures {
  #kept: Kept | undefined;

  of(ports: LinePorts, at: Instant): Promise<readonly FiguresOfLine[]> {
    const { line, shifts, runs } = ports;
    const kept = this.#kept;
    if (kept !== undefined && kept.line === line && kept.shifts === shifts && kept.runs === runs && at - kept.at < KEPT)
      return kept.figures;
    const asked = { line, shifts, runs, at, figures: figuresOfLines(ports, at, false) };
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
