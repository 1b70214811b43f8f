import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient, type Client } from "@doppelwerk/client";
import { DoppelwerkError } from "@doppelwerk/world";
import { afterAll, expect, test } from "vitest";
import { eventually, startServer, type Program } from "../../e2e/running-site.ts";
import * as links from "./calls.ts";

// A world that another one of the same server shows, over real processes that are killed.
const folder = mkdtempSync(join(tmpdir(), "doppelwerk-links-e2e-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const clientIn = (url: string, world: string): Client =>
  createClient({
    baseUrl: url,
    world,
    person: { id: "secret of Ada", name: "Ada" },
    fetch: (address, init) => fetch(address, init as RequestInit),
  });

const now = (): number => Date.now() * 1_000;

test("[LK6] a server that is killed while one of its worlds follows another has every value of it afterwards, each once", async () => {
  const data = join(folder, "data");
  let server: Program = await startServer(data);
  const port = new URL(String(server.ready["url"])).port;
  const url = `http://127.0.0.1:${port}`;
  const home = clientIn(url, "default");
  for (const name of ["mill", "park"]) await home.createWorld({ name });
  const [mill, park] = [clientIn(url, "mill"), clientIn(url, "park")];
  await mill.requester.json("PUT", "/secrets/bench", { body: { token: "t" } });
  const settings = { signals: [{ address: "speed" }] };
  const bench = await mill.connect({ name: "bench", protocol: "push", url: "push:bench", secret: "bench", settings } as never);
  const { signals } = await mill.requester.json<{ readonly signals: readonly { readonly id: string }[] }>(
    "GET",
    `/connections/${encodeURIComponent(bench.id)}/signals`,
  );
  const push = async (values: readonly { readonly value: number; readonly time: number }[]): Promise<void> => {
    const answer = await fetch(`${url}/api/doppelwerk/v1/worlds/mill/connections/${encodeURIComponent(bench.id)}/samples`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Bearer t" },
      body: JSON.stringify({ judged: true, values: values.map((value) => ({ address: "speed", ...value })) }),
    });
    if (answer.status !== 202) throw new Error(await answer.text());
  };
  const begin = now();
  const sent: { value: number; time: number }[] = [];
  const record = async (count: number): Promise<void> => {
    for (let at = 0; at < count; at++) {
      const sample = { value: sent.length, time: now() };
      await push([sample]);
      sent.push(sample);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const { key } = await links.grant(mill, { body: { label: "park", places: [], shells: [], signals: [signals[0]!.id] } });
  const link = await links.add(park, { body: { url: `${url}/worlds/mill`, key } });
  const linked = async () =>
    (
      await park.requester
        .json<{ readonly signals: readonly { readonly id: string }[] }>("GET", `/connections/${encodeURIComponent(link.id)}/signals`)
        .catch((error: unknown) => {
          if (error instanceof DoppelwerkError) return { signals: [] };
          throw error;
        })
    ).signals[0];
  await record(20);
  const signal = await eventually(linked, "the linked signal");
  for (let round = 0; round < 2; round++) {
    await server.stop("SIGKILL");
    server = await startServer(data, ["--port", port]);
    await record(20);
  }
  /** Rows at each time: what still stands is said again after a loss, at a time of its own. */
  const stored = async () => {
    const { count, values, sourceTimes, qualities } = await park.window([signal.id], begin, now());
    return Array.from({ length: count }, (_, row) => ({ value: values[row]!, time: sourceTimes[row]!, worth: qualities[row]! }));
  };
  const isThere = (rows: Awaited<ReturnType<typeof stored>>) => (one: (typeof sent)[number]) =>
    rows.filter(({ time, value }) => time === one.time && value === one.value).length;
  await eventually(async () => {
    const rows = await stored().catch(() => []);
    return sent.every((one) => isThere(rows)(one) > 0) ? true : undefined;
  }, "every value");
  const rows = await stored();
  expect(sent.map(isThere(rows))).toEqual(sent.map(() => 1));
  await server.stop();
});
