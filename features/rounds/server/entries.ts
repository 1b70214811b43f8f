import { DoppelwerkError, hashedId, message, type Message } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { Identifications } from "@doppelwerk/ports";
import { DAY, LIVE, type BranchId, type EventPayload, type EventRecord, type Instant, type ShellRecord } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { timeOfDevice } from "../model/device-time.ts";
import { ENTRY_EVENT, RecordedEntry, type Entry, type EntryFact } from "../model/entry.ts";
import { roundDocumentId, type CheckPoint, type RoundFields } from "../model/round-kind.ts";
import { answerFault } from "../model/walks.ts";

const PAGE = 1_000;
/** What waited longer in a device is not taken. */
const MAX_AGE: Instant = 60 * DAY;

export interface SentEntry {
  readonly at: Instant;
  readonly entry: Entry;
}

export interface Taken {
  taken: number;
  known: number;
  readonly refused: { readonly entry: string; readonly reason: Message }[];
}

export interface EntriesOptions {
  readonly own: PlantView;
  now(): Instant;
  codes(): Identifications | undefined;
}

/** What people said on walks, as events of the document of their round: who may read the round reads them. */
export class Entries {
  readonly #options: EntriesOptions;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: EntriesOptions) {
    this.#options = options;
  }

  /** All of a round on a branch; `at`: up to that instant, and as it was known then. */
  async facts(branch: BranchId, round: string, at?: Instant): Promise<readonly EntryFact[]> {
    const facts: EntryFact[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.#options.own.events.query({
        branch,
        subject: roundDocumentId(round),
        types: [ENTRY_EVENT],
        limit: PAGE,
        ...(at !== undefined && { to: at + 1, knownAt: at }),
        ...(cursor !== undefined && { cursor }),
      });
      facts.push(...page.events.flatMap(factOf));
      cursor = page.next;
    } while (cursor !== undefined);
    return facts;
  }

  /** Records them in order, one request after the other. What cannot be taken is named, the rest is. Errors: DW_FORBIDDEN, DW_NOT_FOUND. */
  record(view: PlantView, round: RoundFields, deviceNow: Instant, entries: readonly SentEntry[]): Promise<Taken> {
    const done = this.#last.then(() => this.#record(view, round, deviceNow, entries));
    this.#last = Promise.allSettled([done]);
    return done;
  }

  async idle(): Promise<void> {
    await this.#last;
  }

  async #record(view: PlantView, round: RoundFields, deviceNow: Instant, entries: readonly SentEntry[]): Promise<Taken> {
    const now = this.#options.now();
    const known = new Map((await this.facts(LIVE, round.code)).map((fact) => [fact.entry, fact]));
    const result: Taken = { taken: 0, known: 0, refused: [] };
    for (const { at: said, entry } of entries) {
      const before = known.get(entry.entry);
      if (before !== undefined) {
        if (isSame(before, entry)) result.known++;
        else result.refused.push({ entry: entry.entry, reason: message("rounds.otherEntry") });
        continue;
      }
      const { at, offset } = timeOfDevice(said, deviceNow, now);
      const reason = faultOf(round, entry, now - at);
      if (reason !== undefined) {
        result.refused.push({ entry: entry.entry, reason });
        continue;
      }
      const isScanned = entry.kind === "answered" ? await this.#isScanned(view, round, entry) : undefined;
      const recorded: RecordedEntry = {
        ...entry,
        ...(isScanned !== undefined && { isScanned }),
        ...(offset !== undefined && { clockOffsetMs: Math.round(offset / 1_000) }),
      };
      const id = hashedId("event", ENTRY_EVENT, entry.entry);
      const payload = recorded as unknown as EventPayload;
      await view.events.record([{ id, subject: roundDocumentId(round.code), type: ENTRY_EVENT, at, origin: "entered", payload }]);
      known.set(entry.entry, { ...recorded, at, known: now });
      result.taken++;
    }
    return result;
  }

  /** Whether the code that was read is that of the point: its own, its asset's, or one that leads to the shell of its asset. */
  async #isScanned(view: PlantView, { points }: RoundFields, entry: Extract<Entry, { kind: "answered" }>): Promise<boolean> {
    const point = points.find(({ id }) => id === entry.point);
    if (entry.scanned === undefined || point === undefined) return false;
    if (codesOf(view, point).includes(entry.scanned)) return true;
    if (point.shell === undefined) return false;
    const codes = this.#options.codes();
    if (codes === undefined) return false;
    try {
      const { shells } = await codes.find(view.principal, entry.scanned);
      return shells.some(({ id }) => id === point.shell);
    } catch (error) {
      // a text that identifies nothing is no code of the point
      if (error instanceof DoppelwerkError && error.code === "DW_INVALID") return false;
      throw error;
    }
  }
}

/** Texts that are on a point: its own code, and the ids of its asset as its shell has them. */
export function codesOf(view: PlantView, { code, shell, station, id }: CheckPoint): readonly string[] {
  const found =
    shell === undefined ? [] : view.documents.reader(LIVE).query({ kind: "shell", index: { name: "aasId", value: shell }, limit: 1 });
  const information = (found[0] as ShellRecord | undefined)?.body["assetInformation"] as { readonly globalAssetId?: unknown } | undefined;
  const asset = information?.globalAssetId;
  const own = code === undefined ? [id, station, shell, typeof asset === "string" ? asset : undefined] : [code];
  return [...new Set(own.filter((each) => each !== undefined))];
}

function faultOf(round: RoundFields, entry: Entry, age: Instant): Message | undefined {
  if (entry.round !== round.code) return message("rounds.fault.otherRound", { round: entry.round });
  if (age > MAX_AGE) return message("rounds.fault.tooOld", { days: MAX_AGE / DAY });
  const wrong = entry.kind === "answered" ? answerFault(round, entry.point, entry.answers) : undefined;
  return wrong === undefined ? undefined : message("rounds.fault.answer", { check: wrong });
}

const isSame = (known: EntryFact, sent: Entry): boolean =>
  (Object.keys(sent) as (keyof Entry)[]).every((field) => JSON.stringify(known[field]) === JSON.stringify(sent[field]));

/** What cannot be read is of a newer version, and is left out. */
function factOf({ payload, at, known, actor }: EventRecord): EntryFact[] {
  const read = RecordedEntry.safeParse(payload);
  return read.success ? [{ ...read.data, at, known, ...(actor !== undefined && { by: actor }) }] : [];
}
