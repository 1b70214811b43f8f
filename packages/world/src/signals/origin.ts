import type { Quality, SampleBatch } from "./sample.ts";
import type { ConnectionRecord } from "./signal.ts";

/** Where a value comes from. `measured`: from a plant; `simulated` and what follows from it; `replayed`: from a recording; `entered`: typed in; `derived`: concluded. */
export type Origin = "measured" | "simulated" | "replayed" | "entered" | "derived";

/** Position = code of a stored row; append only. 0: as the signal says. */
const CODED: readonly (Origin | undefined)[] = [undefined, "measured", "simulated", "replayed", "entered", "derived"];
/** Of several the first counts: what follows from simulated values is simulated, and nothing is shown as more certain than it is. */
const LEAST_CERTAIN_FIRST: readonly Origin[] = ["simulated", "replayed", "derived", "entered", "measured"];

/** The word for an origin in files for people, which is that of the screens and of the glossary. */
export function originWord(origin: Origin): string {
  return origin === "simulated" ? "simulated machine" : origin;
}

export const ORIGIN_CODES = CODED.length;

export function codeOfOrigin(origin: Origin | undefined): number {
  return CODED.indexOf(origin);
}

/** Undefined: as the signal says. A code of a newer version is taken as `derived`, so that it is not shown as measured. */
export function originOfCode(code: number): Origin | undefined {
  return code < CODED.length ? CODED[code] : "derived";
}

/** Origin of a row: its own, else that of the batch. */
export function originAt(batch: Pick<SampleBatch, "origin" | "origins">, row: number): Origin {
  return originOfCode(batch.origins?.[row] ?? 0) ?? batch.origin;
}

/** The origins of a set of codes (bit = code), least certain first; `asSignal` stands for 0. */
export function originsOfMask(mask: number, asSignal: Origin): readonly Origin[] {
  return LEAST_CERTAIN_FIRST.filter((origin) => (mask >> codeOfOrigin(origin)) & 1 || (origin === asSignal && mask & 1));
}

/** What follows from values of these codes (bit = code), as a code; 0 where all are as their signal says. */
export function codeOfMask(mask: number): number {
  const origin = LEAST_CERTAIN_FIRST.find((candidate) => (mask >> codeOfOrigin(candidate)) & 1);
  return codeOfOrigin(origin);
}

/** One byte a row, as rows are stored and sent: quality in the lower two bits, the code of the origin above. */
export function packGrades(batch: SampleBatch, into: Uint8Array, from: number, to: number): void {
  const { qualities, origins } = batch;
  const own = codeOfOrigin(batch.origin);
  for (let row = from; row < to; row++) into[row - from] = qualities[row]! | ((origins?.[row] ?? own) << 2);
}

export function qualityOfGrade(grade: number): Quality {
  return (grade & 3) as Quality;
}

export function originCodeOfGrade(grade: number): number {
  return grade >> 2;
}

/** Origins of rows of several batches one after another; undefined where all have that of the first batch. */
export function joinedOrigins(batches: readonly SampleBatch[], count: number): Uint8Array | undefined {
  const { origin } = batches[0]!;
  if (batches.every((batch) => batch.origin === origin && batch.origins === undefined)) return undefined;
  const joined = new Uint8Array(count);
  let at = 0;
  for (const batch of batches) {
    const own = codeOfOrigin(batch.origin);
    for (let row = 0; row < batch.count; row++) joined[at++] = batch.origins?.[row] ?? own;
  }
  return joined;
}

/** What a connection declares itself to be, else what its protocol is. */
export function originOfConnection({ origin, protocol }: Pick<ConnectionRecord, "origin" | "protocol">): Origin {
  return origin ?? (protocol === "entered" ? "entered" : protocol === "replay" ? "replayed" : "measured");
}
