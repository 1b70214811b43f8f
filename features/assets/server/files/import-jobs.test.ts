import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HostedWorld } from "@doppelwerk/server/site";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openProduct, serveAs } from "../../../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { startServer } from "../../../../e2e/running-site.ts";
import { ENGINEER, VIEWER } from "../../../../packages/aas-server/src/api/test-server.fixture.ts";
import type { ImportJob } from "../../contract.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-import-jobs-"));
const folder = join(root, "site");
let site: HostedWorld;
let app: Awaited<ReturnType<typeof serveAs>>;

beforeAll(async () => {
  site = await openProduct(folder);
  app = await serveAs(site, ENGINEER);
});
afterAll(async () => {
  await app.close();
  await site.close();
  rmSync(root, { recursive: true, force: true });
});

const OCTETS = { "content-type": "application/octet-stream" };
const api = (origin: string) => `${origin}/api/doppelwerk/v1`;
const uploads = (data = folder): readonly string[] => readdirSync(join(data, "jobs")).filter((name) => /\.upload/.test(name));

function fileOf(name: string, submodels: number, elements: number): string {
  return JSON.stringify({
    submodels: Array.from({ length: submodels }, (_, i) => ({
      modelType: "Submodel",
      id: `urn:${name}:${i}`,
      submodelElements: Array.from({ length: elements }, (_unused, j) => ({
        modelType: "Property",
        idShort: `p${j}`,
        valueType: "xs:int",
        value: `${i}`,
      })),
    })),
  });
}

function send(origin: string, name: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(`${api(origin)}/import?name=${name}`, { method: "POST", headers: { ...OCTETS, ...headers }, body });
}

/** Starts an import and does not wait for it. */
async function begin(
  origin: string,
  name: string,
  body: string,
): Promise<{ readonly id: string; readonly read: () => Promise<ImportJob> }> {
  const response = await send(origin, name, body, { prefer: "respond-async" });
  expect(response.status).toBe(202);
  const { id } = (await response.json()) as ImportJob;
  const location = response.headers.get("location")!;
  return { id, read: async () => (await (await fetch(origin + location)).json()) as ImportJob };
}

test("[AF10] who waits gets the report of an import; who prefers not to gets its job, and reads the report there", async () => {
  const waited = await send(app.origin, "waited.json", fileOf("waited", 1, 2));
  expect([waited.status, await waited.json()]).toEqual([200, { created: 3, changed: 0, conflicts: 0, findings: [] }]);
  const response = await send(app.origin, "later.json", fileOf("later", 1, 3), { prefer: "respond-async, wait=1" });
  expect([response.status, response.headers.get("preference-applied")]).toEqual([202, "respond-async"]);
  const { id, name } = (await response.json()) as ImportJob;
  expect([name, response.headers.get("location")]).toEqual(["later.json", `/api/doppelwerk/v1/imports/${encodeURIComponent(id)}`]);
  const read = async () => (await (await fetch(app.origin + response.headers.get("location")!)).json()) as ImportJob;
  await expect.poll(async () => (await read()).state).toBe("done");
  expect(await read()).toMatchObject({ progress: 1, report: { created: 4, changed: 0 } });
  const { jobs } = (await (await fetch(`${api(app.origin)}/jobs?kind=assets.import`)).json()) as { jobs: { id: string; state: string }[] };
  expect(jobs.map((job) => job.state)).toEqual(["done", "done"]);
  expect(jobs[0]!.id).toBe(id);
  await expect.poll(() => uploads()).toEqual([]);
});

test("[AF10] a file that cannot be imported is refused as before, fails its job with the reason, and is removed", async () => {
  const refused = await send(app.origin, "bad.json", "no file at all");
  const { error } = (await refused.json()) as { error: { code: string; message: string; reason: object; details: unknown } };
  expect([refused.status, error.code, Array.isArray(error.details)]).toEqual([400, "DW_INVALID", true]);
  const { read } = await begin(app.origin, "bad.json", "no file at all");
  await expect.poll(async () => (await read()).state).toBe("failed");
  expect(await read()).toMatchObject({ message: error.message, reason: error.reason });
  await expect.poll(() => uploads()).toEqual([]);
});

test("[AF10] who may not import is refused before the file is read, and reads no report", async () => {
  const { id, read } = await begin(app.origin, "mine.json", fileOf("mine", 1, 1));
  await expect.poll(async () => (await read()).state).toBe("done");
  const viewer = await serveAs(site, VIEWER);
  expect((await send(viewer.origin, "no.json", fileOf("no", 1, 1))).status).toBe(403);
  expect((await fetch(`${api(viewer.origin)}/imports/${encodeURIComponent(id)}`)).status).toBe(403);
  expect((await fetch(`${api(app.origin)}/imports/import:none`)).status).toBe(404);
  await viewer.close();
});

test("[AF11] an import that is cancelled while its file is read changes nothing, and its file is removed", async () => {
  const revision = site.view(ENGINEER).revision();
  // the first one is read, the other waits for it
  const [first, second] = [
    await begin(app.origin, "a.json", fileOf("a", 400, 100)),
    await begin(app.origin, "b.json", fileOf("b", 400, 100)),
  ];
  const waits = send(app.origin, "c.json", fileOf("c", 400, 100));
  const cancel = (id: string) => fetch(`${api(app.origin)}/jobs/${encodeURIComponent(id)}`, { method: "DELETE" });
  expect((await cancel(second.id)).status).toBe(204);
  expect((await cancel(first.id)).status).toBe(204);
  await expect.poll(async () => [(await first.read()).state, (await second.read()).state]).toEqual(["cancelled", "cancelled"]);
  const all = async () => (await site.jobs.list()).filter(({ state }) => state === "running" || state === "queued");
  await expect.poll(async () => (await all()).length).toBe(1);
  await cancel((await all())[0]!.id);
  const answer = await waits;
  expect([answer.status, await answer.json()]).toMatchObject([409, { error: { code: "DW_CANCELLED" } }]);
  expect(site.view(ENGINEER).revision()).toBe(revision);
  await expect.poll(() => uploads()).toEqual([]);
});

test("[AF12] an import that kill -9 interrupts between its parts is completed at the next start, and says what it brought in all", async () => {
  const data = join(root, "killed");
  let server = await startServer(data);
  const origin = () => String(server.ready["url"]).replace(/\/$/, "");
  try {
    const { id } = await begin(origin(), "large.json", fileOf("large", 200, 210));
    const read = async () => (await (await fetch(`${api(origin())}/imports/${encodeURIComponent(id)}`)).json()) as ImportJob;
    await expect.poll(async () => (await read()).progress, { timeout: 60_000, interval: 5 }).toBeGreaterThan(0.5);
    expect((await read()).state).toBe("running");
    await server.stop("SIGKILL");
    expect(uploads(data)).toHaveLength(1);
    server = await startServer(data);
    await expect.poll(async () => (await read()).state, { timeout: 60_000 }).toBe("done");
    expect((await read()).report).toMatchObject({ created: 200 * 211, changed: 0, conflicts: 0 });
    await expect.poll(() => uploads(data)).toEqual([]);
    const count = await fetch(`${origin()}/api/v3/submodels?limit=1000`);
    expect(((await count.json()) as { result: unknown[] }).result).toHaveLength(200);
  } finally {
    await server.stop("SIGKILL");
  }
}, 180_000);

// A limit of the size of files stands for a disk that is full.
test.skipIf(process.platform === "win32")(
  "[AF12] an upload that finds no room is refused with 503 and leaves nothing; a smaller one is taken",
  async () => {
    const data = join(root, "full");
    const server = await startServer(data, [], ["bash", "-c", 'trap "" XFSZ; ulimit -f 20000; exec "$0" "$@"']);
    const origin = String(server.ready["url"]).replace(/\/$/, "");
    try {
      const refused = await send(origin, "huge.json", " ".repeat(30_000_000));
      expect([refused.status, await refused.json()]).toMatchObject([503, { error: { code: "DW_UNAVAILABLE" } }]);
      expect(uploads(data)).toEqual([]);
      expect((await send(origin, "small.json", fileOf("small", 1, 1))).status).toBe(200);
    } finally {
      await server.stop("SIGKILL");
    }
  },
  120_000,
);
