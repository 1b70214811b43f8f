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
  return Number(REVISION.exec(text)?.[1] ?? 0);
}

/** The text without its revision. */
export function plainText(text: string): string {
  return text.replace(REVISION, "");
}

export function revised(sample: KeptSample, revision: number): KeptSample {
  return revision === 0 ? sample : { ...sample, text: `${sample.text} ~${revision}` };
}

/** What stands of the samples of one signal, in order of time, their texts without revisions. */
export function heldSamples(columns: KeptColumns): KeptSample[] {
  const samples: KeptSample[] = [];
  let revision = 0;
  for (const [row, time] of columns.times.entries()) {
    const text = columns.texts.get(row) ?? "";
    const own = revisionOf(text);
    const first = samples.at(-1)?.time !== time;
    if (!first && own < revision) continue;
    // the lower ones of the same instant came before
    if (!first && own > revision) while (samples.at(-1)?.time === time) samples.pop();
    revision = own;
    samples.push({ time, value: columns.values[row]!, text: plainText(text) });
  }
  return samples;
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
