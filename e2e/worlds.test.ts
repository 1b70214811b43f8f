import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { createClient } from "@doppelwerk/client";
import { clientOf, eventually, runCommand, startServer } from "./running-site.ts";

// Worlds by the command line and over HTTP, over real processes.
const folder = mkdtempSync(join(tmpdir(), "doppelwerk-worlds-e2e-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const clientIn = (url: string, world: string) =>
  createClient({
    baseUrl: url,
    world,
    person: { id: "secret of Ada", name: "Ada" },
    fetch: (address, init) => fetch(address, init as RequestInit),
  });

test("[WD2] [WD20] doppelwerk worlds creates, lists, renames, archives, restores and deletes, with and without a server", async () => {
  const data = join(folder, "commands");
  const worlds = async (...args: string[]) => {
    const { code, stdout, stderr } = await runCommand(["worlds", ...args, "--data", data, "--json"]);
    return { code, answer: stdout === "" ? undefined : (JSON.parse(stdout) as Record<string, unknown>), stderr };
  };
  expect(await worlds("list")).toMatchObject({ code: 1, stderr: expect.stringMatching(/^doppelwerk: no data folder.*\n$/) });
  expect(await worlds("create", "dye-house", "--title", "Dye house 染整")).toMatchObject({
    code: 0,
    answer: { name: "dye-house", title: "Dye house 染整", state: "closed" },
  });
  expect(await worlds("create", "dye-house")).toMatchObject({
    code: 1,
    answer: undefined,
    stderr: "doppelwerk: a world dye-house exists already (DW_CONFLICT)\n",
  });
  expect(await worlds("create", "n".repeat(300))).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^doppelwerk: the name of a world [^\n]*\n$/),
  });
  expect(await worlds("create")).toMatchObject({ code: 2 });
  expect((await runCommand(["worlds", "create", "x"])).code).toBe(2);
  expect((await worlds("list")).answer).toEqual({
    worlds: [
      { name: "default", title: "default", state: "closed" },
      { name: "dye-house", title: "Dye house 染整", state: "closed" },
    ],
  });

  const server = await startServer(data);
  const url = String(server.ready["url"]);
  try {
    const ada = clientIn(url, "dye-house");
    expect((await ada.world()).world).toBe("dye-house");
    const forked = await runCommand(["fork", "a plan", "--server", `${url}/worlds/dye-house`, "--json"]);
    const { id } = JSON.parse(forked.stdout) as { id: string };
    expect((await ada.branches()).map((branch) => branch.id)).toContain(id);
    expect((await clientIn(url, "default").branches()).map((branch) => branch.id)).not.toContain(id);
    const exported = await runCommand(["export", "--branch", id, "--server", `${url}/worlds/dye-house/`]);
    expect([exported.code, Object.keys(JSON.parse(exported.stdout) as object)]).toEqual([0, expect.any(Array)]);
    // made beside the running server, it is there at once
    expect((await worlds("create", "second")).code).toBe(0);
    expect((await clientIn(url, "second").world()).title).toEqual({ en: "second", zh: "second" });
    // what the server has open is its own
    for (const args of [
      ["rename", "second", "third"],
      ["archive", "second"],
      ["delete", "second"],
    ])
      expect(await worlds(...args)).toMatchObject({ code: 1, stderr: expect.stringMatching(/^doppelwerk: [^\n]*\n$/) });
    expect((await ada.worlds()).map(({ name, state }) => [name, state])).toEqual([
      ["default", "open"],
      ["dye-house", "open"],
      ["second", "open"],
    ]);
    const beside = (await worlds("list")).answer as { readonly worlds: readonly { readonly state: string }[] };
    expect(beside.worlds.map(({ state }) => state)).toEqual(["open", "open", "open"]);
    await ada.changeWorld("second", { archived: true });
    await expect(clientIn(url, "second").world()).rejects.toMatchObject({ code: "DW_CONFLICT" });
  } finally {
    await server.stop();
  }
  expect((await worlds("rename", "second", "third")).answer).toMatchObject({ name: "third", state: "archived" });
  expect((await worlds("restore", "third")).answer).toMatchObject({ state: "closed" });
  expect((await worlds("archive", "third")).answer).toMatchObject({ state: "archived" });
  expect(await worlds("rename", "third", "dye-house")).toMatchObject({ code: 1 });
  expect((await worlds("delete", "third")).answer).toMatchObject({ name: "third", parts: expect.any(Array) });
  expect(await worlds("delete", "third")).toMatchObject({ code: 1, stderr: "doppelwerk: there is no world third (DW_NOT_FOUND)\n" });
  expect(await worlds("delete", "default")).toMatchObject({ code: 1 });
  expect(readdirSync(join(data, "worlds"))).toEqual(["dye-house"]);
  expect((await runCommand(["verify", data, "--json"])).code).toBe(0);
});

test("[WD3] a server that is killed while worlds are created and deleted has each of them whole or not at all, and what was acknowledged", async () => {
  const data = join(folder, "killed");
  const acknowledged = new Set<string>();
  for (let round = 0; round < 4; round++) {
    const server = await startServer(data);
    const ada = clientOf(String(server.ready["url"]), "Ada");
    const known = new Set((await ada.worlds()).map(({ name }) => name));
    for (const name of acknowledged) expect(known, name).toContain(name);
    let isKilled = false;
    const churn = (async () => {
      for (let at = 0; !isKilled; at++) {
        const name = `r${round}-${at}`;
        await ada.createWorld({ name });
        acknowledged.add(name);
        await clientIn(String(server.ready["url"]), name).world();
        if (at % 2 === 1) {
          acknowledged.delete(name);
          await ada.deleteWorld(name);
        }
      }
    })().catch(() => {
      // the server is gone
    });
    await eventually(() => (acknowledged.size > round + 1 ? true : undefined), "worlds are made");
    await new Promise((resolve) => setTimeout(resolve, round * 30));
    isKilled = true;
    await server.stop("SIGKILL");
    await churn;
  }
  const server = await startServer(data);
  const url = String(server.ready["url"]);
  const worlds = await clientOf(url, "Ada").worlds();
  for (const name of acknowledged) expect(worlds.map((world) => world.name)).toContain(name);
  for (const { name, state } of worlds) {
    expect(state, name).not.toBe("failed");
    expect((await clientIn(url, name).world()).world).toBe(name);
  }
  await eventually(
    () => (readdirSync(join(data, "worlds")).some((name) => name.startsWith(".gone-")) ? undefined : true),
    "what was being deleted is gone",
  );
  await server.stop();
  expect((await runCommand(["verify", data, "--json"])).code).toBe(0);
});

test("[WD6] a world with a connected plant opens with the server and goes on recording; another one stays closed", async () => {
  const data = join(folder, "recording");
  const start = async () => {
    const server = await startServer(data);
    return { server, url: String(server.ready["url"]) };
  };
  const first = await start();
  const ada = clientOf(first.url, "Ada");
  for (const name of ["records", "rests"]) {
    await ada.createWorld({ name });
    await clientIn(first.url, name).world();
  }
  await clientIn(first.url, "records").connect({
    name: "bench",
    protocol: "entered",
    url: "entered:bench",
    settings: { signals: [{ address: "Good", valueType: "integer" }] },
  } as never);
  await first.server.stop();
  const second = await start();
  await eventually(async () => {
    const states = (await clientOf(second.url, "Ada").worlds()).map(({ name, state }) => `${name} ${state}`);
    return states.join() === "default open,records open,rests closed" ? true : undefined;
  }, "the world with the connection is open");
  await second.server.stop();
  expect(existsSync(join(data, "worlds", "records", "world.json"))).toBe(true);
});

test("[WD23] serve --world is about that world: its files are imported there, and a name that is not there is refused", async () => {
  const data = join(folder, "about");
  const file = fileURLToPath(new URL("../packs/discrete-line/fixtures/three-lines.aas.json", import.meta.url));
  expect((await runCommand(["worlds", "create", "mill", "--data", data])).code).toBe(0);
  const server = await startServer(data, ["--world", "mill", "--import", file]);
  const url = String(server.ready["url"]);
  const shells = async (base: string) =>
    ((await (await fetch(`${url}${base}/shells`)).json()) as { readonly result: readonly unknown[] }).result.length;
  expect(await shells("/worlds/mill/api/v3")).toBeGreaterThan(0);
  expect(await shells("/api/v3")).toBe(0);
  await server.stop();
  const refused = await runCommand(["serve", "--data", data, "--port", "0", "--no-open", "--world", "nowhere"]);
  expect([refused.code, refused.stderr]).toEqual([1, "doppelwerk: there is no world nowhere (DW_NOT_FOUND)\n"]);
});
