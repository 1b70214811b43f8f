import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Called, Commander, Written } from "@doppelwerk/connectors/command";
import { verbatim } from "@doppelwerk/messages";
import { openJournal } from "@doppelwerk/storage/journal";
import { createMemoryChangeLog, createMemoryRecordStore } from "@doppelwerk/storage/memory";
import { createAccessGate, createSeal } from "@doppelwerk/trust";
import {
  coreKinds,
  DoppelwerkError,
  LIVE,
  openWorld,
  quality,
  SECOND,
  type ApprovalClass,
  type ApprovalClasses,
  type Json,
  type Journal,
  type Principal,
  type Sample,
  type SignalRecord,
  type World,
} from "@doppelwerk/world";
import { afterEach, expect, test } from "vitest";
import type { Command, CommandState } from "../contract.ts";
import { CommandService } from "./command-service.ts";

const START = 1_800_000_000 * SECOND;
const OPERATOR: Principal = { id: "person:ann", name: "Ann", verified: false, roles: ["administrator"] };
const VIEWER: Principal = { id: "person:vic", name: "Vic", verified: false, roles: ["viewer"] };
const SPEED = "signal:speed";
const MODE = "signal:mode";
const MILL = "connection:mill";
const ASK = { signal: SPEED, value: 20, reason: "a trial" };

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

interface Bench {
  readonly world: World;
  readonly service: CommandService;
  readonly journal: Journal<Command>;
  /** What the plant was sent, each with the state that the journal on the disk gave the command then. */
  readonly sent: { readonly value: unknown; readonly onDisk: CommandState | undefined }[];
  readonly path: string;
  /** Of live values. */
  readonly live: Map<string, Sample>;
  readonly connected: Set<string>;
  /** What the plant answers next. */
  answer: () => Promise<Written | Called>;
  /** Microseconds since the start. */
  passed: number;
  /** Lines that the disk takes before it is full. */
  room: number;
  set(id: string, fields: Readonly<Record<string, Json>>): Promise<void>;
  onDisk(): readonly Command[];
  /** As after `kill -9`: the same file, opened anew by another service. */
  startAgain(): CommandService;
}

const WRITTEN: Written = { kind: "written", before: 10, after: 20, equal: true };

/** A real world, gate and journal; of the plant there is only what it answers. */
async function openBench(classes?: ApprovalClasses): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), "doppelwerk-command-"));
  folders.push(folder);
  const path = join(folder, "commands.jsonl");
  let last = 0;
  const state = { passed: 0, room: Infinity };
  const clock = { now: () => START + state.passed };
  const ids = { next: (kind: string) => `${kind}:${++last}` };
  const world = await openWorld({
    store: createMemoryRecordStore(coreKinds),
    log: createMemoryChangeLog(),
    leaseEpoch: 1,
    clock,
    ids,
    seal: createSeal((text) => String(text.length)),
    kinds: coreKinds,
    gate: createAccessGate({ rolesOf: (principal) => principal.roles, ...(classes !== undefined && { classes }) }),
    onListenerError: (error) => {
      throw error;
    },
  });
  await world.view(OPERATOR).apply({ branch: LIVE, reason: "a mill", changes: plant.map((record) => ({ op: "create", record })) });
  const file = openJournal<Command>(path, "commands");
  const journal: Journal<Command> = {
    ...file,
    put(item) {
      if (--state.room < 0) throw new DoppelwerkError("DW_UNAVAILABLE", verbatim("the disk is full"));
      file.put(item);
    },
  };
  const onDisk = (): readonly Command[] => {
    const lines = readFileSync(path, "utf8").trim().split("\n");
    return [
      ...new Map(
        lines.filter((line) => line !== "").map((line) => [(JSON.parse(line) as Command).id, JSON.parse(line) as Command]),
      ).values(),
    ];
  };
  const noteSent = async (value: unknown): Promise<never> => {
    bench.sent.push({ value, onDisk: onDisk().at(-1)?.state });
    return (await bench.answer()) as never;
  };
  const commander: Commander = {
    write: ({ value }) => noteSent(value),
    call: ({ call }) => noteSent(call.inputs),
    close: async () => {},
  };
  const serviceOver = (over: Journal<Command>): CommandService =>
    new CommandService({
      journal: over,
      commander,
      live: (signal) => bench.live.get(signal),
      mayRead: () => true,
      connected: async () => bench.connected,
      clock,
      ids,
      log: { debug() {}, info() {}, warn() {}, error() {} },
    });
  const bench: Bench = {
    world,
    journal,
    sent: [],
    path,
    live: new Map(),
    connected: new Set([MILL, "connection:table"]),
    answer: async () => WRITTEN,
    get passed() {
      return state.passed;
    },
    set passed(passed) {
      state.passed = passed;
    },
    get room() {
      return state.room;
    },
    set room(room) {
      state.room = room;
    },
    service: serviceOver(journal),
    async set(id, fields) {
      const held = world.view(OPERATOR).reader(LIVE).get(id) as unknown as Record<string, Json>;
      const changes = Object.fromEntries(Object.entries(fields).map(([field, to]) => [field, { from: held[field], to }]));
      await world.view(OPERATOR).apply({ branch: LIVE, reason: "a test", changes: [{ op: "update", id, fields: changes as never }] });
    },
    onDisk,
    startAgain: () => serviceOver(openJournal<Command>(path, "commands")),
  };
  return bench;
}

const signalOf = (id: string, more: object = {}) => ({
  id,
  kind: "signal",
  name: id.slice("signal:".length),
  valueType: "double",
  shell: "shell:mill",
  connection: MILL,
  address: `ns=2;s=${id}`,
  ...more,
});
const connectionOf = (id: string, more: object) => ({
  id,
  kind: "connection",
  name: id,
  protocol: "opcua",
  url: "opc.tcp://mill",
  enabled: true,
  allowCommands: true,
  settings: {},
  ...more,
});
const plant = [
  connectionOf(MILL, {}),
  connectionOf("connection:table", { protocol: "postgres", url: "postgres://table" }),
  connectionOf("connection:off", { allowCommands: false }),
  signalOf(SPEED),
  signalOf(MODE, { valueType: "string" }),
  signalOf("signal:count", { valueType: "integer" }),
  signalOf("signal:run", { valueType: "boolean" }),
  signalOf("signal:name", { valueType: "string" }),
  signalOf("signal:stop", { safety: true }),
  // another name of the same variable
  signalOf("signal:stop again", { address: "ns=2;s=signal:stop" }),
  signalOf("signal:parts", { counter: "good" }),
  signalOf("signal:typed in", { connection: undefined }),
  signalOf("signal:of a table", { connection: "connection:table" }),
  signalOf("signal:of an off one", { connection: "connection:off" }),
] as unknown as SignalRecord[];

const stands = (value: number | string | boolean, worth: number = quality.good): Sample => ({ value, quality: worth }) as Sample;
const as = (bench: Bench, person = OPERATOR) => bench.world.view(person);
const code = (code: string) => expect.objectContaining({ code }) as unknown;

test("[CM2] requested, confirmed and ended are each in the journal on the disk before anything follows from them", async () => {
  const bench = await openBench();
  const asked = await bench.service.request(as(bench), ASK);
  expect(bench.onDisk()).toEqual([asked]);
  expect(asked).toMatchObject({ state: "requested", requestedBy: "person:ann", value: 20, expiresAt: START + 60 * SECOND });
  expect(bench.sent).toEqual([]);
  bench.passed = 5 * SECOND;
  const ended = await bench.service.confirm(as(bench), asked.id, 20);
  expect(bench.sent).toEqual([{ value: 20, onDisk: "writing" }]);
  expect(ended).toMatchObject({ state: "done", before: 10, after: 20, confirmedBy: "person:ann", confirmedAt: START + 5 * SECOND });
  expect(bench.onDisk()).toEqual([ended]);
});

test("[CM2] confirmed by another value, by another id, twice at once or after it ended, nothing more is sent", async () => {
  const bench = await openBench();
  const { id } = await bench.service.request(as(bench), ASK);
  for (const other of [21, "20", -20, Number.NaN, true])
    await expect(bench.service.confirm(as(bench), id, other)).rejects.toEqual(code("DW_CONFLICT"));
  await expect(bench.service.confirm(as(bench), "command:none", 20)).rejects.toEqual(code("DW_NOT_FOUND"));
  expect(bench.sent).toEqual([]);
  const results = await Promise.allSettled([1, 2, 3].map(() => bench.service.confirm(as(bench), id, 20)));
  expect(results.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected", "rejected"]);
  await expect(bench.service.confirm(as(bench), id, 20)).rejects.toEqual(code("DW_CONFLICT"));
  expect(() => bench.service.withdraw(as(bench), id)).toThrow(expect.objectContaining({ code: "DW_CONFLICT" }));
  expect(bench.sent).toHaveLength(1);
});

test("[CM2] zero is not minus zero: what is confirmed is what was requested", async () => {
  const bench = await openBench();
  const { id } = await bench.service.request(as(bench), { ...ASK, value: 0 });
  await expect(bench.service.confirm(as(bench), id, -0)).rejects.toEqual(code("DW_CONFLICT"));
  await bench.service.confirm(as(bench), id, 0);
  expect(bench.sent).toHaveLength(1);
});

const ENDS: readonly { readonly answer: Written; readonly state: CommandState; readonly more?: Partial<Command> }[] = [
  { answer: { kind: "written", after: 20, equal: true }, state: "done", more: { after: 20 } },
  { answer: { kind: "written", before: 1, after: 19, equal: false }, state: "differs", more: { before: 1, after: 19 } },
  { answer: { kind: "written", equal: false }, state: "differs", more: { why: "it was written, but could not be read back" } },
  { answer: { kind: "refused", why: verbatim("BadOutOfRange"), before: 3 }, state: "refused", more: { why: "BadOutOfRange", before: 3 } },
  { answer: { kind: "failed", why: verbatim("no session") }, state: "failed", more: { why: "no session" } },
  { answer: { kind: "unknown", why: verbatim("the writing process ended with SIGKILL before it answered") }, state: "unknown" },
];
test.each(ENDS)("[CM3] an answer $answer.kind, read back as $answer.after, ends as $state", async ({ answer, state, more = {} }) => {
  const bench = await openBench();
  bench.answer = async () => answer;
  const { id } = await bench.service.request(as(bench), ASK);
  expect(await bench.service.confirm(as(bench), id, 20)).toMatchObject({ state, ...more });
  expect(bench.onDisk()).toMatchObject([{ id, state, ...more }]);
  // whatever the end was, the next one may be requested
  expect((await bench.service.request(as(bench), ASK)).state).toBe("requested");
});

test.each([
  ["signal:count", 1.5],
  ["signal:count", 2 ** 53],
  ["signal:count", "7"],
  [SPEED, Number.NaN],
  [SPEED, Infinity],
  [SPEED, "20"],
  [SPEED, true],
  ["signal:run", 1],
  ["signal:run", "true"],
  ["signal:name", 7],
])("[CM3] %s does not take %s", async (signal, value) => {
  const bench = await openBench();
  await expect(bench.service.request(as(bench), { ...ASK, signal, value })).rejects.toEqual(code("DW_INVALID"));
  expect(bench.service.list(10)).toEqual([]);
});

test.each([
  ["signal:stop", "DW_FORBIDDEN"],
  ["signal:stop again", "DW_FORBIDDEN"],
  ["signal:parts", "DW_FORBIDDEN"],
  ["signal:typed in", "DW_FORBIDDEN"],
  ["signal:of a table", "DW_FORBIDDEN"],
  ["signal:of an off one", "DW_FORBIDDEN"],
  ["signal:none", "DW_NOT_FOUND"],
  [MILL, "DW_NOT_FOUND"],
])("[CM1] [CM4] [CM10] %s is never commanded: %s", async (signal, refusal) => {
  const bench = await openBench();
  await expect(bench.service.request(as(bench), { ...ASK, signal })).rejects.toEqual(code(refusal));
  expect(bench.service.list(10)).toEqual([]);
});

test("[CM4] a condition must stand, good, when asking and again when confirming; while it does not, the request waits", async () => {
  const bench = await openBench();
  await bench.set(SPEED, { commandWhen: [{ signal: MODE, equals: "setup" }] });
  const refused = [undefined, stands("run"), stands("setup", quality.uncertain), stands("setup", quality.bad)];
  for (const value of refused) {
    if (value === undefined) bench.live.delete(MODE);
    else bench.live.set(MODE, value);
    await expect(bench.service.request(as(bench), ASK)).rejects.toEqual(code("DW_CONFLICT"));
  }
  bench.live.set(MODE, stands("setup"));
  const { id } = await bench.service.request(as(bench), ASK);
  for (const value of refused.slice(1)) {
    bench.live.set(MODE, value!);
    await expect(bench.service.confirm(as(bench), id, 20)).rejects.toEqual(code("DW_CONFLICT"));
  }
  expect(bench.sent).toEqual([]);
  expect(bench.service.list(1)).toMatchObject([{ id, state: "requested" }]);
  bench.live.set(MODE, stands("setup"));
  expect(await bench.service.confirm(as(bench), id, 20)).toMatchObject({ state: "done" });
});

test("[CM4] [CM7] made a safety function, moved, disabled or lost between asking and confirming, nothing is sent", async () => {
  const changes: readonly ((bench: Bench) => unknown)[] = [
    ({ set }) => set(SPEED, { safety: true }),
    ({ set }) => set(SPEED, { address: "ns=2;s=another" }),
    ({ set }) => set(MILL, { url: "opc.tcp://another" }),
    ({ set }) => set(MILL, { enabled: false }),
    ({ set }) => set(MILL, { allowCommands: false }),
    ({ connected }) => connected.delete(MILL),
  ];
  for (const change of changes) {
    const bench = await openBench();
    const { id } = await bench.service.request(as(bench), ASK);
    await change(bench);
    await expect(bench.service.confirm(as(bench), id, 20)).rejects.toEqual(
      expect.objectContaining({ code: expect.stringMatching(/^DW_(FORBIDDEN|CONFLICT|UNAVAILABLE)$/) as unknown }),
    );
    expect(bench.sent).toEqual([]);
  }
});

test("[CM5] a request lives for 60 seconds and not a microsecond longer", async () => {
  const bench = await openBench();
  const first = await bench.service.request(as(bench), ASK);
  bench.passed = 60 * SECOND - 1;
  expect(await bench.service.confirm(as(bench), first.id, 20)).toMatchObject({ state: "done" });
  const second = await bench.service.request(as(bench), ASK);
  bench.passed += 60 * SECOND;
  await expect(bench.service.confirm(as(bench), second.id, 20)).rejects.toEqual(code("DW_CONFLICT"));
  expect(bench.service.list(1)).toMatchObject([{ id: second.id, state: "expired", endedAt: START + bench.passed }]);
  expect(bench.onDisk().at(-1)).toMatchObject({ id: second.id, state: "expired" });
  expect(bench.sent).toHaveLength(1);
});

test("[CM5] after a restart what waited is void and what was being written is unknown; neither is sent again", async () => {
  const bench = await openBench();
  bench.answer = () => new Promise(() => {});
  const writing = await bench.service.request(as(bench), ASK);
  void bench.service.confirm(as(bench), writing.id, 20);
  await expect.poll(() => bench.sent).toHaveLength(1);
  const waiting = await bench.service.request(as(bench), { ...ASK, signal: "signal:count" });
  const again = bench.startAgain();
  expect(again.list(2)).toMatchObject([
    { id: waiting.id, state: "expired" },
    { id: writing.id, state: "unknown", why: "the server ended while it was being written" },
  ]);
  expect(bench.onDisk().map(({ state }) => state)).toEqual(["unknown", "expired"]);
  for (const { id } of [writing, waiting]) await expect(again.confirm(as(bench), id, 20)).rejects.toEqual(code("DW_CONFLICT"));
  expect(bench.sent).toHaveLength(1);
});

test("[CM2] a confirmation that the disk does not take sends nothing, and can be given again", async () => {
  const bench = await openBench();
  const { id } = await bench.service.request(as(bench), ASK);
  bench.room = 0;
  await expect(bench.service.request(as(bench), { ...ASK, signal: "signal:count" })).rejects.toEqual(code("DW_UNAVAILABLE"));
  await expect(bench.service.confirm(as(bench), id, 20)).rejects.toEqual(code("DW_UNAVAILABLE"));
  expect(bench.sent).toEqual([]);
  expect(bench.service.list(10)).toMatchObject([{ id, state: "requested" }]);
  bench.room = Infinity;
  expect(await bench.service.confirm(as(bench), id, 20)).toMatchObject({ state: "done" });
});

test("[CM13] an end that the disk does not take is kept until it does: then it is listed, and its address is free", async () => {
  const bench = await openBench();
  const { id } = await bench.service.request(as(bench), ASK);
  bench.room = 1;
  await expect(bench.service.confirm(as(bench), id, 20)).rejects.toEqual(code("DW_UNAVAILABLE"));
  expect(bench.sent).toHaveLength(1);
  expect(bench.onDisk()).toMatchObject([{ id, state: "writing" }]);
  await expect(bench.service.request(as(bench), ASK)).rejects.toEqual(code("DW_UNAVAILABLE"));
  bench.room = Infinity;
  expect(bench.service.list(1)).toMatchObject([{ id, state: "done", before: 10, after: 20 }]);
  expect(bench.onDisk()).toMatchObject([{ id, state: "done", after: 20 }]);
  expect((await bench.service.request(as(bench), ASK)).state).toBe("requested");
});

test("[CM2] one command an address at a time, by whichever name; a hundred wait at once and no more", async () => {
  const bench = await openBench();
  const many = Array.from({ length: 100 }, (_, n) => signalOf(`signal:many ${n}`) as unknown as SignalRecord);
  const twin = signalOf("signal:twin", { address: `ns=2;s=${SPEED}` }) as unknown as SignalRecord;
  await as(bench).apply({ branch: LIVE, reason: "more", changes: [...many, twin].map((record) => ({ op: "create", record })) });
  const { id } = await bench.service.request(as(bench), ASK);
  for (const signal of [SPEED, twin.id])
    await expect(bench.service.request(as(bench), { ...ASK, signal })).rejects.toEqual(code("DW_CONFLICT"));
  for (const { id: signal } of many.slice(0, 99)) await bench.service.request(as(bench), { ...ASK, signal });
  await expect(bench.service.request(as(bench), { ...ASK, signal: many[99]!.id })).rejects.toEqual(code("DW_UNAVAILABLE"));
  bench.service.withdraw(as(bench), id);
  expect((await bench.service.request(as(bench), { ...ASK, signal: many[99]!.id })).state).toBe("requested");
});

test("[CM10] who may not command requests, confirms, withdraws and lists nothing", async () => {
  const bench = await openBench();
  const { id } = await bench.service.request(as(bench), ASK);
  await expect(bench.service.request(as(bench, VIEWER), ASK)).rejects.toEqual(code("DW_FORBIDDEN"));
  await expect(bench.service.confirm(as(bench, VIEWER), id, 20)).rejects.toEqual(code("DW_FORBIDDEN"));
  expect(() => bench.service.withdraw(as(bench, VIEWER), id)).toThrow(expect.objectContaining({ code: "DW_FORBIDDEN" }));
  expect(await bench.service.targets(as(bench, VIEWER), "", 100)).toEqual([]);
  expect(bench.sent).toEqual([]);
  expect(bench.service.list(1)).toMatchObject([{ state: "requested" }]);
});

test("[CM10] what may be commanded is listed by name, with what must stand, what stands and what is a safety function", async () => {
  const bench = await openBench();
  await bench.set(SPEED, { commandWhen: [{ signal: MODE, equals: "setup" }] });
  bench.live.set(MODE, stands("setup", quality.uncertain));
  const targets = await bench.service.targets(as(bench), "", 100);
  expect(targets.map(({ name }) => name)).toEqual(["count", "mode", "name", "run", "speed", "stop", "stop again"]);
  expect(targets.filter(({ safety }) => safety).map(({ name }) => name)).toEqual(["stop", "stop again"]);
  // what is not good is not known
  expect(targets.find(({ name }) => name === "speed")?.conditions).toEqual([{ signal: MODE, name: "mode", equals: "setup", holds: false }]);
  expect((await bench.service.targets(as(bench), "STOP", 1)).map(({ name }) => name)).toEqual(["stop"]);
});

test("[CM9] a method is confirmed by its inputs, its outputs are the end; never on the server's own objects or where there are no methods", async () => {
  const bench = await openBench();
  const call = {
    connection: MILL,
    object: "nsu=urn:mill;s=Door",
    method: "nsu=urn:mill;s=Open",
    name: "Open",
    inputs: [3, "slow"],
    reason: "a trial",
  };
  for (const object of ["nsu=http://opcfoundation.org/UA/;i=2253", "i=2253", "condition:nsu=http://opcfoundation.org/UA/;i=1", ""])
    await expect(bench.service.requestCall(as(bench), { ...call, object })).rejects.toEqual(code("DW_FORBIDDEN"));
  for (const connection of ["connection:table", "connection:off"])
    await expect(bench.service.requestCall(as(bench), { ...call, connection })).rejects.toEqual(code("DW_FORBIDDEN"));
  await expect(bench.service.requestCall(as(bench), { ...call, connection: "connection:none" })).rejects.toEqual(code("DW_NOT_FOUND"));
  const { id, value } = await bench.service.requestCall(as(bench), call);
  await expect(bench.service.confirm(as(bench), id, '[3,"fast"]')).rejects.toEqual(code("DW_CONFLICT"));
  bench.answer = async () => ({ kind: "called", outputs: [true, null] });
  expect(await bench.service.confirm(as(bench), id, value)).toMatchObject({ state: "done", after: "[true,null]" });
  expect(bench.sent).toEqual([{ value: [3, "slow"], onDisk: "writing" }]);
});

test("[CM14] a command of a connection that says so needs who confirms it to be there; the others, and what waits no more, do not ask", async () => {
  const { service, world, set } = await openBench();
  const view = world.view(OPERATOR);
  const { id } = await service.request(view, ASK);
  expect(service.needsPresence(view, id)).toBe(false);
  await set(MILL, { commandPresence: true });
  expect(service.needsPresence(view, id)).toBe(true);
  expect(() => service.needsPresence(world.view(VIEWER), id)).toThrow(expect.objectContaining({ code: "DW_FORBIDDEN" }));
  expect(() => service.needsPresence(view, "command:0")).toThrow(expect.objectContaining({ code: "DW_NOT_FOUND" }));
  service.withdraw(view, id);
  expect(() => service.needsPresence(view, id)).toThrow(expect.objectContaining({ code: "DW_CONFLICT" }));
});

/** Every command is of these classes. */
const classed = (...classes: readonly Partial<ApprovalClass>[]): ApprovalClasses => ({
  of: () => new Map(),
  ofCommand: () =>
    classes.map((one, at) => {
      const id = `propertyClass:${at}`;
      return { id, name: `Class ${at}`, propose: [], approve: [], approvers: 1, presence: false, directWrites: false, ...one };
    }),
  grantsOf: ({ roles }) => roles,
  qualifies: (grants, roles) => roles.some((role) => grants.includes(role)),
});
const person = (id: string, ...roles: readonly string[]): Principal => ({ id, name: id, verified: true, roles });

test("[SV247] a command of a class is confirmed by as many others as it says, with its roles, and waits longer for them", async () => {
  const bench = await openBench(classed({ propose: ["operator"], approve: ["engineer"], approvers: 2, presence: true }));
  const view = (principal: Principal) => bench.world.view(principal);
  const [otto, ida, bob] = [
    person("person:otto", "operator", "engineer"),
    person("person:ida", "engineer"),
    person("person:bob", "engineer"),
  ];
  await expect(bench.service.request(view(person("person:x", "engineer")), ASK)).rejects.toMatchObject({
    reason: { code: "commands.classRequest" },
  });
  const { id } = await bench.service.request(view(otto), ASK);
  expect(bench.service.needsPresence(view(ida), id)).toBe(true);
  bench.passed = 120 * SECOND;
  await expect(bench.service.confirm(view(otto), id, 20)).rejects.toMatchObject({ code: "DW_SAME_PERSON" });
  await expect(bench.service.confirm(view(person("person:y", "operator")), id, 20)).rejects.toMatchObject({
    reason: { code: "commands.classConfirm" },
  });
  for (const again of [1, 2]) {
    const once = await bench.service.confirm(view(ida), id, 20);
    expect([once.state, once.confirmations?.map(({ by }) => by)], String(again)).toEqual(["requested", ["person:ida"]]);
  }
  expect(bench.sent).toEqual([]);
  expect(await bench.service.confirm(view(bob), id, 20)).toMatchObject({ state: "done", confirmedBy: "person:bob" });
  expect(bench.sent).toEqual([{ value: 20, onDisk: "writing" }]);
});

test("[SV247] a class that allows direct writes asks for its roles alone; one that expires sooner ends the request then", async () => {
  const direct = await openBench(classed({ approve: ["administrator"], directWrites: true }));
  const { id } = await direct.service.request(direct.world.view(OPERATOR), ASK);
  expect(await direct.service.confirm(direct.world.view(OPERATOR), id, 20)).toMatchObject({ state: "done" });
  const short = await openBench(classed({}, { expiresAfter: 30 * SECOND }));
  const { expiresAt, requestedAt } = await short.service.request(short.world.view(OPERATOR), ASK);
  expect(expiresAt - requestedAt).toBe(30 * SECOND);
});

test("[SV325] a command that waits says whose confirmations it has and lacks, and waits for who may give one, and for nobody else", async () => {
  const bench = await openBench(classed({ approve: ["engineer"], approvers: 2 }, { approve: ["operator", "engineer"], approvers: 1 }));
  const view = (principal: Principal) => bench.world.view(principal);
  const otto = person("person:otto", "operator", "engineer");
  const [ida, bob, eve] = [person("person:ida", "engineer"), person("person:bob", "engineer"), person("person:eve", "operator")];
  const waits = (principal: Principal) => bench.service.waiting(view(principal)).map(({ id }) => id);
  const { id } = await bench.service.request(view(otto), ASK);
  const shown = (principal: Principal) => {
    const [command] = bench.service.list(1);
    const { lacking, mayConfirm } = bench.service.shown(view(principal), command!);
    return { lacking: lacking?.map(({ class: of, missing }) => [of, missing]), mayConfirm };
  };
  expect(shown(otto)).toEqual({
    lacking: [
      ["Class 0", 2],
      ["Class 1", 1],
    ],
    mayConfirm: false,
  });
  expect(shown(ida).mayConfirm).toBe(true);
  // not of every class
  expect(shown(eve).mayConfirm).toBe(false);
  expect([otto, ida, bob, eve, person("person:v", "viewer")].map((one) => waits(one).length)).toEqual([0, 1, 1, 0, 0]);
  await bench.service.confirm(view(ida), id, 20);
  expect(shown(bob)).toEqual({ lacking: [["Class 0", 1]], mayConfirm: true });
  expect([waits(ida), waits(bob)]).toEqual([[], [id]]);
  bench.passed = 301 * SECOND;
  expect(waits(bob)).toEqual([]);
});

test("[SV325] a command that one person confirms himself waits for nobody else", async () => {
  const bench = await openBench();
  const view = bench.world.view(OPERATOR);
  const command = await bench.service.request(view, ASK);
  expect(bench.service.shown(view, command)).toMatchObject({ mayConfirm: true });
  expect(bench.service.shown(view, command)).not.toHaveProperty("lacking");
  expect(bench.service.waiting(bench.world.view(person("person:ida", "engineer")))).toEqual([]);
});
