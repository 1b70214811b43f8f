import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startPostgres, type PostgresServer } from "../scripts/postgres-server.ts";
import { startServer, type Program } from "./running-site.ts";

// Two servers share one PostgreSQL: one owns the world, the other stands by.
const folder = mkdtempSync(join(tmpdir(), "doppelwerk-takeover-"));
let postgres: PostgresServer;
beforeAll(async () => void (postgres = await startPostgres()), 300_000);
afterAll(async () => {
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const COUNT = `/api/v3/submodels/${Buffer.from("urn:example:counted").toString("base64url")}/submodel-elements/Count/$value`;

test("the owner of a world is killed: the standby takes over with everything acknowledged, and the old owner stands by when it returns", async () => {
  const serve = (name: string): Promise<Program> => startServer(join(folder, name), ["--postgres", postgres.url]);
  let owner = await serve("one");
  let standby = serve("two");
  await make(String(owner.ready["url"]));
  let written = 0;
  for (let round = 0; round < (process.env["SOAK"] ? 20 : 2); round++) {
    const url = String(owner.ready["url"]);
    const counting = countUntilGone(url, written);
    while ((await valueAt(url)) < written + 50) await new Promise((resolve) => setTimeout(resolve, 50));
    await owner.stop("SIGKILL");
    const { acknowledged } = await counting;
    const next = await standby;
    const found = await valueAt(String(next.ready["url"]));
    // The one that was on its way may be there or not.
    expect(found).toBeGreaterThanOrEqual(acknowledged);
    expect(found).toBeLessThanOrEqual(acknowledged + 1);
    written = found;
    owner = next;
    standby = serve(round % 2 === 0 ? "one" : "two");
  }
  // An owner that only slept ends when it wakes, and writes nothing.
  const slept = new Promise<number | null>((resolve) => owner.child.once("exit", resolve));
  owner.child.kill("SIGSTOP");
  const awake = await standby;
  expect((await patch(String(awake.ready["url"]), written + 1)).status).toBe(204);
  const late = patch(String(owner.ready["url"]), -1).catch(() => undefined);
  owner.child.kill("SIGCONT");
  expect(await slept).toBe(1);
  expect((await late)?.ok ?? false).toBe(false);
  expect(await valueAt(String(awake.ready["url"]))).toBe(written + 1);
  // An orderly stop hands over at once.
  const third = serve("three");
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await awake.stop();
  const last = await third;
  expect(await valueAt(String(last.ready["url"]))).toBe(written + 1);
  await last.stop();
});

test("a server whose PostgreSQL is away refuses writes, and goes on when it is back", async () => {
  const server = await startServer(join(folder, "four"), ["--postgres", postgres.url]);
  const url = String(server.ready["url"]);
  const before = await valueAt(url);
  await postgres.kill();
  const refused = await patch(url, before + 1);
  expect(refused.status).toBe(503);
  expect(await valueAt(url)).toBe(before);
  await postgres.start();
  for (let attempt = 0; (await patch(url, before + 2)).status !== 204; attempt++) {
    if (attempt > 2_400) throw new Error("writes did not come back");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(await valueAt(url)).toBe(before + 2);
  await server.stop();
});

async function make(url: string): Promise<void> {
  const submodel = {
    modelType: "Submodel",
    id: "urn:example:counted",
    submodelElements: [{ modelType: "Property", idShort: "Count", valueType: "xs:long", value: "0" }],
  };
  const made = await fetch(`${url}/api/v3/submodels`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(submodel),
  });
  expect(made.status).toBe(201);
}

const patch = (url: string, value: number): Promise<Response> =>
  fetch(`${url}${COUNT}`, { method: "PATCH", headers: { "content-type": "application/json" }, body: JSON.stringify(String(value)) });

async function valueAt(url: string): Promise<number> {
  return Number(await (await fetch(`${url}${COUNT}`)).json());
}

/** Counts one value upwards until the server is gone; the last value it acknowledged. */
async function countUntilGone(url: string, from: number): Promise<{ readonly acknowledged: number }> {
  let acknowledged = from;
  for (;;) {
    try {
      const answer = await patch(url, acknowledged + 1);
      if (!answer.ok) return { acknowledged };
      acknowledged++;
    } catch {
      return { acknowledged };
    }
  }
}
