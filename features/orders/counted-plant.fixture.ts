import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { importChanges, LIVE, MINUTE, type Instant } from "@doppelwerk/world";
import { vi } from "vitest";
import { CONNECTION } from "../../apps/doppelwerk/src/hourly-plant.fixture.ts";
import { plantsOf } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { smallPlant, smallPlantSignals } from "../../packs/discrete-line/src/small-plant.fixture.ts";

// A small line that counts at its beginning (S10) and at its end (S120), and says of which product.

const ROLES: readonly string[] = ["Total", "Good", "Product"];

export async function bringLine(site: HostedWorld): Promise<void> {
  const view = site.view(SYSTEM);
  const signals = smallPlantSignals().filter(({ id, role }) => /^signal:S(10|120)\./.test(id) && ROLES.includes(role ?? ""));
  await view.apply({
    branch: LIVE,
    reason: "a line",
    changes: [
      ...importChanges(view.reader(LIVE), smallPlant(), "file").changes,
      { op: "create", record: { ...CONNECTION, settings: {} } },
      ...signals.map((signal) => ({
        op: "create" as const,
        record: { ...signal, connection: CONNECTION.id, address: signal.id.slice("signal:".length) },
      })),
    ],
  });
  await vi.waitUntil(async () => (await plantsOf(site).list()).some(({ id, state }) => id === CONNECTION.id && state === "connected"), {
    timeout: 60_000,
  });
}

/** `count` pieces of a product, one a minute from an instant on: begun then, good ten minutes later. `counted`: how many the counters had before. */
export async function makePieces(
  site: HostedWorld,
  { product, from, count, counted, good = count }: { product: string; from: Instant; count: number; counted: number; good?: number },
): Promise<void> {
  const rows = (station: string, counter: string, begin: Instant, pieces: number) => [
    { address: `${station}.Product`, value: product, time: begin - 1 },
    { address: `${station}.${counter}`, value: counted, time: begin },
    ...Array.from({ length: pieces }, (_, index) => ({
      address: `${station}.${counter}`,
      value: counted + index + 1,
      time: begin + (index + 1) * MINUTE,
    })),
  ];
  await plantsOf(site).bring(CONNECTION.id, [...rows("S10", "Total", from, count), ...rows("S120", "Good", from + 10 * MINUTE, good)]);
}
