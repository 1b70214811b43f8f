import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeId } from "@doppelwerk/aas";
import { LIVE } from "@doppelwerk/world";
import { afterEach, expect, test } from "vitest";
import { createSiteApp, SYSTEM } from "@doppelwerk/server/site";
import { openProduct } from "../../../../apps/doppelwerk/src/site-of-product.fixture.ts";

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function machine(): Promise<{ readonly url: string; asked(): number }> {
  let asked = 0;
  const server: Server = createServer((_request, response) => {
    asked++;
    response.setHeader("content-type", "application/json").end(JSON.stringify({ total: 42, scrap: 3 }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as { port: number }).port}`, asked: () => asked };
}

const text = (idShort: string, value: string) => ({ modelType: "Property", idShort, valueType: "xs:string", value });
const group = (idShort: string, value: readonly object[]) => ({ modelType: "SubmodelElementCollection", idShort, value });
const ID = "urn:test:aid";

function description(base: string, ...names: readonly string[]): object {
  const properties = names.map((name) =>
    group(name, [text("type", "integer"), group("forms", [text("href", `/state#/${name.toLowerCase()}`)])]),
  );
  return {
    modelType: "Submodel",
    id: ID,
    idShort: "AssetInterfacesDescription",
    semanticId: {
      type: "ExternalReference",
      keys: [{ type: "GlobalReference", value: "https://admin-shell.io/idta/AssetInterfacesDescription/1/1/Submodel" }],
    },
    submodelElements: [
      group("InterfaceHTTP", [
        text("title", "press"),
        group("EndpointMetadata", [text("base", base)]),
        group("InteractionMetadata", [group("properties", properties)]),
      ]),
    ],
  };
}

interface Connected {
  readonly id: string;
  readonly url: string;
  readonly enabled: boolean;
  readonly undescribed: boolean;
  readonly describedBy: readonly string[];
}

async function aSite() {
  const folder = mkdtempSync(join(tmpdir(), "doppelwerk-interfaces-"));
  stops.push(() => rmSync(folder, { recursive: true, force: true }));
  const site = await openProduct(folder);
  stops.push(() => site.close());
  const app = await createSiteApp(site);
  stops.push(() => app.close());
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(url + path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    const told = await answer.text();
    expect(answer.ok, `${method} ${path}: ${answer.status} ${told}`).toBe(true);
    return told === "" ? undefined : JSON.parse(told);
  };
  const own = (method: string, path: string, body?: unknown) => call(method, `/api/doppelwerk/v1${path}`, body);
  const connections = async () => {
    const all = (await own("GET", "/connections")) as readonly { readonly id: string }[];
    return Promise.all(all.map(({ id }) => own("GET", `/connections/${encodeURIComponent(id)}`) as Promise<Connected>));
  };
  const signals = async (id: string) =>
    (
      (await own("GET", `/connections/${encodeURIComponent(id)}/signals`)) as {
        readonly signals: readonly { readonly name: string; readonly address: string; readonly now?: { readonly value: unknown } }[];
      }
    ).signals;
  const until = <T>(ask: () => Promise<T>, holds: (answer: T) => boolean) => expect.poll(async () => holds(await ask())).toBe(true);
  return {
    site,
    aas: (method: string, path: string, body?: unknown) => call(method, `/api/v3${path}`, body),
    own,
    connections,
    signals,
    until,
  };
}

test("[SV74] a description that comes by the AAS API offers a connection that waits; it follows the description until a person connects it, and outlives it then", async () => {
  const [first, moved, other] = [await machine(), await machine(), await machine()];
  const { aas, own, connections, signals, until } = await aSite();
  await aas("POST", "/submodels", description(first.url, "Total"));
  await until(connections, (all) => all.length === 1);
  const [{ id }] = (await connections()) as [Connected];
  const path = `/connections/${encodeURIComponent(id)}`;
  expect(await connections()).toMatchObject([{ enabled: false, url: first.url, describedBy: [ID], undescribed: false }]);

  await aas("PUT", `/submodels/${encodeId(ID)}`, description(moved.url, "Total", "Scrap"));
  await until(
    () => signals(id),
    (all) => all.length === 2,
  );
  expect(await connections()).toMatchObject([{ id, enabled: false, url: moved.url }]);
  expect([first.asked(), moved.asked()]).toEqual([0, 0]);

  await own("PATCH", path, { enabled: true, settings: { intervalS: 0.1, allowPrivate: true } });
  await until(
    () => signals(id),
    (all) => all.every(({ now }) => typeof now?.value === "number"),
  );
  expect((await signals(id)).map(({ now }) => now!.value).sort()).toEqual([3, 42]);

  await aas("PUT", `/submodels/${encodeId(ID)}`, description(other.url, "Total", "Scrap", "Third"));
  await until(
    () => signals(id),
    (all) => all.length === 3,
  );
  expect(await connections()).toMatchObject([{ id, enabled: true, url: moved.url }]);
  expect(other.asked()).toBe(0);

  await aas("DELETE", `/submodels/${encodeId(ID)}`);
  await until(connections, ([only]) => only?.undescribed === true);
  expect(await connections()).toMatchObject([{ id, enabled: true, url: moved.url, describedBy: [] }]);

  // what the server writes of the connection adds nothing to it but the name of the description
  const { submodel } = (await own("POST", `${path}/interface`, {})) as { readonly submodel: string };
  await until(connections, ([only]) => only?.describedBy.includes(submodel) === true);
  expect((await signals(id)).length).toBe(3);
  expect(await connections()).toMatchObject([{ id, enabled: true, url: moved.url, undescribed: false }]);
});

test("[SV74] a description that is written of a Modbus connection adds no second signal where an address left its type unsaid", async () => {
  const { site, own, connections, signals, until } = await aSite();
  const id = "connection:drive";
  const connection = { id, kind: "connection", name: "drive", protocol: "modbus", url: "modbus+tcp://127.0.0.1:502", enabled: false };
  const signal = { id: "signal:speed", kind: "signal", name: "Speed", valueType: "integer", connection: id, address: "1/holding/40" };
  const changes = [connection, signal].map((record) => ({ op: "create", record }) as const);
  await site.view(SYSTEM).apply({ branch: LIVE, reason: "test", changes });
  await own("POST", `/connections/${encodeURIComponent(id)}/interface`, {});
  await until(connections, ([only]) => only?.describedBy.length === 1);
  expect((await signals(id)).map(({ address }) => address)).toEqual(["1/holding/40"]);
});
