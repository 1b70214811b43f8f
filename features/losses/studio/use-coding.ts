import type { Instant } from "@doppelwerk/world";
import { errorCode, useScope, useStudio, useTask, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { Stop } from "../contract.ts";

interface Part {
  readonly from: Instant;
  readonly reason?: string | undefined;
}

/** What can be said of stops of one station; `all` are those of it that are shown, in order of time. What is refused is told, and the newest is read. */
export function useCoding(all: readonly Stop[], reload: () => void) {
  const studio = useStudio();
  const { branch, line } = useScope();
  const { t } = useWords();
  const task = useTask((_, error) => {
    studio.notifyFailure(error, t("losses.notStored"));
    if (errorCode(error) === "DW_CONFLICT") reload();
  });
  const send = (station: string, own: readonly Stop[], parts: readonly Part[]): void => {
    const [from, to] = [own[0]!.from, own.at(-1)!.to];
    const seen = [...new Map(own.flatMap(({ coding }) => (coding === undefined ? [] : [[coding.id, coding]]))).values()];
    const body = {
      station,
      line,
      from,
      to,
      parts: parts.map(({ from: begin, reason }) => ({ from: begin, ...(reason !== undefined && { reason }) })),
      seen: seen.map(({ id, at }) => ({ id, at })),
    };
    task.run(async () => {
      await calls.code(studio.client, { query: { branch }, body });
      reload();
    });
  };
  const wholeOf = (stop: Stop): readonly Stop[] => partsWith(all, stop);
  return {
    busy: task.busy,
    /** `reason` undefined: none. */
    code(stop: Stop, reason: string | undefined): void {
      const own = wholeOf(stop);
      const parts = own.map((part) => ({ from: part.from, reason: part === stop ? reason : part.reason }));
      // nothing is said of it any more
      const isPlain = parts.length === 1 && stop.joined === undefined && parts[0]!.reason === undefined;
      send(stop.station, own, isPlain ? [] : parts);
    },
    split(stop: Stop, at: Instant): void {
      const own = wholeOf(stop);
      const parts = own.flatMap((part): Part[] =>
        part === stop
          ? [
              { from: part.from, reason: part.reason },
              { from: at, reason: part.reason },
            ]
          : [part],
      );
      send(stop.station, own, parts);
    },
    /** With the one before it. */
    join(stop: Stop): void {
      const before = beforeOf(all, stop);
      if (before === undefined) return;
      const own = [...wholeOf(before), ...wholeOf(stop)]
        .filter((part, at, list) => list.indexOf(part) === at)
        .toSorted((a, b) => a.from - b.from);
      const parts = own
        .filter((part) => part !== stop)
        .map((part) => ({ from: part.from, reason: part.reason ?? (part === before ? stop.reason : undefined) }));
      const isPlain = parts.length === 1 && parts[0]!.reason === undefined && isOneRecorded(before, stop);
      send(stop.station, own, isPlain ? [] : parts);
    },
    /** As it was recorded. */
    clear(stop: Stop): void {
      send(stop.station, wholeOf(stop), []);
    },
  };
}

/** The stop before it at its station; undefined where none is shown. */
export function beforeOf(all: readonly Stop[], stop: Stop): Stop | undefined {
  return all.filter(({ station, from }) => station === stop.station && from < stop.from).at(-1);
}

function partsWith(all: readonly Stop[], stop: Stop): readonly Stop[] {
  return stop.coding === undefined ? [stop] : all.filter(({ coding }) => coding?.id === stop.coding!.id);
}

/** Two parts of a stop that was cut in two. */
function isOneRecorded(before: Stop, stop: Stop): boolean {
  return before.coding !== undefined && before.coding.id === stop.coding?.id && stop.parts === 2 && before.to === stop.from;
}
