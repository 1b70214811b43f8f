import { Writable } from "node:stream";
import type { LogLine } from "../routes/hosted-worlds.ts";

const MAX_LINES = 500;
const MAX_TEXT = 500;
/** Levels of pino. */
const LEVELS: readonly (readonly [from: number, level: LogLine["level"]])[] = [
  [60, "fatal"],
  [50, "error"],
  [40, "warn"],
];

/** The last lines of the log at `warn` and above, for who administers the server and does not sit at its console. */
export class RecentLog {
  readonly #lines: LogLine[] = [];

  /** A destination of pino, beside the one that is there. */
  readonly stream: Writable = new Writable({
    write: (chunk: Buffer | string, _encoding, done) => {
      for (const line of String(chunk).split("\n")) this.#take(line);
      done();
    },
  });

  /** The newest first. */
  list(): readonly LogLine[] {
    return this.#lines.toReversed();
  }

  #take(line: string): void {
    if (line === "") return;
    const read = readLine(line);
    if (read === undefined) return;
    this.#lines.push(read);
    if (this.#lines.length > MAX_LINES) this.#lines.shift();
  }
}

function readLine(line: string): LogLine | undefined {
  const { level, time, msg, err, world } = JSON.parse(line) as {
    readonly level: number;
    readonly time: number;
    readonly msg?: string;
    readonly err?: { readonly message?: string };
    readonly world?: string;
  };
  const found = LEVELS.find(([from]) => level >= from);
  if (found === undefined) return undefined;
  const where = world === undefined ? "" : `${world}: `;
  const why = err?.message === undefined || err.message === msg ? "" : ` (${err.message})`;
  return { at: time * 1_000, level: found[1], text: `${where}${msg ?? ""}${why}`.slice(0, MAX_TEXT) };
}
