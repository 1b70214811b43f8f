import { streamOf } from "../random/philox.ts";
import type { FlowModel } from "./flow-model.ts";
import { type CompiledTime, compileTime } from "./flow-time.ts";

export interface CompiledFleet {
  readonly id: string;
  readonly vehicles: number;
  readonly firstVehicle: number;
  readonly speedMps: number;
  readonly home: number;
  readonly load: CompiledTime;
  readonly unload: CompiledTime;
  readonly charge: CompiledTime | undefined;
  readonly charger: number;
  readonly driveM: number;
  readonly dispatch: "oldest" | "nearest" | "priority";
  readonly streams: { readonly load: number; readonly unload: number; readonly charge: number };
}

/** Points and shortest ways; `next[from * points + to]` is the first hop. */
export interface CompiledNetwork {
  readonly points: readonly string[];
  readonly distance: Float64Array<ArrayBuffer>;
  readonly next: Int32Array<ArrayBuffer>;
  /** Zone of the hop between neighbours, −1 none. */
  readonly hopZone: ReadonlyMap<number, number>;
  readonly zones: readonly string[];
  readonly fleets: readonly CompiledFleet[];
  readonly vehicles: number;
}

/** All shortest ways (Floyd 1962 and Warshall 1962): networks are bounded to a few hundred points. */
export function compileNetwork(model: FlowModel): CompiledNetwork {
  const points = model.network?.points ?? [];
  const P = points.length;
  const distance = new Float64Array(P * P).fill(Infinity);
  const next = new Int32Array(P * P).fill(-1);
  const hopZone = new Map<number, number>();
  const zones: string[] = [];
  for (let point = 0; point < P; point++) distance[point * P + point] = 0;
  for (const way of model.network?.ways ?? []) {
    const from = points.indexOf(way.from);
    const to = points.indexOf(way.to);
    if (way.zone !== undefined && !zones.includes(way.zone)) zones.push(way.zone);
    for (const [a, b] of way.oneWay === true ? [[from, to] as const] : [[from, to] as const, [to, from] as const]) {
      if (way.lengthM >= distance[a * P + b]!) continue;
      distance[a * P + b] = way.lengthM;
      next[a * P + b] = b;
      hopZone.set(a * P + b, way.zone === undefined ? -1 : zones.indexOf(way.zone));
    }
  }
  for (let via = 0; via < P; via++)
    for (let from = 0; from < P; from++) {
      const first = distance[from * P + via]!;
      if (first === Infinity) continue;
      for (let to = 0; to < P; to++) {
        const through = first + distance[via * P + to]!;
        if (through >= distance[from * P + to]!) continue;
        distance[from * P + to] = through;
        next[from * P + to] = next[from * P + via]!;
      }
    }
  let vehicles = 0;
  const fleets = (model.fleets ?? []).map((fleet): CompiledFleet => {
    const firstVehicle = vehicles;
    vehicles += fleet.vehicles;
    return {
      id: fleet.id,
      vehicles: fleet.vehicles,
      firstVehicle,
      speedMps: fleet.speedMps,
      home: points.indexOf(fleet.home),
      load: compileTime(fleet.loadS ?? 0),
      unload: compileTime(fleet.unloadS ?? 0),
      charge: fleet.battery === undefined ? undefined : compileTime(fleet.battery.chargeS),
      charger: fleet.battery === undefined ? -1 : points.indexOf(fleet.battery.at),
      driveM: fleet.battery?.driveM ?? Infinity,
      dispatch: fleet.dispatch ?? "oldest",
      streams: { load: streamOf(fleet.id, "load"), unload: streamOf(fleet.id, "unload"), charge: streamOf(fleet.id, "charge") },
    };
  });
  return { points, distance, next, hopZone, zones, fleets, vehicles };
}
