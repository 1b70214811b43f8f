import { canonicalJson, changedId, upcastEntry, type Change, type Json, type LogEntry, type RecordStore } from "@doppelwerk/world";
import { textOfLine, type LogLine } from "../files/log-lines.ts";
import type { Verified } from "./index.ts";
import { readingFinding, verifyChainOf, type ChainSeal } from "./verify-chain.ts";

export interface RestoredWorld {
  readonly lines: Iterable<LogLine>;
  /** A record cache that was backed up with the log; what it lacks is folded into it. */
  readonly store: RecordStore;
  /** What the cache has noted of each revision, ascending. */
  readonly cached: Iterable<{ readonly revision: number; readonly hash: string }>;
  readonly seal: ChainSeal;
  /** From 0 to 1: which changes are compared. */
  readonly random: () => number;
}

export interface VerifiedRestored extends Verified {
  /** Changes whose records were looked up in the cache. */
  readonly compared: number;
  /** Why the cache is none of this log: it must be made again. */
  readonly cacheProblem?: string;
}

/** Of so many entries some changes are compared, and of an entry so many; long ones are taken less often, so that little is parsed. */
const [ENTRIES, CHANGES_OF_ENTRY, CHARACTERS_OF_ENTRY] = [2_000, 100, 32_000];

/**
 * Checks the hash chain of a whole log and that a cache follows it: the hash of every revision, and the records of changes at random places. What the cache
 * lacks is folded into it. Never throws for what it finds.
 */
export function verifyRestored({ lines, store, cached, seal, random }: RestoredWorld): VerifiedRestored {
  const until = store.appliedRevision();
  const noted = cached[Symbol.iterator]();
  const chance = Math.min(1, ENTRIES / until);
  let compared = 0;
  let cacheProblem: string | undefined;
  const verified = verifyChainOf(lines, seal, ({ revision, line }, hash) => {
    if (cacheProblem !== undefined) return;
    if (revision <= until) {
      const known = noted.next().value as { readonly revision: number; readonly hash: string } | undefined;
      if (known?.revision !== revision || known.hash !== hash) cacheProblem = `it has another revision ${revision} than the change log`;
      else if (random() < chance * Math.min(1, CHARACTERS_OF_ENTRY / line.length)) {
        const entry = upcastEntry(JSON.parse(textOfLine(line)));
        const changes = picked(entry.changes, random);
        compared += changes.length;
        const wrong = changes.find((change) => !isIn(store, entry, change));
        if (wrong !== undefined) cacheProblem = `it says something else of ${changedId(wrong)} at revision ${revision} than the change log`;
      }
    } else
      try {
        store.apply([upcastEntry(JSON.parse(textOfLine(line)))]);
      } catch (error) {
        cacheProblem = readingFinding(error, revision).message;
      }
  });
  noted.return?.();
  if (cacheProblem === undefined && verified.findings.length === 0 && verified.revisions < until)
    cacheProblem = `it holds revision ${until}, and the change log ends at ${verified.revisions}`;
  return { ...verified, compared, ...(cacheProblem !== undefined && { cacheProblem }) };
}

/** Changes of records that the entry changes once. */
function picked(changes: readonly Change[], random: () => number): readonly Change[] {
  const times = new Map<string, number>();
  for (const change of changes) times.set(changedId(change), (times.get(changedId(change)) ?? 0) + 1);
  const once = changes.filter((change) => times.get(changedId(change)) === 1);
  const first = Math.floor(random() * Math.max(1, once.length - CHANGES_OF_ENTRY + 1));
  return once.slice(first, first + CHANGES_OF_ENTRY);
}

/** Whether the store has what a change left. */
function isIn(store: RecordStore, { branch, revision }: LogEntry, change: Change): boolean {
  const record = store.get([{ branch, revision }], changedId(change));
  if (change.op === "delete") return record === undefined;
  if (record === undefined) return false;
  if (change.op === "create") return isSame(record as unknown as Json, change.record as unknown as Json);
  return Object.entries(change.fields).every(([name, { to }]) => isSame(record[name], to));
}

function isSame(a: Json | undefined, b: Json | undefined): boolean {
  return a === undefined || b === undefined ? a === b : canonicalJson(a) === canonicalJson(b);
}
