import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { HOME_WORLD, worldPath } from "@doppelwerk/client";
import { createWallClock } from "@doppelwerk/connectors";
import { importer } from "@doppelwerk/ports";
import { message, textOf } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import pino from "pino";
import { checkFormats } from "../compose/check-formats.ts";
import { SYSTEM_IMPORT } from "../compose/open-hosted-world.ts";
import { Certificates } from "../certificates/certificates.ts";
import { openWorlds } from "../compose/open-worlds.ts";
import { createWorldsApp } from "../compose/register-routes.ts";
import type { ListedFeature } from "../features/resolve.ts";
import { openIdentities, type KnownIdentities } from "../compose/open-identities.ts";
import { setupPath } from "./accounts.ts";
import { listen, reachedBy, startedText, urlOf, type OnFault, type ReachedServer } from "./reached-server.ts";
import { isLoopback, originOf } from "../http/guard.ts";
import { followPacks } from "../packs/follow-packs.ts";
import { loadPacks } from "../packs/load-packs.ts";
import type { Telemetry } from "../telemetry/span-sink.ts";
import { RecentLog } from "../observability/recent-log.ts";
import type { HostedWorld } from "../routes/hosted-world.ts";
import { attachWorlds } from "../routes/world-sockets.ts";
import type { EndedIdentity } from "../identities/identity-history.ts";
import { openBrowser } from "./open-browser.ts";
import { protectionOf, sessionsOf, type ProtectionOptions } from "./protection-options.ts";
import { settingsFrom } from "@doppelwerk/kit/command";
import { openOutlets, type AskedOutlets } from "./open-outlets.ts";
import { openImportMarks } from "./import-marks.ts";
import type { ImportMarks } from "./import-marks.ts";

export interface ServeOptions extends ProtectionOptions {
  readonly data: string;
  readonly port: number;
  readonly host: string;
  readonly open: boolean;
  /** Print a link with which the first administrator sets a password. */
  readonly setup?: boolean;
  /** Names by which others reach it, beside its addresses and the name of the machine. */
  readonly name?: readonly string[];
  /** PEM files of a certificate with its chain, and of its key; default: one of the folder's own authority. */
  readonly tlsCertificate?: string;
  /** Directory of an ACME server that certificates come from. */
  readonly acme?: string;
  readonly acmeContact?: string;
  /** That the terms of the ACME server are agreed to. */
  readonly acmeAgree?: boolean;
  readonly acmeAuthority?: string;
  /** Where plain HTTP is redirected and answers the ACME server, beside the port itself. */
  readonly httpPort?: number;
  /** Requests that one identity may send in a second. */
  readonly rate?: number;
  readonly tlsKey?: string;
  /** Address of an OTLP receiver; default OTEL_EXPORTER_OTLP_ENDPOINT, and none without it. */
  readonly telemetry?: string;
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

/** To stderr, and the last lines to who administers the server. */
function openLog(): { readonly log: RecentLog; readonly logger: pino.Logger } {
  const log = new RecentLog();
  const level = process.env["DOPPELWERK_LOG"] ?? "warn";
  const streams = pino.multistream([
    { stream: pino.destination(2), level: "trace" },
    { stream: log.stream, level: "warn" },
  ]);
  return { log, logger: pino({ level }, streams) };
}

/** Runs until SIGINT or SIGTERM. With `--json` the first stdout line that begins with `{` says ready and where; logs go to stderr. */
export async function serve(options: ServeOptions, features: readonly ListedFeature[]): Promise<void> {
  const guests = guestsOf(options.allowOrigin ?? []);
  const { log, logger } = openLog();
  checkFormats(options.data);
  const setup = options.setup === true ? await setupPath(options.data) : undefined;
  const certificates = new Certificates({ data: options.data, now: () => Date.now() });
  const { identities, reached } = await admitting(options, certificates, (error, what = "sessions could not be kept") =>
    logger.error({ err: error }, what),
  );
  const postgres = options.postgres ?? process.env["DOPPELWERK_POSTGRES"];
  if (options.history === "postgres" && postgres === undefined)
    throw new DoppelwerkError("DW_INVALID", message("server.historyPostgresNeedsPostgreSQL"));
  const telemetry = await telemetryOf(options.telemetry ?? process.env["OTEL_EXPORTER_OTLP_ENDPOINT"]);
  const packs = await loadPacks(options.data, options.pack ?? [], features);
  for (const { name, refused } of packs.packs) if (refused !== undefined) logger.warn(`the pack ${name} is not loaded: ${textOf(refused)}`);
  const worlds = await openWorlds({
    dataDirectory: options.data,
    features: [...features, ...packs.features],
    packs: packs.packs,
    logger,
    transparency: true,
    log,
    telemetry,
    certificates,
    ...protectionOf(options, logger),
    ...(options.files === undefined ? {} : { fileFolders: options.files }),
    ...(options.lenient ? { handling: "lenient" as const } : {}),
    ...(options.nativeModels ? { nativeModels: true } : {}),
    ...workersOf(process.env["DOPPELWERK_WORKERS"]),
    ...(options.history === undefined ? {} : { history: options.history }),
    ...(postgres === undefined ? {} : { postgres, onLost: endAsFormerOwner }),
    ...(identities === undefined ? {} : { people: (names) => identities.people.nameTo(names), ...followedBy(identities) }),
    ...(reached === undefined ? {} : { address: reached.address }),
  });
  try {
    // held open as long as the server runs
    const { world: site } = await worlds.registry.enter(options.world ?? HOME_WORLD);
    const app = await createWorldsApp(worlds, guests, identities, reached);
    const marks = openImportMarks(join(site.name === HOME_WORLD ? options.data : join(options.data, "worlds", site.name), "imported.json"));
    for (const file of options.import ?? []) await importAtStart(site, marks, file, options.demo === true);
    const { port, close } = await listen(app, options, reached);
    attachWorlds(app.server, worlds, identities?.people, reached?.address);
    outliveFullDisk(site.logger);
    const url = urlOf(reached?.names[0] ?? options.host, port, reached === undefined ? "http" : "https");
    await openOutlets(site, outletsOf(options, url + worldPath(site.name)), {
      register: identities?.connections,
      shown: (where) => void process.stderr.write(`doppelwerk: the twin is an OPC UA server at ${where}\n`),
    });
    process.stdout.write(startedText(options, url, reached, setup));
    if (options.open && !options.json && process.stdout.isTTY) openBrowser(url);
    const unfollow = followPacks({ data: options.data, folders: options.pack ?? [], product: features, loaded: packs, worlds, logger });
    stopOnSignal(async () => {
      unfollow();
      await close();
      await worlds.close();
    });
    // what is not open yet opens beside the requests that come
    worlds.start().catch((error: unknown) => logger.error({ err: error }, "the worlds beside the default one could not be looked through"));
  } catch (error) {
    await worlds.close();
    throw error;
  }
}

/** What sends traces is loaded where it has an address to send them to. Errors: DW_INVALID. */
async function telemetryOf(address: string | undefined): Promise<Telemetry | undefined> {
  if (address === undefined || address === "") return undefined;
  const { openTelemetry } = await import("../telemetry/open-telemetry.ts");
  const clock = createWallClock();
  return openTelemetry({ address, now: () => clock.now() });
}

/** Where it is told who the connections of worlds are. */
function followedBy({ connections, history }: KnownIdentities) {
  return { connections, onIdentityEnded: (identity: EndedIdentity) => history.add(identity) };
}

function outletsOf({ opcuaPort, host, opcuaSet, publish, publishSet, publishSecret }: ServeOptions, serverUrl: string): AskedOutlets {
  return {
    ...(opcuaPort !== undefined && { opcua: { port: opcuaPort, host, settings: settingsFrom(opcuaSet) } }),
    ...(publish !== undefined && {
      mqtt: {
        url: publish,
        settings: settingsFrom(publishSet),
        ...(publishSecret !== undefined && { secret: publishSecret }),
        serverUrl,
      },
    }),
  };
}

/** A studio that opens asks for some dozens of things, a client that polls for a hundred a second. */
const REQUESTS_PER_SECOND = 500;

/** Who may come in, and from where. Errors: DW_FORBIDDEN for another address than this machine's without an account. */
async function admitting(
  options: ServeOptions,
  certificates: Certificates,
  onFault: OnFault,
): Promise<{ readonly identities: KnownIdentities | undefined; readonly reached: ReachedServer | undefined }> {
  const { data, host } = options;
  const isReached = !isLoopback(host);
  const requestsPerSecond = options.rate ?? REQUESTS_PER_SECOND;
  const identities = await openIdentities({ data, isSecure: isReached, requestsPerSecond, onFault, certificates, ...sessionsOf(options) });
  if (isReached && identities === undefined)
    throw new DoppelwerkError("DW_FORBIDDEN", message("server.withoutAccountsServerBindsMachinesOwn", { host, data }));
  return { identities, reached: isReached ? await reachedBy(options, onFault) : undefined };
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
