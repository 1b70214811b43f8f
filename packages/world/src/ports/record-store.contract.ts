import { LIVE, type Change, type LogEntry } from "../change.ts";
import type { WorldRecord } from "../record.ts";
import type { RecordKind } from "../world.ts";
import { assertEqual, type ContractCase } from "./contract-case.ts";
import type { Lineage, RecordStore } from "./record-store.ts";
import { GENESIS_HASH } from "./seal.ts";
import { stateLines } from "./state-lines.ts";

export interface RecordStoreFactory {
  open(kinds: readonly RecordKind[]): RecordStore;
  /** Closes it and opens another on the same store; absent for drivers that keep nothing. */
  reopen?(store: RecordStore, kinds: readonly RecordKind[]): RecordStore;
}

const kinds: readonly RecordKind[] = [
  {
    kind: "part",
    indexes: {
      colour: (record) => record["colour"] as string | undefined,
      tag: (record) => record["tags"] as readonly string[] | undefined,
      box: () => "box:1",
    },
  },
];

/** What every record store does alike. Rules R1–R8 of packages/world/SPEC.md. */
export function recordStoreContract(createFactory: () => RecordStoreFactory): readonly ContractCase[] {
  const withStore = (title: string, run: (store: RecordStore, factory: RecordStoreFactory) => RecordStore | void): ContractCase => ({
    title,
    run: async () => {
      const factory = createFactory();
      const store = factory.open(kinds);
      (run(store, factory) ?? store).close();
    },
  });
  return [
    withStore("[R1] a record reads as it was at every revision, deleted ones as undefined", (store) => {
      store.apply(story());
      assertEqual(
        [0, 1, 2, 3, 4].map((revision) => store.get(live(revision), "part:a")?.["colour"]),
        [undefined, "red", "blue", "blue", undefined],
        "colour by revision",
      );
      assertEqual(
        store.versions(live(9), "part:a").map(({ revision, record }) => [revision, record?.["colour"]]),
        [
          [4, undefined],
          [2, "blue"],
          [1, "red"],
        ],
        "versions, newest first",
      );
      assertEqual(
        store.versions(live(3), "part:a", 1).map(({ revision }) => revision),
        [2],
        "versions up to a revision, limited",
      );
    }),
    withStore("[R2] a query answers by kind and by index, as of the revision, ascending by id", (store) => {
      store.apply(story());
      const ids = (revision: number, colour?: string): readonly string[] =>
        store
          .query(live(revision), { kind: "part", ...(colour === undefined ? {} : { index: { name: "colour", value: colour } }) })
          .map(({ id }) => id);
      assertEqual(ids(3), ["part:a", "part:b"], "all at 3");
      assertEqual(ids(4), ["part:b"], "all at 4");
      assertEqual(
        [ids(1, "red"), ids(2, "red"), ids(2, "blue"), ids(3, "blue"), ids(4, "blue")],
        [["part:a"], [], ["part:a"], ["part:a", "part:b"], ["part:b"]],
        "by colour",
      );
      assertEqual(store.query(live(3), { kind: "other" }), [], "unknown kind");
      const withDeleted = (revision: number, colour?: string): readonly string[] =>
        store
          .query(live(revision), {
            kind: "part",
            deleted: true,
            ...(colour === undefined ? {} : { index: { name: "colour", value: colour } }),
          })
          .map(({ id }) => id);
      assertEqual([withDeleted(0), withDeleted(3), withDeleted(4)], [[], ["part:a", "part:b"], ["part:a", "part:b"]], "deleted ones too");
      assertEqual([withDeleted(4, "red"), withDeleted(4, "blue")], [[], ["part:a", "part:b"]], "deleted ones as they last stood");
    }),
    withStore("[R2] an index may hold several values of a record, and finds it by each as long as it has it", (store) => {
      const tagged = (tags: readonly string[]) => ({ ...part("a", "red"), tags });
      store.apply([
        entry(1, LIVE, [{ op: "create", record: tagged(["x", "y"]) }]),
        entry(2, LIVE, [{ op: "update", id: "part:a", fields: { tags: { from: ["x", "y"], to: ["y", "z"] } } }]),
      ]);
      const found = (revision: number, value: string): number =>
        store.query(live(revision), { kind: "part", index: { name: "tag", value } }).length;
      assertEqual([found(1, "x"), found(1, "y"), found(1, "z")], [1, 1, 0], "at 1");
      assertEqual([found(2, "x"), found(2, "y"), found(2, "z")], [0, 1, 1], "at 2");
    }),
    withStore(
      "[R9] a record knows when it was made and last written, and an index when something in it was, deletions included",
      (store) => {
        store.apply([...story(), entry(5, LIVE, [{ op: "create", record: part("a", "red") }])]);
        store.apply([
          { ...fork(6, "branch:x", 3) },
          entry(7, "branch:x", [{ op: "update", id: "part:b", fields: { colour: { from: "blue", to: "grey" } } }]),
          entry(8, "branch:x", [{ op: "delete", record: part("a", "blue") }]),
          entry(9, "branch:x", [{ op: "create", record: part("a", "green") }]),
        ]);
        const branch = (revision: number): Lineage => [
          { branch: "branch:x", revision },
          { branch: LIVE, revision: Math.min(revision, 3) },
        ];
        assertEqual(
          [1, 2, 4, 5].map((revision) => store.written(live(revision), "part:a")),
          [{ created: 1, updated: 1 }, { created: 1, updated: 2 }, undefined, { created: 5, updated: 5 }],
          "a on live",
        );
        assertEqual(
          [store.written(branch(6), "part:a"), store.written(branch(8), "part:a"), store.written(branch(9), "part:a")],
          [{ created: 1, updated: 2 }, undefined, { created: 9, updated: 9 }],
          "a on the branch",
        );
        assertEqual(
          [store.written(branch(9), "part:b"), store.written(branch(9), "part:none")],
          [{ created: 3, updated: 7 }, undefined],
          "b",
        );
        const last = (lineage: Lineage): readonly unknown[] =>
          store.lastWritten(lineage, { kind: "part", index: { name: "box", value: "box:1" } }).map(({ id, revision }) => [id, revision]);
        assertEqual(
          last(live(4)),
          [
            ["part:a", 4],
            ["part:b", 3],
          ],
          "box at 4",
        );
        assertEqual(
          last(branch(8)),
          [
            ["part:a", 8],
            ["part:b", 7],
          ],
          "box on the branch",
        );
        assertEqual(store.lastWritten(live(4), { kind: "part", index: { name: "box", value: "none" } }), [], "another box");
      },
    ),
    withStore("[R3] pages by `after` and `limit` are complete and without doubles", (store) => {
      const records = Array.from({ length: 25 }, (_, i) => part(`p${String(i).padStart(2, "0")}`, i % 2 === 0 ? "red" : "blue"));
      store.apply([
        entry(
          1,
          LIVE,
          records.map((record) => ({ op: "create", record })),
        ),
      ]);
      const seen: string[] = [];
      for (let after: string | undefined; ; after = seen.at(-1)) {
        const page = store.query(live(1), { kind: "part", index: { name: "colour", value: "red" }, after, limit: 4 });
        seen.push(...page.map(({ id }) => id));
        if (page.length < 4) break;
      }
      assertEqual(
        seen,
        records.filter(({ colour }) => colour === "red").map(({ id }) => id),
        "ids",
      );
    }),
    withStore("[R4] a branch reads its parent at the base until it writes itself", (store) => {
      store.apply(story());
      store.apply([
        fork(5, "branch:x", 3),
        entry(6, "branch:x", [
          { op: "update", id: "part:b", fields: { colour: { from: "blue", to: "green" } } },
          { op: "delete", record: part("a", "blue") },
        ]),
      ]);
      const branch = (revision: number): Lineage => [
        { branch: "branch:x", revision },
        { branch: LIVE, revision: Math.min(revision, 3) },
      ];
      assertEqual([store.get(branch(5), "part:a")?.["colour"], store.get(branch(6), "part:a")?.["colour"]], ["blue", undefined], "a");
      assertEqual([store.get(branch(6), "part:b")?.["colour"], store.get(live(6), "part:b")?.["colour"]], ["green", "blue"], "b");
      assertEqual(
        store.query(branch(6), { kind: "part", index: { name: "colour", value: "green" } }).map(({ id }) => id),
        ["part:b"],
        "index on the branch",
      );
      assertEqual(store.query(live(6), { kind: "part", index: { name: "colour", value: "green" } }), [], "index on live");
      assertEqual(store.changedIds("branch:x", 5, 6), ["part:a", "part:b"], "changed on the branch");
      assertEqual(
        [store.changedIds(LIVE, 2, 4), store.changedIds(LIVE, 4, 9), store.changedIds("branch:none", 0, 9)],
        [["part:a", "part:b"], [], []],
        "changed on live",
      );
      assertEqual(
        store.versions(branch(6), "part:b").map((version) => [version.branch, version.revision]),
        [
          ["branch:x", 6],
          [LIVE, 3],
        ],
        "versions along the lineage",
      );
      assertEqual(
        store.forks().map(({ revision, fork: made }) => [revision, made?.name]),
        [[5, "try"]],
        "forks",
      );
    }),
    withStore("[R5] revisions and commit times translate both ways", (store) => {
      store.apply(story());
      assertEqual([store.timeOf(2), store.timeOf(9)], [time(2), undefined], "time of a revision");
      assertEqual(
        [-1, 0, 1, 5, 1e9].map((offset) => store.revisionAt(LIVE, time(3) + offset)),
        [2, 3, 3, 3, 4],
        "revision at a time",
      );
      assertEqual(store.revisionAt(LIVE, 0), 0, "before the first");
    }),
    withStore("[R6] entries at or below the applied revision are ignored; revision and hash of the last are known", (store) => {
      assertEqual([store.appliedRevision(), store.appliedHash()], [0, GENESIS_HASH], "empty");
      store.apply(story().slice(0, 2));
      store.apply(story());
      assertEqual([store.appliedRevision(), store.appliedHash()], [4, "hash 4"], "applied");
      assertEqual(store.versions(live(9), "part:a").length, 3, "versions");
    }),
    withStore("[R7] reset forgets everything and the same story gives the same state, byte for byte", (store) => {
      store.apply(story());
      const before = [...stateLines(store)];
      store.reset();
      assertEqual(
        [store.appliedRevision(), store.appliedHash(), store.get(live(9), "part:b"), [...stateLines(store)].length],
        [0, GENESIS_HASH, undefined, 0],
        "empty again",
      );
      for (const one of story()) store.apply([one]);
      assertEqual([...stateLines(store)], before, "state");
    }),
    withStore("[R8] the state is there after reopening, and folding goes on", (store, factory) => {
      if (factory.reopen === undefined) return;
      store.apply([...story(), fork(5, "branch:x", 3)]);
      const before = [...stateLines(store)];
      const again = factory.reopen(store, kinds);
      assertEqual([again.appliedRevision(), again.appliedHash()], [5, "hash 5"], "applied");
      assertEqual([...stateLines(again)], before, "state");
      again.apply([entry(6, "branch:x", [{ op: "update", id: "part:b", fields: { colour: { from: "blue", to: "grey" } } }])]);
      assertEqual(again.get([{ branch: "branch:x", revision: 6 }], "part:b"), part("b", "grey"), "update of an inherited record");
      return again;
    }),
  ];
}

/** a: red, blue, deleted; b: blue from revision 3. */
function story(): readonly LogEntry[] {
  return [
    entry(1, LIVE, [{ op: "create", record: part("a", "red") }]),
    entry(2, LIVE, [{ op: "update", id: "part:a", fields: { colour: { from: "red", to: "blue" } } }]),
    entry(3, LIVE, [{ op: "create", record: part("b", "blue") }]),
    entry(4, LIVE, [{ op: "delete", record: part("a", "blue") }]),
  ];
}

function part(name: string, colour: string): WorldRecord & { readonly colour: string } {
  return { id: `part:${name}`, kind: "part", colour };
}

function live(revision: number): Lineage {
  return [{ branch: LIVE, revision }];
}

function time(revision: number): number {
  return 1_790_000_000_000_000 + revision * 10;
}

function entry(revision: number, branch: string, changes: readonly Change[]): LogEntry {
  return { v: 1, revision, time: time(revision), branch, actor: "actor:a", reason: "test", changes, hash: `hash ${revision}` };
}

function fork(revision: number, branch: string, baseRevision: number): LogEntry {
  return { ...entry(revision, branch, []), fork: { name: "try", parent: LIVE, baseRevision, instant: time(baseRevision) } };
}
