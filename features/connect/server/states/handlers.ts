import { DAY, DoppelwerkError, message } from "@doppelwerk/kit";
import type { FeatureContext, HandlersOf, PlantView } from "@doppelwerk/kit/server";
import type { LineDefinition } from "@doppelwerk/operations";
import { stationStates, type StationStates } from "@doppelwerk/ports";
import { LIVE } from "@doppelwerk/world";
import type { Instant, SignalRecord } from "@doppelwerk/world";
import type { editMapping, mappingEffect, rawStates, RawWord, states, stationStates as readStation } from "../../contract.ts";
import type { connect } from "../../feature.ts";
import { knownCodes, meaningsOf } from "./find-raw-state.ts";
import { edited, mappingChanges, newestOf, stationOf } from "./mapping-edit.ts";
import { withAuthors } from "./mapping-authors.ts";
import { unseenWords, withNames } from "./named-words.ts";
import { rawWords, wordSignalOf, type Words } from "./raw-words.ts";

type StateHandlers = HandlersOf<
  readonly (typeof states | typeof rawStates | typeof readStation | typeof mappingEffect | typeof editMapping)[]
>;

const EFFECTS_AT_ONCE = 2;

/** How the raw words and bits of each station are read (P7): what stood in the record, what it means, and what another meaning would change. */
export function stateHandlers(ctx: FeatureContext<typeof connect>): StateHandlers {
  const flow = (): StationStates => {
    const found = ctx.find(stationStates);
    if (found === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("connect.statesWithoutLine"));
    return found;
  };
  const lineOf = (view: PlantView, station: string) => lineOfStation(flow(), view, station);
  let effects = 0;
  const wordsOf: WordsOf = (view, station, days) => wordsBefore(ctx.now(), flow(), view, station, days);
  return {
    ...acrossStations(ctx, flow, wordsOf),
    "connect.stationStates": async ({ view, params, query: { days } }) => {
      const station = stationOf(await lineOf(view, params.station), params.station);
      const found = await wordsOf(view, station, days);
      const { later = [], ...first } = station.mapping;
      const reader = view.documents.reader(LIVE);
      return {
        station: station.id,
        label: station.label,
        signal: wordSignalOf(station) ?? null,
        signals: Object.values(station.signals).flatMap(({ id }) => (reader.get(id) as SignalRecord | undefined) ?? []),
        mayAdminister: view.documents.may("administer", LIVE).allowed,
        versions: await withAuthors(ctx, view, station, [first, ...later]),
        mayEdit: view.documents.may("edit", LIVE).allowed,
        ...found,
      };
    },
    "connect.mappingEffect": async ({ view, params, body: { days, ...edit }, signal }) => {
      const definition = await lineOf(view, params.station);
      const { station, mapping } = edited(definition, params.station, edit);
      if (effects >= EFFECTS_AT_ONCE) throw new DoppelwerkError("DW_UNAVAILABLE", message("connect.effectsBeingWorkedOut", { effects }));
      effects++;
      try {
        const to = ctx.now();
        return await flow().effect({ definition, station: station.id, mapping, from: to - days * DAY, to }, signal);
      } finally {
        effects--;
      }
    },
    "connect.editMapping": async ({ view, params, body: { expected, reason, ...edit } }) => {
      const { station, mapping } = edited(await lineOf(view, params.station), params.station, edit);
      const newest = newestOf(station.mapping);
      if (expected !== undefined && expected !== newest)
        throw new DoppelwerkError("DW_CONFLICT", message("connect.mappingVersionNow", { id: station.id, newest, expected }));
      const changes = mappingChanges(view.documents.reader(LIVE), station, mapping, ctx.ids);
      if (changes.length > 0)
        await view.documents.apply({
          branch: LIVE,
          reason: reason === undefined || reason === "" ? message("connect.logMapping", { station: station.id }) : reason,
          changes,
        });
      return { version: newestOf(mapping), changed: changes.length > 0 };
    },
  };
}

type WordsOf = (view: PlantView, station: Station, days: number) => ReturnType<typeof wordsBefore>;

/** What is asked about all stations at once. */
function acrossStations(
  ctx: FeatureContext<typeof connect>,
  flow: () => StationStates,
  wordsOf: WordsOf,
): Pick<StateHandlers, "connect.states" | "connect.rawStates"> {
  return {
    "connect.states": async ({ view, query: { days } }) => {
      const stations = (await linesOf(flow(), view)).flatMap((line) => line.stations);
      return Promise.all(
        stations.map(async (station) => {
          const { words } = await wordsOf(view, station, days);
          const unmapped = words.filter(({ by }) => by === "nothing");
          return {
            station: station.id,
            label: station.label,
            words: words.length,
            unmapped: unmapped.length,
            unmappedS: unmapped.reduce((sum, { seconds }) => sum + seconds, 0),
          };
        }),
      );
    },
    "connect.rawStates": async ({ view, query: { code, days } }) => {
      const stations = (await linesOf(flow(), view)).flatMap((line) => line.stations);
      const found = code === undefined ? undefined : await meaningsOf(ctx, view, stations, code, (station) => wordsOf(view, station, days));
      return { codes: knownCodes(view, stations), rows: found?.rows ?? [], more: found?.more ?? 0 };
    },
  };
}

async function linesOf(flow: StationStates, view: PlantView): Promise<readonly LineDefinition[]> {
  const lines = await flow.lines(view.principal);
  // without one it says so
  return lines.length > 0 ? lines : [await flow.line(view.principal)];
}

/** The line that a station is of. */
async function lineOfStation(flow: StationStates, view: PlantView, station: string): Promise<LineDefinition> {
  const lines = await linesOf(flow, view);
  return lines.find(({ stations }) => stations.some(({ id }) => id === station)) ?? lines[0]!;
}

type Station = Parameters<typeof rawWords>[1];

/** The raw words of a station over days, for those who may read its signal of words: what was concluded names the words too. */
async function wordsBefore(
  to: Instant,
  flow: StationStates,
  view: PlantView,
  station: Station,
  days: number,
): Promise<Words & { readonly unseen: readonly RawWord[]; readonly from: Instant; readonly to: Instant }> {
  const from = to - days * DAY;
  const signal = wordSignalOf(station);
  if (signal === undefined || !view.mayReadSignal(signal)) return { words: [], unseen: [], more: 0, cut: false, from, to };
  const found = await rawWords(view.history, station, from, to, await flow.concluded(station.id, from, to));
  const enumeration = (view.documents.reader(LIVE).get(signal) as SignalRecord | undefined)?.enumeration;
  return { ...found, words: withNames(found.words, enumeration), unseen: unseenWords(station, found.words, enumeration, to), from, to };
}
