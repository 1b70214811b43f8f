import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { signalOfOutput } from "@doppelwerk/kit/pack";
import { decodeSamplesFrame, type ServerMessage } from "@doppelwerk/sync";
import { heldSamples, LIVE, SECOND, type Change, type Instant, type RecordId } from "@doppelwerk/world";
import { afterAll, afterEach, expect, test } from "vitest";
import { createSiteApp, SYSTEM } from "../../compose/index.ts";
import { probe } from "../probe.fixture.ts";
import { servePacks, type ServedPacks } from "../served-packs.fixture.ts";
import { LEVEL, OUTFLOW, packWithFold, TANK } from "./packs-of-folds.fixture.ts";

const WAIT = { timeout: 120_000, interval: 100 };
const LEVEL_1 = "signal:level";
const TANK_1 = `${TANK}:1`;
const DRAWN = signalOfOutput(LEVEL, TANK_1, OUTFLOW);

const root = mkdtempSync(join(tmpdir(), "doppelwerk-present-values-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const ends: (() => unknown)[] = [];
const endAll = async (): Promise<void> => {
  for (const end of ends.splice(0).toReversed()) await end();
};
afterEach(endAll);

/** A feature by which a test sends samples. */
const { listed: PROBE, plant } = probe();

async function serve(name: string, added = [packWithFold()]): Promise<ServedPacks> {
  const served = await servePacks(added, [], join(root, name), { product: [PROBE] });
  ends.push(() => served.close());
  return served;
}

/** Values that a viewer of all signals has been sent, newest last, by signal. */
async function watch(served: ServedPacks): Promise<ReadonlyMap<RecordId, number[]>> {
  const app = await createSiteApp(served.site);
  served.site.hub.attach(app.server);
  ends.push(() => app.close());
  const socket = new WebSocket(`${(await app.listen({ host: "127.0.0.1", port: 0 })).replace("http", "ws")}/ws`);
  ends.push(() => socket.close());
  socket.binaryType = "arraybuffer";
  const values = new Map<RecordId, number[]>();
  let ids: readonly (RecordId | undefined)[] = [];
  const { promise: subscribed, resolve } = Promise.withResolvers<void>();
  socket.addEventListener("message", ({ data }) => {
    if (typeof data === "string") {
      const message = JSON.parse(data) as ServerMessage;
      if (message.kind === "welcome" || message.kind === "signals") ids = message.signals.map((entry) => entry?.id);
      return;
    }
    // the first frame answers the subscription
    resolve();
    const { count, signals, values: numbers } = decodeSamplesFrame(new Uint8Array(data as ArrayBuffer));
    for (let row = 0; row < count; row++) {
      const id = ids[signals[row]!]!;
      values.set(id, [...(values.get(id) ?? []), numbers[row]!]);
    }
  });
  await once(socket, "open");
  socket.send(
    JSON.stringify({ kind: "hello", protocol: 2, samplesFrame: 2, name: "Ada", client: "secret of Ada, long enough", branch: LIVE }),
  );
  socket.send(JSON.stringify({ kind: "subscribe", signals: "all" }));
  await subscribed;
  return values;
}

const apply = (served: ServedPacks, ...changes: Change[]) => served.site.view(SYSTEM).apply({ branch: LIVE, reason: "test", changes });
const level: Change = { op: "create", record: { id: LEVEL_1, kind: "signal", name: "level", valueType: "double" } as never };
const tank: Change = { op: "create", record: { id: TANK_1, kind: TANK, name: "T1", level: LEVEL_1 } as never };

async function send(...rows: readonly (readonly [Instant, number])[]): Promise<void> {
  const times = Float64Array.from(rows, ([at]) => at);
  const batch = {
    origin: "measured",
    count: rows.length,
    signals: new Uint32Array(rows.length).fill(plant().table.indexOf(LEVEL_1)!),
    values: Float64Array.from(rows, ([, value]) => value),
    texts: new Map(),
    qualities: new Uint8Array(rows.length),
    sourceTimes: times,
    serverTimes: times,
  } as const;
  await plant().intake.offer(batch);
}

test("[SV160] a value that has not changed for long reaches viewers that are there already; an older one does not", async () => {
  const served = await serve("old");
  await apply(served, level);
  const values = await watch(served);
  const now = plant().now();
  await send([now - 3_600 * SECOND, 7]);
  await expect.poll(() => values.get(LEVEL_1), WAIT).toEqual([7]);
  // an archive: only its end is a present value
  await send([now - 7_200 * SECOND, 5], [now - 3_000 * SECOND, 6], [now - 2_000 * SECOND, 8]);
  await send([now - 2_500 * SECOND, 9]);
  await send([now, 10]);
  await expect.poll(() => values.get(LEVEL_1), WAIT).toEqual([7, 8, 10]);
});

test("[FO20] what a pack concluded last is the live value once the past is derived, and after a restart", async () => {
  const first = await serve("kept");
  await apply(first, level, tank);
  const begin = plant().now() - 3 * 3_600 * SECOND;
  const values = await watch(first);
  await send([begin, 9], [begin + 10 * SECOND, 8]);
  await expect.poll(() => values.get(DRAWN)?.at(-1), WAIT).toBe(1);
  const [kept] = heldSamples(await first.site.history.raw({ branch: LIVE, signal: DRAWN }, 0, plant().now()));
  expect(kept).toMatchObject({ time: begin + 10 * SECOND, value: 1 });
  await endAll();
  const again = await watch(await serve("kept", []));
  await expect.poll(() => again.get(DRAWN), WAIT).toEqual([1]);
});
