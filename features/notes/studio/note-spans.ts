import type { SpansOfSignals } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";

/** The spans of notes, for the trends of their subjects; notes about the whole plant are on all. */
const spansOfNotes: SpansOfSignals = async (studio, { signals, from, to }, call) => {
  const { branch } = studio.address.store.get();
  const notes = await calls.list(studio.client, { query: { branch, from: Math.floor(from), to: Math.ceil(to) } }, call);
  const isAbout = (signal: string, subjects: readonly string[]): boolean =>
    subjects.length === 0 || subjects.includes(signal) || subjects.includes(studio.signals.entry(signal)?.shell ?? "");
  return new Map(
    signals.map((signal) => [
      signal,
      notes.filter(({ subjects }) => isAbout(signal, subjects)).map(({ from, to, text }) => ({ from, to, label: text })),
    ]),
  );
};
export default spansOfNotes;
