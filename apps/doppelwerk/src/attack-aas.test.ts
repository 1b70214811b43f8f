import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeId } from "@doppelwerk/aas";
import { createSiteApp, SYSTEM } from "@doppelwerk/server/site";
import { LIVE, type Action } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  CONCEPT as EVERY_CONCEPT,
  goodRequest,
  putBack,
  SHELL as EVERY_SHELL,
  SUBMODEL as EVERY_SUBMODEL,
} from "../../../packages/aas-server/src/api/every-request.fixture.ts";
import {
  asSeenBy,
  callAs,
  CONCEPT,
  gate,
  leaks,
  openAttackedPlant,
  people,
  SHELL,
  SUBMODEL,
  type Answer,
  type AttackedPlant,
  type Call,
  type Person,
} from "./attack-plant.fixture.ts";

// The AAS API as everybody meets it: every route of every base, with one's own, others' and what is not there.

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-attack-aas-"));
const BASE = "/api/v3";
let plant: AttackedPlant;
let routes: readonly (readonly [method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE", path: string])[];
const calls = new Map<string, Call>();
const callOf = (person: Person): Call => calls.get(person.id)!;
const administrator = people.at(-1)!;

beforeAll(async () => {
  plant = await openAttackedPlant(join(folder, "data"));
  for (const person of people) calls.set(person.id, callAs(await createSiteApp(asSeenBy(plant.site, person))));
  const { paths } = (await callOf(administrator)("GET", "/openapi.json")).json as { readonly paths: Readonly<Record<string, object>> };
  routes = Object.entries(paths).flatMap(([path, methods]) =>
    path.startsWith(`${BASE}/`)
      ? Object.keys(methods).map((method) => [method.toUpperCase() as "GET", path.slice(BASE.length).replace(/\{(\w+)\}/g, ":$1")] as const)
      : [],
  );
  await putBack(fixtureCall);
});
afterAll(async () => {
  for (const call of calls.values()) await call.close();
  await plant?.site.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What the requests are made with: an administrator's. */
const fixtureCall = async (method: string, path: string, body?: unknown): Promise<never> => {
  const answer = await callOf(administrator)(method, BASE + path, body);
  return { ...answer, headers: new Headers(answer.headers as Record<string, string>) } as never;
};

/** Questions are asked by POST too. */
const asks = (method: string, path: string): boolean =>
  method === "GET" || path.startsWith("/query/") || path === "/lookup/shellsByAssetLink";
/** An operation is invoked, not written. */
const actionOf = (method: string, path: string): Action => (asks(method, path) || /\/invoke/.test(path) ? "read" : "edit");

const revision = (): number => plant.site.view(SYSTEM).revision();

test("[AT5] every route of the AAS API answers who may not with 403 or 404, changes nothing for it, and tells nobody a secret", async () => {
  const wrong: string[] = [];
  expect(routes.length).toBeGreaterThan(200);
  for (const [method, path] of routes) {
    const request = await goodRequest(fixtureCall, method, path);
    for (const person of people) {
      const isDenied = !gate.decide(person, actionOf(method, path), LIVE).allowed;
      // what they may do is asked elsewhere; here it would only have to be put back
      if (!isDenied && !asks(method, path)) continue;
      const before = revision();
      const answer = await callOf(person)(method, BASE + request.url, request.body);
      const what = `${person.name}: ${method} ${path} → ${answer.status} ${answer.text.slice(0, 200)}`;
      const isOpen = path === "/description" || /status|result/.test(path);
      // of many at once and of what is done later the result tells it; a PUT of what stands there is no write
      const isQuiet = answer.status === (/^\/bulk\/|-async$/.test(path) ? 202 : method === "PUT" ? 204 : 0);
      if (isDenied && !isOpen && !isQuiet && ![403, 404].includes(answer.status)) wrong.push(`may not: ${what}`);
      if (!isDenied && answer.status === 403) wrong.push(`may: ${what}`);
      if (answer.status >= 500) wrong.push(`fails: ${what}`);
      if (revision() !== before) wrong.push(`changes something: ${what}`);
      for (const leak of leaks(person, answer.octets, answer.headers)) wrong.push(`tells ${leak}: ${what}`);
    }
  }
  expect(wrong).toEqual([]);
});

/** Without ids and what differs from call to call. */
const shape = ({ status, text }: Answer, id: string): string =>
  `${status} ${text
    .replaceAll(id, "ID")
    .replaceAll(encodeId(id), "ID")
    .replace(/"(timestamp|correlationId)":"[^"]*"/g, "")}`;

test("[AT6] a shell, submodel or concept of others is answered like one that is not there, on every route that names one", async () => {
  const wrong: string[] = [];
  let compared = 0;
  const named = [
    [":aasIdentifier", EVERY_SHELL, SHELL],
    [":submodelIdentifier", EVERY_SUBMODEL, SUBMODEL],
    [":cdIdentifier", EVERY_CONCEPT, CONCEPT],
  ] as const;
  for (const [method, path] of routes)
    for (const [parameter, own, { foreign, missing }] of named) {
      if (!path.includes(parameter)) continue;
      // an id that is given away cannot be made again; that it is taken is all that is told
      if (method === "PUT" && path.endsWith(parameter)) continue;
      const { url, body } = await goodRequest(fixtureCall, method, path);
      for (const person of people.filter(({ name }) => name === "viewer" || name === "engineer")) {
        if (!url.includes(encodeId(own))) continue;
        const ask = (id: string) => callOf(person)(method, BASE + url.replace(encodeId(own), encodeId(id)), body);
        const before = revision();
        const [one, other] = [await ask(foreign), await ask(missing)];
        compared++;
        const [got, expected] = [shape(one, foreign), shape(other, missing)];
        if (got !== expected)
          wrong.push(`${person.name}: ${method} ${path}, ${parameter}: ${got.slice(0, 250)} ≠ ${expected.slice(0, 250)}`);
        if (one.status >= 400 && other.status >= 400 && revision() !== before)
          wrong.push(`${person.name}: ${method} ${path} changed something`);
        for (const leak of leaks(person, one.octets, one.headers)) wrong.push(`${person.name}: ${method} ${path} tells ${leak}`);
      }
    }
  expect(wrong).toEqual([]);
  expect(compared).toBeGreaterThan(200);
});

test("[AT7] a branch of others has no AAS API, like one that is not there; and live is none for who has one branch alone", async () => {
  const oneBranch = people.find(({ name }) => name === "oneBranch")!;
  const base = (branch: string) => `/worlds/default/branches/${encodeURIComponent(branch)}${BASE}`;
  const wrong: string[] = [];
  const { own, foreign, missing } = plant.branch;
  expect((await callOf(oneBranch)("GET", `${base(own)}/shells`)).status).toBe(200);
  for (const [method, path] of routes) {
    const { url, body } = await goodRequest(fixtureCall, method, path);
    const [one, other, live] = [
      await callOf(oneBranch)(method, base(foreign) + url, body),
      await callOf(oneBranch)(method, base(missing) + url, body),
      await callOf(oneBranch)(method, BASE + url, body),
    ];
    if (shape(one!, foreign) !== shape(other!, missing))
      wrong.push(`${method} ${path}: ${shape(one!, foreign).slice(0, 200)} ≠ ${shape(other!, missing).slice(0, 200)}`);
    if (![403, 404].includes(live!.status) && path !== "/description")
      wrong.push(`${method} ${path} on live → ${live!.status} ${live!.text.slice(0, 200)}`);
    for (const answer of [one!, live!])
      for (const leak of leaks(oneBranch, answer.octets, answer.headers)) wrong.push(`${method} ${path} tells ${leak}`);
  }
  expect(wrong).toEqual([]);
});
