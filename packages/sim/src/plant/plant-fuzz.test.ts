import { expect, test } from "vitest";
import type { LineModel } from "../line/line-model.ts";
import type { PlantModel } from "./plant-model.ts";
import { createPlantRun } from "./plant-run.ts";
import { validatePlantModel } from "./validate-plant-model.ts";

const PLANTS = 60;
const HORIZON_S = 400;

/** A small generator of its own: nothing of the engine under test. */
function chance(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761 + 12_345;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    return ((state >>> 8) % 1_000_003) % below;
  };
}

interface Sketch {
  /** Cycle of each station of each line, microseconds, no two alike. */
  readonly lines: readonly (readonly number[])[];
  /** Slots between stations of a line. */
  readonly slots: readonly (readonly number[])[];
  readonly buffers: readonly { readonly capacity: number; readonly from: readonly number[]; readonly to: readonly number[] }[];
}

/** Two or three layers of lines, every layer behind one shared buffer. */
function sketchOf(seed: number): Sketch {
  const below = chance(seed);
  const layers = Array.from({ length: 2 + below(2) }, () => 1 + below(3));
  const count = layers.reduce((sum, layer) => sum + layer, 0);
  const lines = Array.from({ length: count }, () => Array.from({ length: 1 + below(3) }, () => 500_000 + below(4_000_000)));
  let first = 0;
  const members = layers.map((layer) => Array.from({ length: layer }, () => first++));
  return {
    lines,
    slots: lines.map((line) => line.map(() => below(4))),
    buffers: members.slice(1).map((to, index) => ({ capacity: below(5), from: members[index]!, to })),
  };
}

function plantOf({ lines, slots, buffers }: Sketch): PlantModel {
  const id = (line: number, station: number) => `L${line}S${station}`;
  return {
    format: "doppelwerk-plant/1",
    id: "fuzz",
    lines: lines.map((times, line): LineModel => ({
      format: "doppelwerk-line/1",
      id: `L${line}`,
      products: [{ id: "part" }],
      stations: times.map((time, station) => ({
        id: id(line, station),
        places: 1,
        cycle: { time: { kind: "constant", value: time / 1e6 } },
        ...(station === 0 ? { source: { program: true } } : { buffer: { capacity: slots[line]![station]! } }),
        ...(station < times.length - 1 ? { next: { station: id(line, station + 1) } } : {}),
      })),
    })),
    buffers: buffers.map(({ capacity, from, to }, index) => ({
      id: `B${index}`,
      capacity,
      from: from.map((line) => ({ line: `L${line}`, station: id(line, lines[line]!.length - 1) })),
      to: to.map((line) => ({ line: `L${line}`, station: id(line, 0) })),
    })),
  };
}

/** A machine of the reference: idle since, busy until, or done since (and blocked). */
interface Machine {
  readonly time: number;
  readonly before: number;
  readonly behind: number;
  state: "idle" | "busy" | "done";
  at: number;
  cycles: number;
}

/** Brute force: look at everything after every event until nothing moves any more. Cycles ended by machine, parts in each store. */
function bruteForce({ lines, slots, buffers }: Sketch): { readonly cycles: readonly number[]; readonly levels: readonly number[] } {
  const room: number[] = [];
  const levels: number[] = [];
  const store = (capacity: number): number => (levels.push(0), room.push(capacity) - 1);
  const shared = buffers.map(({ capacity }) => store(capacity));
  const machines = lines.flatMap((times, line) => {
    let before = buffers.findIndex(({ to }) => to.includes(line));
    before = before < 0 ? -1 : shared[before]!;
    return times.map((time, station): Machine => {
      const ahead = buffers.findIndex(({ from }) => from.includes(line));
      const behind = station < times.length - 1 ? store(slots[line]![station + 1]!) : ahead < 0 ? -1 : shared[ahead]!;
      const machine: Machine = { time, before, behind, state: "idle", at: 0, cycles: 0 };
      before = behind;
      return machine;
    });
  });
  const isIdle = (at: number) => machines.some((machine) => machine.before === at && machine.state === "idle");
  const longest = (of: readonly Machine[]) => of.toSorted((a, b) => a.at - b.at)[0];
  const settle = (now: number): void => {
    for (;;) {
      const taker = longest(machines.filter((each) => each.state === "idle" && (each.before < 0 || levels[each.before]! > 0)));
      if (taker) {
        if (taker.before >= 0) levels[taker.before]!--;
        Object.assign(taker, { state: "busy", at: now + taker.time });
        continue;
      }
      const giver = longest(
        machines.filter(
          ({ state, behind }) =>
            state === "done" &&
            (behind < 0 || levels[behind]! < room[behind]! || (room[behind] === 0 && levels[behind] === 0 && isIdle(behind))),
        ),
      );
      if (!giver) return;
      if (giver.behind >= 0) levels[giver.behind]!++;
      Object.assign(giver, { state: "idle", at: now });
    }
  };
  settle(0);
  for (;;) {
    const next = longest(machines.filter(({ state }) => state === "busy"));
    if (!next || next.at > HORIZON_S * 1e6) return { cycles: machines.map(({ cycles }) => cycles), levels: levels.slice(0, shared.length) };
    next.cycles++;
    next.state = "done";
    settle(next.at);
  }
}

test("[S67] any plant of lines with shared buffers makes what brute force makes", () => {
  for (let seed = 1; seed <= PLANTS; seed++) {
    const sketch = sketchOf(seed);
    const plant = plantOf(sketch);
    expect(validatePlantModel(plant), `seed ${seed}`).toEqual([]);
    const run = createPlantRun(plant, { startInstant: 0, seed });
    run.advanceTo(HORIZON_S * 1e6);
    const result = run.result();
    const { cycles, levels } = bruteForce(sketch);
    expect(
      result.lines.flatMap(({ stations }) => stations.map((station) => station.cycles)),
      `seed ${seed}`,
    ).toEqual(cycles);
    expect(
      result.buffers.map(({ end }) => end),
      `seed ${seed}`,
    ).toEqual(levels);
    expect(result.balanced, `seed ${seed}`).toBe(true);
  }
});
