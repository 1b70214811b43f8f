import type { LineVehicle, RecordId, SignalRecord } from "@doppelwerk/kit";

const ROLES: Readonly<Record<string, string>> = {
  PositionX: "x",
  PositionY: "y",
  Heading: "heading",
  State: "state",
  Battery: "battery",
  Load: "load",
};

/** Vehicles are the devices of a Sparkplug node that report their position. */
export function vehiclesOf(signals: readonly SignalRecord[]): readonly LineVehicle[] {
  const devices = new Map<string, Record<string, RecordId>>();
  for (const { id, address, role } of signals) {
    const device = address?.split("/").at(-2);
    const what = ROLES[role ?? ""];
    if (device && what) devices.set(device, { ...devices.get(device), [what]: id });
  }
  return [...devices]
    .filter(([, own]) => own["x"] && own["y"])
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, own]) => ({ id, signals: own }));
}
