import { mapState, mappingAt, type StationDefinition } from "@doppelwerk/operations";
import type { ConcludedState } from "@doppelwerk/ports";
import { LIVE, quality, type History, type Instant, type RecordId } from "@doppelwerk/world";
import type { RawWord } from "../../contract.ts";

/** Longest first. */
export interface Words {
  readonly words: RawWord[];
  /** Words beyond the longest five hundred. */
  readonly more: number;
  /** The record holds more than is looked through. */
  readonly cut: boolean;
}

/** The signal whose words a mapping of the station gives a meaning. */
export function wordSignalOf({ signals }: StationDefinition): RecordId | undefined {
  return (signals.VendorState ?? signals.ItemState)?.id;
}

const ROWS_MAX = 500_000;
const WORDS_MAX = 500;

/** Every raw word that stood in [from, to), longest first; at most 500 of them. A word stands until the next value; bad quality ends it. */
export async function rawWords(
  history: History,
  station: StationDefinition,
  from: Instant,
  to: Instant,
  /** What was concluded of the station in the span, in order of time. */
  states: readonly ConcludedState[],
): Promise<Words> {
  const signal = wordSignalOf(station);
  if (signal === undefined) return { words: [], more: 0, cut: false };
  const key = { branch: LIVE, signal };
  const [before] = await history.at([key], from - 1);
  const { times, values, qualities, texts } = await history.raw(key, from, to, ROWS_MAX);
  const seen = new Map<string, { count: number; held: number; last: Instant }>();
  const spell = (value: number, text: string | undefined, worth: number): string | undefined =>
    worth === quality.bad ? undefined : (text ?? (Number.isNaN(value) ? undefined : String(value)));
  let since = from;
  let standing = before === undefined ? undefined : spell(before.value, before.text, before.quality);
  let begun = false;
  const close = (at: Instant): void => {
    if (standing === undefined) return;
    const known = seen.get(standing) ?? { count: 0, held: 0, last: since };
    known.held += at - since;
    known.last = at;
    if (begun) known.count++;
    seen.set(standing, known);
  };
  for (let row = 0; row < times.length; row++) {
    const next = spell(values[row]!, texts.get(row), qualities[row]!);
    if (next === standing) continue;
    close(times[row]!);
    standing = next;
    since = times[row]!;
    begun = true;
  }
  close(times.length === ROWS_MAX ? times.at(-1)! : to);
  const concluded = readAs(states, to);
  const all = [...seen].toSorted(([, a], [, b]) => b.held - a.held);
  return {
    words: all.slice(0, WORDS_MAX).map(([word, { count, held, last }]) => ({
      word,
      count,
      seconds: held / 1_000_000,
      last,
      ...readingOf(station, word, to),
      readAs: concluded.get(word) ?? [],
    })),
    more: Math.max(0, all.length - WORDS_MAX),
    cut: times.length === ROWS_MAX,
  };
}

/** What a word means at an instant, without bits and neighbours. */
export function readingOf(station: StationDefinition, word: string, at: Instant): Pick<RawWord, "state" | "cause" | "by"> {
  const mapping = mappingAt(station.mapping, at);
  const vendor = station.signals.VendorState !== undefined;
  const raw = { itemState: vendor ? undefined : word, operationMode: undefined, vendorState: word, blocked: undefined, starved: undefined };
  if (Object.hasOwn(mapping.words, word)) return { ...mapping.words[word]!, by: "mapping" };
  const { state, cause } = mapState({ ...mapping, words: {} }, vendor ? { ...raw, vendorState: undefined } : raw, undefined);
  // NotExecuting is a word of the standard too: that it leaves the reason open is not for a mapping to fix
  const known = state !== "unknown" || (!vendor && /^not[ _]?executing$|^2$/i.test(word));
  return { state, cause, by: known ? "standard" : "nothing" };
}

/** What was concluded while each word stood: state → seconds. */
function readAs(states: readonly ConcludedState[], to: Instant): ReadonlyMap<string, RawWord["readAs"]> {
  const held = new Map<string, Map<ConcludedState["state"], number>>();
  for (const [at, { from: since, state, word }] of states.entries()) {
    if (word === undefined) continue;
    const own = held.get(word) ?? new Map<ConcludedState["state"], number>();
    held.set(word, own.set(state, (own.get(state) ?? 0) + ((states[at + 1]?.from ?? to) - since) / 1_000_000));
  }
  return new Map(
    [...held].map(([word, seconds]) => [
      word,
      [...seconds].map(([state, held]) => ({ state, seconds: held })).toSorted((a, b) => b.seconds - a.seconds),
    ]),
  );
}
