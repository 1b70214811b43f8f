import { message } from "@doppelwerk/messages";
import { createHash } from "node:crypto";
import { decodeId, encodeId } from "@doppelwerk/aas";
import type { AasRequest } from "./route.ts";
import type { Listed, Page } from "./aas-source.ts";
import { badRequest } from "./answers.ts";

/** A page of IDTA-01002: no cursor = the end. */
export function pageBody<T>(
  request: AasRequest,
  listed: Listed<T>,
  form: (item: T) => unknown = (item) => item,
): { paging_metadata: { cursor?: string }; result: unknown[] } {
  return { paging_metadata: listed.next === undefined ? {} : { cursor: cursorOf(request, listed.next) }, result: listed.items.map(form) };
}

/**
 * What a client gets for a key, in base64url: a few characters of two checksums tell a cursor of ours from anything else, and the list that it goes on with
 * from another one. They guard nothing: a key is no secret.
 */
function cursorOf(request: AasRequest, key: string): string {
  return encodeId(`${checkOf(key)}${checkOf(listOf(request))} ${key}`);
}

/** The key of a cursor, which must be one that this server gave for the same list. */
export function keyOfCursor(request: AasRequest, cursor: string): string {
  const text = decodeId(cursor);
  const key = typeof text === "string" ? text.slice(2 * CHECK + 1) : undefined;
  if (key === undefined || !(text as string).startsWith(checkOf(key)) || (text as string)[2 * CHECK] !== " ")
    throw badRequest(message("aasServer.cursorNotServerGave"));
  if (!(text as string).startsWith(checkOf(listOf(request)), CHECK)) throw badRequest(message("aasServer.cursorAnotherList"));
  return key;
}

/** What makes one list another one: its place, its conditions, the query in a body. Not how much of it is asked for, nor how deep. */
function listOf({ list, params, query, body }: AasRequest): string {
  return JSON.stringify([list, params, CONDITIONS.map((name) => query[name]), typeof body === "string" ? body : ""]);
}

const CONDITIONS =
  `assetIds assetids idShort semanticId isCaseOf dataSpecificationRef assetKind assetType aasId createdFrom updatedFrom`.split(" ");

const CHECK = 8;

function checkOf(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, CHECK);
}

/**
 * A stretch of a list that is at hand as a whole. It goes on after the last item shown, wherever that stands by now; when it is gone,
 * after the place where it stood.
 */
export function stretchAfter<T>(items: readonly T[], keyOf: (item: T) => string, after: string | undefined, limit: number): Listed<T> {
  const [place, key] = after === undefined ? [-1, undefined] : itemPlaceOf(after);
  const found = key === undefined ? -1 : items.findIndex((item) => keyOf(item) === key);
  const start = found >= 0 ? found + 1 : key === undefined ? 0 : place;
  const shown = items.slice(start, start + limit);
  const last = start + shown.length - 1;
  return { items: shown, ...(last + 1 < items.length && { next: JSON.stringify([last, keyOf(items[last]!)]) }) };
}

function itemPlaceOf(text: string): [place: number, key: string] {
  try {
    const [place, key] = JSON.parse(text) as [unknown, unknown];
    if (typeof key === "string" && Number.isSafeInteger(place) && (place as number) >= 0) return [place as number, key];
  } catch {
    // Said below: whatever is wrong with it, it is not ours.
  }
  throw badRequest(message("aasServer.cursorNotServerGave"));
}

/**
 * A page of paths. `limit` counts paths, of which one item of the list can have many; the key says after which item it goes on, and after which path of the next one.
 */
export function pathPage<T>(list: (page: Page) => Listed<T>, pathsOf: (item: T) => readonly string[], page: Page): Listed<string> {
  let [after, last] = placeOf(page.after);
  const paths: string[] = [];
  for (;;) {
    const { items, next } = list({ ...(after !== undefined && { after }), limit: 1 });
    const all = items.flatMap((item) => pathsOf(item));
    const rest = last === undefined ? all : all.slice(all.indexOf(last) + 1);
    const room = page.limit - paths.length;
    if (rest.length > room)
      return {
        items: [...paths, ...rest.slice(0, room)],
        next: JSON.stringify([after ?? null, room === 0 ? (last ?? null) : rest[room - 1]]),
      };
    paths.push(...rest);
    if (next === undefined) return { items: paths };
    [after, last] = [next, undefined];
  }
}

function placeOf(key: string | undefined): [string | undefined, string | undefined] {
  if (key === undefined) return [undefined, undefined];
  try {
    const [after, last] = JSON.parse(key) as [unknown, unknown];
    const isPlace = (part: unknown) => part === null || typeof part === "string";
    if (isPlace(after) && isPlace(last)) return [(after ?? undefined) as string | undefined, (last ?? undefined) as string | undefined];
  } catch {
    // Said below: whatever is wrong with it, it is not ours.
  }
  throw badRequest(message("aasServer.cursorNotServerGave"));
}
