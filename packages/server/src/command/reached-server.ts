import { readFileSync } from "node:fs";
import type { Server } from "node:https";
import { isIP, type AddressInfo } from "node:net";
import { hostname, networkInterfaces } from "node:os";
import { join } from "node:path";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { FastifyInstance } from "fastify";
import type { ReachedBy, WatchedCertificate } from "../http/app.ts";
import { reachableAddress } from "../http/guard.ts";
import type { AcmeCertificate } from "../tls/acme-certificate.ts";
import { handshakeTurns, openFrontDoor, openPlainDoor } from "../tls/front-door.ts";
import type { OwnCertificate } from "../tls/own-certificate.ts";
import type { ServeOptions } from "./serve.ts";

/** A server that others reach: always over TLS. */
export interface ReachedServer extends ReachedBy {
  /** By which it is reached, that of its address first. */
  readonly names: readonly string[];
  /** Absent where the certificate was given. */
  readonly own?: OwnCertificate;
  readonly acme?: AcmeCertificate;
  readonly turns: ReturnType<typeof handshakeTurns>;
}

const ANY = new Set(["0.0.0.0", "::", "[::]"]);

/** How others reach a server with these options, with the certificate that it shows. Errors: DW_INVALID, DW_DAMAGED. */
export async function reachedBy(
  options: Pick<ServeOptions, "data" | "host" | "name" | "tlsCertificate" | "tlsKey" | AcmeOption>,
  onFault: OnFault = () => {},
): Promise<ReachedServer> {
  const { data, host, name = [], tlsCertificate, tlsKey } = options;
  const machine = hostname().toLowerCase();
  const addresses = ANY.has(host) ? ownAddresses() : [host];
  const names = [...new Set([...name, ...addresses, machine, `${machine.split(".")[0]}.local`, "localhost", "127.0.0.1"])];
  const [address, turns] = [reachableAddress(names), handshakeTurns()];
  if ((tlsCertificate === undefined) !== (tlsKey === undefined))
    throw new DoppelwerkError("DW_INVALID", message("server.tlsFilesTogether"));
  if (tlsCertificate !== undefined) {
    const tls = { cert: readFile(tlsCertificate), key: readFile(tlsKey!), ...(await machinesBy(data)) };
    return { names, address, turns, tls };
  }
  const acme = await acmeOf(options, onFault);
  // what makes certificates is loaded by servers that need one
  const { ownCertificate } = await import("../tls/own-certificate.ts");
  const own = await ownCertificate(join(data, "tls"), names);
  const { certificate, key } = acme?.current ?? own;
  const tls = { cert: certificate, key, ...(await machinesBy(data)) };
  if (acme === undefined) return { names, address, turns, own, tls };
  return { names, address, turns, acme, tls, watched: () => [watchedOf(acme, own)] };
}

/** `what`: for the log. */
export type OnFault = (error: unknown, what?: string) => void;

type AcmeOption = "acme" | "acmeContact" | "acmeAgree" | "acmeAuthority";

/** Errors: DW_INVALID. */
async function acmeOf(options: Pick<ServeOptions, "data" | "name" | AcmeOption>, onFault: OnFault): Promise<AcmeCertificate | undefined> {
  const { acme: directory, acmeContact: contact, acmeAuthority: authority } = options;
  if (directory === undefined) return undefined;
  if (options.acmeAgree !== true) throw new DoppelwerkError("DW_INVALID", message("server.acmeTerms", { url: directory }));
  const { AcmeCertificate: Acme } = await import("../tls/acme-certificate.ts");
  return new Acme({
    folder: join(options.data, "tls"),
    acme: { directory, ...(contact !== undefined && { contact }), ...(authority !== undefined && { authority }) },
    // addresses and names of this network alone are known to no ACME server
    names: (options.name ?? []).filter((name) => isIP(name) === 0),
    onFault: (reason) => onFault(new Error(reason), "no certificate could be had from the ACME server"),
  });
}

function watchedOf({ current, failure }: AcmeCertificate, own: OwnCertificate): WatchedCertificate {
  return { name: "HTTPS", pem: (current ?? own).certificate, ...(failure !== undefined && { failure }) };
}

/** Machines may show certificates of the folder's own authority, and of no other: who has none is not asked for one by any browser. */
async function machinesBy(data: string) {
  const { openAuthority } = await import("../tls/authority.ts");
  const { certificate } = await openAuthority(join(data, "tls"), "tls", new Date());
  return { ca: certificate, requestCert: true, rejectUnauthorized: false, minVersion: "TLSv1.3" } as const;
}

interface Listening {
  readonly port: number;
  close(): Promise<void>;
}

type Address = Pick<ServeOptions, "port" | "host" | "httpPort">;

/** Listens, and tells how to stop. Errors: DW_UNAVAILABLE for a port that is in use, DW_FORBIDDEN for one that this user may not open. */
export function listen(app: FastifyInstance, { port, host, httpPort }: Address, reached: ReachedServer | undefined): Promise<Listening> {
  return listening(app, { port, host, ...(httpPort !== undefined && { httpPort }) }, reached).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EADDRINUSE") throw new DoppelwerkError("DW_UNAVAILABLE", message("server.portUseAnotherProgram", { port, host }));
    if (error.code === "EACCES") throw new DoppelwerkError("DW_FORBIDDEN", message("server.portMayNotOpenedUser", { port }));
    throw error;
  });
}

async function listening(app: FastifyInstance, { port, host, httpPort }: Address, reached: ReachedServer | undefined): Promise<Listening> {
  if (reached === undefined) {
    await app.listen({ port, host });
    return { port: (app.server.address() as AddressInfo).port, close: () => app.close() };
  }
  await app.ready();
  const { acme } = reached;
  const common = { host, isOwn: (name: string) => reached.address.isOwn(name), ...(acme && { challenges: acme.challenges }) };
  const door = await openFrontDoor(app.server, { ...common, port, turns: reached.turns });
  const plain = httpPort === undefined ? undefined : await openPlainDoor({ ...common, port: httpPort, securePort: door.port });
  // connections that are open keep the certificate that they began with
  acme?.start(({ certificate: cert, key }) => (app.server as unknown as Server).setSecureContext({ ...reached.tls, cert, key }));
  return {
    port: door.port,
    async close() {
      acme?.close();
      // no new connections first; the open ones end with the server
      const closing = Promise.all([door.close(), plain?.close()]);
      await app.close();
      await closing;
    },
  };
}

export function urlOf(host: string, port: number, scheme: "http" | "https"): string {
  return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** What a person needs who started it, or a program, with `json`; `setup` is the path of a link. */
// oxlint-disable-next-line max-params -- what is told
export function startedText(
  { json }: Pick<ServeOptions, "json">,
  url: string,
  reached: ReachedServer | undefined,
  setup: string | undefined,
): string {
  if (json) return `${JSON.stringify({ ready: true, url, ...(setup !== undefined && { setup: url + setup }) })}\n`;
  const first = setup === undefined ? "" : `  Set the password of the first administrator within a week: ${url}${setup}\n`;
  const running = `\n  Doppelwerk is running: ${url}\n${first}`;
  if (reached?.own === undefined) return `${running}\n`;
  return `${running}  Other devices trust it with its authority: ${url}/authority.crt
  SHA-256 ${reached.own.fingerprint}\n\n`;
}

/** Those that others can reach, IPv4 first. */
function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ internal, scopeid }) => !internal && !(scopeid ?? 0))
    .toSorted((a, b) => a.family.localeCompare(b.family))
    .map(({ address }) => address);
}

function readFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new DoppelwerkError("DW_INVALID", message("server.tlsFileNotRead", { reason: (error as Error).message, path }));
  }
}
