import { LIVE, type Branch, type History, type RecordId, type RecordReader, type Sample, type SignalRecord } from "@doppelwerk/world";

/**
 * What a branch knows of its signals: the last sample at or before the instant it was forked at, read once from the historian.
 * It never changes, however the plant goes on: a branch is a picture of that instant.
 */
export async function branchSamples(
  history: History,
  branch: Pick<Branch, "parent" | "instant">,
  reader: RecordReader,
): Promise<(signal: RecordId) => Sample | undefined> {
  const signals = reader.query({ kind: "signal" }) as readonly SignalRecord[];
  const found = await history.at(
    signals.map(({ id }) => ({ branch: branch.parent ?? LIVE, signal: id })),
    branch.instant,
  );
  const samples = new Map<RecordId, Sample>();
  signals.forEach(({ id, valueType }, index) => {
    const at = found[index];
    if (at === undefined) return;
    const number = Number.isNaN(at.value) ? undefined : valueType === "boolean" ? at.value !== 0 : at.value;
    samples.set(id, { signal: id, value: at.text ?? number, quality: at.quality, sourceTime: at.time, serverTime: at.time });
  });
  return (signal) => samples.get(signal);
}
