import type { PlantView } from "@doppelwerk/kit/server";
import type { FigureAudit, LineFlow, StationStates } from "@doppelwerk/ports";
import { LIVE } from "@doppelwerk/world";
import type { AuditInputs, RawSignal } from "../contract.ts";
import { rawReadings } from "../model/counter-readings.ts";
import { gapsOf, planOf, plannedStates } from "../model/planned-spans.ts";

const MAX_SPANS = 2_000;
/** Of one signal in a shift; more are counted up to here. */
const MAX_SAMPLES = 200_000;

interface Sources {
  readonly view: PlantView;
  readonly flow: LineFlow | undefined;
  readonly states: StationStates | undefined;
}

/** What a figure was computed of, as far as the caller may read it. */
export async function inputsOf({ items = [], ...figure }: FigureAudit, { view, flow, states }: Sources): Promise<AuditInputs> {
  const { from, to, signals = [], stations = [] } = figure;
  const readable = signals.filter(({ signal }) => view.signal(signal) !== undefined);
  const lines = (await flow?.folded()) ?? [];
  const line = lines.find(({ definition }) => definition.stations.some(({ id }) => stations.includes(id))) ?? lines[0];
  const isPlanned = stations.length > 0 || figure.isPlannedTime === true;
  const plan = line === undefined || !isPlanned ? undefined : planOf(line.definition, from, to);
  const spansOf = async (station: string) => ({
    station,
    all: states === undefined || plan === undefined ? [] : plannedStates(await states.concluded(station, from, to), plan),
  });
  const known = await Promise.all(stations.map(spansOf));
  return {
    figure,
    signals: await Promise.all(readable.map((signal) => rawSignal(view, signal, from, to))),
    states: known.map(({ station, all }) => ({ station, spans: all.slice(0, MAX_SPANS), count: all.length })),
    ...(plan && { plan }),
    gaps: plan === undefined ? [] : known.flatMap(({ station, all }) => gapsOf(all, plan).map((gap) => ({ station, ...gap }))),
    items: items.toSorted((a, b) => a.from - b.from).slice(0, MAX_SPANS),
    itemCount: items.length,
    hidden: signals.length - readable.length,
  };
}

async function rawSignal(
  view: PlantView,
  { signal: id, title, isCounter, isHeld }: NonNullable<FigureAudit["signals"]>[number],
  from: number,
  to: number,
): Promise<RawSignal> {
  const record = view.signal(id)!;
  const key = { branch: LIVE, signal: id };
  const [[held], columns] = await Promise.all([view.history.at([key], from - 1), view.history.raw(key, from, to, MAX_SAMPLES)]);
  const before = held === undefined || Number.isNaN(held.value) ? undefined : { at: held.time, value: held.value };
  const beforeText = isHeld !== true || held?.text === undefined || held.text === "" ? undefined : { at: held.time, text: held.text };
  const counter = isCounter === true ? (record.counter ?? { type: "totaliser" as const }) : undefined;
  return {
    signal: id,
    title,
    name: record.name,
    ...(record.unit !== undefined && { unit: record.unit }),
    ...rawReadings(columns, { from, before, beforeText, counter, isHeld }),
  };
}
