import { EventList, hashText, packMemory, unpackMemory, uniformAt } from "@doppelwerk/sim";
import { type Report, reportMedian } from "./report.ts";

const ENTITIES = 1000;
const EVENTS = 500_000;
const ROUNDS = 15;

/**
 * The hold model, N = 1000: every event schedules its successor a uniform time ahead. The library carries a key of time, priority
 * and sequence, cancellation, a trace hash over every event and counter-based chance; the baseline is a typed-array heap of times
 * and identities with a shift register for chance, and nothing else. Bars: 3 M events a second, 40 % of the baseline.
 */
export async function bench(report: Report): Promise<void> {
  const library: number[] = [];
  const bare: number[] = [];
  const ratios: number[] = [];
  const forks: number[] = [];
  holdLibrary(EVENTS);
  holdBare(EVENTS);
  for (let round = 0; round < ROUNDS; round++) {
    const ours = perSecond(() => holdLibrary(EVENTS));
    const base = perSecond(() => holdBare(EVENTS));
    library.push(ours);
    bare.push(base);
    ratios.push(ours / base);
    forks.push(forkMilliseconds());
  }
  reportMedian(report, "kernel", "hold N=1000, library", "events/s", library);
  reportMedian(report, "kernel", "hold N=1000, bare heap", "events/s", bare);
  reportMedian(report, "kernel", "hold N=1000, library ÷ bare heap", "ratio", ratios);
  reportMedian(report, "kernel", "fork of 100 000 events by bytes", "ms", forks);
}

function perSecond(run: () => void): number {
  const start = performance.now();
  run();
  return (EVENTS / (performance.now() - start)) * 1000;
}

function holdLibrary(events: number): string {
  const list = new EventList(0, ENTITIES);
  for (let entity = 0; entity < ENTITIES; entity++) list.schedule(Math.floor(2_000_000 * uniformAt(1, 1, entity)), 0, 1, entity);
  for (let i = 0; i < events; i++) {
    list.next(Infinity);
    list.schedule(list.now + Math.floor(2_000_000 * uniformAt(1, 2, i)), 0, 1, list.entity);
  }
  return hashText(list);
}

function holdBare(events: number): number {
  const times = new Float64Array(ENTITIES + 1);
  const ids = new Int32Array(ENTITIES + 1);
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
  for (let id = 0; id < ENTITIES; id++) push(2_000_000 * random(), id);
  let now = 0;
  for (let i = 0; i < events; i++) {
    now = times[0]!;
    const id = ids[0]!;
    pop();
    push(now + 2_000_000 * random(), id);
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
