import type { PlantView } from "@doppelwerk/kit/server";
import { SECOND } from "@doppelwerk/world";
import type { Usual } from "../contract.ts";
import { bandAcross } from "../model/usual-band.ts";
import { heldMeans, numericSignal, type Stretch } from "./signal-reading.ts";

interface Question extends Stretch {
  readonly signal: string;
  readonly everyS: number;
  readonly periods: number;
  readonly points: number;
}

/** The periods before, one after another: each is read by its summaries. */
export async function usualOf(view: PlantView, { signal: id, from, to, everyS, periods, points }: Question): Promise<Usual> {
  const signal = numericSignal(view, id);
  const rows: Float64Array[] = [];
  for (let back = 1; back <= periods; back++) {
    const begin = from - Math.round(back * everyS * SECOND);
    if (begin < 0) break;
    rows.push((await heldMeans(view, signal, { from: begin, to: begin + (to - from) }, points)).mean);
  }
  const band = bandAcross(rows, points);
  return { from, width: (to - from) / points, ...band, periods: rows.filter((row) => row.some((value) => !Number.isNaN(value))).length };
}
