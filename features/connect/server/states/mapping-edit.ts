import {
  editedMapping,
  STATE_CAUSES,
  STATION_STATES,
  stateMappingSubmodel,
  type LineDefinition,
  type MappingEdit,
  type StateMapping,
  type StationDefinition,
} from "@doppelwerk/operations";
import { message } from "@doppelwerk/messages";
import {
  createDocument,
  DAY,
  DoppelwerkError,
  LIVE,
  recordOfAasId,
  shellOf,
  submodelOf,
  submodelReference,
  updateDocument,
  type Change,
  type RecordReader,
  type ShellRecord,
  type WorldView,
} from "@doppelwerk/world";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Site } from "../../../../packages/server/src/compose/site.ts";
import { instant, parse } from "../../../../packages/server/src/http/query.ts";
import { mappingEffect } from "../../../../packages/server/src/line/mapping-effect.ts";
import { rawWords, wordSignalOf } from "./raw-words.ts";

export const statesQuery = z.object({ days: z.coerce.number().int().min(1).max(60).default(14) });
const meaning = z.strictObject({ state: z.enum(STATION_STATES), cause: z.enum(STATE_CAUSES).default("unknown") });
export const mappingEditBody = z.strictObject({
  /** Since when it holds; without it for the whole record. */
  from: instant.optional(),
  /** Word → meaning; null takes it away. */
  words: z.record(z.string().min(1).max(200), meaning.nullable()).optional(),
  blockedBit: z.boolean().optional(),
  starvedBit: z.boolean().optional(),
  neighbours: z.boolean().optional(),
  /** Number of the newest version that was looked at: a mapping that someone changed meanwhile is not overwritten. */
  expected: z.number().int().min(0).optional(),
  reason: z.string().trim().max(500).optional(),
});
export const effectBody = mappingEditBody.extend({ days: z.number().int().min(1).max(14).default(2) });
const WORDS_MAX = 2_000;
const EFFECTS_AT_ONCE = 2;

/** How the raw words and bits of each station are read (P7): what stood in the record, what it means, and what another meaning would change. */
export function registerStates(app: FastifyInstance, site: Site): void {
  let effects = 0;
  const lasting = () => site.line.engine?.openIntervals() ?? [];

  app.get("/states", async (request) => {
    const { days } = parse(statesQuery, request.query, "states");
    const { definition } = reading(site, request);
    const to = site.now();
    return Promise.all(
      definition.stations.map(async (station) => {
        const { words } = await rawWords(site.history, station, to - days * DAY, to, lasting());
        const open = words.filter(({ by }) => by === "nothing");
        return {
          station: station.id,
          label: station.label,
          words: words.length,
          unmapped: open.length,
          unmappedS: open.reduce((sum, { seconds }) => sum + seconds, 0),
        };
      }),
    );
  });

  app.get<{ Params: { station: string } }>("/states/:station", async (request) => {
    const { days } = parse(statesQuery, request.query, "states");
    const { view, definition } = reading(site, request);
    const station = stationOf(definition, request.params.station);
    const to = site.now();
    const found = await rawWords(site.history, station, to - days * DAY, to, lasting());
    const { later = [], ...first } = station.mapping;
    return {
      station: station.id,
      label: station.label,
      from: to - days * DAY,
      to,
      signal: wordSignalOf(station) ?? null,
      signals: Object.values(station.signals).flatMap(({ id }) => site.signals.record(id) ?? []),
      mayAdminister: view.may("administer", LIVE).allowed,
      versions: [first, ...later],
      mayEdit: view.may("edit", LIVE).allowed,
      ...found,
    };
  });

  app.post<{ Params: { station: string } }>("/states/:station/effect", async (request) => {
    const { days, ...edit } = parse(effectBody, request.body, "an edit of a mapping");
    const { definition } = reading(site, request);
    const { station, mapping } = edited(definition, request.params.station, edit);
    if (effects >= EFFECTS_AT_ONCE) throw new DoppelwerkError("DW_UNAVAILABLE", message("connect.effectsBeingWorkedOut", { effects }));
    const gone = new AbortController();
    request.raw.socket.once("close", () => gone.abort());
    effects++;
    try {
      const to = site.now();
      return await mappingEffect(site.fold.derivation, definition, station.id, mapping, { from: to - days * DAY, to }, gone.signal);
    } finally {
      effects--;
    }
  });

  app.patch<{ Params: { station: string } }>("/states/:station", async (request) => {
    const { expected, reason, ...edit } = parse(mappingEditBody, request.body, "an edit of a mapping");
    const { view, definition } = reading(site, request);
    const { station, mapping } = edited(definition, request.params.station, edit);
    const newest = newestOf(station.mapping);
    if (expected !== undefined && expected !== newest)
      throw new DoppelwerkError("DW_CONFLICT", message("connect.mappingVersionNow", { id: station.id, newest, expected }));
    const changes = mappingChanges(site, view.reader(LIVE), station, mapping);
    if (changes.length > 0)
      await view.apply({ branch: LIVE, reason: reason === undefined || reason === "" ? `map states of ${station.id}` : reason, changes });
    return { version: newestOf(mapping), changed: changes.length > 0 };
  });
}

function reading(site: Site, request: FastifyRequest): { readonly view: WorldView; readonly definition: LineDefinition } {
  const view = site.viewOf(request);
  const allowed = view.may("read", LIVE);
  if (!allowed.allowed) throw new DoppelwerkError("DW_FORBIDDEN", allowed.why);
  // read anew: what was committed a moment ago counts
  return { view, definition: site.line.lineOn(view, LIVE).definition };
}

function stationOf(definition: LineDefinition, id: string): StationDefinition {
  const station = definition.stations.find((each) => each.id === id);
  if (station === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("connect.noStationId", { id: id.slice(0, 100) }));
  return station;
}

function edited(
  definition: LineDefinition,
  id: string,
  edit: z.infer<typeof mappingEditBody>,
): { readonly station: StationDefinition; readonly mapping: StateMapping } {
  const station = stationOf(definition, id);
  const { from, words, blockedBit, starvedBit, neighbours } = edit;
  const wish: MappingEdit = {
    // the document keeps milliseconds
    ...(from === undefined ? {} : { from: Math.floor(from / 1_000) * 1_000 }),
    ...(words === undefined ? {} : { words }),
    ...(blockedBit === undefined ? {} : { blockedBit }),
    ...(starvedBit === undefined ? {} : { starvedBit }),
    ...(neighbours === undefined ? {} : { neighbours }),
  };
  const mapping = editedMapping(station.mapping, wish);
  const count = [mapping, ...(mapping.later ?? [])].reduce((sum, version) => sum + Object.keys(version.words).length, 0);
  if (count > WORDS_MAX)
    throw new DoppelwerkError("DW_INVALID", message("connect.mappingHoldsMostWordsOverAll", { max: WORDS_MAX, count, id: station.id }));
  return { station, mapping };
}

function newestOf(mapping: StateMapping): number {
  return Math.max(...[mapping, ...(mapping.later ?? [])].map(({ version }) => version));
}

/** The mapping into the station's submodel; what else stands in it stays. */
function mappingChanges(site: Site, reader: RecordReader, station: StationDefinition, mapping: StateMapping): readonly Change[] {
  const shell = station.shell === undefined ? undefined : (recordOfAasId(reader, "shell", station.shell) as ShellRecord | undefined);
  if (shell === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("connect.noShellId", { shell: station.shell ?? station.id }));
  const record = shell.submodels
    .map((aasId) => recordOfAasId(reader, "submodel", aasId))
    .find((submodel) => submodel?.["idShort"] === "StateMapping");
  if (record !== undefined) {
    const known = submodelOf(reader, record.id)!;
    const written = stateMappingSubmodel(known.id, mapping).submodelElements!;
    const ours = new Set(["Version", "Words", "BlockedBit", "StarvedBit", "Neighbours", "Versions"]);
    const others = (known.submodelElements ?? []).filter(({ idShort }) => !ours.has(idShort ?? ""));
    return updateDocument(reader, record.id, { ...known, submodelElements: [...written, ...others] }, site.ids);
  }
  const id = `${shell.aasId}/StateMapping`;
  if (recordOfAasId(reader, "submodel", id) !== undefined) throw new DoppelwerkError("DW_CONFLICT", message("connect.submodelId", { id }));
  const owner = shellOf(reader, shell.id)!;
  return [
    ...createDocument(stateMappingSubmodel(id, mapping), site.ids),
    ...updateDocument(reader, shell.id, { ...owner, submodels: [...(owner.submodels ?? []), submodelReference(id)] }, site.ids),
  ];
}
