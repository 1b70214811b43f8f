import type { MappingEdit, MappingEffect, StationReading, StationWords } from "./states-api.ts";
import type { Requester } from "./request.ts";

interface Call {
  readonly signal?: unknown;
}

/** Meaning of raw words and bits of stations. */
export interface StateCalls {
  stationWords(days?: number, call?: Call): Promise<readonly StationWords[]>;
  stationReading(station: string, days?: number, call?: Call): Promise<StationReading>;
  /** What an edit would make of the last days; nothing is written. */
  mappingEffect(station: string, edit: MappingEdit & { readonly days?: number }, call?: Call): Promise<MappingEffect>;
  /** `expected`: the newest version that was looked at. */
  mapStates(
    station: string,
    edit: MappingEdit & { readonly expected?: number; readonly reason?: string },
  ): Promise<{ readonly version: number; readonly changed: boolean }>;
}

export function stateCalls(requester: Requester): StateCalls {
  const path = (station: string) => `/states/${encodeURIComponent(station)}`;
  return {
    stationWords: (days, call) => requester.json("GET", "/states", { query: { days }, ...call }),
    stationReading: (station, days, call) => requester.json("GET", path(station), { query: { days }, ...call }),
    mappingEffect: (station, edit, call) => requester.json("POST", `${path(station)}/effect`, { body: edit, ...call }),
    mapStates: (station, edit) => requester.json("PATCH", path(station), { body: edit }),
  };
}
