import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { message, textOf, verbatim, type Message } from "@doppelwerk/messages";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { quality, type ConnectionRecord, type SignalRecord } from "@doppelwerk/world";
import { startCommander, type CallInput } from "../command/index.ts";
import { inputsOf } from "../command/opcua-call.ts";
import { createRecorder } from "../samples/recorder.ts";
import { startProxy } from "../samples/test-proxy.ts";
import { wallClock } from "../samples/wall-clock.ts";
import { formatAddress } from "./address.ts";
import { browseServer } from "./browse.ts";
import { conditionAddress } from "./conditions.ts";
import { createOpcuaSource } from "./opcua-source.ts";
import { ALARM_NAMESPACE, FLOODING, startAlarmPlant } from "./test-alarm-plant.ts";

const folder = mkdtempSync(join(tmpdir(), "dw-conditions-"));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

const node = (name: string): string => formatAddress(ALARM_NAMESPACE, `s=${name}`);
const connection = (url: string): ConnectionRecord => ({
  id: "connection:1",
  kind: "connection",
  name: "tank",
  protocol: "opcua",
  url,
  enabled: true,
});
const signal = (name: string, address: string, more: Partial<SignalRecord> = {}): SignalRecord => ({
  id: `signal:${name}`,
  kind: "signal",
  name,
  valueType: "double",
  address,
  ...more,
});

describe("conditions, methods and changes of an OPC UA server", () => {
  let stops: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const stop of stops.toReversed()) await stop();
    stops = [];
  });

  test("[C152] a condition is a signal of its state: active, acknowledged, normal, and after a reconnect as it stands then", async () => {
    const plant = await startAlarmPlant(join(folder, "pki"));
    stops.push(() => plant.stop());
    const proxy = await startProxy(Number(new URL(plant.url).port));
    stops.push(() => proxy.stop());
    const signals = [signal("alarm", conditionAddress(node("LevelHigh")), { valueType: "enumeration" }), signal("level", node("Level"))];
    const source = createOpcuaSource(connection(`opc.tcp://127.0.0.1:${proxy.port}`), signals, {
      clock: wallClock,
      dataDir: folder,
      graceMs: 300,
      retryMs: { first: 50, most: 200 },
    });
    stops.push(() => source.close());
    const recorder = createRecorder();
    await source.start(recorder);
    const state = (wanted: number) =>
      recorder.until(() => recorder.of(0).at(-1)?.value === wanted && recorder.of(0).at(-1)?.quality === quality.good, `state ${wanted}`);
    await state(0);
    plant.setLevel(90);
    await state(3);
    plant.acknowledgeThere();
    await state(1);
    // what happens while nobody listens is said by the refresh
    proxy.cut();
    await recorder.until(() => recorder.states().at(-1) === "reconnecting", "the loss");
    plant.setLevel(10);
    proxy.mend();
    await recorder.until(() => recorder.states().at(-1) === "connected", "the return");
    await recorder.until(() => (recorder.of(0).at(-1)!.value & 1) === 0 && recorder.of(0).at(-1)!.quality === quality.good, "inactive");
  });

  test("[C202] message, severity, comment and whose act it was are said with each event, once, also over a reconnect; what waits in a branch keeps the condition waiting", async () => {
    const plant = await startAlarmPlant(join(folder, "pki"), 0, { withDoor: true });
    stops.push(() => plant.stop());
    const proxy = await startProxy(Number(new URL(plant.url).port));
    stops.push(() => proxy.stop());
    const source = createOpcuaSource(
      connection(`opc.tcp://127.0.0.1:${proxy.port}`),
      [signal("door", conditionAddress(node("DoorOpen")), { valueType: "enumeration" })],
      { clock: wallClock, dataDir: folder, graceMs: 300, retryMs: { first: 50, most: 200 } },
    );
    stops.push(() => source.close());
    const recorder = createRecorder();
    await source.start(recorder);
    const said = () => recorder.notices.flatMap((notice) => (notice.kind === "conditions" ? notice.events : []));
    const state = (wanted: number) => recorder.until(() => recorder.of(0).at(-1)?.value === wanted, `state ${wanted}`);
    await recorder.until(() => recorder.states().at(-1) === "connected", "connected");
    plant.door.set(true);
    await recorder.until(() => ((recorder.of(0).at(-1)?.value ?? 0) & 3) === 3, "active, unacknowledged");
    const raised = said().at(-1)!;
    expect(raised).toMatchObject({ index: 0, retain: true, sourceNode: node("Open"), eventId: expect.stringMatching(/^[0-9a-f]{8,}$/) });
    expect(raised.severity).toBeGreaterThan(0);
    expect(raised.message).not.toBe("");
    plant.door.branch();
    await recorder.until(() => said().some(({ branch }) => branch !== undefined), "the branch");
    const commander = startCommander({ dataDir: folder });
    stops.push(() => commander.close());
    const act = (method: string, ...inputs: CallInput[]) =>
      commander.call({ connection: connection(plant.url), call: { object: conditionAddress(node("DoorOpen")), method, inputs } });
    expect(await act("comment", "on my way")).toMatchObject({ kind: "called" });
    await recorder.until(() => said().some(({ comment }) => comment === "on my way"), "the comment");
    expect(await act("acknowledge", "seen by Anna")).toEqual({ kind: "called", outputs: [true] });
    expect(plant.door.state()).toMatchObject({ acknowledged: true, branches: 1 });
    // the earlier state still waits, so that the condition as a whole waits
    await recorder.until(() => said().some(({ comment, branch }) => comment === "seen by Anna" && branch === undefined), "acknowledged");
    expect(recorder.of(0).at(-1)!.value & 3).toBe(3);
    expect(await act("acknowledge", "that too")).toEqual({ kind: "called", outputs: [true] });
    await state(5);
    expect(await act("confirm", "done")).toEqual({ kind: "called", outputs: [true] });
    expect(await act("confirm", "that too")).toEqual({ kind: "called", outputs: [true] });
    await state(1);
    const before = said().length;
    proxy.cut();
    await recorder.until(() => recorder.states().at(-1) === "reconnecting", "the loss");
    proxy.mend();
    await recorder.until(() => recorder.states().at(-1) === "connected", "the return");
    // a resumed session goes on: what is said again is said to be so
    for (const event of said().slice(before)) expect(event).toMatchObject({ refreshed: true });
    plant.door.set(false);
    await recorder.until(() => said().length > before && (recorder.of(0).at(-1)!.value & 1) === 0, "closed");
  });

  test("[C203] a condition is shelved for a time, unshelved, suppressed; what the server refuses is said", async () => {
    const plant = await startAlarmPlant(join(folder, "pki"), 0, { withDoor: true });
    stops.push(() => plant.stop());
    const source = createOpcuaSource(
      connection(plant.url),
      [signal("door", conditionAddress(node("DoorOpen")), { valueType: "enumeration" })],
      { clock: wallClock, dataDir: folder, retryMs: { first: 50, most: 200 } },
    );
    stops.push(() => source.close());
    const recorder = createRecorder();
    await source.start(recorder);
    await recorder.until(() => recorder.states().at(-1) === "connected", "connected");
    plant.door.set(true);
    const has = (bit: number, wanted: number) => recorder.until(() => ((recorder.of(0).at(-1)?.value ?? 0) & bit) === wanted, `bit ${bit}`);
    await has(3, 3);
    const commander = startCommander({ dataDir: folder });
    stops.push(() => commander.close());
    const act = (method: string, name: string, ...inputs: CallInput[]) =>
      commander.call({ connection: connection(plant.url), call: { object: conditionAddress(node(name)), method, inputs } });
    expect(await act("shelve", "DoorOpen", "long")).toMatchObject({ kind: "refused", why: { code: "connectors.conditionShelveDuration" } });
    expect(await act("shelve", "DoorOpen", 7_200)).toEqual({ kind: "refused", why: verbatim("BadShelvingTimeOutOfRange") });
    expect(await act("shelve", "DoorOpen", 600)).toEqual({ kind: "called", outputs: [true] });
    expect(plant.door.state().shelved).toBe(true);
    await has(16, 16);
    expect(await act("shelve", "DoorOpen", 600)).toEqual({ kind: "refused", why: verbatim("BadConditionAlreadyShelved") });
    expect(await act("unshelve", "DoorOpen")).toEqual({ kind: "called", outputs: [true] });
    await has(16, 0);
    plant.door.suppress(true);
    await has(32, 32);
    plant.setLevel(90);
    expect(await act("shelve", "LevelHigh", 60)).toMatchObject({ kind: "refused", why: { code: "connectors.conditionNotShelvable" } });
  });

  test.each([
    ["as fast as they are taken, none is lost", 200, 10_000],
    ["without a pause, the state of each is known in the end", 10_000, 1_000],
  ])(
    "[C204] a flood of 10,000 events of conditions: %s",
    async (_, together, least) => {
      const plant = await startAlarmPlant(join(folder, "pki"));
      stops.push(() => plant.stop());
      const signals = Array.from({ length: FLOODING }, (_, n) =>
        signal(`many.${n}`, conditionAddress(node(`Many.${n}`)), { valueType: "enumeration" }),
      );
      const source = createOpcuaSource(connection(plant.url), signals, { clock: wallClock, dataDir: folder, silenceMs: 60_000 });
      stops.push(() => source.close());
      const states = new Map<number, number>();
      const events: number[] = [];
      let connected = false;
      await source.start({
        batch(batch) {
          for (let row = 0; row < batch.count; row++) states.set(batch.signals[row]!, batch.values[row]!);
        },
        notice(notice) {
          if (notice.kind === "state") connected = notice.state === "connected";
          if (notice.kind === "conditions")
            for (const { message: text, refreshed } of notice.events) if (refreshed === undefined) events.push(Number(text.split(" ")[1]));
        },
      });
      const until = async (holds: () => boolean) => {
        while (!holds()) await new Promise((resolve) => setTimeout(resolve, 50));
      };
      await until(() => connected);
      await plant.flood({ count: 10_000, together });
      await until(() => signals.every((_, n) => ((states.get(n) ?? 0) & 3) === 3));
      await until(() => events.length >= least && events.at(-1) === 9_999);
      expect(events).toEqual(events.toSorted((a, b) => a - b));
      expect(new Set(events).size).toBe(events.length);
    },
    120_000,
  );

  test("[C153] conditions are found with severity and message, also those that are normal; methods with the types of their arguments", async () => {
    const plant = await startAlarmPlant(join(folder, "pki"));
    stops.push(() => plant.stop());
    const calm = await browseServer(plant.url, { dataDir: folder });
    expect(calm.conditions).toEqual([
      { address: conditionAddress(node("LevelHigh")), source: "Tank", name: "LevelHigh", message: "", severity: 0, state: 0 },
    ]);
    plant.setLevel(90);
    const { conditions, methods } = await browseServer(plant.url, { dataDir: folder });
    expect(conditions).toHaveLength(1);
    expect(conditions![0]).toMatchObject({ address: conditionAddress(node("LevelHigh")), name: "LevelHigh", state: 3 });
    expect(conditions![0]!.severity).toBeGreaterThan(0);
    expect(methods!.filter(({ object }) => object === node("Tank"))).toEqual([
      {
        path: ["Tank", "Fill"],
        object: node("Tank"),
        method: node("Fill"),
        inputs: [
          { name: "amount", dataType: "Double", description: "the amount", supported: true },
          { name: "steps", dataType: "UInt16", description: "the steps", supported: true },
          { name: "marks", dataType: "Int32", array: true, description: "the marks", supported: true },
        ],
        outputs: [
          { name: "level", dataType: "Double", description: "the level", supported: true },
          { name: "note", dataType: "String", description: "the note", supported: true },
        ],
      },
      { path: ["Tank", "Drain"], object: node("Tank"), method: node("Drain"), inputs: [], outputs: [] },
    ]);
  });

  test("[C154] a method is called with inputs of the declared types; what does not fit is refused before it is sent, and the server's no is told", async () => {
    const plant = await startAlarmPlant(join(folder, "pki"));
    stops.push(() => plant.stop());
    const commander = startCommander({ dataDir: folder });
    stops.push(() => commander.close());
    const call = (method: string, inputs: readonly CallInput[]) =>
      commander.call({ connection: connection(plant.url), call: { object: node("Tank"), method: node(method), inputs } });
    expect(await call("Fill", [5.5, 3, [1, -2]])).toEqual({ kind: "called", outputs: [15.5, "filled"] });
    expect(await call("Fill", [500, 3, []])).toEqual({ kind: "refused", why: verbatim("BadOutOfRange") });
    expect(await call("Fill", [1])).toEqual({ kind: "refused", why: message("connectors.inputsOtherNumber", { declared: 3, given: 1 }) });
    const declared = [
      { name: "amount", dataType: "Double", supported: true },
      { name: "steps", dataType: "UInt16", supported: true },
      { name: "marks", dataType: "Int32", array: true as const, supported: true },
    ];
    for (const [inputs, why] of [
      [["much", 3, []], /input amount is of type Double and takes no "much"/],
      [[1, 70_000, []], /input steps is of type UInt16 and takes no 70000/],
      [[1, 2, 3], /input marks is a list of Int32/],
    ] as const)
      expect(textOf(inputsOf(declared, inputs as readonly CallInput[]) as Message)).toMatch(why);
    expect(plant.calls).toEqual(["Fill 5.5 3 [1,-2]", "Fill 500 3 []"]);
  });

  test("[C155] a condition is acknowledged at the server by its newest event, once", async () => {
    const plant = await startAlarmPlant(join(folder, "pki"));
    stops.push(() => plant.stop());
    const commander = startCommander({ dataDir: folder });
    stops.push(() => commander.close());
    const acknowledge = () =>
      commander.call({
        connection: connection(plant.url),
        call: { object: conditionAddress(node("LevelHigh")), method: "acknowledge", inputs: ["seen by Anna"] },
      });
    plant.setLevel(90);
    expect(plant.isAcknowledged()).toBe(false);
    expect(await acknowledge()).toEqual({ kind: "called", outputs: [true] });
    expect(plant.isAcknowledged()).toBe(true);
    expect(await acknowledge()).toEqual({
      kind: "refused",
      why: { code: expect.stringMatching(/conditionGone|conditionNotToAcknowledge/), params: {} },
    });
  });

  test("[C156] nodes that a server adds while we listen are found by its model change event", async () => {
    const plant = await startAlarmPlant(join(folder, "pki"));
    stops.push(() => plant.stop());
    const source = createOpcuaSource(connection(plant.url), [signal("level", node("Level")), signal("later", node("Later"))], {
      clock: wallClock,
      dataDir: folder,
      retryMs: { first: 50, most: 200 },
    });
    stops.push(() => source.close());
    const recorder = createRecorder();
    await source.start(recorder);
    await recorder.until(() => recorder.of(1).at(-1)?.quality === quality.bad, "unknown");
    plant.addVariable("Later", 42);
    await recorder.until(() => recorder.of(1).at(-1)?.value === 42, "the new node");
  });
});
