import type { Client } from "@doppelwerk/client";
import { createClient } from "@doppelwerk/client";
import { attachWorlds, createWorldsApp, openWorlds, SYSTEM, type HostedWorld, type OpenWorlds } from "@doppelwerk/server/site";
import { keysBetween, LIVE, type Change, type SignalRecord, type WorldRecord } from "@doppelwerk/world";
import type { AddressInfo } from "node:net";
import { pino } from "pino";
import { productFeatures } from "../../apps/doppelwerk/src/features.ts";

/** A whole server over real sockets, which can be stopped and started again on its port. */
export class LinkedServer {
  readonly #data: string;
  #port = 0;
  #stop: () => Promise<void> = async () => {};
  worlds!: OpenWorlds;

  constructor(data: string) {
    this.#data = data;
  }

  async start(): Promise<this> {
    this.worlds = await openWorlds({ dataDirectory: this.#data, logger: pino({ level: "silent" }), workers: 1, features: productFeatures });
    const app = await createWorldsApp(this.worlds);
    await app.listen({ port: this.#port, host: "127.0.0.1" });
    attachWorlds(app.server, this.worlds);
    this.#port = (app.server.address() as AddressInfo).port;
    this.#stop = async () => {
      await app.close();
      await this.worlds.close();
    };
    return this;
  }

  stop(): Promise<void> {
    const stop = this.#stop;
    this.#stop = async () => {};
    return stop();
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  client(world?: string): Client {
    return createClient({
      baseUrl: this.url,
      ...(world !== undefined && { world }),
      person: { id: "secret of Ada", name: "Ada" },
      fetch: (url, init) => fetch(url, init as RequestInit),
      WebSocket: globalThis.WebSocket as never,
      after(milliseconds, run) {
        const timer = setTimeout(run, milliseconds);
        return () => clearTimeout(timer);
      },
      now: () => Date.now() * 1_000,
    });
  }

  get home(): HostedWorld {
    return this.worlds.home;
  }

  /** A request with a key, or with none. */
  async ask(path: string, key?: string, init: RequestInit = {}): Promise<{ readonly status: number; readonly text: string }> {
    const answer = await fetch(this.url + path, { ...init, headers: { ...init.headers, ...(key && { authorization: `Bearer ${key}` }) } });
    return { status: answer.status, text: await answer.text() };
  }
}

export const PUSH = "connection:bench";
export const API = "/api/doppelwerk/v1";

const shell = (name: string, submodels: readonly string[]): WorldRecord => ({
  id: `shell:${name}`,
  kind: "shell",
  aasId: `urn:shell:${name}`,
  idShort: name,
  body: { assetInformation: { assetKind: "Instance", globalAssetId: `urn:asset:${name}` } },
  submodels,
});

/** A press and a mill, a submodel and a signal each, and a connection that takes their values. */
export async function smallFactory(world: HostedWorld, client: Client): Promise<void> {
  await client.requester.json("PUT", "/secrets/bench", { body: { token: "t" } });
  const records: WorldRecord[] = [
    {
      id: PUSH,
      kind: "connection",
      name: "bench",
      protocol: "push",
      url: "push:bench",
      enabled: true,
      secret: "bench",
      settings: { signals: [] },
    },
  ];
  for (const name of ["press", "mill"]) {
    const submodel = `submodel:${name}`;
    const signal: SignalRecord = {
      id: `signal:${name}`,
      kind: "signal",
      name: `${name}.speed`,
      valueType: "double",
      unit: "rpm",
      scale: 10,
      connection: PUSH,
      address: name,
      shell: `urn:shell:${name}`,
      element: `element:${name}`,
    };
    records.push(
      shell(name, [`urn:submodel:${name}`]),
      { id: submodel, kind: "submodel", aasId: `urn:submodel:${name}`, idShort: "Data", body: {} },
      {
        id: `element:${name}`,
        kind: "element",
        submodel,
        parent: submodel,
        order: keysBetween(undefined, undefined, 1)[0],
        modelType: "Property",
        idShort: "Speed",
        signal: signal.id,
        body: { valueType: "xs:double" },
      },
      signal,
    );
  }
  const changes = records.map((record): Change => ({ op: "create", record }));
  await world.view(SYSTEM).apply({ branch: LIVE, reason: "a small factory", changes });
}

/** Values as a machine brings them; the raw value is a tenth of what is recorded. */
export async function push(
  server: LinkedServer,
  values: readonly { readonly address: string; readonly value: number; readonly time: number }[],
) {
  const answer = await server.ask(`${API}/connections/${encodeURIComponent(PUSH)}/samples`, "t", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ judged: true, values }),
  });
  if (answer.status !== 202) throw new Error(answer.text);
}
