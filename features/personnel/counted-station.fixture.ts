import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { importChanges, LIVE, MINUTE, type Instant } from "@doppelwerk/world";
import { vi } from "vitest";
import { CONNECTION } from "../../apps/doppelwerk/src/hourly-plant.fixture.ts";
import { plantsOf } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { smallPlant, smallPlantSignals } from "../../packs/discrete-line/src/small-plant.fixture.ts";

/** A small line whose station S10 counts. */
export async function bringCountedLine(site: HostedWorld): Promise<void> {
  const view = site.view(SYSTEM);
  const signals = smallPlantSignals().filter(({ id, role }) => id.startsWith("signal:S10.") && role === "Total");
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

/** A reading before the instant, then one more piece each minute. */
export async function countPieces(site: HostedWorld, from: Instant, pieces: number): Promise<void> {
  const rows = Array.from({ length: pieces + 1 }, (_, index) => ({
    address: "S10.Total",
    value: 100 + index,
    time: from - MINUTE / 2 + index * MINUTE,
  }));
  await plantsOf(site).bring(CONNECTION.id, rows);
}
