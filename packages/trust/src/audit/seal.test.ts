import { createHash } from "node:crypto";
import { GENESIS_HASH, type LogEntry } from "@doppelwerk/world";
import { describe, expect, test } from "vitest";
import { createSeal, verifyChain } from "./seal.ts";

function chain(length: number): LogEntry[] {
  const seal = createSeal();
  const entries: LogEntry[] = [];
  for (let revision = 1; revision <= length; revision++) {
    const entry: Omit<LogEntry, "hash"> = {
      v: 1,
      revision,
      time: revision * 7,
      branch: "live",
      actor: "ann",
      reason: `n° ${revision}`,
      changes: [{ op: "create", record: { id: `note:${revision}`, kind: "note", text: "ü 中" } }],
    };
    entries.push({ ...entry, hash: seal.seal(entry, entries.at(-1)?.hash ?? GENESIS_HASH) });
  }
  return entries;
}

describe("the chain", () => {
  test("[T1] the hash is SHA-256 over the previous hash and the canonical entry, whatever the order of its keys", () => {
    const entry: Omit<LogEntry, "hash"> = { v: 1, revision: 1, time: 5, branch: "live", actor: "a", reason: "r", changes: [] };
    const expected = createHash("sha256")
      .update(`${GENESIS_HASH}{"actor":"a","branch":"live","changes":[],"reason":"r","revision":1,"time":5,"v":1}`)
      .digest("hex");
    expect(createSeal().seal(entry, GENESIS_HASH)).toBe(expected);
    expect(createSeal((text) => createHash("sha256").update(text).digest("hex")).seal(entry, GENESIS_HASH)).toBe(expected);
    expect(
      createSeal().seal(
        { reason: "r", changes: [], actor: "a", time: 5, v: 1, branch: "live", revision: 1, clientId: undefined },
        GENESIS_HASH,
      ),
    ).toBe(expected);
  });

  test("[T2] an intact chain has no broken revision, also when it is checked from the middle", async () => {
    const entries = chain(20);
    expect(await verifyChain(entries)).toBeUndefined();
    expect(await verifyChain(entries.slice(10), { revision: 10, hash: entries[9]!.hash })).toBeUndefined();
    expect(await verifyChain([])).toBeUndefined();
  });

  test("[T3] any altered, missing, doubled or exchanged entry is found at its revision", async () => {
    const entries = chain(20);
    const altered = (i: number, change: Partial<LogEntry>): LogEntry[] =>
      entries.map((entry, at) => (at === i ? { ...entry, ...change } : entry));
    const alterations: Partial<LogEntry>[] = [
      { actor: "eve" },
      { time: 8 },
      { branch: "x" },
      { reason: "" },
      { changes: [] },
      { clientId: "c" },
      { hash: "0".repeat(64) },
      { undo: { revision: 1 } },
      { abandon: true },
    ];
    for (const alteration of alterations) expect((await verifyChain(altered(7, alteration)))?.revision).toBe(8);
    expect((await verifyChain(entries.filter((_, i) => i !== 4)))?.revision).toBe(5);
    expect((await verifyChain(entries.flatMap((entry, i) => (i === 4 ? [entry, entry] : [entry]))))?.revision).toBe(6);
    const exchanged = entries.map((entry, i) =>
      i === 3 ? { ...entries[4]!, revision: 4 } : i === 4 ? { ...entries[3]!, revision: 5 } : entry,
    );
    expect((await verifyChain(exchanged))?.revision).toBe(4);
  });

  test("[T3] an entry sealed anew breaks the chain at the next", async () => {
    const entries = chain(5);
    const { hash: _hash, ...rest } = { ...entries[1]!, actor: "eve" };
    const forged = entries.map((entry, i) => (i === 1 ? { ...rest, hash: createSeal().seal(rest, entries[0]!.hash) } : entry));
    expect((await verifyChain(forged))?.revision).toBe(3);
  });
});
