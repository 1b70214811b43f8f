import type { ListedLine } from "@doppelwerk/client";
import type { AlarmItem } from "@doppelwerk/sync";
import { linesOf, useLoad, useScope, useStore, useStudio } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";

/** The lines of the branch entered; none while they are loaded, and where lines are switched off. */
export function useLines(): readonly ListedLine[] {
  const { branch } = useScope();
  return useLoad(linesOf(branch)).value ?? NONE;
}

const NONE: readonly ListedLine[] = [];
/** Of a moment that is shown in the past the list is asked for once in so much of its time. */
const STEP = 1e6;

/** The alarms of the whole world at the instant shown, whichever line is shown; undefined until they are known. */
export function useAllAlarms(): readonly AlarmItem[] | undefined {
  const studio = useStudio();
  const snapshot = useStore(studio.snapshot);
  const { line } = useStore(studio.address.store);
  const shown = useStore(useScope().time.shown);
  const t = shown === undefined ? undefined : Math.floor(shown / STEP) * STEP;
  // the picture of a line that is named holds its own alarms alone
  const all = useLoad(
    line === undefined
      ? undefined
      : {
          key: ["GET /alarms", { query: { t } }],
          run: (session, signal) => calls.list(session.client, { query: { t } }, { signal }),
          changedBy: { topics: { "alarms.changed": () => true } },
        },
  );
  return line === undefined ? snapshot?.alarms : all.value;
}

/** Alarms of one line: those of its stations; of the first also what belongs to no line. */
export function alarmsOf(alarms: readonly AlarmItem[], lines: readonly ListedLine[], line: string | undefined): readonly AlarmItem[] {
  if (line === undefined || lines.length < 2) return alarms;
  const lineOf = new Map(lines.toReversed().flatMap(({ id, stations }) => stations.map((station) => [station.id, id] as const)));
  return alarms.filter(({ station }) => (lineOf.get(station) ?? lines[0]!.id) === line);
}
