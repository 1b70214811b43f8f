import { mergeColumns, type Columns } from "./columns.ts";

/** As many rows as a head has. */
const MAX_ROWS = 524_288;
const LEAST_ROOM = 64;

/** Rows of one series in order of arrival, with room for more. What was handed out of it stays as it was: rows are only added behind. */
export class SeriesRoom {
  count = 0;
  times = new Float64Array(0);
  values = new Float64Array(0);
  qualities = new Uint8Array(0);
  texts: (string | undefined)[] | undefined;
  /** Number of the last row. */
  last = -1;
  columns: Columns | undefined;

  /** Makes room for more rows; they count. */
  extend(rows: number): void {
    const count = this.count + rows;
    if (count > this.times.length) {
      const room = Math.max(LEAST_ROOM, count, this.count * 2);
      const [times, values, qualities] = [new Float64Array(room), new Float64Array(room), new Uint8Array(room)];
      times.set(this.times.subarray(0, this.count));
      values.set(this.values.subarray(0, this.count));
      qualities.set(this.qualities.subarray(0, this.count));
      Object.assign(this, { times, values, qualities });
    }
    this.count = count;
  }

  setText(row: number, text: string): void {
    this.texts ??= [];
    while (this.texts.length < this.count) this.texts.push(undefined);
    this.texts[row] = text;
  }

  /** For questions, which nobody asks about server times: their column is that of the times. */
  asColumns(): Columns {
    const times = this.times.subarray(0, this.count);
    return {
      count: this.count,
      times,
      values: this.values.subarray(0, this.count),
      qualities: this.qualities.subarray(0, this.count),
      serverTimes: times,
      texts: this.texts && Array.from({ length: this.count }, (_, row) => this.texts![row]),
    };
  }
}

/** Columns of series in memory that someone asked for, kept and extended by what came since; those asked for last, up to a bound. */
export class KeptColumns {
  readonly #rooms = new Map<number, SeriesRoom>();
  readonly #maxRows: number;
  #rows = 0;

  /** `maxRows`: of all series together. */
  constructor(maxRows = MAX_ROWS) {
    this.#maxRows = maxRows;
  }

  get rows(): number {
    return this.#rows;
  }

  /** The room of a series; one that is not kept begins empty. */
  room(series: number): SeriesRoom {
    const room = this.#rooms.get(series) ?? new SeriesRoom();
    this.#rooms.delete(series);
    this.#rooms.set(series, room);
    return room;
  }

  /** After rows were added: the columns, ascending and without duplicates; `isMixed`: its times went back or stood still. */
  finish(room: SeriesRoom, added: number, isMixed: boolean): Columns {
    const columns = room.asColumns();
    room.columns = isMixed ? mergeColumns([columns]) : columns;
    this.#rows += added;
    for (const [series, oldest] of this.#rooms) {
      if (this.#rows <= this.#maxRows || oldest === room) break;
      this.#rooms.delete(series);
      this.#rows -= oldest.count;
    }
    return room.columns;
  }
}
