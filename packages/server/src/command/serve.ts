import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";
import { HOME_WORLD, worldPath } from "@doppelwerk/client";
import { importer, outlets } from "@doppelwerk/ports";
import { message, textOf } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import pino from "pino";
import { SYSTEM_IMPORT } from "../compose/open-hosted-world.ts";
import { openWorlds } from "../compose/open-worlds.ts";
import { createWorldsApp } from "../compose/register-routes.ts";
import type { ListedFeature } from "../features/resolve.ts";
import { isLoopback, originOf } from "../http/guard.ts";
import { followPacks } from "../packs/follow-packs.ts";
import { loadPacks } from "../packs/load-packs.ts";
import type { HostedWorld } from "../routes/hosted-world.ts";
import { attachWorlds } from "../routes/world-sockets.ts";
import { openBrowser } from "./open-browser.ts";
import { settingsFrom } from "@doppelwerk/kit/command";
import { openImportMarks } from "./import-marks.ts";
import type { ImportMarks } from "./import-marks.ts";

export interface ServeOptions {
  readonly data: string;
  readonly port: number;
  readonly host: string;
  readonly open: boolean;
  readonly import?: readonly string[];
  readonly demo?: boolean;
  readonly json?: boolean;
  readonly postgres?: string;
  readonly history?: "files" | "postgres";
  readonly files?: readonly string[];
  readonly pack?: readonly string[];
  readonly nativeModels?: boolean;
  readonly lenient?: boolean;
  readonly allowOrigin?: readonly string[];
  readonly opcuaPort?: number;
  readonly opcuaSet?: readonly string[];
  readonly publish?: string;
  readonly publishSet?: readonly string[];
  readonly publishSecret?: string;
  /** That the imported files, the OPC UA server and the publishing are of; default: that of the short addresses. */
  readonly world?: string;
}

function guestsOf(texts: readonly string[]): ReadonlySet<string> {
  return new Set(
    texts.map((text) => {
      const origin = originOf(text);
      if (origin === undefined) throw new DoppelwerkError("DW_INVALID", message("server.originScheme", { text }));
      return origin;
    }),
  );
}

/** Runs until SIGINT or SIGTERM. With `--json` the first stdout line that begins with `{` says ready and where; logs go to stderr. */
export async function serve(options: ServeOptions, features: readonly ListedFeature[]): Promise<void> {
  if (!isLoopback(options.host)) {
    throw new DoppelwerkError("DW_FORBIDDEN", message("server.withoutAccountsServerBindsMachinesOwn", { host: options.host }));
  }
  const guests = guestsOf(options.allowOrigin ?? []);
  const logger = pino({ level: process.env["DOPPELWERK_LOG"] ?? "warn" }, pino.destination(2));
  const postgres = options.postgres ?? process.env["DOPPELWERK_POSTGRES"];
  if (options.history === "postgres" && postgres === undefined)
    throw new DoppelwerkError("DW_INVALID", message("server.historyPostgresNeedsPostgreSQL"));
  const packs = await loadPacks(options.data, options.pack ?? [], features);
  for (const { name, refused } of packs.packs) if (refused !== undefined) logger.warn(`the pack ${name} is not loaded: ${textOf(refused)}`);
  const worlds = await openWorlds({
    dataDirectory: options.data,
    features: [...features, ...packs.features],
    packs: packs.packs,
    logger,
    ...(options.files === undefined ? {} : { fileFolders: options.files }),
    ...(options.lenient ? { handling: "lenient" as const } : {}),
    ...(options.nativeModels ? { nativeModels: true } : {}),
    ...workersOf(process.env["DOPPELWERK_WORKERS"]),
    ...(options.history === undefined ? {} : { history: options.history }),
    ...(postgres === undefined ? {} : { postgres, onLost: endAsFormerOwner }),
  });
  try {
    // held open as long as the server runs
    const { world: site } = await worlds.registry.enter(options.world ?? HOME_WORLD);
    const app = await createWorldsApp(worlds, guests);
    const marks = openImportMarks(join(site.name === HOME_WORLD ? options.data : join(options.data, "worlds", site.name), "imported.json"));
    for (const file of options.import ?? []) await importAtStart(site, marks, file, options.demo === true);
    await app.listen({ port: options.port, host: options.host }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE")
        throw new DoppelwerkError("DW_UNAVAILABLE", message("server.portUseAnotherProgram", { port: options.port, host: options.host }));
      if (error.code === "EACCES")
        throw new DoppelwerkError("DW_FORBIDDEN", message("server.portMayNotOpenedUser", { port: options.port }));
      throw error;
    });
    attachWorlds(app.server, worlds);
    outliveFullDisk(site.logger);
    const { port } = app.server.address() as AddressInfo;
    const url = `http://${options.host.includes(":") ? `[${options.host}]` : options.host}:${port}`;
    if (options.opcuaPort !== undefined) {
      const request = { port: options.opcuaPort, host: options.host, settings: settingsFrom(options.opcuaSet) };
      await site.features.useWhenOpen(outlets, async ({ show }) => {
        process.stderr.write(`doppelwerk: the twin is an OPC UA server at ${await show(request)}\n`);
      });
    }
    if (options.publish !== undefined) {
      const request = {
        url: options.publish,
        settings: settingsFrom(options.publishSet),
        ...(options.publishSecret === undefined ? {} : { secret: options.publishSecret }),
        serverUrl: url + worldPath(site.name),
      };
      await site.features.useWhenOpen(outlets, ({ publish }) => publish(request));
    }
    process.stdout.write(options.json ? `${JSON.stringify({ ready: true, url })}\n` : `\n  Doppelwerk is running: ${url}\n\n`);
    if (options.open && !options.json && process.stdout.isTTY) openBrowser(url);
    const unfollow = followPacks({ data: options.data, folders: options.pack ?? [], product: features, loaded: packs, worlds, logger });
    stopOnSignal(async () => {
      unfollow();
      await app.close();
      await worlds.close();
    });
    // what is not open yet opens beside the requests that come
    worlds.start().catch((error: unknown) => logger.error({ err: error }, "the worlds beside the default one could not be looked through"));
  } catch (error) {
    await worlds.close();
    throw error;
  }
}

async function importAtStart(site: HostedWorld, marks: ImportMarks, file: string, demo: boolean): Promise<void> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new DoppelwerkError("DW_INVALID", message("server.cannotReadFileImport", { code: error.code ?? error.message, file }));
  });
  if (marks.has(basename(file), bytes)) return;
  const report = await site.features.port(importer).importFile(SYSTEM_IMPORT, basename(file), bytes, { demo, connect: true });
  marks.add(basename(file), bytes);
  if (report.findings.length > 0)
    site.logger.warn({ file, findings: report.findings.length, first: report.findings[0] }, "the file was imported with findings");
}

/** What is in memory may be ahead of what the new owner has, so nothing more is answered from it. Started again, the process stands by. */
function endAsFormerOwner(why: string): void {
  process.stderr.write(`doppelwerk: this process owns the world no more (${why}); start it again and it stands by\n`);
  process.exit(1);
}

/**
 * A full disk stops what is written, never the server: what some work behind the scenes could not write is logged, and that work tries again in its own
 * time. Anything else that nobody caught ends the process as ever.
 */
function outliveFullDisk(logger: { error(details: object, message: string): void }): void {
  process.on("uncaughtException", (error: NodeJS.ErrnoException) => {
    if (error.code === "ENOSPC" || error.code === "EDQUOT")
      return logger.error({ err: error }, "the disk is full: something was not written");
    process.stderr.write(`${error.stack ?? String(error)}\n`);
    process.exit(1);
  });
}

function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false;
  const onSignal = () => {
    if (stopping) return;
    stopping = true;
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`doppelwerk: stopping failed: ${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  // Whoever started this with a channel to it is gone, by kill -9 too: what he started does not live on.
  process.on("disconnect", onSignal);
}

function workersOf(text: string | undefined): { readonly workers?: number } {
  const workers = Number(text);
  return Number.isInteger(workers) && workers > 0 ? { workers } : {};
}
