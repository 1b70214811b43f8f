import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { HOUR, importChanges, LIVE, MINUTE } from "@doppelwerk/world";
import { plantsOf } from "./site-of-product.fixture.ts";
import { eventually } from "../../../e2e/running-site.ts";
import { smallPlant, smallPlantSignals } from "../../../packs/discrete-line/src/small-plant.fixture.ts";

/** The small plant with a shift every hour of every day: some are over at any time. */
export function plantOfHours(): ReturnType<typeof smallPlant> {
  const two = (hour: number): string => String(hour % 24).padStart(2, "0");
  const shift = (hour: number) => ({
    modelType: "SubmodelElementCollection",
    value: Object.entries({
      Name: `H${two(hour)}`,
      Start: `${two(hour)}:00`,
      End: `${two(hour + 1)}:00`,
      Days: "Mon Tue Wed Thu Fri Sat Sun",
      Breaks: "",
    }).map(([idShort, value]) => ({ modelType: "Property", idShort, valueType: "xs:string", value })),
  });
  const replaced = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(replaced);
    if (typeof value !== "object" || value === null) return value;
    const own = value as { readonly idShort?: string };
    if (own.idShort === "Shifts") return { ...own, value: Array.from({ length: 24 }, (_, hour) => shift(hour)) };
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, replaced(each)]));
  };
  return replaced(smallPlant()) as ReturnType<typeof smallPlant>;
}

export const CONNECTION = {
  id: "connection:bench",
  kind: "connection",
  name: "bench",
  protocol: "entered",
  url: "entered:bench",
  enabled: true,
};
const ROLES: readonly string[] = ["VendorState", "Total", "Good", "Reject"];

export interface Brought {
  readonly address: string;
  readonly value: number | string;
  readonly time: number;
}

/**
 * Three hours and a half or more of the leak test up to `now`, from `begin` on: a part a minute while it works, one of ten is rejected. Of each half hour it
 * fails from minute 10 to 16 and stops for a minute at 20. What begins a half hour is at its minute 0.
 */
export function pastOfHours(now: number): { readonly begin: number; readonly rows: readonly Brought[] } {
  const begin = Math.floor((now - 3.5 * HOUR) / (30 * MINUTE)) * 30 * MINUTE;
  const rows: Brought[] = [];
  let [total, good, reject] = [0, 0, 0];
  for (let minute = 0; begin + minute * MINUTE < now - MINUTE; minute++) {
    const time = begin + minute * MINUTE;
    const at = minute % 30;
    if (at === 0 || at === 16 || at === 21) rows.push({ address: "VendorState", value: "20", time });
    if (at === 10 || at === 20) rows.push({ address: "VendorState", value: "40", time });
    if (!(at >= 10 && at < 16) && at !== 20) {
      total++;
      if (total % 10 === 0) reject++;
      else good++;
    }
    rows.push({ address: "Total", value: total, time }, { address: "Good", value: good, time }, { address: "Reject", value: reject, time });
  }
  return { begin, rows };
}

/** Imports the plant and brings its past; resolves to where that begins. */
export async function bringPlantOfHours(site: HostedWorld): Promise<number> {
  const view = site.view(SYSTEM);
  const signals = smallPlantSignals().filter(({ id, role }) => id.startsWith("signal:S90.") && ROLES.includes(role ?? ""));
  await view.apply({
    branch: LIVE,
    reason: "a line",
    changes: [
      ...importChanges(view.reader(LIVE), plantOfHours(), "file").changes,
      { op: "create", record: { ...CONNECTION, settings: {} } },
      ...signals.map((signal) => ({ op: "create" as const, record: { ...signal, connection: CONNECTION.id, address: signal.role } })),
    ],
  });
  await eventually(
    async () => (await plantsOf(site).list()).some(({ id, state }) => id === CONNECTION.id && state === "connected"),
    "the connection",
  );
  const { begin, rows } = pastOfHours(site.now());
  await plantsOf(site).bring(CONNECTION.id, rows);
  return begin;
}
