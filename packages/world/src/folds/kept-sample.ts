import type { Instant } from "../instant.ts";
import type { RecordId } from "../record.ts";
import { codeOfOrigin, type Origin } from "../signals/origin.ts";
import { quality, type SampleBatch, type SampleColumns } from "../signals/sample.ts";

/** A sample of a derived signal. */
export interface KeptSample {
  readonly time: Instant;
  readonly value: number;
  readonly text: string;
  /** Default derived. */
  readonly origin?: Origin;
}

/** Of stored samples of a derived signal what is read here. */
export type KeptColumns = Pick<SampleColumns, "times" | "values" | "texts">;

/**
 * Nothing is ever taken out of the historian. Where a later derivation concludes something else than an earlier one did, what it concludes is written
 * at the same instant as a revision: of the samples of one signal at one instant only those of the highest revision stand. It stands last in the text.
 */
const REVISION = / ~(\d+)$/;

export function revisionOf(text: string): number {
  return mayBeRevised(text) ? Number(REVISION.exec(text)?.[1] ?? 0) : 0;
}

/** The text without its revision. */
export function plainText(text: string): string {
  return mayBeRevised(text) ? text.replace(REVISION, "") : text;
}

/** Most texts are not: a look at their end spares the search of the whole. */
function mayBeRevised(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 48 && last <= 57;
}

export function revised(sample: KeptSample, revision: number): KeptSample {
  return revision === 0 ? sample : { ...sample, text: `${sample.text} ~${revision}` };
}

/** What stands of the samples of one signal, in order of time, their texts without revisions; only those of one value where it is given. */
export function heldSamples(columns: KeptColumns, value?: number): KeptSample[] {
  const rows = heldRows(columns);
  return (value === undefined ? rows : rows.filter((row) => columns.values[row] === value)).map((row) => ({
    time: columns.times[row]!,
    value: columns.values[row]!,
    text: plainText(columns.texts.get(row) ?? ""),
  }));
}

/** The same as columns, for readers that take samples as they were stored. */
export function heldColumns(columns: SampleColumns): SampleColumns {
  const rows = heldRows(columns);
  const texts = rows.flatMap((row, at) => {
    const text = columns.texts.get(row);
    const plain = text === undefined ? undefined : plainText(text);
    // a number has a text only for its revision
    return plain === undefined || (plain === "" && !Number.isNaN(columns.values[row])) ? [] : [[at, plain] as const];
  });
  return {
    times: Float64Array.from(rows, (row) => columns.times[row]!),
    values: Float64Array.from(rows, (row) => columns.values[row]!),
    texts: new Map(texts),
    qualities: Uint8Array.from(rows, (row) => columns.qualities[row]!),
    origins: Uint8Array.from(rows, (row) => columns.origins[row]!),
  };
}

/** Rows of the highest revision at each instant. */
function heldRows({ times, texts }: KeptColumns): readonly number[] {
  const rows: number[] = [];
  let revision = 0;
  for (const [row, time] of times.entries()) {
    const own = revisionOf(texts.get(row) ?? "");
    const first = rows.length === 0 || times[rows.at(-1)!] !== time;
    if (!first && own < revision) continue;
    // the lower ones of the same instant came before
    if (!first && own > revision) while (rows.length > 0 && times[rows.at(-1)!] === time) rows.pop();
    revision = own;
    rows.push(row);
  }
  return rows;
}

/** The highest revision at each instant that has more than the first one. */
export function revisions(columns: KeptColumns): ReadonlyMap<Instant, number> {
  const highest = new Map<Instant, number>();
  for (const [row, text] of columns.texts) {
    const revision = revisionOf(text);
    const time = columns.times[row]!;
    if (revision > (highest.get(time) ?? 0)) highest.set(time, revision);
  }
  return highest;
}

/** As a batch in the table's index space; samples of signals that have no row there are left out. */
export function batchOfKept(
  samples: readonly (KeptSample & { readonly signal: RecordId })[],
  rowOf: (id: RecordId) => number | undefined,
): SampleBatch {
  const known = samples.flatMap((sample) => {
    const row = rowOf(sample.signal);
    return row === undefined ? [] : [{ ...sample, row }];
  });
  const times = Float64Array.from(known, ({ time }) => time);
  return {
    origin: "derived",
    ...(known.some(({ origin = "derived" }) => origin !== "derived") && {
      origins: Uint8Array.from(known, ({ origin = "derived" }) => codeOfOrigin(origin)),
    }),
    count: known.length,
    signals: Uint32Array.from(known, ({ row }) => row),
    values: Float64Array.from(known, ({ value }) => value),
    // a number has no text unless it is a revision
    texts: new Map(known.flatMap(({ text, value }, row) => (text === "" && !Number.isNaN(value) ? [] : [[row, text] as const]))),
    qualities: new Uint8Array(known.length).fill(quality.good),
    sourceTimes: times,
    serverTimes: times,
  };
}
