import type { LogLine } from "@doppelwerk/client";
import type { Instant } from "@doppelwerk/world";

/** Lines asked for at once. */
export const LOG_PAGE = 200;
/** What is further back is found by the server's own pages, not by one screen. */
const MAX_PAGES = 25;

/** The log from its end to an instant, page by page, newest first; without an instant its last page. `page`: lines before a revision. */
export async function logReaching(
  page: (before: number | undefined) => Promise<readonly LogLine[]>,
  instant: Instant | undefined,
): Promise<readonly LogLine[]> {
  const lines: LogLine[] = [];
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const more = await page(lines.at(-1)?.revision);
    lines.push(...more);
    const last = more.at(-1);
    if (last === undefined || more.length < LOG_PAGE || instant === undefined || last.at <= instant) break;
  }
  return lines;
}

/** Whether anything came after the instant held, and the newest revision that stood then. */
export function knownAt(
  log: readonly Pick<LogLine, "at" | "revision">[],
  held: Instant | undefined,
): { readonly isPast: boolean; readonly stood: number | undefined } {
  if (held === undefined) return { isPast: false, stood: undefined };
  return { isPast: log[0] !== undefined && log[0].at > held, stood: log.find(({ at }) => at <= held)?.revision };
}
