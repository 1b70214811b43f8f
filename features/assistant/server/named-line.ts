import type { Client, WorldInfo } from "@doppelwerk/client";
import { message, z } from "@doppelwerk/kit";
import { DoppelwerkError } from "@doppelwerk/world";
import type {} from "../message-codes.ts";

type NamedLine = WorldInfo["lines"][number];

/** A place of `GET /places`, as far as it is looked up here. */
export interface NamedPlace {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly parent?: string | null;
  readonly title: { readonly en: string; readonly zh: string };
  readonly line?: string;
}

/** Names that one refusal repeats. */
const MAX_NAMES = 20;

export const lineInput = z
  .string()
  .min(1)
  .max(300)
  .optional()
  .describe("a line by its id or name, or a place with one line in it; default: the first of `describe_plant`");

/** The line that is meant, and which others there are; of a plant without a line nothing. */
export interface MeantLine {
  /** For the API: absent where none was named. */
  readonly query: { readonly line?: string };
  /** For the answer: the line by id and name and, where none was named, the ids of the others. */
  readonly shown: { readonly line?: { readonly id: string; readonly name: string }; readonly otherLines?: readonly string[] };
}

/** Throws DW_NOT_FOUND where there is no such line, and DW_INVALID where a place holds several. */
export async function meantLine(client: Client, given: string | undefined): Promise<MeantLine> {
  const { lines } = await client.world();
  const [first, ...others] = lines;
  if (given === undefined)
    return {
      query: {},
      shown: first === undefined ? {} : { ...shownLine(first), ...(others.length > 0 && { otherLines: others.map(({ id }) => id) }) },
    };
  const line = lines.find(({ id }) => id === given) ?? lines.find(({ title }) => isNamed(title, given));
  const found = line ?? (await lineOfPlace(client, lines, given));
  return { query: { line: found.id }, shown: shownLine(found) };
}

function shownLine({ id, title }: NamedLine): MeantLine["shown"] {
  return { line: { id, name: title.en } };
}

async function lineOfPlace(client: Client, lines: readonly NamedLine[], given: string): Promise<NamedLine> {
  const places = await placesIfAny(client);
  const [place] = placesNamed(places, given);
  const within = new Set(place === undefined ? [] : placesIn(places, place.id).map(({ line }) => line));
  const held = lines.filter(({ id }) => within.has(id));
  if (held.length === 1) return held[0]!;
  if (held.length > 1) throw new DoppelwerkError("DW_INVALID", message("assistant.placeHoldsLines", { place: given, lines: idsOf(held) }));
  throw new DoppelwerkError("DW_NOT_FOUND", message("assistant.noSuchLine", { line: given, count: lines.length, lines: idsOf(lines) }));
}

/** Throws DW_NOT_FOUND where there is no such place, and DW_INVALID where several have the name. */
export async function placeNamed(client: Client, given: string): Promise<NamedPlace> {
  const found = placesNamed(await allPlaces(client), given);
  if (found.length > 1) throw new DoppelwerkError("DW_INVALID", message("assistant.severalPlaces", { place: given, places: idsOf(found) }));
  if (found[0] === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("assistant.noSuchPlace", { place: given }));
  return found[0];
}

/** By id, else by the id of its line, else by name in either language. */
function placesNamed(places: readonly NamedPlace[], given: string): readonly NamedPlace[] {
  const byId = places.filter(({ id, line }) => id === given || line === given);
  return byId.length > 0 ? byId : places.filter(({ title }) => isNamed(title, given));
}

export async function allPlaces(client: Client): Promise<readonly NamedPlace[]> {
  return (await client.requester.json<{ readonly places: readonly NamedPlace[] }>("GET", "/places")).places;
}

/** None where the world knows no places, as that feature is off. */
export async function placesIfAny(client: Client): Promise<readonly NamedPlace[]> {
  try {
    return await allPlaces(client);
  } catch (error) {
    if (error instanceof DoppelwerkError && error.code === "DW_NOT_FOUND") return [];
    throw error;
  }
}

/** The place and everything in it; each place stands behind the one that it is in. */
export function placesIn(places: readonly NamedPlace[], id: string): readonly NamedPlace[] {
  const within = new Set([id]);
  return places.filter((place) => {
    if (within.has(place.parent ?? "")) within.add(place.id);
    return within.has(place.id);
  });
}

function isNamed({ en, zh }: NamedPlace["title"], given: string): boolean {
  const wanted = given.trim().toLowerCase();
  return en.toLowerCase() === wanted || zh.toLowerCase() === wanted;
}

function idsOf(named: readonly { readonly id: string }[]): string {
  const ids = named.slice(0, MAX_NAMES).map(({ id }) => id);
  return [...ids, ...(named.length > MAX_NAMES ? ["…"] : [])].join(", ");
}
