import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describedAasRoutes } from "@doppelwerk/aas-server";
import { importChanges, LIVE } from "@doppelwerk/world";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { everyEnvironment, goodRequest, putBack } from "../../../aas-server/src/api/every-request.fixture.ts";
import { attachWorlds, createWorldsApp, openWorlds, SYSTEM, type OpenWorlds } from "../compose/index.ts";

// The AAS API of a world beside the default one, over sockets: every address that reads, and what the answers lead to.
const data = mkdtempSync(join(tmpdir(), "doppelwerk-aas-of-world-"));
const closes: (() => Promise<unknown>)[] = [];
let origin: string;
let branch: string;
let worlds: OpenWorlds;

beforeAll(async () => {
  worlds = await openWorlds({ dataDirectory: data, logger: pino({ level: "silent" }), workers: 1 });
  const app = await createWorldsApp(worlds);
  attachWorlds(app.server, worlds);
  origin = await app.listen({ port: 0, host: "127.0.0.1" });
  closes.push(
    () => app.close(),
    () => worlds.close(),
  );
  await worlds.registry.create("mill");
  const { world, leave } = await worlds.registry.enter("mill");
  closes.unshift(async () => leave());
  const view = world.view(SYSTEM);
  const { changes } = importChanges(view.reader(LIVE), everyEnvironment, "every");
  await view.apply({ branch: LIVE, reason: "everything", changes });
  await putBack(callAt("/worlds/mill/api/v3"));
  branch = (await view.fork({ name: "a plan", parent: LIVE, instant: world.now(), reason: "a plan" })).id;
});
afterAll(async () => {
  for (const close of closes) await close();
  rmSync(data, { recursive: true, force: true });
});

function callAt(base: string) {
  return async (method: string, path: string, body?: unknown) => {
    const isForm = body instanceof FormData;
    const response = await fetch(origin + base + path, {
      method,
      redirect: "manual",
      ...(body !== undefined && !isForm && { headers: { "content-type": "application/json" } }),
      ...(body !== undefined && { body: isForm ? body : typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: asJson(text) as never };
  };
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Addresses of this server anywhere in an answer. */
const linksIn = (text: string): readonly string[] => text.match(new RegExp(`${origin}/[^"<\\s]*`, "g")) ?? [];

test("[WD22] every reading address of the AAS API answers below a named world and below its branches, and every link in an answer stays there", async () => {
  const paths = Object.entries(describedAasRoutes("")).flatMap(([path, methods]) =>
    Object.hasOwn(methods as object, "get") ? [path.replace(/\{(\w+)\}/g, ":$1")] : [],
  );
  expect(paths.length).toBeGreaterThan(50);
  let links = 0;
  for (const base of ["/worlds/mill/api/v3", `/worlds/mill/branches/${encodeURIComponent(branch)}/api/v3`]) {
    const call = callAt(base);
    for (const path of paths) {
      // handles belong to what was started on live
      if (base.includes("branches") && path.includes(":handleId")) continue;
      const { url } = await goodRequest(call, "GET", path);
      const answer = await call("GET", url);
      expect([200, 204, 302], `${base}${url}: ${answer.status} ${answer.text.slice(0, 200)}`).toContain(answer.status);
      const found = [...linksIn(answer.text), ...linksIn(answer.headers.get("location") ?? "")];
      links += found.length;
      for (const link of found)
        expect(link.startsWith(`${origin}${base}/`) || link === `${origin}${base}`, `${base}${url} leads to ${link}`).toBe(true);
    }
  }
  expect(links).toBeGreaterThan(0);
  const elsewhere = callAt("/api/v3");
  expect((await elsewhere("GET", "/shells")).json).toMatchObject({ result: [] });
  expect((await callAt("/worlds/none/api/v3")("GET", "/shells")).status).toBe(404);
  const described = (await callAt("/worlds/mill/api/v3")("GET", "/description")).json as { readonly profiles: readonly string[] };
  expect(described.profiles).toEqual(((await elsewhere("GET", "/description")).json as typeof described).profiles);
  const whole = (await callAt("/worlds/mill/api/v3")("GET", "/serialization")).text;
  expect(whole).toContain("urn:every:shell");
});
