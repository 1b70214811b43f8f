import { randomBytes } from "node:crypto";
import type { SentValue } from "./destination.ts";
import { assign } from "./plant-assignments.ts";
import type { OrderSource, PlantConnection, PlantInput, PlantMeter, RosterSource, StoresSource } from "./plant-connection.ts";
import type { PlantRound } from "./plant-rounds.ts";
import { readJson, writeWhole } from "./small-file.ts";

interface KnownConnection {
  readonly id: string;
  readonly url: string;
  readonly protocol: string;
  readonly enabled?: boolean;
}

/** Who the server's log names for what is set up. */
const PERSON = { "doppelwerk-person": "set-up-of-the-demonstration", "doppelwerk-name": encodeURIComponent("Set-up of the demonstration") };

/**
 * A server of Doppelwerk, over its HTTP interface alone. It is set up as an installer would: connections that are not there are made, and one that takes values gets
 * a token as its secret.
 */
export class PlantServer {
  readonly #url: string;
  readonly #tokenFile: string;
  readonly #stop: AbortSignal;
  readonly #ids = new Map<string, string>();
  /** Connections that refused the token: theirs is of another time. */
  readonly #doubted = new Set<string>();

  constructor(url: string, tokenFile: string, stop: AbortSignal) {
    this.#url = url;
    this.#tokenFile = tokenFile;
    this.#stop = stop;
  }

  /** Makes the connections that the server does not have. Returns why it does not take some. */
  async install(wanted: readonly PlantConnection[]): Promise<readonly string[]> {
    const known = await this.#connections();
    const refused: string[] = [];
    for (const connection of wanted) {
      if (known.some(({ url, protocol }) => url === connection.url && protocol === connection.protocol)) continue;
      try {
        await this.#ask("POST", "connections", connection);
      } catch (error) {
        if (!(error instanceof RefusedByServer)) throw error;
        refused.push(`${connection.name}: ${error.message}`);
      }
    }
    return refused;
  }

  /** Makes the sources of orders that the server does not have; a server without orders has none. Returns why it does not take some. */
  installOrders(wanted: readonly OrderSource[]): Promise<readonly string[]> {
    return this.#installSources("order-sources", wanted);
  }

  /** The same of folders with rosters. */
  installRosters(wanted: readonly RosterSource[]): Promise<readonly string[]> {
    return this.#installSources("roster-sources", wanted);
  }

  async #installSources(path: string, wanted: readonly { readonly name: string }[]): Promise<readonly string[]> {
    if (wanted.length === 0) return [];
    const refused: string[] = [];
    try {
      const known = (await this.#ask("GET", path)) as readonly { readonly fields: { readonly name: string } }[];
      for (const fields of wanted)
        if (!known.some(({ fields: { name } }) => name === fields.name)) await this.#ask("POST", path, { fields });
    } catch (error) {
      if (!(error instanceof RefusedByServer)) throw error;
      if (error.status !== 404) refused.push(`${path}: ${error.message}`);
    }
    return refused;
  }

  /** Names the programs of stores, likewise. */
  async installStores(wanted: readonly StoresSource[]): Promise<readonly string[]> {
    return this.#installSources("stores-sources", wanted);
  }

  /** Describes the rounds that the server does not have, on a server that has rounds. */
  async installRounds(wanted: readonly PlantRound[]): Promise<void> {
    const answer = (await this.#known("GET", "inspection-rounds")) as
      | { readonly rounds: readonly { readonly round: string }[] }
      | undefined;
    for (const fields of wanted)
      if (answer?.rounds.every(({ round }) => round !== fields.code))
        await this.#ask("PUT", `inspection-rounds/${fields.code}`, { fields });
  }

  /** Assigns elements of KPIs and meters that nobody assigned. Returns how many wait for their signals. */
  assign(inputs: readonly PlantInput[], meters: readonly PlantMeter[]): Promise<number> {
    return assign((method, path, body) => this.#known(method, path, body), inputs, meters);
  }

  /** Undefined where the server has no such thing: a feature may be off. */
  async #known(method: string, path: string, body?: unknown): Promise<unknown> {
    try {
      return await this.#ask(method, path, body);
    } catch (error) {
      if (error instanceof RefusedByServer && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Id of the connection `push:NAME`; undefined: the server has none that takes values now. */
  async connectionOf(name: string): Promise<string | undefined> {
    return this.#ids.get(name) ?? (await this.#commission(name));
  }

  /** Sends values to the connection `push:NAME`. */
  async push(name: string, id: string, values: readonly SentValue[], isLate: boolean): Promise<void> {
    const sent = values.map(({ address, value, ms }) => ({ address, value, time: ms * 1000 }));
    try {
      const path = `connections/${encodeURIComponent(id)}/samples`;
      await this.#ask("POST", path, { values: sent, ...(isLate ? { late: true } : { judged: true }) }, this.#token());
    } catch (error) {
      // the connection or its secret is gone: it is looked up again
      this.#ids.delete(name);
      if (error instanceof RefusedByServer && error.status === 403) this.#doubted.add(name);
      throw error;
    }
  }

  /** A name for what the server knows: the connections of another folder have other ids. Undefined: it has none yet. */
  async known(): Promise<string | undefined> {
    return (await this.#connections()).map(({ id }) => id).toSorted()[0];
  }

  /** Sends events of EPCIS 2.0; what was sent before counts once. */
  async capture(events: readonly object[]): Promise<void> {
    await this.#ask("POST", "epcis/capture", { type: "EPCISDocument", schemaVersion: "2.0", epcisBody: { eventList: events } });
  }

  #token(): string {
    const known = readJson<{ readonly token?: string }>(this.#tokenFile, {}).token;
    if (known !== undefined) return known;
    const token = randomBytes(24).toString("base64url");
    writeWhole(this.#tokenFile, JSON.stringify({ token }), 0o600);
    return token;
  }

  async #commission(name: string): Promise<string | undefined> {
    const found = (await this.#connections()).find(({ url }) => url === `push:${name}`);
    if (found === undefined || found.enabled === false) return undefined;
    const secret = `push-${name}`;
    const secrets = (await this.#ask("GET", "secrets")) as readonly string[];
    if (!secrets.includes(secret) || this.#doubted.delete(name)) {
      await this.#ask("PUT", `secrets/${secret}`, { token: this.#token() });
      await this.#ask("PATCH", `connections/${encodeURIComponent(found.id)}`, { secret });
      // it is only just being opened with the secret
      return undefined;
    }
    this.#ids.set(name, found.id);
    return found.id;
  }

  async #connections(): Promise<readonly KnownConnection[]> {
    return (await this.#ask("GET", "connections")) as readonly KnownConnection[];
  }

  async #ask(method: string, path: string, body?: unknown, token?: string): Promise<unknown> {
    const response = await fetch(`${this.#url}/api/doppelwerk/v1/${path}`, {
      method,
      signal: AbortSignal.any([this.#stop, AbortSignal.timeout(60_000)]),
      headers: {
        ...PERSON,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new RefusedByServer(response.status, `${method} ${path} is answered ${response.status}: ${text.slice(0, 200)}`);
    return text === "" ? undefined : JSON.parse(text);
  }
}

class RefusedByServer extends Error {
  readonly status: number;

  constructor(status: number, why: string) {
    super(why);
    this.status = status;
  }
}
