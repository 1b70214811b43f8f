import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { HOUR, importChanges, LIVE, MINUTE } from "@doppelwerk/world";
import { vi } from "vitest";
import { CONNECTION, plantOfHours } from "../../apps/doppelwerk/src/hourly-plant.fixture.ts";
import { plantsOf } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { smallPlantSignals } from "../../packs/discrete-line/src/small-plant.fixture.ts";

// A small line with a shift every hour, and samples of its leak test that figures can be computed from by hand.

const ROLES: readonly string[] = ["ItemState", "Total", "Good", "Reject"];

/** Three hours and a half or more of the leak test up to `now`: a part a minute, one of ten is rejected, and five minutes of every half hour it fails. */
function pastOf(now: number): { readonly address: string; readonly value: number | string; readonly time: number }[] {
  // from a half hour on, so that no stop lies over the end of a shift
  const begin = Math.floor((now - 3.5 * HOUR) / (30 * MINUTE)) * 30 * MINUTE;
  const rows: { address: string; value: number | string; time: number }[] = [];
  let [good, reject] = [0, 0];
  for (let minute = 0; begin + minute * MINUTE < now - MINUTE; minute++) {
    const time = begin + minute * MINUTE;
    if (minute % 30 === 0) rows.push({ address: "ItemState", value: 3, time });
    if (minute % 30 === 25) rows.push({ address: "ItemState", value: "Aborted", time });
    if (minute % 10 === 9) reject++;
    else good++;
    rows.push(
      { address: "Total", value: minute, time },
      { address: "Good", value: good, time },
      { address: "Reject", value: reject, time },
    );
  }
  return rows;
}

/** Writes the plant and brings its past; resolves to an instant before which shifts that are over are whole. */
export async function bringHours(site: HostedWorld): Promise<number> {
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
  const isConnected = async (): Promise<boolean> =>
    (await plantsOf(site).list()).some(({ id, state }) => id === CONNECTION.id && state === "connected");
  await vi.waitUntil(isConnected, { timeout: 60_000 });
  const over = site.now() - 2 * MINUTE;
  await plantsOf(site).bring(CONNECTION.id, pastOf(site.now()));
  return over;
}
