import { encodeId } from "@doppelwerk/aas";
import type { Listed } from "./aas-source.ts";

/** A page of IDTA-01002: no cursor = the end. */
export function pageBody<T>(listed: Listed<T>, form: (item: T) => unknown = (item) => item): { paging_metadata: { cursor?: string }; result: unknown[] } {
  return { paging_metadata: listed.next === undefined ? {} : { cursor: encodeId(listed.next) }, result: listed.items.map(form) };
}

/** A stretch of a list that is at hand as a whole, its order its key: the position of the last item shown. */
export function stretchOf<T>(items: readonly T[], after: string | undefined, limit: number): Listed<T> {
  const start = after === undefined ? 0 : Number(after) + 1;
  const shown = items.slice(start, start + limit);
  return { items: shown, ...(start + limit < items.length && { next: String(start + limit - 1) }) };
}
