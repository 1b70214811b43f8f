import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Principal } from "@doppelwerk/world";
import { pino } from "pino";
import { vi } from "vitest";
import { createSiteApp, openHostedWorld, SYSTEM, type HostedWorld } from "../compose/index.ts";
import type { ListedFeature } from "../features/resolve.ts";
import { loadPacks } from "./load-packs.ts";
import type { PackLimits } from "./pack-process.ts";
import { readPack } from "./pack-source.ts";
import { addPack } from "./pack-store.ts";
import { writePack } from "./packs.fixture.ts";

/** A process that a busy machine lets wait is not what a test is about. */
const PATIENT: Partial<PackLimits> = { callMs: 240_000, hangMs: 240_000, lines: 5_000, linesPerSecond: 100 };

/** A world with packs, without the product around it. */
export interface ServedPacks {
  readonly site: HostedWorld;
  readonly data: string;
  /** Calls an operation of the own API as somebody, by default as the system. */
  call(
    method: string,
    path: string,
    options?: { readonly as?: Principal; readonly body?: unknown },
    // oxlint-disable-next-line no-explicit-any -- an answer of any operation
  ): Promise<{ readonly status: number; readonly body: any }>;
  stateOf(feature: string): string;
  /** What was logged, one JSON text a line. */
  readonly logged: readonly string[];
  close(): Promise<void>;
}

interface ServeOptions {
  readonly limits?: Partial<PackLimits>;
  readonly fails?: boolean;
  /** Features beside those of the packs. */
  readonly product?: readonly ListedFeature[];
}

/** `added` are installed in the data folder and run isolated; `folders` are those of authors. Without a data folder one is made. */
export async function servePacks(
  added: readonly ReadonlyMap<string, Uint8Array>[],
  folders: readonly ReadonlyMap<string, Uint8Array>[] = [],
  data?: string,
  { limits = PATIENT, fails = false, product = [] }: ServeOptions = {},
): Promise<ServedPacks> {
  const root = mkdtempSync(join(tmpdir(), "doppelwerk-served-packs-"));
  const directory = data ?? join(root, "data");
  for (const [at, files] of added.entries()) await addPack(directory, readPack(writePack(join(root, `added-${at}`), files)), new Date(0));
  const { features, packs } = await loadPacks(
    directory,
    folders.map((files, at) => writePack(join(root, `folder-${at}`), files)),
    product,
    limits,
  );
  const logged: string[] = [];
  const logger = pino({ level: "info" }, { write: (line: string) => void logged.push(line) });
  const site = await openHostedWorld({ dataDirectory: directory, logger, workers: 1, features: [...product, ...features], packs });
  // on a busy machine a process may be late, and is started again
  if (!fails) await vi.waitUntil(() => site.features.states().every(({ state }) => state.state === "open"), { timeout: 240_000 });
  const apps = new Map<Principal, Awaited<ReturnType<typeof createSiteApp>>>();
  const appOf = async (principal: Principal) => {
    const app =
      apps.get(principal) ?? (await createSiteApp(Object.assign(Object.create(site) as HostedWorld, { person: () => principal })));
    apps.set(principal, app);
    return app;
  };
  return {
    site,
    data: directory,
    logged,
    async call(method, path, { as = SYSTEM, body } = {}) {
      const app = await appOf(as);
      const { statusCode, payload } = await app.inject({
        method: method as "GET",
        url: `/api/doppelwerk/v1${path}`,
        headers: { host: "localhost" },
        ...(body === undefined ? {} : { payload: body as object }),
      });
      return { status: statusCode, body: payload === "" ? undefined : JSON.parse(payload) };
    },
    stateOf: (feature) => site.features.states().find(({ id }) => id === feature)?.state.state ?? "not listed",
    async close() {
      for (const app of apps.values()) await app.close();
      await site.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** An operation of a pack that answers anything. */
export const operation = (name: string, more: object = {}): object => ({
  id: `brewery.${name}`,
  route: `GET /packs/brewery/${name}`,
  summary: name,
  action: "read",
  answer: {},
  ...more,
});

/** The manifest's block of a pack with one feature, `brewery`. */
export function block(endpoints: readonly object[], more: object = {}, permissions: readonly string[] = ["read"]): Record<string, unknown> {
  return { permissions, contributes: { features: [{ id: "brewery", server: "./server/open.js", endpoints, ...more }] } };
}
