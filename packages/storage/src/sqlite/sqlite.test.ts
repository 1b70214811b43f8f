import { blobsContract } from "@doppelwerk/world/contract/blobs";
import { recordStoreContract } from "@doppelwerk/world/contract/record-store";
import { foldChange, stateLines, type Change, type Json, type LogEntry, type RecordStore, type WorldRecord } from "@doppelwerk/world";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync, deflateSync } from "node:zlib";
import { checkedLinePack, LINE_PACK, lineOf } from "./line-pack.ts";
import { unpackText } from "./packed-text.ts";
import { afterAll, describe, expect, test } from "vitest";
import { createMemoryRecordStore } from "../memory/index.ts";
import { openSqliteBlobs } from "./blobs.ts";
import { openSqliteRecordStore } from "./record-store.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-sqlite-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let files = 0;
const mulberry = (seed: number) => (): number => {
  seed = (seed + 0x6d2b79f5) >>> 0;
  const mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
};
const newFile = (): string => join(root, `${++files}.sqlite`);

describe("[ST2] the SQLite drivers keep the contracts of their ports", () => {
  // As it is used; and every change a batch of its own, so that all is read from segments that are merged over and over.
  for (const options of [{}, { batchChanges: 1, fan: 2 }]) {
    const stores = recordStoreContract(() => {
      const path = newFile();
      return {
        open: (kinds) => openSqliteRecordStore({ path, kinds, ...options }),
        reopen(store, kinds) {
          store.close();
          return openSqliteRecordStore({ path, kinds, ...options });
        },
      };
    });
    for (const { title, run } of stores) test(`${title} ${JSON.stringify(options)}`, run);
  }
  const blobs = blobsContract(() => {
    const path = newFile();
    return {
      open: async () => openSqliteBlobs(path),
      async reopen(store) {
        await store.close();
        return openSqliteBlobs(path);
      },
    };
  });
  for (const { title, run } of blobs) test(title, run);
});

test("[ST3] a cache built with other indexes is dropped, so that the log fills it again", () => {
  const path = newFile();
  const store = openSqliteRecordStore({ path, kinds: [{ kind: "part" }] });
  store.apply([
    {
      v: 1,
      revision: 1,
      time: 1,
      branch: "live",
      actor: "a",
      reason: "",
      changes: [{ op: "create", record: { id: "part:1", kind: "part", colour: "red" } }],
      hash: "h",
    },
  ]);
  store.close();
  const same = openSqliteRecordStore({ path, kinds: [{ kind: "part" }] });
  expect(same.appliedRevision()).toBe(1);
  same.close();
  const other = openSqliteRecordStore({ path, kinds: [{ kind: "part", indexes: { colour: (record) => record["colour"] as string } }] });
  expect(other.appliedRevision()).toBe(0);
  other.close();
});

test("[ST23] what is folded is read at once, is in the file after closing, and survives a group that is refused", () => {
  const path = newFile();
  const noted = (revision: number): LogEntry => ({
    v: 1,
    revision,
    time: revision,
    branch: "live",
    actor: "a",
    reason: "",
    changes: [{ op: "create", record: { id: `note:${revision}`, kind: "note" } }],
    hash: `h${revision}`,
  });
  const notes = (store: RecordStore): readonly string[] =>
    store.query([{ branch: "live", revision: 9 }], { kind: "note" }).map(({ id }) => id);
  const store = openSqliteRecordStore({ path, kinds: [] });
  store.apply([noted(1), noted(2)]);
  expect(notes(store)).toEqual(["note:1", "note:2"]);
  // Revision 4 is missing: the whole group is refused, also the entry that fits.
  expect(() => store.apply([noted(3), noted(5)])).toThrow(expect.objectContaining({ code: "DW_DAMAGED" }));
  expect([store.appliedRevision(), store.appliedHash(), notes(store)]).toEqual([2, "h2", ["note:1", "note:2"]]);
  const killed = newFile();
  for (const end of ["", "-wal"]) copyFileSync(path + end, killed + end);
  const afterKill = openSqliteRecordStore({ path: killed, kinds: [] });
  expect(notes(afterKill)).toHaveLength(afterKill.appliedRevision());
  afterKill.apply([noted(1), noted(2)]);
  expect(notes(afterKill)).toEqual(["note:1", "note:2"]);
  afterKill.close();
  store.close();
  const again = openSqliteRecordStore({ path, kinds: [] });
  expect([again.appliedRevision(), notes(again)]).toEqual([2, ["note:1", "note:2"]]);
  again.close();
});

test("[ST25] a searched kind is found by any text that ever stood in a record, in memory, in the file and after opening again", () => {
  const path = newFile();
  const kinds = [{ kind: "part", searched: {} }, { kind: "note" }] as const;
  const open = (): RecordStore => openSqliteRecordStore({ path, kinds, batchChanges: 4, fan: 2, textCharacters: 60 });
  let store = open();
  const random = mulberry(11);
  const words = ["Förderband", "泵", 'a "quoted" line', "back\\slash", "tab\tbed", "𝄞 clef", "plain"];
  const holders = new Map<string, Set<string>>();
  let revision = 0;
  const write = (kind: string, number: number, text: string): void => {
    const id = `${kind}:${number}`;
    const known = store.get([{ branch: "live", revision }], id);
    const record = { id, kind, text };
    const entry = {
      v: 1,
      revision: ++revision,
      time: revision,
      branch: "live",
      actor: "a",
      reason: "",
      hash: String(revision),
      changes: [known ? { op: "update", id, fields: { text: { from: known["text"], to: text } } } : { op: "create", record }],
    } as unknown as LogEntry;
    store.apply([entry]);
    if (kind === "part") holders.set(text, (holders.get(text) ?? new Set()).add(id));
  };
  const found = (texts: readonly string[]): readonly string[] => [...new Set([...store.holding!("part", texts)!].flat())].sort();
  for (let round = 0; round < 60; round++) {
    write(random() < 0.7 ? "part" : "note", Math.floor(random() * 12), words[Math.floor(random() * words.length)]!);
    if (round % 20 === 19) {
      store.close();
      store = open();
    }
    for (const word of words) {
      expect(found([word])).toEqual([...(holders.get(word) ?? [])].sort());
      expect(found([word.slice(0, -1) === "" ? word : [...word].slice(1, -1).join("") || word])).toEqual(
        expect.arrayContaining([...(holders.get(word) ?? [])]),
      );
    }
  }
  expect(found(["plain", "泵"])).toEqual([...new Set([...holders.get("plain")!, ...holders.get("泵")!])].sort());
  expect(found(["no such text"])).toEqual([]);
  expect(store.holding!("note", ["plain"])).toBeUndefined();
  expect(store.holding!("part", ["\ud834"])).toBeUndefined();
  store.close();
});

test.each([1, 2, 3])(
  "[ST27] versions told by what differs read as whole ones, on every branch and after opening again, seed %i",
  (seed) => {
    const path = newFile();
    const kinds = [{ kind: "part" }, { kind: "page", searched: {} }] as const;
    const open = (): RecordStore => openSqliteRecordStore({ path, kinds, batchChanges: 6, fan: 2 });
    let store = open();
    const model = createMemoryRecordStore(kinds);
    const random = mulberry(seed);
    const any = (below: number): number => Math.floor(random() * below);
    const body = (): Json => ({ semanticId: { keys: [{ value: "urn:meaning:" + "x".repeat(80 + any(9)) }] }, n: any(3) });
    const values = [(): Json => any(9) / 4, () => "y".repeat(any(400)), () => null, () => [], () => undefined, body];
    const heads = new Map<string, Map<string, WorldRecord>>([["live", new Map()]]);
    for (let revision = 1; revision <= 90; revision++) {
      const branch = [...heads.keys()][any(heads.size)]!;
      const head = heads.get(branch)!;
      const common = { v: 1, revision, time: revision, actor: "a", reason: "", hash: String(revision) } as const;
      let entry: LogEntry;
      if (revision % 30 === 0) {
        const forked = `branch:${revision}`;
        heads.set(forked, new Map(head));
        entry = {
          ...common,
          branch: forked,
          changes: [],
          fork: { name: "", parent: branch, baseRevision: revision - 1, instant: revision },
        };
      } else {
        const changes = Array.from({ length: 1 + any(4) }, (): Change => {
          const kind = random() < 0.8 ? "part" : "page";
          const id = `${kind}:${any(6)}`;
          const before = head.get(id);
          const change: Change =
            before === undefined
              ? { op: "create", record: { id, kind, body: body(), value: "1" } }
              : random() < 0.1
                ? { op: "delete", record: before }
                : {
                    op: "update",
                    id,
                    fields: Object.fromEntries(
                      ["value", "body", "extra"].flatMap((name) =>
                        random() < 0.5 ? [[name, { from: before[name], to: values[any(values.length)]!() }]] : [],
                      ),
                    ),
                  };
          const after = foldChange(before, change);
          if (after === undefined) head.delete(id);
          else head.set(id, after);
          return change;
        });
        entry = { ...common, branch, changes };
      }
      store.apply([entry]);
      model.apply([entry]);
      if (random() < 0.1) {
        store.close();
        store = open();
      }
    }
    expect([...stateLines(store)]).toEqual([...stateLines(model)]);
    store.close();
    store = open();
    expect([...stateLines(store)]).toEqual([...stateLines(model)]);
    store.close();
    const file = new DatabaseSync(path);
    const lines = file
      .prepare("SELECT records FROM packs")
      .all()
      .flatMap(({ records }) => linesOf(records as Uint8Array));
    file.close();
    const kindsOfLines = lines.map((line) => (line.startsWith("[") ? "difference" : line.includes('"kind":"page"') ? "page" : "part"));
    expect(new Set(kindsOfLines)).toEqual(new Set(["difference", "page", "part"]));
  },
);

test("[ST32] a flipped byte in the packs of the record cache is damage when a record is read, and packs of older releases are read", () => {
  const path = newFile();
  const open = () => openSqliteRecordStore({ path, kinds: [{ kind: "page" }] });
  const records = Array.from({ length: 40 }, (_, i) => ({ id: `page:${i}`, kind: "page", title: `title ${i} ${"x".repeat(50)}` }));
  let store = open();
  const entry = { v: 1, revision: 1, time: 1, branch: "live", actor: "a", reason: "r", hash: "h" } as const;
  store.apply([{ ...entry, changes: records.map((record) => ({ op: "create" as const, record })) } as never]);
  store.close();
  const file = new DatabaseSync(path);
  const { key, records: bytes } = file.prepare("SELECT key, records FROM packs LIMIT 1").get() as { key: number; records: Uint8Array };
  const put = (with_: Uint8Array): void => void file.prepare("UPDATE packs SET records = ? WHERE key = ?").run(with_, key);
  const readAll = (): readonly string[] =>
    records.map(({ id }) => (store.get([{ branch: "live", revision: 1 }], id) as { title?: string } | undefined)?.title ?? "");
  const text = linesOf(bytes).join("\n");
  for (const older of [deflateRawSync(text), deflateSync(text)]) {
    put(older);
    store = open();
    expect(readAll()).toEqual(records.map(({ title }) => title));
    store.close();
  }
  let found = 0;
  for (const pack of [bytes, new Uint8Array(deflateSync(text))])
    for (let at = 2; at < pack.length; at += 7) {
      const flipped = pack.slice();
      flipped[at]! ^= 4;
      put(flipped);
      store = open();
      expect(readAll).toThrow(expect.objectContaining({ code: "DW_DAMAGED" }));
      store.close();
      found++;
    }
  expect(found).toBeGreaterThan(20);
  file.close();
});

/** The lines of a pack of either form. */
function linesOf(bytes: Uint8Array): readonly string[] {
  if (bytes[0] !== LINE_PACK) return unpackText(bytes).toString().split("\n");
  return Array.from({ length: bytes[5]! }, (_, line) => lineOf(checkedLinePack(bytes), line));
}
