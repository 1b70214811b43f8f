import { LIVE } from "../change.ts";
import { SECOND, type Instant } from "../instant.ts";
import { assertEqual, assertRefused, type ContractCase } from "./contract-case.ts";
import type { EventKey, EventSelection, EventStore, StoredEvent, StoredEventQuery } from "./event-store.ts";

export interface EventStoreFactory {
  /** A store of its own, empty at the first call. */
  open(): Promise<EventStore>;
  /** Closes it and opens another on the same events; absent for drivers that keep nothing. */
  reopen?(store: EventStore): Promise<EventStore>;
}

const T0: Instant = 1_790_000_000 * SECOND;
const ALL: EventSelection = { spans: [{ branch: LIVE, from: 0, to: 8e15 }] };
const PAGE: Omit<StoredEventQuery, "spans"> = { order: "ascending", limit: 1_000 };

/** `event(3)` happened 3 s after T0 and is named `e3`. */
function event(second: number, fields: Partial<StoredEvent> = {}): StoredEvent {
  return {
    branch: LIVE,
    at: T0 + second * SECOND,
    id: `e${second}`,
    subject: "shell:press",
    type: "part.made",
    version: 1,
    known: T0 + second * SECOND + 1_000,
    origin: "measured",
    keys: [],
    payload: `{"second":${second}}`,
    ...fields,
  };
}

const serial = (value: string): EventKey => ({ name: "serial", value });

async function idsOf(store: EventStore, query: Partial<StoredEventQuery> = {}): Promise<readonly string[]> {
  return (await store.query({ ...ALL, ...PAGE, ...query })).map(({ id }) => id);
}

async function countOf(store: EventStore, selection: Partial<EventSelection> = {}): Promise<Readonly<Record<string, number>>> {
  return Object.fromEntries([...(await store.count({ ...ALL, ...selection }))].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What every store of events does alike. Rules EV10–EV19 of packages/world/SPEC.md. */
export function eventStoreContract(createFactory: () => EventStoreFactory): readonly ContractCase[] {
  const withStore = (title: string, run: (store: EventStore, factory: EventStoreFactory) => Promise<EventStore | void>): ContractCase => ({
    title,
    run: async () => {
      const factory = createFactory();
      const store = await factory.open();
      const last = await run(store, factory);
      await (last ?? store).close();
    },
  });
  return [...reading(withStore), ...recording(withStore), ...keeping(withStore)];
}

type WithStore = (title: string, run: (store: EventStore, factory: EventStoreFactory) => Promise<EventStore | void>) => ContractCase;

function reading(withStore: WithStore): readonly ContractCase[] {
  return [
    withStore("[EV10] events come in order of time and arrival, with from ≤ at < to, in both orders, up to the limit", async (store) => {
      await store.record([event(1), event(2), event(2, { id: "z" }), event(2, { id: "a" }), event(3), event(4)]);
      assertEqual(await idsOf(store), ["e1", "e2", "z", "a", "e3", "e4"], "ascending");
      assertEqual(await idsOf(store, { order: "descending" }), ["e4", "e3", "a", "z", "e2", "e1"], "descending");
      const spans = [{ branch: LIVE, from: event(2).at, to: event(4).at }];
      assertEqual(await idsOf(store, { spans }), ["e2", "z", "a", "e3"], "a stretch");
      assertEqual(await idsOf(store, { spans, limit: 2 }), ["e2", "z"], "the first two");
      assertEqual(await idsOf(store, { spans, limit: 2, order: "descending" }), ["e3", "a"], "the last two");
      assertEqual(await idsOf(store, { spans: [] }), [], "of no branch");
    }),
    withStore("[EV10] an event comes back as it was recorded", async (store) => {
      const whole = event(1, { actor: "ann", origin: "entered", version: 3, keys: [serial("S 1"), { name: "lot", value: "L1" }] });
      await store.record([whole, event(2)]);
      assertEqual(await store.query({ ...ALL, ...PAGE }), [whole, event(2)], "events");
    }),
    withStore("[EV11] events are found by subject, type, key and what was known, alone and together", async (store) => {
      const made = { keys: [serial("S1"), serial("S2"), { name: "lot", value: "L1" }] };
      await store.record([
        event(1, made),
        event(2, { subject: "shell:drill", type: "alarm.step" }),
        event(3, { ...made, type: "alarm.step" }),
        event(4, { ...made, subject: "shell:drill", known: T0 + 60 * SECOND }),
        event(5, { keys: [serial("S3")] }),
      ]);
      assertEqual(await idsOf(store, { subject: "shell:drill" }), ["e2", "e4"], "by subject");
      assertEqual(await idsOf(store, { types: ["alarm.step"] }), ["e2", "e3"], "by type");
      assertEqual(await idsOf(store, { types: ["alarm.step", "part.made"], limit: 2, order: "descending" }), ["e5", "e4"], "by types");
      assertEqual(await idsOf(store, { types: [] }), [], "of no type");
      assertEqual(await idsOf(store, { types: ["never"] }), [], "by a type without events");
      assertEqual(await idsOf(store, { key: serial("S2") }), ["e1", "e3", "e4"], "by key");
      assertEqual(await idsOf(store, { key: { name: "lot", value: "S2" } }), [], "a value under another name");
      assertEqual(await idsOf(store, { key: serial("S1"), subject: "shell:press", types: ["part.made"] }), ["e1"], "together");
      assertEqual(await idsOf(store, { subject: "shell:press", types: ["alarm.step"] }), ["e3"], "subject and type");
      assertEqual(await idsOf(store, { knownAt: T0 + 30 * SECOND }), ["e1", "e2", "e3", "e5"], "as known");
      assertEqual(await idsOf(store, { key: serial("S1"), knownAt: T0 + 30 * SECOND }), ["e1", "e3"], "by key, as known");
      assertEqual(await idsOf(store, { subject: "shell:none" }), [], "a subject without events");
    }),
    withStore("[EV14] pages are complete and without doubles, in both orders, also while events come in", async (store) => {
      const all = Array.from({ length: 25 }, (_, i) => event(Math.floor(i / 3), { id: `p${i}`, keys: [serial(`S${i % 2}`)] }));
      await store.record(all);
      for (const order of ["ascending", "descending"] as const)
        for (const selection of [{}, { subject: "shell:press" }, { types: ["part.made"] }, { key: serial("S1") }]) {
          const expected = await idsOf(store, { ...selection, order });
          const ids: string[] = [];
          for (let after: StoredEventQuery["after"]; ;) {
            const page = await store.query({ ...ALL, ...PAGE, ...selection, order, limit: 4, ...(after && { after }) });
            ids.push(...page.map(({ id }) => id));
            await store.record([
              event(order === "ascending" ? -1 - ids.length : 100 + ids.length, { subject: "shell:other", type: "new" }),
            ]);
            if (page.length < 4) break;
            after = page.at(-1)!;
          }
          const added = new Set(ids.filter((id) => id.startsWith("e")));
          assertEqual(
            ids.filter((id) => !added.has(id)),
            expected.filter((id) => id.startsWith("p")),
            `pages ${order}`,
          );
        }
    }),
    withStore("[EV15] events are counted by subject, under the same conditions as they are read", async (store) => {
      await store.record([
        event(1, { keys: [serial("S1")] }),
        event(2),
        event(3, { subject: "shell:drill", type: "alarm.step", keys: [serial("S1")], known: T0 + 60 * SECOND }),
      ]);
      assertEqual(await countOf(store), { "shell:press": 2, "shell:drill": 1 }, "all");
      assertEqual(await countOf(store, { subject: "shell:press" }), { "shell:press": 2 }, "of a subject");
      assertEqual(await countOf(store, { types: ["alarm.step"] }), { "shell:drill": 1 }, "of a type");
      assertEqual(await countOf(store, { key: serial("S1") }), { "shell:press": 1, "shell:drill": 1 }, "of a key");
      assertEqual(await countOf(store, { knownAt: T0 + 30 * SECOND }), { "shell:press": 2 }, "as known");
      assertEqual(
        await countOf(store, { spans: [{ branch: LIVE, from: event(2).at, to: event(3).at }] }),
        { "shell:press": 1 },
        "a stretch",
      );
    }),
    withStore("[EV17] branches are apart, and are read one after another as the spans say", async (store) => {
      const key = serial("S1");
      await store.record([event(1), event(2, { keys: [key] }), event(3, { branch: "branch:x", keys: [key] }), event(4)]);
      const spans = [
        { branch: LIVE, from: 0, to: event(3).at },
        { branch: "branch:x", from: event(3).at, to: 8e15 },
      ];
      assertEqual(await idsOf(store), ["e1", "e2", "e4"], "live");
      assertEqual(await idsOf(store, { spans }), ["e1", "e2", "e3"], "the branch");
      assertEqual(await idsOf(store, { spans, order: "descending", limit: 2 }), ["e3", "e2"], "the branch, descending");
      assertEqual(await idsOf(store, { spans, after: event(2) }), ["e3"], "a page that begins on the branch");
      assertEqual(await idsOf(store, { spans, after: event(3), order: "descending" }), ["e2", "e1"], "a page that begins on the parent");
      assertEqual(await idsOf(store, { spans, key }), ["e2", "e3"], "by key over both");
      assertEqual(await countOf(store, { spans }), { "shell:press": 3 }, "count over both");
    }),
  ];
}

function recording(withStore: WithStore): readonly ContractCase[] {
  return [
    withStore(
      "[EV12] the same event twice is one, the first, in one call and in several; its name is branch, instant and id",
      async (store) => {
        assertEqual(await store.record([event(1), event(1), event(2)]), 2, "new in one call");
        assertEqual(await store.record([event(2, { payload: "{}" }), event(3)]), 1, "new in the next");
        assertEqual(await store.record([event(3)]), 0, "nothing new");
        assertEqual(await idsOf(store), ["e1", "e2", "e3"], "events");
        assertEqual((await store.query({ ...ALL, ...PAGE }))[1]!.payload, event(2).payload, "the first one stays");
        assertEqual(await store.record([event(1, { id: "e2" }), event(1, { branch: "branch:x" })]), 2, "another instant, another branch");
        assertEqual([store.counts().recorded, store.counts().duplicates], [5, 3], "counted");
      },
    ),
    withStore("[EV12] calls at once record each event once", async (store) => {
      const calls = Array.from({ length: 20 }, (_, call) => Array.from({ length: 50 }, (__, i) => event((call % 4) * 50 + i)));
      const recorded = await Promise.all(calls.map((events) => store.record(events)));
      assertEqual(
        recorded.reduce((sum, count) => sum + count, 0),
        200,
        "new",
      );
      assertEqual(await countOf(store), { "shell:press": 200 }, "events");
    }),
    withStore("[EV13] late events find their place", async (store) => {
      await store.record([event(5), event(1)]);
      await store.record([event(3), event(-100)]);
      assertEqual(await idsOf(store), ["e-100", "e1", "e3", "e5"], "all");
      assertEqual(await idsOf(store, { subject: "shell:press", order: "descending" }), ["e5", "e3", "e1", "e-100"], "of the subject");
    }),
    withStore("[EV18] any text and the extremes of time survive", async (store) => {
      const odd = event(0, {
        at: 0,
        id: "Läuft 运行 \ud83d\ude00",
        subject: "shell:运行'\"%",
        actor: "",
        keys: [serial(""), serial("0012"), serial("\u001d(01)'"), serial("运行 \ud83d\ude00")],
        payload: JSON.stringify({ text: "\u0000\ud800 \u2028'\\", number: 1e-300 }),
      });
      const last = event(1, { at: Number.MAX_SAFE_INTEGER - 1, known: Number.MAX_SAFE_INTEGER });
      await store.record([odd, last]);
      const all = { spans: [{ branch: LIVE, from: 0, to: Number.MAX_SAFE_INTEGER }] };
      assertEqual(await store.query({ ...all, ...PAGE }), [odd, last], "events");
      for (const key of odd.keys) assertEqual(await idsOf(store, { key }), [odd.id], `by the key ${JSON.stringify(key.value)}`);
      assertEqual(await idsOf(store, { key: serial("12") }), [], "a key is text");
      assertEqual(await idsOf(store, { subject: odd.subject }), [odd.id], "by subject");
    }),
    withStore("[EV19] a call is recorded whole, and no event is too many", async (store) => {
      const many = Array.from({ length: 5_000 }, (_, i) => event(i, { subject: `shell:${i % 10}`, keys: [serial(`S${i % 100}`)] }));
      assertEqual(await store.record(many), 5_000, "new");
      assertEqual((await idsOf(store, { key: serial("S7") })).length, 50, "of a serial");
      assertEqual(
        Object.values(await countOf(store)),
        Array.from({ length: 10 }, () => 500),
        "of each subject",
      );
      assertEqual(await store.record([]), 0, "nothing");
    }),
  ];
}

function keeping(withStore: WithStore): readonly ContractCase[] {
  return [
    withStore("[EV16] what has expired is gone from every answer, by instant, branch and type, and nothing else is", async (store) => {
      const key = serial("S1");
      await store.record([
        event(1, { keys: [key] }),
        event(2, { type: "alarm.step", keys: [key] }),
        event(3, { branch: "branch:x", keys: [key] }),
        event(4, { keys: [key] }),
      ]);
      assertEqual(await store.expire({ before: event(4).at, types: ["alarm.step", "never"] }), 1, "of a type");
      assertEqual(await idsOf(store, { key }), ["e1", "e4"], "after the type");
      assertEqual(await store.expire({ before: event(9).at, branch: "branch:x" }), 1, "of a branch");
      assertEqual(await store.expire({ before: event(4).at }), 1, "of all");
      assertEqual(await idsOf(store), ["e4"], "what is left");
      assertEqual(await idsOf(store, { subject: "shell:press" }), ["e4"], "of the subject");
      assertEqual(await countOf(store, { key }), { "shell:press": 1 }, "count");
      assertEqual(await store.expire({ before: event(4).at }), 0, "again");
      assertEqual(await store.record([event(1)]), 1, "recorded again, it is new");
    }),
    withStore("[EV14] a page that would begin after an expired event is refused", async (store) => {
      await store.record([event(1), event(2)]);
      await store.expire({ before: event(2).at });
      await assertRefused("DW_INVALID", () => store.query({ ...ALL, ...PAGE, after: event(1) }), "the page");
    }),
    withStore("[EV19] everything recorded is there after reopening, and recording goes on", async (store, factory) => {
      if (factory.reopen === undefined) return;
      const events = Array.from({ length: 500 }, (_, i) => event(i, { keys: [serial(`S${i % 5}`)] }));
      await store.record(events.slice(0, 300));
      await store.expire({ before: event(10).at });
      const again = await factory.reopen(store);
      assertEqual(again.damages(), [], "damages");
      assertEqual(await again.record(events.slice(290)), 200, "new after reopening");
      assertEqual(
        (await again.query({ ...ALL, ...PAGE })).map(({ id }) => id),
        events.slice(10).map(({ id }) => id),
        "events",
      );
      assertEqual(await idsOf(again, { key: serial("S3"), order: "descending", limit: 2 }), ["e498", "e493"], "by key");
      return again;
    }),
  ];
}
