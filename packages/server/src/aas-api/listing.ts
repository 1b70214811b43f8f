import { encodeId } from "@doppelwerk/aas";
import type { Listed, Page } from "./aas-source.ts";
import { badRequest } from "./answers.ts";

/** A page of IDTA-01002: no cursor = the end. */
export function pageBody<T>(
  listed: Listed<T>,
  form: (item: T) => unknown = (item) => item,
): { paging_metadata: { cursor?: string }; result: unknown[] } {
  return { paging_metadata: listed.next === undefined ? {} : { cursor: encodeId(listed.next) }, result: listed.items.map(form) };
}

/** A stretch of a list that is at hand as a whole, its order its key: the position of the last item shown. */
export function stretchOf<T>(items: readonly T[], after: string | undefined, limit: number): Listed<T> {
  const start = after === undefined ? 0 : Number(after) + 1;
  const shown = items.slice(start, start + limit);
  return { items: shown, ...(start + limit < items.length && { next: String(start + limit - 1) }) };
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
  throw badRequest("cursor is not one that this server gave.");
}
