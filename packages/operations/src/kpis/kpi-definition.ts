import type { LineDefinition, StationDefinition } from "../definition/line-definition.ts";
import type { ShiftDefinition } from "../shifts/shift-calendar.ts";

/** What is counted of the parts of a station. */
export type CountRole = "Total" | "Good" | "Reject";

/** What the key figures of a station depend on beside its states and counts. */
export interface KpiStation extends Pick<StationDefinition, "id" | "places" | "idealCycleS" | "addedS"> {
  readonly counts: readonly CountRole[];
}

/** What key figures are made of; plain JSON. */
export interface KpiDefinition {
  readonly stations: readonly KpiStation[];
  /** Id of the station whose OEE is that of the line (P6). */
  readonly constraint?: string;
  readonly shifts: readonly ShiftDefinition[];
  /** IANA name. */
  readonly timeZone: string;
}

const COUNTED: readonly CountRole[] = ["Total", "Good", "Reject"];

export function kpiDefinition({ stations, constraint, shifts, timeZone }: LineDefinition): KpiDefinition {
  return {
    stations: stations.map(({ id, places, idealCycleS, addedS, signals }) => ({
      id,
      places,
      idealCycleS,
      addedS,
      counts: COUNTED.filter((role) => signals[role] !== undefined),
    })),
    ...(constraint === undefined ? {} : { constraint }),
    shifts,
    timeZone,
  };
}

/** Which counts of a station tell of parts that were produced: that of all parts; where there is none, those of good and of rejected ones. */
export function producedBy(counted: readonly CountRole[]): readonly CountRole[] {
  if (counted.includes("Total")) return ["Total"];
  return counted.includes("Good") ? ["Good", "Reject"] : [];
}
