import {
  DoppelwerkError,
  LIVE,
  quality,
  SECOND,
  type ElementRecord,
  type Instant,
  type RecordReader,
  type SignalRecord,
  type SubmodelRecord,
} from "@doppelwerk/world";
import type { AreaKpis } from "../contract.ts";
import { assetTime, type AssetTime, isInStorage, kpiSignals, stockOf } from "../model/area-kpis.ts";
import { materialNames, materialSignals, storedMaterials, type Stored } from "../model/materials.ts";
import type { Place } from "../model/place.ts";
import { countedSince } from "./meter-counts.ts";
import { placedSignals, type AskedFacts, type PlacedSignal } from "./plant-facts.ts";

/** How the parts of a place that belong to no line did from an instant up to the one asked for, as the record says. */
export async function areaKpis(
  asked: AskedFacts & { readonly above: readonly Place[] },
  from: Instant,
  lines: ReadonlySet<string>,
): Promise<Pick<AreaKpis, "counts" | "assets" | "stock">> {
  const placed = await placedSignals(asked);
  const { counters, states, stock } = kpiSignals(asked.within, lines, placed, isInStorage(asked.above));
  const counted = await countedSince(
    counters.map(({ id }) => id),
    asked,
    from,
  );
  const titles = new Map(asked.within.map((place) => [place.shell, place]));
  const named = ({ id, name, names, shell }: SignalRecord) => {
    const place = titles.get(shell!)!;
    return { place: place.id, title: place.title, signal: id, name, ...(names && { names }) };
  };
  return {
    counts: counters.map((signal, at) => ({
      ...named(signal),
      ...(signal.unit !== undefined && { unit: signal.unit }),
      ...(counted[at] && { value: counted[at].units }),
      ...(counted[at]?.since !== undefined && { since: counted[at].since }),
    })),
    assets: await Promise.all(states.map(async (signal) => ({ ...named(signal), ...(await timeOf(signal, asked, from)) }))),
    ...(stock.length > 0 && { stock: stockIn(asked, stock, placed) }),
  };
}

/** How much lies there, and of what, as the signals of the locations say it. */
function stockIn(
  { view, within, above }: AskedFacts & { readonly above: readonly Place[] },
  stock: readonly SignalRecord[],
  placed: readonly PlacedSignal[],
): AreaKpis["stock"] {
  const [byId, places] = [new Map(placed.map((each) => [each.signal.id, each])), new Map(within.map((place) => [place.shell, place]))];
  const said = materialSignals(placed);
  const stored = stock.map(({ id, shell }): Stored => {
    const of = said.get(shell!);
    return { ...(of && { material: textOf(byId.get(of.id)) }), quantity: quantityOf(byId.get(id)), place: places.get(shell!)! };
  });
  const counted = { ...stockOf(stored.map(({ quantity }) => quantity)), unit: stock[0]!.unit ?? "1" };
  // nowhere is said what it is
  if (stored.every(({ material }) => material === undefined)) return counted;
  return { ...counted, materials: [...storedMaterials(stored, materialNames(view.documents.reader(LIVE), [...above, ...within]))] };
}

function textOf(placed: PlacedSignal | undefined): string | undefined {
  const reading = placed?.reading;
  return reading === undefined || reading.quality === quality.bad || reading.text === "" ? undefined : reading.text;
}

function quantityOf(placed: PlacedSignal | undefined): number | undefined {
  const reading = placed?.reading;
  return reading === undefined || reading.quality === quality.bad || !Number.isFinite(reading.value) ? undefined : reading.value;
}

async function timeOf(signal: SignalRecord, { view, at }: AskedFacts, from: Instant): Promise<AssetTime> {
  const unknown = { states: [], unknownS: Math.max(0, Math.round((at - from) / SECOND)) };
  if (at <= from) return unknown;
  const durations = await view.history.durations({ branch: LIVE, signal: signal.id }, from, at, 1).catch((error: unknown) => {
    // it takes on so many values that they are no states
    if (error instanceof DoppelwerkError && error.code === "DW_INVALID") return undefined;
    throw error;
  });
  if (durations === undefined) return unknown;
  const seconds = durations.states.map((state, index) => [String(state), Math.round(durations.held[index]![0]! / SECOND)] as const);
  return assetTime(new Map(seconds), wordsOf(view.documents.reader(LIVE), signal), Math.round(durations.unknown[0]! / SECOND));
}

/** Names of the values of an enumeration, as the plant gives them, else as the Asset Interfaces Description of its shell lists them. */
function wordsOf(reader: RecordReader, { shell, role, enumeration }: SignalRecord): ReadonlyMap<string, string> {
  const words = new Map((enumeration ?? []).map(({ value, name }) => [String(value), name]));
  if (words.size > 0) return words;
  const [owner] = reader.query({ kind: "shell", index: { name: "aasId", value: shell! }, limit: 1 });
  for (const aasId of (owner?.["submodels"] as readonly string[] | undefined) ?? []) {
    const [submodel] = reader.query({ kind: "submodel", index: { name: "aasId", value: aasId } }) as readonly SubmodelRecord[];
    if (submodel?.["idShort"] !== "AssetInterfacesDescription") continue;
    const elements = reader.query({ kind: "element", index: { name: "submodel", value: submodel.id } }) as readonly ElementRecord[];
    const described = new Set(elements.filter(({ idShort, value }) => idShort === "role" && value === role).map(({ parent }) => parent));
    const lists = new Set(elements.filter(({ idShort, parent }) => idShort === "enumeration" && described.has(parent)).map(({ id }) => id));
    for (const { id } of elements.filter(({ parent }) => lists.has(parent))) {
      const of = (name: string) => elements.find(({ parent, idShort }) => parent === id && idShort === name)?.value;
      const [value, text] = [of("value"), of("text")];
      if (typeof value === "string" && typeof text === "string") words.set(value, text);
    }
  }
  return words;
}
