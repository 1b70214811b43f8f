// A server as clients meet it: real world, real gate, real sockets; only the disk is memory.

import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAccessGate, createSeal } from "@doppelwerk/trust";
import { createMemoryBlobs, createMemoryChangeLog, createMemoryHistory, createMemoryRecordStore } from "@doppelwerk/storage/memory";
import {
  coreKinds,
  importChanges,
  LIVE,
  openWorld,
  quality,
  SignalTable,
  type Blobs,
  type Instant,
  type Principal,
  type Origin,
  type Quality,
  type RecordId,
  type RecordKind,
  type SignalRecord,
  type World,
} from "@doppelwerk/world";
import type { Environment } from "@doppelwerk/aas";
import type { FastifyInstance } from "fastify";
import { pino } from "pino";
import { createApp } from "../../../server/src/http/app.ts";
import { aasRouteTable } from "./aas-routes.ts";
import type { Handling } from "./handling.ts";
import type { Method } from "./route-table.ts";
import {
  aasApi,
  AasLookups,
  aasSourceOfWorld,
  branchSamples,
  createSigner,
  Jobs,
  samplesAt,
  SourceCache,
  type AasSourceOptions,
} from "../index.ts";

export const ENGINEER: Principal = { id: "person:engineer", name: "Engineer", verified: false, roles: ["administrator"] };
export const VIEWER: Principal = { id: "person:viewer", name: "Viewer", verified: false, roles: ["viewer"] };

/** The body of an upload. */
export function upload(name: string, content: string | Uint8Array, type = "", fields: Readonly<Record<string, string>> = {}): FormData {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.append(field, value);
  form.append("file", new Blob([content as Uint8Array<ArrayBuffer>], { type }), name);
  return form;
}

export interface TestServer {
  readonly base: string;
  readonly world: World;
  readonly blobs: Blobs;
  readonly app: FastifyInstance;
  /** Binds a property to a new signal. */
  bind(submodelId: string, idShort: string): Promise<string>;
  sample(signal: string, value: number, sampleQuality?: Quality, origin?: Origin): Promise<void>;
  now(): number;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** The folder of the key to sign with. */
  readonly signing: string;
  /** Every path with the methods it knows. */
  readonly routes: ReadonlyMap<string, readonly Method[]>;
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // oxlint-disable-next-line no-explicit-any -- an answer has no type before it is judged
  readonly json: any;
}

export async function startTestServer(
  environment: Environment,
  principal: Principal = ENGINEER,
  more: Pick<AasSourceOptions, "operations"> = {},
  handling: Handling = "strict",
  kinds: readonly RecordKind[] = coreKinds,
): Promise<TestServer> {
  let time = 1_760_000_000_000_000;
  const clock = { now: () => (time += 1000) };
  let count = 0;
  const ids = { next: (kind: string) => `${kind}:01a2b3c4-0000-7000-8000-${String(++count).padStart(12, "0")}` };
  const gate = createAccessGate({ rolesOf: ({ roles }) => roles });
  const world = await openWorld({
    store: createMemoryRecordStore(kinds),
    log: createMemoryChangeLog(),
    leaseEpoch: 1,
    clock,
    ids,
    seal: createSeal(),
    kinds,
    gate,
  });
  const engineer = world.view(ENGINEER);
  const { changes } = importChanges(engineer.reader(LIVE), environment, "test");
  if (changes.length > 0) await engineer.apply({ branch: LIVE, reason: "import", changes });

  const [signals, history] = [new SignalTable(), createMemoryHistory()];
  const [lookups, sources, jobs] = [new AasLookups(), new SourceCache(), new Jobs()];
  const signing = join(tmpdir(), `doppelwerk-signing-${randomUUID()}`);
  const signer = createSigner(signing);
  const blobs = createMemoryBlobs();
  const app = createApp(pino({ level: "silent" }));
  const source = (request: { params: unknown }) => {
    const { branch: name } = request.params as { branch?: string };
    const view = world.view(principal);
    const branch = name === undefined ? view.branch(LIVE) : view.branches().find((each) => each.name === name);
    if (branch === undefined) return undefined;
    const then = (wanted: readonly RecordId[], instant: Instant) => samplesAt(history, branch, view.reader(branch.id), wanted, instant);
    const shared = { view, branch: branch.id, ids, lookups, blobs, samplesAt: then, ...more };
    return sources.of(principal, branch.id, () => {
      if (branch.id === LIVE) return aasSourceOfWorld({ ...shared, sample: (signal) => signals.live(signal) });
      return branchSamples(history, branch, view.reader(branch.id)).then((sample) => aasSourceOfWorld({ ...shared, sample }));
    });
  };
  for (const base of ["", "/worlds/:world", "/worlds/:world/branches/:branch"]) {
    await app.register(aasApi, { prefix: `${base}/api/v3`, source, jobs, signer: () => signer, handling, stage: () => blobs.stage });
    await app.register(aasApi, {
      prefix: `${base}/templates/api/v3`,
      source,
      jobs,
      signer: () => signer,
      handling,
      templates: true,
      stage: () => blobs.stage,
    });
  }
  const address = await app.listen({ port: 0, host: "127.0.0.1" });

  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> => {
    const isForm = body instanceof FormData;
    const text = typeof body === "string" || isForm ? body : body === undefined ? undefined : JSON.stringify(body);
    const response = await fetch(path.startsWith("/worlds") ? address + path : `${address}/api/v3${path}`, {
      method,
      redirect: "manual",
      ...(text !== undefined && { body: text }),
      headers: { ...(text !== undefined && !isForm && { "content-type": "application/json" }), ...headers },
    });
    const answer = await response.text();
    let json: unknown;
    try {
      json = JSON.parse(answer);
    } catch {
      json = undefined;
    }
    return { status: response.status, headers: response.headers, text: answer, json };
  };

  return {
    base: address,
    world,
    blobs,
    app,
    call,
    routes: aasRouteTable(jobs, () => signer).paths,
    signing,
    now: () => clock.now(),
    async bind(submodelId, idShort) {
      const reader = engineer.reader(LIVE);
      const submodel = reader.query({ kind: "submodel", index: { name: "aasId", value: submodelId } })[0]!;
      const element = reader
        .query({ kind: "element", index: { name: "submodel", value: submodel.id } })
        .find((record) => record["idShort"] === idShort)!;
      const record: SignalRecord = {
        id: ids.next("signal"),
        kind: "signal",
        name: `Signal of ${idShort}`,
        valueType: "double",
        element: element.id,
      };
      await engineer.apply({
        branch: LIVE,
        reason: "bind",
        changes: [
          { op: "create", record },
          { op: "update", id: element.id, fields: { signal: { from: undefined, to: record.id } } },
        ],
      });
      signals.put(record);
      return record.id;
    },
    async sample(signal, value, sampleQuality = quality.good, origin = "measured") {
      const now = clock.now();
      const { batch } = signals.ingest({
        origin,
        count: 1,
        signals: Uint32Array.of(signals.indexOf(signal)!),
        values: Float64Array.of(value),
        texts: new Map(),
        qualities: Uint8Array.of(sampleQuality),
        sourceTimes: Float64Array.of(now),
        serverTimes: Float64Array.of(now),
      });
      await history.append(LIVE, batch, signals.ids);
    },
    async close() {
      await app.close();
      await world.close();
      rmSync(signing, { recursive: true, force: true });
    },
  };
}
