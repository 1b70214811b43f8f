import type { Stage } from "@doppelwerk/scene";
import type { PartFrame, StationFrame, StationState, ViewerFrame } from "./viewer-frame.ts";

const TAKT_S = 12;
const SPEED_MPS = 0.5;
const PRODUCTS = ["P1", "P2", "P3", "P4"];

/** A made-up instant for the gallery: parts in every place, queues, and on the move; never used by the product. */
export function sampleFrame(stage: Stage, seconds: number, busy: boolean, allStates: boolean): ViewerFrame {
  const order = stage.stations.map((station) => station.id);
  const parts: PartFrame[] = [];
  for (const station of stage.stations) {
    const progress = progressOf(order, station.id);
    station.places.forEach((_, place) => {
      if ((place * 5 + station.id.length) % 7 !== 6) parts.push(part(`${station.id}-${place}`, { station: station.id, place }, progress));
    });
  }
  for (const path of stage.paths) {
    const travel = path.lengthM / SPEED_MPS;
    const progress = progressOf(order, path.to) - 0.02;
    const rework = path.kind === "rework";
    const count = Math.min(5, Math.max(1, Math.floor(path.lengthM / (rework ? 4 : 2.2))));
    for (let i = 0; i < count; i++) {
      const t = (seconds + (i * travel) / count) % travel;
      parts.push({
        ...part(`${path.id}-${i}`, { path: path.id, fraction: t / travel }, rework ? 0.6 : progress),
        inferred: i === 1 && path.to === "S110",
      });
    }
  }
  return {
    instant: seconds * 1e6,
    stations: stationsOf(stage, busy, allStates),
    parts,
    vehicles: vehiclesOf(stage, seconds),
    robots: new Map(stage.parts.filter((p) => p.kind === "robot").map((p) => [p.id, (seconds / TAKT_S) % 1])),
    pointers: [{ id: "mei", name: "Mei", colour: "var(--dw-teal)", at: [30, 0, 14.6] }],
  };
}

function part(serial: string, at: PartFrame["at"], progress: number): PartFrame {
  let sum = 0;
  for (const c of serial) sum += c.charCodeAt(0);
  return { serial, product: PRODUCTS[sum % 4]!, at, progress, inferred: false };
}

function progressOf(order: readonly string[], id: string): number {
  if (id === "S130") return 0.95;
  if (id === "S120") return 0.88;
  if (id.startsWith("R")) return 0.6;
  const main = order.filter((name) => name.startsWith("S"));
  return Math.max(0, main.indexOf(id)) / main.length;
}

function vehiclesOf(stage: Stage, seconds: number): NonNullable<ViewerFrame["vehicles"]> {
  const track = stage.tracks[0];
  if (track === undefined) return [];
  return [0, 1, 2].map((i) => ({ id: `AGV-${i + 1}`, at: { track: track.id, metres: seconds * 1.2 + [6, 53, 71][i]! }, loaded: i !== 1 }));
}

function stationsOf(stage: Stage, busy: boolean, allStates: boolean): ReadonlyMap<string, StationFrame> {
  const states: readonly StationState[] = ["running", "idle", "blocked", "starved", "setup", "failed", "off", "unknown"];
  return new Map(
    stage.stations.map((station, i): [string, StationFrame] => {
      if (allStates)
        return [
          station.id,
          {
            state: states[i % states.length]!,
            value: states[i % states.length]!,
            ...(states[i % states.length] === "failed" ? { beacon: 1, acknowledged: true } : {}),
          },
        ];
      if (!busy) return [station.id, { state: "running" }];
      if (station.id === "S090")
        return [
          station.id,
          {
            state: "running",
            beacon: 1,
            value: "5 of 6 places · Δp 0.42 kPa",
            acknowledged: true,
            places: new Map([[3, { state: "failed", beacon: 1 }]]),
          },
        ];
      if (station.id === "S120") return [station.id, { state: "running", beacon: 2, value: "film low 6 %", acknowledged: true }];
      if (station.id === "S100") return [station.id, { state: "blocked", value: "138 s" }];
      if (station.id === "S110") return [station.id, { state: "starved", value: "20.1 s", quality: "uncertain" }];
      return [station.id, { state: "running", value: station.label }];
    }),
  );
}
