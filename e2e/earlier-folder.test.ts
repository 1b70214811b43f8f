import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { clientOf, eventually, freePort, runCommand, startProgram, startServer, type Program } from "./running-site.ts";

// A data folder that knows one line, as earlier releases left it, and the same start with the site of today.

let folder: string;
const running: Program[] = [];
const stopAll = async (): Promise<void> => {
  for (const program of running.splice(0).toReversed()) await program.stop();
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "doppelwerk-earlier-"));
});
afterEach(async () => {
  await stopAll();
  rmSync(folder, { recursive: true, force: true });
});

test("[E49] a folder of Line 3 alone, started with the site: nothing is lost or damaged, and the second line, its past and the other places arrive", async () => {
  const [port, opcua, mqtt] = [await freePort(), await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const data = join(folder, "data");
  const get = async (path: string) => (await fetch(`${url}/api/doppelwerk/v1/${path}`)).json();
  const start = async (...more: readonly string[]): Promise<void> => {
    const ports = ["--opcua-port", String(opcua), "--mqtt-port", String(mqtt)];
    const plant = await startProgram("examples/demo-plant/src/main.ts", [
      "--json",
      "--minimal",
      "--data",
      join(folder, "plant"),
      ...ports,
      ...more,
    ]);
    running.push(plant);
    running.push(await startServer(data, ["--port", String(port), "--import", String(plant.ready["engineeringFile"]), "--demo"]));
  };
  const lines = async () =>
    ((await get("lines")) as { readonly lines: readonly { readonly id: string; readonly stations: readonly unknown[] }[] }).lines;
  const connected = async (count: number) => {
    const all = (await get("connections")) as readonly { readonly state: string }[];
    return all.length === count && all.every(({ state }) => state === "connected") ? true : undefined;
  };
  /** Good samples of a signal of Line 3, oldest first. */
  const recorded = async (signal: string, from: number, to: number) => {
    const answer = await fetch(`${url}/api/doppelwerk/v1/export/samples?signals=${encodeURIComponent(signal)}&from=${from}&to=${to}`);
    const [head = "", ...rows] = (await answer.text()).trim().split("\r\n");
    const [value, time, quality] = ["value", "time", "quality"].map((name) => head.split(",").indexOf(name)) as [number, number, number];
    return rows.map((row) => row.split(",")).flatMap((cells) => (cells[quality] === "good" ? [`${cells[time]} ${cells[value]}`] : []));
  };

  await start();
  const past = Date.now() * 1_000 - 120 * 3_600_000_000;
  await eventually(() => connected(2), "Line 3 is connected");
  const [line3] = await eventually(async () => ((await lines()).length === 1 ? lines() : undefined), "Line 3");
  const ada = clientOf(url, "Ada");
  const connections = (await get("connections")) as readonly { readonly id: string }[];
  const known = await Promise.all(connections.map(({ id }) => get(`connections/${encodeURIComponent(id)}/signals?limit=1000`)));
  const signals = known.flatMap(
    (answer) => (answer as { readonly signals: readonly { readonly id: string; readonly address: string }[] }).signals,
  );
  const total = signals.find(({ address }) => /S090.*Total/.test(address))!;
  expect(
    total,
    signals
      .map(({ address }) => address)
      .join(" ")
      .slice(0, 2_000),
  ).toBeDefined();
  const written = await eventually(async () => {
    const rows = await recorded(total.id, past, Date.now() * 1_000);
    return rows.length > 100 ? rows : undefined;
  }, "the past of Line 3");
  // what people did: an edit on live, and a branch
  const named = { displayName: [{ language: "en", text: "Line three, as we call it" }] };
  const shells = (await (await fetch(`${url}/api/v3/shells?limit=100`)).json()) as {
    readonly result: readonly { readonly id: string; readonly idShort: string }[];
  };
  const shell = shells.result.find(({ idShort }) => idShort === line3!.id) ?? shells.result[0]!;
  const address = `${url}/api/v3/shells/${Buffer.from(shell.id).toString("base64url")}`;
  const edited = await fetch(address, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...((await (await fetch(address)).json()) as object), ...named }),
  });
  expect(edited.status).toBe(204);
  const { id: branch } = await ada.fork("a plan of yesterday");
  await stopAll();

  const restarted = Date.now() * 1_000;
  await start("--site", "--push", url);
  const [first] = await eventually(async () => ((await lines()).length === 2 ? lines() : undefined), "two lines");
  expect(first).toMatchObject({ id: line3!.id, stations: line3!.stations.map(() => expect.anything()) });
  await eventually(() => connected(5), "every connection of the site");
  expect(await (await fetch(address)).json()).toMatchObject(named);
  expect((await ada.branches()).map(({ id, name }) => [id, name])).toContainEqual([branch, "a plan of yesterday"]);
  const now = await recorded(total.id, past, Date.now() * 1_000);
  expect(now.slice(0, written.length)).toEqual(written);
  // any signal of it: one station may be stopped for minutes
  const all = signals.map(({ id }) => id).join(",");
  await eventually(async () => (await recorded(all, restarted, Date.now() * 1_000)).length > 0, "Line 3 goes on");
  expect(
    ((await get("places")) as { readonly places: readonly { readonly kind: string }[] }).places.filter(
      ({ kind }) => kind === "productionLine",
    ),
  ).toHaveLength(2);
  await eventually(async () => {
    const snapshot = (await get("snapshot?line=Line4")) as { readonly stations?: readonly { readonly state: string }[] };
    return snapshot.stations?.some(({ state }) => state !== "unknown") ? true : undefined;
  }, "states of Line 4");
  const health = await fetch(`${url}/healthz`);
  expect([health.status, await health.json()]).toEqual([200, { ok: true }]);
  expect(await get("history/damage")).toEqual([]);
  await stopAll();
  const verified = await runCommand(["verify", data, "--json"]);
  expect(verified.code, verified.stdout + verified.stderr).toBe(0);
});
