import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { HOUR, LIVE, MINUTE, type Instant, type SignalRecord } from "@doppelwerk/world";
import { bringPlantOfHours, CONNECTION } from "../../apps/doppelwerk/src/hourly-plant.fixture.ts";
import { clientAs, plantsOf } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { eventually } from "../../e2e/running-site.ts";

const counter = { type: "totaliser", width: 32 } as const;
const meter = (name: string, more: Partial<SignalRecord>) => ({
  id: `signal:${name}`,
  kind: "signal" as const,
  name,
  valueType: "double" as const,
  connection: CONNECTION.id,
  address: name,
  ...more,
});

export interface MeteredPlant {
  readonly line: string;
  readonly lineShell: string;
  /** Of the station S90. */
  readonly stationShell: string;
  /** An hour of two whole halves, known to the end: in each the station fails from minute 10 to 16 and stops at 20 for a minute. */
  readonly from: Instant;
  readonly to: Instant;
}

/**
 * A line whose station S90 has a meter of 12 kW while it works and 3 kW while it does not, in a line of 20 kW, with 60 m³ of air an hour on a signal that is
 * nobody's meter yet; all read each minute.
 */
export async function bringMeteredPlant(site: HostedWorld): Promise<MeteredPlant> {
  const begin = await bringPlantOfHours(site);
  const closes: (() => Promise<unknown>)[] = [];
  const client = await clientAs(site, "fixture", "engineer", closes);
  type Line = {
    readonly id: string;
    readonly shell: string;
    readonly stations: readonly { readonly id: string; readonly shell: string }[];
  };
  const { lines } = await client.requester.json<{ readonly lines: readonly Line[] }>("GET", "/lines");
  for (const close of closes) await close();
  const { id: line, shell: lineShell, stations } = lines[0]!;
  const stationShell = stations.find(({ id }) => id === "S90")!.shell;
  await site.view(SYSTEM).apply({
    branch: LIVE,
    reason: "meters",
    changes: [
      meter("Station", { unit: "kW.h", counter, shell: stationShell }),
      meter("LineMeter", { unit: "kW.h", counter, shell: lineShell }),
      meter("Air", { unit: "m3", counter }),
    ].map((record) => ({ op: "create" as const, record })),
  });
  let used = 500;
  const rows = Array.from({ length: 61 }, (_, minute) => {
    const at = minute % 30;
    const time = begin + minute * MINUTE;
    const own = { address: "Station", value: used, time };
    used += ((at >= 10 && at < 16) || at === 20 ? 3 : 12) / 60;
    return [own, { address: "LineMeter", value: 70 + minute / 3, time }, { address: "Air", value: 4_000 + minute, time }];
  }).flat();
  // the connection is opened again with its new signals
  await eventually(
    () =>
      plantsOf(site)
        .bring(CONNECTION.id, rows)
        .then(
          () => true,
          () => undefined,
        ),
    "the connection with its meters",
  );
  return { line, lineShell, stationShell, from: begin, to: begin + HOUR };
}
