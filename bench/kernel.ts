import { EventList, hashText, packMemory, unpackMemory, uniformAt } from "@doppelwerk/sim";
import { type Report, reportMedian, timed } from "./report.ts";

const EVENTS = 500_000;
const ROUNDS = 15;

/**
 * The hold model: every event schedules its successor a uniform time ahead, mean the number of entities. The library carries a key of
 * time, priority and sequence, cancellation, a trace hash over every event and counter-based chance; the baseline is a typed-array heap
 * of times and identities with a shift register for chance, and nothing else. Bars: half of the baseline; 5 M events a second with
 * 1000 entities, 3 M with 100 000. Ratios are of processor time, which other work on the machine disturbs least.
 */
export async function bench(report: Report): Promise<void> {
  for (const [entities, name] of [
    [1000, "N=1000"],
    [100_000, "N=100 000"],
  ] as const) {
    const library: number[] = [];
    const libraryCpu: number[] = [];
    const bare: number[] = [];
    const ratios: number[] = [];
    holdLibrary(EVENTS, entities);
    holdBare(EVENTS, entities);
    for (let round = 0; round < ROUNDS; round++) {
      const ours = await timed(() => holdLibrary(EVENTS, entities));
      const base = await timed(() => holdBare(EVENTS, entities));
      library.push(EVENTS / ours.wallS);
      libraryCpu.push(EVENTS / ours.cpuS);
      bare.push(EVENTS / base.wallS);
      ratios.push(base.cpuS / ours.cpuS);
    }
    reportMedian(report, "kernel", `hold ${name}, library`, "events/s", library);
    reportMedian(report, "kernel", `hold ${name}, library, processor time`, "events/CPU-s", libraryCpu);
    reportMedian(report, "kernel", `hold ${name}, bare heap`, "events/s", bare);
    reportMedian(report, "kernel", `hold ${name}, library ÷ bare heap`, "ratio", ratios);
  }
  const forks = Array.from({ length: ROUNDS }, forkMilliseconds);
  reportMedian(report, "kernel", "fork of 100 000 events by bytes", "ms", forks);
}

function holdLibrary(events: number, entities: number): string {
  const span = 2000 * entities;
  const list = new EventList(0, entities);
  for (let entity = 0; entity < entities; entity++) list.schedule(Math.floor(span * uniformAt(1, 1, entity)), 0, 1, entity);
  for (let i = 0; i < events; i++) {
    list.next(Infinity);
    list.schedule(list.now + Math.floor(span * uniformAt(1, 2, i)), 0, 1, list.entity);
  }
  return hashText(list);
}

function holdBare(events: number, entities: number): number {
  const span = 2000 * entities;
  const times = new Float64Array(entities + 1);
  const ids = new Int32Array(entities + 1);
  let size = 0;
  let chance = 88675123;
  const random = (): number => {
    chance ^= chance << 13;
    chance ^= chance >>> 17;
    chance ^= chance << 5;
    return (chance >>> 0) / 4294967296;
  };
  const push = (time: number, id: number): void => {
    let at = size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (times[parent]! <= time) break;
      times[at] = times[parent]!;
      ids[at] = ids[parent]!;
      at = parent;
    }
    times[at] = time;
    ids[at] = id;
  };
  const pop = (): void => {
    const time = times[--size]!;
    const id = ids[size]!;
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && times[child + 1]! < times[child]!) child++;
      if (times[child]! >= time) break;
      times[at] = times[child]!;
      ids[at] = ids[child]!;
      at = child;
    }
    times[at] = time;
    ids[at] = id;
  };
  for (let id = 0; id < entities; id++) push(span * random(), id);
  let now = 0;
  for (let i = 0; i < events; i++) {
    now = times[0]!;
    const id = ids[0]!;
    pop();
    push(now + span * random(), id);
  }
  return now;
}

function forkMilliseconds(): number {
  const list = new EventList(0, 100_000);
  for (let entity = 0; entity < 100_000; entity++) list.schedule(Math.floor(2_000_000 * uniformAt(1, 1, entity)), 0, 1, entity);
  const start = performance.now();
  unpackMemory(packMemory([list]), [new EventList()]);
  return performance.now() - start;
}
