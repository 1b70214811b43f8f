import { LIVE, type LogEntry } from "../change.ts";
import { assertEqual, assertRefused, type ContractCase } from "./contract-case.ts";
import type { ChangeLog } from "./change-log.ts";
import { GENESIS_HASH } from "./seal.ts";

export interface ChangeLogFactory {
  open(): Promise<ChangeLog>;
  /** Closes it and opens another on the same store; absent for drivers that keep nothing. */
  reopen?(log: ChangeLog): Promise<ChangeLog>;
}

/** What every change log does alike. Rules L1–L6 of packages/world/SPEC.md. */
export function changeLogContract(createFactory: () => ChangeLogFactory): readonly ContractCase[] {
  const withLog = (title: string, run: (log: ChangeLog, factory: ChangeLogFactory) => Promise<ChangeLog | void>): ContractCase => ({
    title,
    run: async () => {
      const factory = createFactory();
      const log = await factory.open();
      await ((await run(log, factory)) ?? log).close();
    },
  });
  return [
    withLog("[L1] entries come back as they were appended, after a revision, ascending", async (log) => {
      assertEqual(await log.lastRevision(), 0, "empty");
      await log.append(entries(1, 3), { expectedRevision: 0, leaseEpoch: 1 });
      await log.append(entries(4, 1), { expectedRevision: 3, leaseEpoch: 1 });
      assertEqual(await log.lastRevision(), 4, "last revision");
      assertEqual(await all(log, 0), entries(1, 4), "all");
      assertEqual(await all(log, 2), entries(3, 2), "after 2");
      assertEqual(await all(log, 4), [], "after the last");
      assertEqual(await all(log, 99), [], "beyond the last");
    }),
    withLog("[L2] an append at another revision is refused whole", async (log) => {
      await log.append(entries(1, 2), { expectedRevision: 0, leaseEpoch: 1 });
      await assertRefused("DW_CONFLICT", () => log.append(entries(2, 2), { expectedRevision: 1, leaseEpoch: 1 }), "behind");
      await assertRefused("DW_CONFLICT", () => log.append(entries(4, 2), { expectedRevision: 3, leaseEpoch: 1 }), "ahead");
      assertEqual(await all(log, 0), entries(1, 2), "unchanged");
    }),
    withLog("[L3] an owner whose lease is older than the newest seen is fenced", async (log) => {
      await log.append(entries(1, 1), { expectedRevision: 0, leaseEpoch: 2 });
      await assertRefused("DW_FENCED", () => log.append(entries(2, 1), { expectedRevision: 1, leaseEpoch: 1 }), "old epoch");
      await log.append(entries(2, 1), { expectedRevision: 1, leaseEpoch: 3 });
      assertEqual(await log.lastRevision(), 2, "the newer owner writes on");
    }),
    withLog("[L4] an appended entry is a copy: what the caller does with his afterwards does not reach the log", async (log) => {
      const entry = { ...entries(1, 1)[0]! };
      await log.append([entry], { expectedRevision: 0, leaseEpoch: 1 });
      entry.actor = "someone else";
      assertEqual(await all(log, 0), entries(1, 1), "entry");
    }),
    withLog("[L5] big entries and many small groups read back whole", async (log) => {
      const big: LogEntry = { ...entries(1, 1)[0]!, reason: "größe 大 ".repeat(200_000) };
      await log.append([big], { expectedRevision: 0, leaseEpoch: 1 });
      for (let revision = 2; revision <= 300; revision++)
        await log.append(entries(revision, 1), { expectedRevision: revision - 1, leaseEpoch: 1 });
      const read = await all(log, 0);
      assertEqual([read.length, read[0]?.reason.length, read.at(-1)], [300, big.reason.length, entries(300, 1)[0]], "entries");
      for (const after of [0, 1, 2, 150, 299])
        assertEqual((await all(log, after)).map(({ revision }) => revision)[0], after + 1, `first after ${after}`);
    }),
    withLog("[L6] everything acknowledged is there after reopening, and the log goes on", async (log, factory) => {
      if (factory.reopen === undefined) return;
      await log.append(entries(1, 5), { expectedRevision: 0, leaseEpoch: 4 });
      const again = await factory.reopen(log);
      assertEqual(await all(again, 0), entries(1, 5), "entries");
      await assertRefused(
        "DW_FENCED",
        () => again.append(entries(6, 1), { expectedRevision: 5, leaseEpoch: 3 }),
        "the newest epoch is remembered",
      );
      await again.append(entries(6, 2), { expectedRevision: 5, leaseEpoch: 5 });
      assertEqual(await again.lastRevision(), 7, "last revision");
      return again;
    }),
  ];
}

function entries(first: number, count: number): readonly LogEntry[] {
  return Array.from({ length: count }, (_, i) => {
    const revision = first + i;
    const changes = [{ op: "create", record: { id: `thing:${revision}`, kind: "thing", name: `N° ${revision}\n"quoted"` } }] as const;
    return {
      v: 1,
      revision,
      time: 1_790_000_000_000_000 + revision,
      branch: LIVE,
      actor: "actor:a",
      reason: "test",
      changes,
      hash: GENESIS_HASH,
    };
  });
}

async function all(log: ChangeLog, after: number): Promise<readonly LogEntry[]> {
  const read: LogEntry[] = [];
  for await (const entry of log.read(after)) read.push(entry);
  return read;
}
