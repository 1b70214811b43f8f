import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient, type Client } from "@doppelwerk/client";
import { DoppelwerkError } from "@doppelwerk/world";
import { afterAll, expect, test } from "vitest";
import { eventually, runCommand, startServer, type Program } from "../../e2e/running-site.ts";
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

test("[LK13] doppelwerk links grants, follows, lists and ends; what is refused is one line, and no key stands in a list", async () => {
  const server = await startServer(join(folder, "commands"));
  const url = String(server.ready["url"]);
  const home = clientIn(url, "default");
  for (const name of ["mill", "park"]) await home.createWorld({ name });
  const shell = (id: string, idShort: string) => ({
    modelType: "AssetAdministrationShell",
    id,
    idShort,
    assetInformation: { assetKind: "Instance", globalAssetId: id },
  });
  for (const [id, idShort] of [
    ["urn:press", "Press"],
    ["urn:twin:1", "Twin"],
    ["urn:twin:2", "Twin"],
  ] as const) {
    const body = JSON.stringify(shell(id, idShort));
    const made = await fetch(`${url}/worlds/mill/api/v3/shells`, { method: "POST", headers: { "content-type": "application/json" }, body });
    expect(made.status).toBe(201);
  }
  const run = async (world: string, words: readonly string[], input?: string) => {
    const { code, stdout, stderr } = await runCommand(["links", ...words, "--server", `${url}/worlds/${world}`, "--json"], input);
    return { code, answer: stdout === "" ? undefined : JSON.parse(stdout), stderr };
  };
  const oneLine = expect.stringMatching(/^doppelwerk: [^\n]*\n$/);
  const granted = await run("mill", ["grant", "Park", "--shell", "Press"]);
  expect(granted).toMatchObject({
    code: 0,
    answer: { key: expect.stringMatching(/^dwk_/), grant: { label: "Park", covers: { shells: 1 } } },
  });
  expect(await run("mill", ["grant", "Park", "--shell", "Twin"])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^doppelwerk: several have the name Twin.*\n$/),
  });
  expect(await run("mill", ["grant", "Park"])).toMatchObject({ code: 1, stderr: oneLine });
  expect(await run("mill", ["grant", "Park", "--shell", "nobody"])).toMatchObject({ code: 1, stderr: oneLine });
  expect(await run("mill", ["grant"])).toMatchObject({ code: 2 });
  expect(await run("mill", ["grant", "Park", "--shell", "Press", "--until", "tomorrow"])).toMatchObject({ code: 2 });
  const { key } = granted.answer as { readonly key: string };
  const follow = ["follow", `${url}/worlds/mill`, "--name", "The mill"];
  expect(await run("park", follow, "")).toMatchObject({ code: 1, stderr: oneLine });
  expect(await run("park", follow, `${key}\n`)).toMatchObject({ code: 0, answer: { name: "The mill" } });
  expect(await run("park", follow, key)).toMatchObject({ code: 1, stderr: oneLine });
  const shown = await eventually(async () => {
    const { answer } = await run("park", ["list"]);
    return answer.links[0]?.state === "online" && answer.links[0].shows.shells === 1 ? answer : undefined;
  }, "the press is shown");
  expect(shown).toMatchObject({ links: [{ name: "The mill", url: `${url}/worlds/mill` }], grants: [] });
  expect(JSON.stringify(shown) + JSON.stringify((await run("mill", ["list"])).answer)).not.toContain(key);
  expect((await runCommand(["links", "list", "--server", `${url}/worlds/mill`])).stdout).toMatch(
    /^grants Park +until ended {2}1 shells, 0 signals {2}grant:\S+\n$/,
  );
  expect(await run("mill", ["end", "Park"])).toMatchObject({ code: 0, answer: { name: "Park" } });
  await eventually(
    async () => ((await run("park", ["list"])).answer.links[0].state === "refused" ? true : undefined),
    "the link is refused",
  );
  expect(await run("park", ["end", "The mill"])).toMatchObject({ code: 0 });
  expect(await run("park", ["end", "The mill"])).toMatchObject({
    code: 1,
    stderr: "doppelwerk: there is no link and no grant The mill (DW_NOT_FOUND)\n",
  });
  expect((await run("park", ["list"])).answer).toEqual({ links: [], grants: [] });
  await server.stop();
  expect(await run("park", ["list"])).toMatchObject({ code: 1, stderr: oneLine });
});
