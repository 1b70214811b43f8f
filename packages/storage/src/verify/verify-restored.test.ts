import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSeal } from "@doppelwerk/trust";
import { canonicalJson, coreKinds, GENESIS_HASH, LIVE, type Change, type Json, type LogEntry } from "@doppelwerk/world";
import { afterAll, expect, test } from "vitest";
import type { LogLine } from "../files/log-lines.ts";
import { cachedHashes, openSqliteRecordStore } from "../sqlite/index.ts";
import { verifyChainOf } from "./verify-chain.ts";
import { verifyRestored } from "./index.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-verify-restored-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const seal = createSeal();
const sha256Of = (pieces: readonly Uint8Array[]): string => createHash("sha256").update(Buffer.concat(pieces)).digest("hex");
const chain = { seal, sha256Of };

function entriesOf(all: readonly (readonly Change[])[]): readonly LogEntry[] {
  let previous = GENESIS_HASH;
  return all.map((changes, at) => {
    const rest = {
      v: 1,
      revision: at + 1,
      time: at + 1,
      branch: LIVE,
      actor: "ann",
      reason: '"revision":7,"time":1,"v":1,"hash":"',
      changes,
    } as unknown as Omit<LogEntry, "hash">;
    const entry = { ...rest, hash: seal.seal(rest, previous) } as LogEntry;
    previous = entry.hash;
    return entry;
  });
}

const note = (id: number, text: string): Change => ({ op: "create", record: { id: `note:${id}`, kind: "note", text } });
const entries = entriesOf([
  [note(1, "one"), note(2, "two")],
  [{ op: "update", id: "note:1", fields: { text: { from: "one", to: "ONE" } } }],
  [{ op: "delete", record: { id: "note:2", kind: "note", text: "two" } }],
  [note(3, "three")],
]);
/** As a server writes it: sealed text and hash. */
const sealedLine = ({ hash, ...rest }: LogEntry): string => `${canonicalJson(rest as unknown as Json).slice(0, -1)},"hash":"${hash}"}`;
const linesOf = (all: readonly LogEntry[], write: (entry: LogEntry) => string = sealedLine): readonly LogLine[] =>
  all.map((entry) => ({ revision: entry.revision, line: Buffer.from(write(entry)) }));

test("[ST74] the hash chain is checked by the lines as they were sealed, and by their content where they were written otherwise; altered, missing and exchanged ones are found at their revision", () => {
  const good = { revisions: 4, lastHash: entries[3]!.hash, findings: [] };
  expect(verifyChainOf(linesOf(entries), chain)).toEqual(good);
  // fields in another order, as the first releases wrote them
  expect(
    verifyChainOf(
      linesOf(entries, (entry) => JSON.stringify(entry)),
      chain,
    ),
  ).toEqual(good);
  let parsed = 0;
  const counting = { seal: (...given: Parameters<typeof seal.seal>) => (given[2] === undefined && parsed++, seal.seal(...given)) };
  verifyChainOf(linesOf(entries), { ...chain, seal: counting });
  expect(parsed).toBe(0);

  const found = (lines: readonly LogLine[]) => verifyChainOf(lines, chain).findings.map(({ kind, revision }) => [kind, revision]);
  const all = linesOf(entries);
  const altered = (at: number, from: string, to: string) =>
    all.map((line, n) => (n === at ? { ...line, line: Buffer.from(Buffer.from(line.line).toString().replace(from, to)) } : line));
  expect(found(altered(1, '"ONE"', '"0NE"'))).toEqual([["chain", 2]]);
  expect(found(altered(2, '"revision":3,"time":3', '"revision":2,"time":3'))).toEqual([["chain", 3]]);
  expect(found(altered(3, `"hash":"${entries[3]!.hash}"`, `"hash":"${entries[2]!.hash}"`))).toEqual([["chain", 4]]);
  expect(found([all[0]!, all[2]!, all[3]!])).toEqual([["chain", 2]]);
  expect(found([all[0]!, { revision: 2, line: all[2]!.line }])).toEqual([["chain", 2]]);
  expect(found(altered(1, '"v":1,', '"v":9,'))).toEqual([["replay", 2]]);
  expect(found([{ revision: 1, line: Buffer.from("no JSON") }])).toEqual([["replay", 1]]);
});

test("[ST75] a record cache that was backed up is caught up with its log and agrees with it; one of another log, ahead of it, or with another record is told", () => {
  let next = 0;
  const verify = (log: readonly LogEntry[], applied: readonly LogEntry[]) => {
    const path = join(root, `${next++}.sqlite`);
    const before = openSqliteRecordStore({ path, kinds: coreKinds });
    before.apply(applied);
    before.close();
    const store = openSqliteRecordStore({ path, kinds: coreKinds });
    try {
      const verified = verifyRestored({ lines: linesOf(log), store, cached: cachedHashes(path), seal: chain, random: () => 0 });
      const at = (revision: number) => [1, 2, 3].map((id) => store.get([{ branch: LIVE, revision }], `note:${id}`)?.["text"]);
      return { ...verified, applied: store.appliedRevision(), texts: at(99) };
    } finally {
      store.close();
    }
  };
  for (const behind of [1, 3, 4])
    expect(verify(entries, entries.slice(0, behind))).toMatchObject({
      revisions: 4,
      findings: [],
      applied: 4,
      texts: ["ONE", undefined, "three"],
    });
  expect(verify(entries, entries).compared).toBe(5);
  expect(verify(entries.slice(0, 2), entries).cacheProblem).toMatch(/holds revision 4/);
  const other = entriesOf([[note(1, "other")], [note(2, "log")]]);
  expect(verify(entries, other).cacheProblem).toMatch(/another revision 1/);
  // the hashes of the log, and another content
  const wrong = entries.map((entry, at) => (at === 3 ? { ...entry, changes: [note(3, "THREE")] } : entry));
  expect(verify(entries, wrong)).toMatchObject({ cacheProblem: expect.stringMatching(/note:3 at revision 4/), findings: [] });
  const altered = entries.map((entry, at) => (at === 1 ? { ...entry, reason: "altered" } : entry));
  expect(verify(altered, entries)).toMatchObject({ findings: [{ kind: "chain", revision: 2 }], revisions: 1 });
});
