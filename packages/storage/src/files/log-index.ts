/** Where a group of entries lies. */
export interface FramePosition {
  readonly file: string;
  readonly offset: number;
  readonly end: number;
  readonly firstRevision: number;
  readonly count: number;
}

/** A place in a file where reading can start. */
export interface LogIndexPoint {
  readonly revision: number;
  readonly offset: number;
}

/** Plain data, so that it crosses to another thread. */
export interface LogIndexState {
  readonly files: readonly { readonly name: string; readonly end: number }[];
  readonly points: readonly { readonly revision: number; readonly file: number; readonly offset: number }[];
  readonly lastRevision: number;
}

/** One point to start reading from about every so many bytes. */
const POINT_BYTES = 65_536;

/** Finds the place of a revision in the files without holding one of every entry. */
export class LogIndex {
  readonly #files: { name: string; end: number }[];
  readonly #points: { revision: number; file: number; offset: number }[];
  lastRevision: number;

  constructor(state: LogIndexState = { files: [], points: [], lastRevision: 0 }) {
    this.#files = state.files.map((file) => ({ ...file }));
    this.#points = state.points.map((point) => ({ ...point }));
    this.lastRevision = state.lastRevision;
  }

  get state(): LogIndexState {
    return { files: this.#files, points: this.#points, lastRevision: this.lastRevision };
  }

  add({ file, offset, end, firstRevision, count }: FramePosition): void {
    if (this.#files.at(-1)?.name !== file) this.#files.push({ name: file, end });
    const number = this.#files.length - 1;
    this.#files[number]!.end = end;
    const point = this.#points.at(-1);
    if (point === undefined || point.file !== number || offset - point.offset >= POINT_BYTES)
      this.#points.push({ revision: firstRevision, file: number, offset });
    this.lastRevision = firstRevision + count - 1;
  }

  /** A whole file whose frames are known from an earlier reading. */
  addFile(name: string, end: number, points: readonly LogIndexPoint[], lastRevision: number): void {
    const file = this.#files.push({ name, end }) - 1;
    for (const { revision, offset } of points) this.#points.push({ revision, file, offset });
    this.lastRevision = lastRevision;
  }

  /** The places to start from in one file. */
  pointsOf(name: string): readonly LogIndexPoint[] {
    const number = this.#files.findIndex((file) => file.name === name);
    return this.#points.filter(({ file }) => file === number).map(({ revision, offset }) => ({ revision, offset }));
  }

  endOf(name: string): number {
    return this.#files.find((file) => file.name === name)?.end ?? 0;
  }

  /** Stretches of files to read for the revisions after `after`; the first may hold earlier ones too. */
  *stretchesAfter(after: number): Iterable<{ readonly name: string; readonly start: number; readonly end: number }> {
    if (after >= this.lastRevision) return;
    const start = this.#points.findLast(({ revision }) => revision <= after + 1) ?? this.#points[0];
    if (start === undefined) return;
    for (let number = start.file; number < this.#files.length; number++) {
      const { name, end } = this.#files[number]!;
      const first = number === start.file ? start : this.#points.find(({ file }) => file === number);
      if (first !== undefined) yield { name, start: first.offset, end };
    }
  }
}
