import { GENESIS_HASH, stateLines, type ChangeLog, type RecordStore, type Seal } from "@doppelwerk/world";
import { chainFinding, readingFinding } from "./verify-chain.ts";

export type { ChainSeal } from "./verify-chain.ts";
export { verifyRestored, type RestoredWorld } from "./verify-restored.ts";

export interface VerifyOptions {
  readonly log: ChangeLog;
  /** An empty store that the log is replayed into; closed afterwards. */
  readonly openStore: () => RecordStore;
  /** The cache in use, compared byte for byte; absent = only the log is checked. */
  readonly cache?: RecordStore;
  readonly seal: Seal;
}

export interface VerifyFinding {
  readonly kind: "damaged" | "chain" | "replay" | "cache";
  readonly message: string;
  readonly revision?: number;
}

export interface Verified {
  readonly revisions: number;
  /** Hash of the last intact entry: who keeps it elsewhere can prove later that nothing before it was altered. */
  readonly lastHash: string;
  /** Empty = intact: every entry is readable, chained, replayable, and the cache says the same. */
  readonly findings: readonly VerifyFinding[];
}

/**
 * Drops every cache in thought: replays the whole log into a fresh store, checks the hash chain, and compares with the cache in use.
 * A cache that is only behind is compared at its own revision. Never throws for what it finds.
 */
export async function verifyWorld({ log, openStore, cache, seal }: VerifyOptions): Promise<Verified> {
  const findings: VerifyFinding[] = [];
  const fresh = openStore();
  const until = cache?.appliedRevision() ?? 0;
  let previous = GENESIS_HASH;
  let revisions = 0;
  let compared = cache === undefined;
  const compare = (): void => {
    compared = true;
    findings.push(...compareStates(fresh, cache!));
  };
  try {
    for await (const entry of log.read(0)) {
      if (!compared && revisions === until) compare();
      const wrong = chainFinding(entry, revisions + 1, previous, seal);
      if (wrong !== undefined) findings.push(wrong);
      fresh.apply([entry]);
      previous = entry.hash;
      revisions = entry.revision;
      if (wrong !== undefined) break;
    }
  } catch (error) {
    findings.push(readingFinding(error, revisions + 1));
  }
  if (!compared && revisions >= until) compare();
  else if (!compared && findings.length === 0)
    findings.push({
      kind: "cache",
      message: `the cache holds revision ${until}, the log ends at ${revisions}; delete the cache`,
      revision: until,
    });
  fresh.close();
  return { revisions, lastHash: previous, findings };
}

function compareStates(fresh: RecordStore, cache: RecordStore): readonly VerifyFinding[] {
  const replayed = stateLines(fresh)[Symbol.iterator]();
  for (const line of stateLines(cache)) {
    const wanted = replayed.next().value as string | undefined;
    if (line !== wanted)
      return [
        {
          kind: "cache",
          message: `the cache differs from the log; delete the cache. It says: ${shortened(line)}; the log says: ${shortened(wanted ?? "nothing")}`,
        },
      ];
  }
  const missing = replayed.next().value as string | undefined;
  return missing === undefined ? [] : [{ kind: "cache", message: `the cache lacks: ${shortened(missing)}; delete the cache` }];
}

function shortened(line: string): string {
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
