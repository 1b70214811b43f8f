import type { KnownLines, LineSource } from "@doppelwerk/ports";
import type { Clock, RecordId, RecordReader } from "@doppelwerk/world";
import type { LineIdentities } from "../model/identified-lines.ts";
import type { LineFolds } from "./fold/line-folds.ts";
import { readLines } from "./line-of-shells.ts";
import { LineService, type LineServiceOptions } from "./line-service.ts";

export interface LinesOptions extends Omit<LineServiceOptions, "id" | "fold"> {
  readonly folds: LineFolds;
  readonly clock: Clock;
}

/** The lines of a world, each asked by its id; where none is named, the first is meant. */
export class Lines {
  readonly #options: LinesOptions;
  readonly #first: LineService;
  readonly #named = new Map<RecordId, LineService>();

  constructor(options: LinesOptions) {
    this.#options = options;
    this.#first = new LineService({ ...options, fold: options.folds.of() });
  }

  /** One that is not there answers DW_NOT_FOUND when it is asked. */
  of(line?: RecordId): LineService {
    if (line === undefined) return this.#first;
    const known = this.#named.get(line);
    if (known !== undefined) return known;
    const service = new LineService({ ...this.#options, id: line, fold: this.#options.folds.of(line) });
    // only lines that are folded are kept: what a request names is no reason to remember it
    if (this.ids().includes(line)) this.#named.set(line, service);
    return service;
  }

  /** Of every one that is folded, in their order. */
  ids(): readonly RecordId[] {
    return this.#options.folds.lines.map(({ id }) => id);
  }

  all(): readonly LineService[] {
    return this.ids().map((id) => this.of(id));
  }

  /** The line that a station is of; undefined where it is of none. */
  ofStation(station: string): LineService | undefined {
    return this.all().find(({ definition }) => definition?.stations.some(({ id }) => id === station));
  }
}

/** The lines that documents describe, as everybody names them. */
export function knownLines(sources: readonly LineSource[], reader: RecordReader, clock: Clock, identities: LineIdentities): KnownLines {
  const { lines, findings } = readLines(sources, { reader, at: clock.now(), identities });
  return {
    lines: lines.map(({ id, described: { title, shell, timeZone, constraint, stations, ends }, path, findings: own }) => ({
      id,
      title,
      shell,
      path,
      timeZone,
      ...(constraint !== undefined && { constraint }),
      stations: stations.map((station) => ({ id: station.id, title: station.title, shell: station.shell })),
      ...(ends !== undefined && { ends }),
      findings: own,
    })),
    findings,
  };
}
