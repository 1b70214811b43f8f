import { join } from "node:path";
import { setImmediate as turn, setTimeout as sleep } from "node:timers/promises";
import { connect, type MqttClient } from "mqtt";
import type { FloorHeader, FloorRecord } from "../../floor/floor-record.ts";
import { stickyPort } from "../../sticky-port.ts";
import { deliver, type Receivers } from "./delivery.ts";
import { FloorReader } from "./floor-reader.ts";
import { startService, type Route } from "./http-service.ts";
import { plantInputs, plantMeters } from "./kpi-inputs.ts";
import { LocalTime } from "./local-time.ts";
import type { PlantConnection } from "./plant-connection.ts";
import { plantRounds } from "./plant-rounds.ts";
import { PlantServer } from "./plant-server.ts";
import type { FactoryProgram, ProgramKind } from "./program.ts";

export interface FactoryOptions {
  /** The plant's `floor.ndjson`. */
  readonly floor: string;
  /** Folder of the programs: ports, and what each keeps and leaves for others. */
  readonly data: string;
  /** Of a program that is started alone; 0 or absent: the one it had, else a free one. */
  readonly port?: number;
  readonly mqtt?: string;
  readonly server?: string;
  readonly curves?: string;
  readonly log: (text: string) => void;
}

export interface RunningFactory {
  readonly urls: Readonly<Record<string, string>>;
  /** Resolves when everything that the plant has told so far is taken. */
  readonly ready: Promise<void>;
  /** Sends to this server of Doppelwerk from now on. */
  sendTo(server: string): void;
  close(): Promise<void>;
}

const POLL_MS = 500;
const INSTALL_MS = 5_000;

/** Runs programs in this process over one reading of the shop floor. */
export async function runFactory(kinds: readonly ProgramKind[], options: FactoryOptions): Promise<RunningFactory> {
  return new Factory(kinds, options).start();
}

class Factory implements RunningFactory {
  readonly #kinds: readonly ProgramKind[];
  readonly #options: FactoryOptions;
  readonly #stop = new AbortController();
  readonly #services: { close(): Promise<void> }[] = [];
  readonly #running: Promise<void>[] = [];
  readonly #mqtt: MqttClient | undefined;
  readonly urls: Record<string, string> = {};
  readonly ready: Promise<void>;
  #whenReady: () => void = () => {};
  #life = new AbortController();
  #deliveries: Promise<void>[] = [];
  #programs = new Map<string, FactoryProgram>();
  #server: string | undefined;
  #complaint = "";
  /** Whether everything that was told so far is taken. */
  #isPresent = false;
  readonly #health: Route = {
    method: "GET",
    path: "/health",
    answer: () => ({ status: this.#isPresent ? "present" : "reading the past" }),
  };

  constructor(kinds: readonly ProgramKind[], options: FactoryOptions) {
    this.#kinds = kinds;
    this.#options = options;
    this.#server = options.server;
    this.ready = new Promise((done) => (this.#whenReady = done));
    this.#mqtt = options.mqtt === undefined ? undefined : connect(options.mqtt, { reconnectPeriod: 1_000, clientId: "" });
    this.#mqtt?.on("error", (error) => this.#complain(`mqtt: ${error.message}`));
  }

  async start(): Promise<this> {
    const { data, port = 0 } = this.#options;
    for (const { name } of this.#kinds) {
      const wanted = await stickyPort(data, name, this.#kinds.length === 1 ? port : 0);
      const service = await startService(wanted, () => [this.#health, ...(this.#programs.get(name)?.routes ?? [])]);
      this.#services.push(service);
      this.urls[name] = `http://127.0.0.1:${service.port}`;
    }
    this.#running.push(this.#follow(), this.#install());
    return this;
  }

  sendTo(server: string): void {
    if (this.#server === server) return;
    this.#server = server;
    this.#restartDeliveries();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#life.abort();
    await Promise.all([...this.#running, ...this.#deliveries]);
    await Promise.all(this.#services.map((service) => service.close()));
    await this.#mqtt?.endAsync(true);
  }

  async #follow(): Promise<void> {
    let reader = new FloorReader(this.#options.floor);
    const take = (record: FloorRecord) => {
      if (record[0] === "h") return this.#begin(record[2]);
      for (const program of this.#programs.values()) {
        if (record[0] === "t") program.settle(record[1]);
        else program.take(record);
      }
    };
    while (!this.#stop.signal.aborted) {
      const found = reader.read(take);
      for (const program of this.#programs.values()) program.flush(found === "end");
      if (found === "another") reader = new FloorReader(this.#options.floor);
      if (found === "end" && this.#programs.size > 0) {
        if (this.#deliveries.length === 0) this.#restartDeliveries();
        this.#isPresent = true;
        this.#whenReady();
      }
      if (found === "more") await turn();
      else await this.#pause(POLL_MS);
    }
  }

  #begin(header: FloorHeader): void {
    this.#life.abort();
    this.#deliveries = [];
    const { data } = this.#options;
    for (const { name, begin } of this.#kinds) {
      const folder = join(data, name, header.life);
      const local = new LocalTime(header.utcOffsetHours);
      this.#programs.set(name, begin({ header, local, folder, drop: join(data, "drop", name), url: this.urls[name]! }));
    }
  }

  #restartDeliveries(): void {
    this.#life.abort();
    this.#life = new AbortController();
    const stop = this.#life.signal;
    // a server of Doppelwerk takes curves too
    const curves = this.#options.curves ?? (this.#server === undefined ? undefined : `${this.#server}/api/doppelwerk/v1/curves`);
    const receivers: Receivers = {
      ...(this.#mqtt && { mqtt: this.#mqtt }),
      ...(this.#server === undefined ? {} : { server: this.#serverOf(this.#server, stop) }),
      ...(curves === undefined ? {} : { curves }),
    };
    const before = this.#deliveries;
    this.#deliveries = [...this.#programs].flatMap(([name, program]) =>
      (program.destinations ?? []).map(async (destination) => {
        await Promise.all(before);
        await deliver(destination, receivers, { folder: join(this.#options.data, name, "sent"), stop, log: this.#options.log });
      }),
    );
  }

  /** Connects the server with the programs, and looks again from time to time whether it still is. */
  async #install(): Promise<void> {
    for (let pauseMs = INSTALL_MS; !this.#stop.signal.aborted;) {
      await this.#pause(pauseMs);
      const connections = this.#connections();
      if (this.#server === undefined || connections.length === 0) continue;
      try {
        const server = this.#serverOf(this.#server, this.#stop.signal);
        const sources = [...this.#programs.values()].flatMap((program) => program.orderSources ?? []);
        const rosters = [...this.#programs.values()].flatMap((program) => program.rosterSources ?? []);
        const stores = [...this.#programs.values()].flatMap((program) => program.storesSources ?? []);
        const [refused] = [
          ...(await server.install(connections)),
          ...(await server.installOrders(sources)),
          ...(await server.installRosters(rosters)),
          ...(await server.installStores(stores)),
        ];
        await server.installRounds(plantRounds);
        const waiting = await this.#serverOf(this.#server, this.#stop.signal).assign(plantInputs, plantMeters);
        pauseMs = refused === undefined && waiting === 0 ? INSTALL_MS : 4 * INSTALL_MS;
        if (refused === undefined) this.#complaint = "";
        else this.#complain(refused);
      } catch (error) {
        this.#complain((error as Error).message);
      }
    }
  }

  #connections(): readonly PlantConnection[] {
    const programs = [...this.#programs.values()];
    const publishes = programs.some(({ destinations = [] }) => destinations.some(({ by }) => by === "mqtt"));
    const { mqtt } = this.#options;
    const settings = { template: "factory/{program}/{device}/{signal}", discoverS: 3 };
    return [
      ...programs.flatMap((program) => program.connections ?? []),
      ...(publishes && mqtt !== undefined ? [{ name: "Scanners, meters and tools", protocol: "mqtt", url: mqtt, settings } as const] : []),
    ];
  }

  #serverOf(url: string, stop: AbortSignal): PlantServer {
    return new PlantServer(url, join(this.#options.data, "push-token.json"), stop);
  }

  #complain(words: string): void {
    if (this.#stop.signal.aborted || words === this.#complaint) return;
    this.#complaint = words;
    this.#options.log(`factory: ${words}`);
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stop.signal }).catch(() => {
      // told to stop: whoever waited looks at the signal
    });
  }
}
