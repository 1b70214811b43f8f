import type { Instant } from "@doppelwerk/kit";
import type { Qualified } from "./qualified.ts";
import type { RosterFields, RosterPlace } from "./roster-kind.ts";
import type { RequirementFields } from "./skill-kinds.ts";

export const ROSTER_FINDINGS = [
  "uncovered",
  "emptyPlace",
  "twoStations",
  "twoShifts",
  "duplicate",
  "expired",
  "unknownWorker",
  "unknownStation",
] as const;

/** What is wrong with a shift, in words of the plant; names are added where they may be shown. */
export interface RosterFinding {
  readonly kind: (typeof ROSTER_FINDINGS)[number];
  readonly station?: string;
  readonly worker?: string;
  readonly skill?: string;
  readonly level?: number;
  readonly needed?: number;
  readonly have?: number;
  /** The other station or shift. */
  readonly other?: string;
  readonly day?: string;
}

export interface RosterRules {
  readonly requirements: readonly RequirementFields[];
  readonly qualified: Qualified;
  isWorker(worker: string): boolean;
  isStation(station: string): boolean;
}

/** Spans of time that share more than an edge. */
const overlap = (a: { from: Instant; to: Instant }, b: { from: Instant; to: Instant }): boolean => a.from < b.to && b.from < a.to;
const spanOf = (place: RosterPlace, { from, to }: RosterFields) => ({ from: place.from ?? from, to: place.to ?? to });

/** Findings of one shift, the others of its days are needed for who is in two of them. Each thing that is wrong is one finding. */
export function findingsOf(shift: RosterFields, others: readonly RosterFields[], rules: RosterRules): readonly RosterFinding[] {
  return [...gapsOf(shift, rules), ...twiceOf(shift), ...inTwoShifts(shift, others), ...unknownOf(shift, rules)];
}

/** Stations whose requirements nobody, or too few, fulfil, and places without anybody. */
function gapsOf(shift: RosterFields, { requirements, qualified }: RosterRules): readonly RosterFinding[] {
  const stations = [...new Set(shift.places.map(({ station }) => station).filter((station) => station !== ""))];
  return stations.flatMap((station) => {
    const places = shift.places.filter((place) => place.station === station);
    // with a rotation each part of the shift has to be covered by itself
    const starts = [...new Set(places.map((place) => spanOf(place, shift).from))];
    const found: RosterFinding[] = [];
    for (const requirement of requirements.filter((each) => each.station === station)) {
      const have = Math.min(
        ...starts.map((start) => {
          const there = places.filter((place) => overlap(spanOf(place, shift), { from: start, to: start + 1 }));
          return new Set(
            there.flatMap(({ worker }) => (worker !== undefined && qualified.fulfils(worker, requirement, shift.date) ? [worker] : [])),
          ).size;
        }),
      );
      const { skill, level, people: needed } = requirement;
      if (have < needed) found.push({ kind: "uncovered", station, skill, level, needed, have });
      for (const worker of new Set(places.flatMap((place) => place.worker ?? []))) {
        const own = qualified.get(worker, skill);
        if (own?.validUntil !== undefined && own.validUntil < shift.date)
          found.push({ kind: "expired", station, worker, skill, day: own.validUntil });
      }
    }
    const empty = places.filter(({ worker }) => worker === undefined).length;
    if (empty > 0) found.push({ kind: "emptyPlace", station, needed: empty });
    return found;
  });
}

function twiceOf(shift: RosterFields): readonly RosterFinding[] {
  const found = new Map<string, RosterFinding>();
  for (const [at, place] of shift.places.entries()) {
    if (place.worker === undefined) continue;
    for (const other of shift.places.slice(0, at)) {
      if (other.worker !== place.worker || !overlap(spanOf(place, shift), spanOf(other, shift))) continue;
      const isSame = other.station === place.station;
      const finding: RosterFinding = isSame
        ? { kind: "duplicate", worker: place.worker, station: place.station }
        : { kind: "twoStations", worker: place.worker, station: other.station, other: place.station };
      found.set(JSON.stringify(finding), finding);
    }
  }
  return [...found.values()];
}

function inTwoShifts(shift: RosterFields, others: readonly RosterFields[]): readonly RosterFinding[] {
  const own = new Set(shift.places.flatMap(({ worker }) => worker ?? []));
  return others
    .filter((other) => other !== shift && overlap(shift, other))
    .flatMap((other) =>
      [...new Set(other.places.flatMap(({ worker }) => (worker !== undefined && own.has(worker) ? [worker] : [])))].map(
        (worker): RosterFinding => ({ kind: "twoShifts", worker, other: other.shift, day: other.date }),
      ),
    );
}

function unknownOf({ places }: RosterFields, { isWorker, isStation }: RosterRules): readonly RosterFinding[] {
  const workers = new Set(places.flatMap(({ worker }) => worker ?? []));
  const stations = new Set(places.map(({ station }) => station));
  return [
    ...[...workers].filter((worker) => !isWorker(worker)).map((worker): RosterFinding => ({ kind: "unknownWorker", worker })),
    ...[...stations]
      .filter((station) => station !== "" && !isStation(station))
      .map((station): RosterFinding => ({ kind: "unknownStation", station })),
  ];
}
