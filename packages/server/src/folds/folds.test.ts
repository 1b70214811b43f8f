import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { createMemoryHistory } from "@doppelwerk/storage/memory";
import { openSegmentHistory } from "@doppelwerk/storage/segments";
import {
  definitionHash,
  LIVE,
  MINUTE,
  SECOND,
  heldSamples,
  type AnyFold,
  type FoldState,
  type History,
  type Instant,
} from "@doppelwerk/world";
import { afterAll, expect, test } from "vitest";
import { batchOf, hostOver, SIGNALS, tally2Instance, tallyInstance, type Hosted } from "./fixtures/host.fixture.ts";
import { SAID, TALLY } from "./fixtures/tally.ts";
import type { HostedInstance } from "./hosted-instance.ts";
import { FoldStore, FoldTooLarge } from "./fold-store.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-folds-"));
let folders = 0;
const newFolder = (): string => join(folder, String(folders++));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const NOW: Instant = 1_790_000_000 * SECOND - ((1_790_000_000 * SECOND) % MINUTE);
const WAIT = { timeout: 60_000 };
const kept = async (history: History, signal = TALLY) => heldSamples(await history.raw({ branch: LIVE, signal }, 0, NOW * 2));
const put = (hosted: Hosted, ...instances: readonly HostedInstance[]) =>
  hosted.host.group("g").set(["tally"], async () => ({ instances: () => instances }));
/** One value a second. */
const seconds = (from: Instant, count: number, value = 1) => Array.from({ length: count }, (_, at) => [from + at * SECOND, value] as const);
const isDerived = (hosted: Hosted, times = 1) => expect.poll(() => hosted.derived.length, WAIT).toBeGreaterThanOrEqual(times);

async function recordOf(rows: readonly (readonly [Instant, number])[]): Promise<History> {
  const history = createMemoryHistory();
  await history.append(LIVE, batchOf(rows), SIGNALS);
  return history;
}

test("[FO1] the past is derived and kept; live folding goes on meanwhile, from where the past ends", async () => {
  const history = await recordOf(seconds(NOW - 10 * MINUTE, 597));
  const hosted = hostOver(history, newFolder(), NOW);
  await put(hosted, tallyInstance({ factor: 1 }));
  void hosted.host.open();
  await hosted.live([[NOW - SECOND, 5]]);
  await isDerived(hosted);
  await hosted.live([[NOW + 30 * SECOND, 7]]);
  hosted.now = NOW + 2 * MINUTE;
  await hosted.live([[NOW + 90 * SECOND, 9]]);
  await expect.poll(async () => (await kept(history)).length, WAIT).toBe(11);
  expect((await kept(history)).map(({ value }) => value)).toEqual([60, 60, 60, 60, 60, 60, 60, 60, 60, 62, 7]);
  await hosted.host.close();
});

test("[FO1] what began with nothing derives an archive from its first sample on", async () => {
  const history = createMemoryHistory();
  const hosted = hostOver(history, newFolder(), NOW);
  await put(hosted, tallyInstance({ factor: 1 }));
  await hosted.host.open();
  expect(hosted.store.common([tallyInstance({ factor: 1 })], Number.POSITIVE_INFINITY)).toEqual([]);
  const archive = batchOf(seconds(NOW - 10 * MINUTE, 599));
  await history.append(LIVE, archive, SIGNALS);
  hosted.host.onPast(archive);
  await isDerived(hosted);
  expect(hosted.derived[0]![0]).toBe(NOW - 10 * MINUTE);
  await hosted.host.close();
});

test("[FO2] late samples derive the past again from the state before them, and what was kept is corrected, nothing else", async () => {
  const history = await recordOf(seconds(NOW - 10 * MINUTE, 599));
  const hosted = hostOver(history, newFolder(), NOW);
  await put(hosted, tallyInstance({ factor: 1 }));
  void hosted.host.open();
  await isDerived(hosted);
  const late = batchOf([[NOW - 5 * MINUTE + SECOND / 2, 100]]);
  await history.append(LIVE, late, SIGNALS);
  hosted.host.onPast(late);
  await isDerived(hosted, 2);
  await expect.poll(async () => (await kept(history)).map(({ value }) => value), WAIT).toEqual([60, 60, 60, 60, 60, 160, 60, 60, 60]);
  const { times } = await history.raw({ branch: LIVE, signal: TALLY }, 0, NOW * 2);
  expect(times.length).toBe(10);
  await hosted.host.close();
});

test("[FO3] a restart goes on from the checkpoint and folds what came since", async () => {
  const directory = newFolder();
  const history = await recordOf(seconds(NOW - 10 * MINUTE, 599));
  const first = hostOver(history, directory, NOW);
  await put(first, tallyInstance({ factor: 1 }));
  void first.host.open();
  await isDerived(first);
  await first.host.close();
  await history.append(LIVE, batchOf(seconds(NOW + MINUTE, 61, 2)), SIGNALS);
  const second = hostOver(history, directory, NOW + 5 * MINUTE);
  await put(second, tallyInstance({ factor: 1 }));
  void second.host.open();
  await isDerived(second);
  expect(second.derived[0]![0]).toBeGreaterThan(NOW - 5 * SECOND);
  await expect
    .poll(async () => (await kept(history)).map(({ value }) => value), WAIT)
    .toEqual([...Array.from({ length: 9 }, () => 60), 59, 120]);
  await second.host.close();
});

test("[FO4] a fold that throws at sample 1,000,001 of the past is named and stopped; another one and live values go on", async () => {
  const history = createMemoryHistory();
  const from = NOW - 1_100_000 * SECOND;
  for (let part = 0; part < 11; part++) {
    const rows = seconds(from + part * 100_000 * SECOND, 100_000);
    await history.append(LIVE, batchOf(rows), SIGNALS);
    if (part === 10) await history.append(LIVE, batchOf(rows, "signal:b"), SIGNALS);
  }
  const hosted = hostOver(history, newFolder(), NOW + 10 * SECOND);
  await put(hosted, tallyInstance({ factor: 1, throwsAt: 1_000_001 }), tallyInstance({ factor: 1 }, {}, "signal:b"));
  void hosted.host.open();
  await isDerived(hosted);
  expect(hosted.faults).toEqual([
    { fold: "tally", subject: "shell:signal:a", at: from + 1_000_000 * SECOND, taken: 1_000_001, reason: "sample 1000001" },
  ]);
  const { run } = hosted.host.group("g");
  expect([run.folding("tally", "shell:signal:a"), run.folding("tally", "shell:signal:b") !== undefined]).toEqual([undefined, true]);
  hosted.now = NOW + 10 * MINUTE;
  await hosted.live(
    [
      [NOW + 5 * MINUTE, 3],
      [NOW + 7 * MINUTE, 3],
    ],
    "signal:b",
  );
  await expect.poll(async () => (await kept(history)).at(-1), WAIT).toMatchObject({ time: NOW + 5 * MINUTE, value: 3 });
  await expect(hosted.host.group("g").act("tally", "shell:signal:a", "say", { text: "hello" })).rejects.toMatchObject({
    code: "DW_UNAVAILABLE",
  });
  await hosted.host.close();
});

test("[FO4] a fold that throws live is named and stopped there", async () => {
  const hosted = hostOver(createMemoryHistory(), newFolder(), NOW);
  await put(hosted, tallyInstance({ factor: 1, throwsAt: 2 }), tallyInstance({ factor: 1 }, {}, "signal:b"));
  void hosted.host.open();
  await hosted.live(seconds(NOW - 5 * SECOND, 3));
  await expect.poll(() => hosted.faults, WAIT).toMatchObject([{ subject: "shell:signal:a", reason: "sample 2" }]);
  expect(hosted.host.group("g").run.folding("tally", "shell:signal:b")).toBeDefined();
  await hosted.host.close();
});

test("[FO5] another version of a fold derives thirty days again while live values go on; what it concludes takes the place of what stood", async () => {
  const directory = newFolder();
  const days = 30;
  const minutes = days * 24 * 60;
  const history = await recordOf(Array.from({ length: minutes }, (_, at) => [NOW - (minutes - at) * MINUTE, 1] as const));
  const first = hostOver(history, directory, NOW);
  await put(first, tallyInstance({ factor: 1 }));
  void first.host.open();
  await isDerived(first);
  await first.host.close();
  expect((await kept(history)).map(({ value }) => value)).toEqual(Array.from({ length: minutes - 1 }, () => 1));
  const second = hostOver(history, directory, NOW + MINUTE);
  await put(second, tally2Instance({ factor: 1 }));
  void second.host.open();
  // live, though the past is not derived yet
  await second.live([[NOW + 5 * SECOND, 4]]);
  second.now = NOW + 3 * MINUTE;
  await second.live([[NOW + 100 * SECOND, 5]]);
  await expect.poll(() => second.host.group("g").run.now(), WAIT).toBeGreaterThan(NOW + 2 * MINUTE);
  await isDerived(second);
  await expect.poll(async () => (await kept(history)).length, WAIT).toBe(minutes + 1);
  expect(new Set((await kept(history)).slice(0, -1).map(({ value }) => value))).toEqual(new Set([2]));
  expect((await kept(history)).at(-1)).toMatchObject({ time: NOW, value: 8 });
  await second.host.close();
});

test("[FO6] kept states: one of an earlier version is brought up, a newer one is left alone, a damaged one goes; the next older is taken", () => {
  const directory = newFolder();
  const refused: string[] = [];
  const store = new FoldStore(directory, (_error, file, what) => refused.push(`${file.slice(-9)} ${what}`));
  const instance = tallyInstance({ factor: 1 });
  const state = (at: Instant, version: number): FoldState => ({
    version,
    at,
    state: { minute: -1, sum: at, ...(version > 1 && { taken: 1 }) },
    intake: { pending: [], lastTimes: [], lastValues: [], counts: { late: 0, dropped: 0, duplicates: 0 } },
    origins: [],
  });
  const hash = definitionHash(instance.fold, instance).slice(0, 24);
  const write = (at: Instant, content: FoldState | string) =>
    writeFileSync(
      join(directory, `${hash}-${String(at).padStart(17, "0")}.fold`),
      typeof content === "string" ? content : deflateSync(JSON.stringify(content)),
    );
  write(1, state(1, 1));
  store.save(instance, state(2, 2));
  write(3, state(3, 9));
  write(4, "not a checkpoint");
  expect(store.nearest([instance])).toMatchObject([{ at: 2, version: 2, state: { sum: 2 } }]);
  expect(refused).toEqual([
    "0004.fold a checkpoint cannot be read; it is derived again",
    "0003.fold a checkpoint of version 9 is not taken (newer)",
  ]);
  expect(store.nearest([instance], 2)).toMatchObject([{ at: 1, version: 2, state: { sum: 1, taken: 0 } }]);
  expect(readdirSync(directory).map((name) => name.slice(-9))).toEqual(["0001.fold", "0002.fold", "0003.fold"]);
  // another definition has none; two instances only where both have one
  expect(store.nearest([tallyInstance({ factor: 2 })])).toBeUndefined();
  expect(store.nearest([instance, tallyInstance({ factor: 2 })])).toBeUndefined();
  store.forget([tallyInstance({ factor: 2 })], 0);
  store.forget([instance], 2);
  expect(store.common([instance], 10)).toEqual([1]);
});

test("[FO16] a fold that was a part of another one takes its part of that one's states, until it has states of its own", () => {
  const store = new FoldStore(newFolder(), () => {});
  const whole = tallyInstance({ factor: 1 });
  const formerly = { fold: "tally", version: 2, part: ({ sum }: { readonly sum: number }) => ({ part: sum }) };
  const split: HostedInstance = {
    fold: { id: "split", version: 1, state: { version: 5, maxBytes: 500, formerly }, needs: [], open: () => undefined as never },
    url: "",
    subject: whole.subject,
    definition: {},
    inputs: [{ fold: "tally", subject: whole.subject, type: "minute" }],
  };
  const state = (at: Instant, version: number): FoldState => ({
    version,
    at,
    state: { minute: -1, sum: at, taken: 1 },
    intake: { pending: [], lastTimes: [at, at, at], lastValues: [1, 1], counts: { late: 0, dropped: 0, duplicates: 0 } },
    origins: [3, 3],
  });
  store.save(whole, state(1, 2));
  store.save(whole, state(2, 2));
  // where it is not folded together with that one it has nothing
  expect(store.nearest([split])).toBeUndefined();
  const taken = { version: 5, at: 2, state: { part: 2 }, intake: { pending: [], lastTimes: [-1, 2] }, origins: [0] };
  expect(store.nearest([whole, split])).toMatchObject([{ at: 2, state: { sum: 2 } }, taken]);
  expect(store.nearest([split, whole], 2)).toMatchObject([{ at: 1, state: { part: 1 } }, { at: 1 }]);
  // states of a version that holds it no more have no part of it
  const later: HostedInstance = {
    ...split,
    fold: { ...split.fold, state: { ...split.fold.state, formerly: { ...formerly, version: 1 } } },
  };
  expect(store.nearest([whole, later])).toBeUndefined();
  store.save(split, { ...state(1, 5), state: { part: 7 } });
  expect(store.nearest([whole, split])).toMatchObject([{ at: 1 }, { at: 1, state: { part: 7 } }]);
});

test("[FO7] a state that is larger than its fold allows stops the instance", async () => {
  const store = new FoldStore(newFolder(), () => {});
  const instance = tallyInstance({ factor: 1 });
  const big = { version: 2, at: 1, state: "x".repeat(600), intake: {} as never, origins: [] };
  expect(() => store.save(instance, big)).toThrow(FoldTooLarge);
});

test("[FO8] an act is judged, stored, then folded; where it cannot be stored nothing happens; derived again it is one", async () => {
  const history = await recordOf(seconds(NOW - 5 * MINUTE, 290));
  const said = async (from: Instant, to: Instant) =>
    heldSamples(await history.raw({ branch: LIVE, signal: SAID }, from, to)).map(({ time, text }) => ({
      type: "say",
      event: { text: text.slice(2) },
      at: time,
      id: text,
    }));
  const hosted = hostOver(history, newFolder(), NOW);
  await put(hosted, tallyInstance({ factor: 1 }, { recorded: said }));
  void hosted.host.open();
  await isDerived(hosted);
  const group = hosted.host.group("g");
  const shown: unknown[] = [];
  group.follow({ concluded: (concluded) => void shown.push(...concluded.map(({ output }) => output)) });
  await expect(group.act("tally", "shell:signal:a", "say", { text: "" })).rejects.toThrow("nothing to say");
  const { append } = history;
  Object.assign(history, { append: () => Promise.reject(new Error("ENOSPC")) });
  await expect(group.act("tally", "shell:signal:a", "say", { text: "lost" })).rejects.toThrow("ENOSPC");
  Object.assign(history, { append });
  expect(shown).toEqual([]);
  expect(await group.act("tally", "shell:signal:a", "say", { text: "hello" })).toMatchObject([{ output: { type: "said", text: "hello" } }]);
  expect(shown).toEqual([{ type: "said", text: "hello", at: NOW }]);
  hosted.now = NOW + 10 * MINUTE;
  await expect.poll(() => group.run.now(), WAIT).toBe(NOW + 10 * MINUTE - SECOND);
  const late = batchOf([[NOW - 2 * MINUTE + 1, 9]]);
  await history.append(LIVE, late, SIGNALS);
  hosted.host.onPast(late);
  await isDerived(hosted, 2);
  expect((await kept(history, SAID)).map(({ text }) => text)).toEqual(["~ hello"]);
  await hosted.host.close();
});

test("[FO9] an edited definition goes on from the state that stands, and the past stays as it was seen", async () => {
  const history = await recordOf(seconds(NOW - 10 * MINUTE, 599));
  const hosted = hostOver(history, newFolder(), NOW);
  await put(hosted, tallyInstance({ factor: 1 }));
  void hosted.host.open();
  await isDerived(hosted);
  await put(hosted, tallyInstance({ factor: 10 }));
  await hosted.live([
    [NOW + 10 * SECOND, 3],
    [NOW + 70 * SECOND, 1],
  ]);
  hosted.now = NOW + 2 * MINUTE;
  await expect
    .poll(async () => (await kept(history)).map(({ value }) => value), WAIT)
    .toEqual([...Array.from({ length: 9 }, () => 60), 59, 30]);
  expect(hosted.derived.length).toBe(1);
  await hosted.host.close();
});

test("[FO12] instances that are taken away leave their states; set again they go on from there, and the gap is derived", async () => {
  const history = await recordOf(seconds(NOW - 10 * MINUTE, 599));
  const hosted = hostOver(history, newFolder(), NOW);
  await put(hosted, tallyInstance({ factor: 1 }));
  void hosted.host.open();
  await isDerived(hosted);
  await put(hosted);
  expect(hosted.host.group("g").run.folding("tally", "shell:signal:a")).toBeUndefined();
  await hosted.live(seconds(NOW + MINUTE, 61, 2));
  hosted.now = NOW + 5 * MINUTE;
  expect((await kept(history)).length).toBe(9);
  await put(hosted, tallyInstance({ factor: 1 }));
  await isDerived(hosted, 2);
  expect(hosted.derived[1]![0]).toBeGreaterThan(NOW - 5 * SECOND);
  await expect
    .poll(async () => (await kept(history)).map(({ value }) => value), WAIT)
    .toEqual([...Array.from({ length: 9 }, () => 60), 59, 120]);
  await hosted.host.close();
});

test("[FO17] an instance that is added is derived alone: what the others know stays, and they go on", async () => {
  const history = await recordOf(seconds(NOW - 10 * MINUTE, 597));
  const hosted = hostOver(history, newFolder(), NOW);
  await put(hosted, tallyInstance({ factor: 1 }));
  void hosted.host.open();
  await isDerived(hosted);
  const group = hosted.host.group("g");
  const taken = (fold: string, signal: string) =>
    (group.run.snapshot(fold, `shell:${signal}`)?.state as { readonly taken: number } | undefined)?.taken;
  await expect.poll(() => taken("tally", "signal:a"), WAIT).toBe(597);
  // read again, the record would say something else by now, as where it is thinned
  await history.append(LIVE, batchOf([[NOW - 9 * MINUTE + SECOND / 2, 1]]), SIGNALS);
  await history.append(LIVE, batchOf(seconds(NOW - 10 * MINUTE, 500), "signal:b"), SIGNALS);
  const base = tallyInstance({ factor: 1 }, {}, "signal:b");
  const other: HostedInstance = { ...base, fold: { ...base.fold, id: "other", keeps: undefined, adopt: undefined } as unknown as AnyFold };
  await group.set(["other"], async () => ({ instances: () => [other] }));
  await isDerived(hosted, 2);
  await expect.poll(() => taken("other", "signal:b"), WAIT).toBe(500);
  expect(taken("tally", "signal:a")).toBe(597);
  hosted.now = NOW + 3 * MINUTE;
  await hosted.live([[NOW + MINUTE, 5]]);
  await hosted.live([[NOW + 2 * MINUTE, 5]], "signal:b");
  await expect.poll(() => [taken("tally", "signal:a"), taken("other", "signal:b")], WAIT).toEqual([598, 501]);
  // a restart begins with the states of both
  await hosted.host.close();
  const again = hostOver(history, join(folder, String(folders - 1)), NOW + 4 * MINUTE);
  await put(again, tallyInstance({ factor: 1 }));
  await again.host.group("g").set(["other"], async () => ({ instances: () => [other] }));
  void again.host.open();
  const known = (fold: string, signal: string) =>
    (again.host.group("g").run.snapshot(fold, `shell:${signal}`)?.state as { readonly taken: number } | undefined)?.taken;
  await expect.poll(() => [known("tally", "signal:a"), known("other", "signal:b")], WAIT).toEqual([598, 501]);
  await again.host.close();
});

test("[FO13] where an edited definition cannot take over the state, live folding goes on as it was until the past is derived with it", async () => {
  const minutes = 10 * 24 * 60;
  const history = await recordOf(Array.from({ length: minutes }, (_, at) => [NOW - (minutes - at) * MINUTE, 1] as const));
  const hosted = hostOver(history, newFolder(), NOW);
  const fold = { ...tally2Instance({ factor: 1 }).fold, adopt: undefined } as unknown as AnyFold;
  const instance = (factor: number): HostedInstance => ({ ...tally2Instance({ factor }), fold });
  await put(hosted, instance(1));
  void hosted.host.open();
  await isDerived(hosted);
  const taken = () => (hosted.host.group("g").run.snapshot("tally", "shell:signal:a")!.state as { readonly taken: number }).taken;
  await put(hosted, instance(10));
  expect(taken()).toBe(minutes);
  await isDerived(hosted, 2);
  await expect.poll(async () => new Set((await kept(history)).map(({ value }) => value)), WAIT).toEqual(new Set([20]));
  expect(taken()).toBe(minutes);
  // back again: states from before the other definition do not stand for what it concluded meanwhile
  await put(hosted, instance(1));
  await isDerived(hosted, 3);
  await expect.poll(async () => new Set((await kept(history)).map(({ value }) => value)), WAIT).toEqual(new Set([2]));
  await hosted.host.close();
});

test("[FO10] what if: other definitions over the record give their conclusions, and nothing is stored", async () => {
  const history = await recordOf(seconds(NOW - 30 * MINUTE, 1_799));
  const hosted = hostOver(history, newFolder(), NOW);
  const trial = {
    known: [],
    tried: [tallyInstance({ factor: 3 })],
    from: NOW - 10 * MINUTE,
    to: NOW,
    signal: new AbortController().signal,
  };
  const { concluded, faults, isWhole } = await hosted.host.try(trial);
  expect(concluded.map(({ output }) => ("sum" in output ? output.sum : 0))).toEqual(Array.from({ length: 9 }, () => 180));
  expect([faults, isWhole, await kept(history)]).toEqual([[], true, []]);
  const broken = await hosted.host.try({ ...trial, tried: [tallyInstance({ factor: 3, throwsAt: 5 })] });
  expect(broken).toMatchObject({ concluded: [], faults: [{ reason: "sample 5" }] });
});

test("[FO11] killed with -9 while the past is derived, the next start derives what is missing, and the record reads as if it had not been", async () => {
  const directory = newFolder();
  const open = () => openSegmentHistory({ directory: join(directory, "history") });
  const minutes = 40_000;
  const history = await open();
  for (let part = 0; part < 40; part++) {
    const rows = Array.from({ length: minutes / 4 }, (_, at) => [NOW - (minutes - part * 1_000) * MINUTE + at * 6 * SECOND, 1] as const);
    await history.append(LIVE, batchOf(rows), SIGNALS);
  }
  await history.close();
  const script = new URL("fixtures/derive-until-killed.ts", import.meta.url);
  for (const after of [1, 2]) {
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", script.pathname, directory, String(NOW)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let pieces = 0;
    await new Promise<void>((resolve) => {
      child.stdout.on("data", (data: Buffer) => {
        pieces += data.toString().split("kept").length - 1;
        if (pieces >= after) child.kill("SIGKILL");
      });
      child.on("exit", () => resolve());
    });
    expect([child.signalCode, pieces >= after]).toEqual(["SIGKILL", true]);
  }
  const after = await open();
  const hosted = hostOver(after, directory, NOW);
  await put(hosted, tallyInstance({ factor: 1 }));
  void hosted.host.open();
  await isDerived(hosted);
  const rows = await kept(after);
  expect([rows.length, new Set(rows.map(({ value }) => value))]).toEqual([minutes - 1, new Set([10])]);
  await hosted.host.close();
  await after.close();
});
