import { STATION_STATES } from "@doppelwerk/operations";
import type { DerivedSignals } from "@doppelwerk/ports";
import { LIVE } from "@doppelwerk/world";
import type { Summary } from "../contract.ts";
import type { AskedFacts } from "./plant-facts.ts";

/** Stations of which states are shown in one answer. */
const MAX_STATIONS = 2_000;

/** The states of the stations in a place, by the signal that keeps them, as far as the principal may read it; of the past as they were concluded. */
export async function stationStates(
  { view, within, at, past }: AskedFacts,
  derived: DerivedSignals | undefined,
): Promise<Summary["stations"]> {
  const shells = new Set(within.map(({ shell }) => shell));
  const signals = view
    .signals()
    .filter(({ role, connection, shell }) => role === "State" && connection === undefined && shell !== undefined && shells.has(shell))
    .slice(0, MAX_STATIONS)
    .map(({ id }) => id);
  if (signals.length === 0) return [];
  const values = past
    ? await view.history.at(
        signals.map((signal) => ({ branch: LIVE, signal })),
        at,
      )
    : undefined;
  const now = past ? undefined : new Map((await derived?.current())?.map(({ signal, value }) => [signal, value]));
  return signals.map((signal, index) => ({ signal, state: STATION_STATES[values?.[index]?.value ?? now?.get(signal) ?? -1] ?? "unknown" }));
}
