import { message } from "@doppelwerk/messages";
import type { Instant } from "@doppelwerk/world";
import { DoppelwerkError } from "@doppelwerk/world/error";
import type { LineModel } from "../../line/line-model.ts";
import { runLine } from "../../line/line-run.ts";
import type { BufferProblem } from "./buffer-search.ts";

export interface LineBufferOptions {
  /** Stations whose buffers may change; none = all that have one. */
  readonly stations?: readonly string[];
  /** Places to divide; none = as many as there are now. */
  readonly total?: number;
  readonly replications: number;
  readonly seed: number;
  readonly startInstant: Instant;
  readonly horizonS: number;
  readonly warmUpS: number;
}

/** The buffers of a line as a problem for `BufferSearch`, judged by simulating good parts; all candidates share their random numbers (S23). */
export interface LineBuffers {
  readonly problem: BufferProblem;
  /** Stations in the order of the sizes, and the sizes they have now. */
  readonly stations: readonly string[];
  readonly present: Int32Array;
  /** The line with other sizes. */
  withSizes(sizes: ArrayLike<number>): LineModel;
}

/** Throws DW_INVALID when a station has no buffer, or fewer than two may change. */
export function lineBuffers(line: LineModel, options: LineBufferOptions): LineBuffers {
  const capacity = new Map(line.stations.flatMap(({ id, buffer }) => (buffer === undefined ? [] : [[id, buffer.capacity] as const])));
  const stations = options.stations ?? [...capacity.keys()];
  const without = stations.find((id) => !capacity.has(id));
  if (without !== undefined) throw new DoppelwerkError("DW_INVALID", message("sim.stationNoBuffer", { without }));
  if (stations.length < 2)
    throw new DoppelwerkError("DW_INVALID", message("sim.placesMovedBetweenTwoBuffersOr", { count: stations.length }));
  const present = Int32Array.from(stations, (id) => capacity.get(id)!);
  const places = present.reduce((sum, size) => sum + size, 0);
  const total = options.total ?? places;
  const withSizes = (sizes: ArrayLike<number>): LineModel => ({
    ...line,
    stations: line.stations.map((station) => {
      const at = stations.indexOf(station.id);
      return at < 0 ? station : { ...station, buffer: { ...station.buffer!, capacity: sizes[at]! } };
    }),
  });
  const { replications, seed, startInstant, horizonS, warmUpS } = options;
  return {
    stations,
    present,
    withSizes,
    problem: {
      buffers: stations.length,
      total,
      replications,
      ...(total === places ? { present: Array.from(present) } : {}),
      throughput: (sizes, replication) => runLine(withSizes(sizes), { seed, replication, startInstant, horizonS, warmUpS }).good,
    },
  };
}
