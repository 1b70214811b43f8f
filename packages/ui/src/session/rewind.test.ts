import type { Client, LineInfo, Snapshot } from "@doppelwerk/client";
import { createLineEngine } from "@doppelwerk/operations";
import type { LineDefinition, SignalBinding, StationDefinition } from "@doppelwerk/operations";
import { HOUR, MINUTE, SECOND } from "@doppelwerk/world";
import type { SampleBatch } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { Rewind } from "./rewind.ts";

const START = Date.UTC(2026, 10, 24, 6) * 1000;

function binding(station: string, role: string): SignalBinding {
  return { id: `signal:${station}.${role}`, name: `${station}.${role}`, role, valueType: role.startsWith("Part") ? "string" : "double" };
}

function station(id: string): StationDefinition {
  const roles = ["PartIn", "PartOut", "ItemState"] as const;
  return {
    id,
    label: id,
    places: 1,
    placesFailAlone: false,
    idealCycleS: 30,
    addedS: {},
    buffer: 4,
    operators: 0,
    setUps: [],
    maxTries: 1,
    signals: Object.fromEntries(roles.map((role) => [role, binding(id, role)])),
    processValues: [],
    mapping: { version: 1, vendorStates: {}, itemStates: {}, modes: {}, blockedBit: false, starvedBit: false } as never,
  };
}

const definition: LineDefinition = {
  id: "line",
  label: "Line",
  constraint: "A",
  stations: [station("A"), station("B")],
  flows: [{ from: "A", to: "B", kind: "main", travelS: 5 }],
  products: [],
  shifts: [{ name: "Early", startMinute: 0, endMinute: 1440, days: [1, 2, 3, 4, 5, 6, 7], breaks: [] }],
  timeZone: "UTC",
};

/** Parts that go through A and B once a minute for four hours, in order of time. */
function recorded(): SampleBatch & { readonly ids: readonly string[] } {
  const rows: { time: number; id: string; text: string }[] = [];
  for (let part = 0; part < 240; part += 1) {
    const at = START + part * MINUTE;
    const serial = `P${part}`;
    rows.push({ time: at + SECOND, id: "signal:A.PartIn", text: serial }, { time: at + 31 * SECOND, id: "signal:A.PartOut", text: serial });
    rows.push(
      { time: at + 37 * SECOND, id: "signal:B.PartIn", text: serial },
      { time: at + 67 * SECOND, id: "signal:B.PartOut", text: serial },
    );
  }
  rows.sort((a, b) => a.time - b.time);
  const ids = ["signal:A.PartIn", "signal:A.PartOut", "signal:B.PartIn", "signal:B.PartOut"];
  const times = Float64Array.from(rows, (row) => row.time);
  return {
    ids,
    origin: "replayed",
    count: rows.length,
    signals: Uint32Array.from(rows, (row) => ids.indexOf(row.id)),
    values: new Float64Array(rows.length).fill(Number.NaN),
    texts: new Map(rows.map((row, index) => [index, row.text])),
    qualities: new Uint8Array(rows.length),
    sourceTimes: times,
    serverTimes: times,
  };
}

function windowOf(all: SampleBatch, from: number, to: number): SampleBatch {
  const kept = [...all.sourceTimes.keys()].filter((row) => all.sourceTimes[row]! >= from && all.sourceTimes[row]! < to);
  const times = Float64Array.from(kept, (row) => all.sourceTimes[row]!);
  return {
    ...all,
    count: kept.length,
    signals: Uint32Array.from(kept, (row) => all.signals[row]!),
    values: Float64Array.from(kept, (row) => all.values[row]!),
    qualities: new Uint8Array(kept.length),
    texts: new Map(kept.map((row, index) => [index, all.texts.get(row)!])),
    sourceTimes: times,
    serverTimes: times,
  };
}

test("[U24] [LN42] forwards, backwards and beyond the window, the fold equals one fold from the start", async () => {
  const all = recorded();
  let asked = 0;
  const lines = new Set<string | undefined>();
  const client = {
    window(_: unknown, from: number, to: number, call?: { readonly line?: string }) {
      asked += 1;
      lines.add(call?.line);
      return Promise.resolve(windowOf(all, from, to));
    },
  } as unknown as Client;
  const line = { id: "line", definition } as unknown as LineInfo;
  const empty = {
    id: "",
    cause: "",
    inferred: false,
    since: 0,
    mode: "",
    places: [{ state: "unknown" }],
    buffer: { count: 0, capacity: 4, parts: [] },
    good: undefined,
    lastCycleS: undefined,
    state: "unknown",
  };
  const base = {
    instant: 0,
    live: false,
    stations: [
      { ...empty, id: "A" },
      { ...empty, id: "B" },
    ],
    wip: { value: 0, error: 0, unmatched: [] },
    shift: undefined,
    alarms: [],
    agvs: [],
  } as unknown as Snapshot;
  const rewind = new Rewind(client, (index) => all.ids[index]!);
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  const first = START + 2 * HOUR + 10 * MINUTE;
  expect(rewind.at(first, line, base)).toBeUndefined();
  await settle();
  for (const offset of [0, 40 * SECOND, 7 * MINUTE, 3 * MINUTE, 18 * MINUTE, 12 * MINUTE + 33 * SECOND, 0]) {
    const instant = first + offset;
    const shown = rewind.at(instant, line, base);
    await settle();
    const straight = createLineEngine(definition, { zoneOffset: () => 0 });
    straight.step(windowOf(all, first - 2 * HOUR, instant), all.ids);
    straight.advance(instant);
    const picture = straight.parts();
    expect(shown?.wip.value, `offset ${offset}`).toBe(picture.wip.value);
    expect(
      shown?.stations.map((own) => own.places[0]?.serial),
      `offset ${offset}`,
    ).toEqual(["A", "B"].map((id) => picture.parts.find((part) => part.at.kind === "place" && part.at.station === id)?.serial));
    expect(shown?.stations.map((own) => own.state)).toEqual(
      straight
        .states()
        .filter((state) => state.place === undefined)
        .map((state) => state.state),
    );
  }
  expect(asked).toBeGreaterThan(1);
  expect(asked).toBeLessThan(5);
  expect([...lines]).toEqual(["line"]);
});
