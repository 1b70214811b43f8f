import { createServer as createHttpServer, type Server as HttpServer } from "node:http";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { CONNECTION_LIMITS, type ConnectionLimits } from "../http/connection-limits.ts";
import { HandshakeTurns } from "./handshake-turns.ts";

/** First byte of every TLS connection: a handshake record (RFC 8446, 5.1). */
const TLS_HANDSHAKE = 0x16;
const HOST = /^([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;

export interface FrontDoorOptions {
  readonly port: number;
  readonly host: string;
  /** Whether a name in a Host is one of this server: nobody is sent elsewhere. */
  isOwn(name: string): boolean;
  /** What an ACME server asks for over plain HTTP, by token (RFC 8555, 8.3). */
  readonly challenges?: ReadonlyMap<string, string>;
  readonly limits?: ConnectionLimits;
  /** Who is counted at the door; default: for this door alone. */
  readonly turns?: HandshakeTurns<Socket>;
}

export const CHALLENGE_PATH = "/.well-known/acme-challenge/";

export interface FrontDoor {
  readonly port: number;
  close(): Promise<void>;
}

export const handshakeTurns = (limits = CONNECTION_LIMITS): HandshakeTurns<Socket> => new HandshakeTurns(limits, () => performance.now());

/** One port for both: connections that speak TLS go to the server, each in its turn, all others are redirected to it. Errors: as `listen` throws them. */
export async function openFrontDoor(secure: Pick<Server, "emit" | "on">, options: FrontDoorOptions): Promise<FrontDoor> {
  const { port, host, limits = CONNECTION_LIMITS, turns = handshakeTurns(limits) } = options;
  const plain = redirecting(options);
  // Neither listens itself; from this event on a server of Node ends requests that are too slow.
  for (const server of [secure, plain]) server.emit("listening");
  const beginning = new Map<string, Socket>();
  secure.on("secureConnection", (socket: TLSSocket) => {
    const begun = beginning.get(endsOf(socket));
    if (begun !== undefined) turns.finished(begun);
  });
  const begin = (socket: Socket): void => {
    if (socket.destroyed) return turns.finished(socket);
    const ends = endsOf(socket);
    beginning.set(ends, socket);
    socket.once("close", () => beginning.delete(ends));
    socket.setTimeout(0);
    pass(secure, socket);
  };
  const door = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    if (!turns.admits(socket)) return;
    socket.setTimeout(limits.silentMs, () => socket.destroy());
    socket.once("readable", () => {
      const first = socket.read(1) as Buffer | null;
      if (first === null) return void socket.destroy();
      socket.unshift(first);
      socket.setTimeout(first[0] === TLS_HANDSHAKE ? limits.turnMs : 0);
      if (first[0] === TLS_HANDSHAKE) return turns.enter(socket, () => begin(socket));
      pass(plain, socket);
    });
  });
  await new Promise<void>((resolve, reject) => {
    door.once("error", reject);
    // of the 511 of Node the others of a flood would be dropped, and try again after seconds, together with who is known
    door.listen({ port, host, backlog: limits.connectionsMax }, () => {
      door.off("error", reject);
      resolve();
    });
  });
  return {
    port: (door.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        plain.closeAllConnections();
        door.close(() => resolve());
      }),
  };
}

/** Which connection it is: TLS goes by a socket of its own over the one that came in. */
const endsOf = ({ remoteAddress, remotePort, localAddress }: Socket): string => `${remoteAddress} ${remotePort} ${localAddress}`;

function pass(server: Pick<Server, "emit">, socket: Socket): void {
  server.emit("connection", socket);
}

/** Plain HTTP on a port of its own, as ACME servers ask at port 80. Errors: as `listen` throws them. */
export async function openPlainDoor(options: FrontDoorOptions & { readonly securePort: number }): Promise<FrontDoor> {
  const plain = redirecting(options, options.securePort);
  await new Promise<void>((resolve, reject) => {
    plain.once("error", reject);
    plain.listen({ port: options.port, host: options.host }, () => {
      plain.off("error", reject);
      resolve();
    });
  });
  return {
    port: (plain.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        plain.close(() => resolve());
        plain.closeAllConnections();
      }),
  };
}

/** To the same address over TLS, at another port where it is on one of its own; of the request nothing else is looked at, and none of its body. */
function redirecting({ isOwn, challenges, limits = CONNECTION_LIMITS }: FrontDoorOptions, securePort?: number): HttpServer {
  const bounds = {
    maxHeaderSize: limits.headerBytesMax,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.headersMs,
    connectionsCheckingInterval: limits.lookMs,
  };
  const server = createHttpServer(bounds, (request, response) => {
    const url = request.url ?? "/";
    response.setHeader("connection", "close");
    const answer = url.startsWith(CHALLENGE_PATH) ? challenges?.get(url.slice(CHALLENGE_PATH.length)) : undefined;
    if (answer !== undefined) return void response.writeHead(200, { "content-type": "application/octet-stream" }).end(answer);
    const asked = request.headers.host ?? "";
    const name = HOST.exec(asked)?.[1]?.toLowerCase();
    const host = securePort === undefined ? asked : `${name ?? ""}${securePort === 443 ? "" : `:${securePort}`}`;
    if (name === undefined || !isOwn(name) || !url.startsWith("/")) return void response.writeHead(400).end();
    response.writeHead(308, { location: `https://${host}${url}` }).end();
  });
  server.setTimeout(limits.silentMs);
  server.maxConnections = limits.connectionsOfAddressMax;
  return server;
}
