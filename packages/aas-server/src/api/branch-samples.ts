import {
  LIVE,
  type Branch,
  type History,
  type Instant,
  type RecordId,
  type RecordReader,
  type Sample,
  type SignalRecord,
} from "@doppelwerk/world";

type Fork = Pick<Branch, "parent" | "instant">;

/**
 * What a branch knows of its signals: the last sample at or before the instant it was forked at, read once from the historian.
 * It never changes, however the plant goes on: a branch is a picture of that instant.
 */
export async function branchSamples(
  history: History,
  branch: Fork,
  reader: RecordReader,
): Promise<(signal: RecordId) => Sample | undefined> {
  const signals = reader.query({ kind: "signal" }) as readonly SignalRecord[];
  const samples = await readSamples(history, branch.parent ?? LIVE, signals, branch.instant);
  return (signal) => samples.get(signal);
}

/** What was last known of signals at an instant: of the live branch, or of a branch, which knows nothing after its fork. */
export async function samplesAt(
  history: History,
  branch: Fork,
  reader: RecordReader,
  signals: readonly RecordId[],
  instant: Instant,
): Promise<ReadonlyMap<RecordId, Sample>> {
  const records = signals.flatMap((id) => (reader.get(id) as SignalRecord | undefined) ?? []);
  const known = branch.parent === undefined ? instant : Math.min(instant, branch.instant);
  return readSamples(history, branch.parent ?? LIVE, records, known);
}

async function readSamples(
  history: History,
  branch: string,
  signals: readonly SignalRecord[],
  instant: Instant,
): Promise<ReadonlyMap<RecordId, Sample>> {
  const found = await history.at(
    signals.map(({ id }) => ({ branch, signal: id })),
    instant,
  );
  const samples = new Map<RecordId, Sample>();
  signals.forEach(({ id, valueType }, index) => {
    const at = found[index];
    if (at === undefined) return;
    const number = Number.isNaN(at.value) ? undefined : valueType === "boolean" ? at.value !== 0 : at.value;
    const { quality, time, origin = "measured" } = at;
    samples.set(id, { signal: id, value: at.text ?? number, quality, sourceTime: time, serverTime: time, origin });
  });
  return samples;
}
