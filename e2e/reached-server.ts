import { spawn, spawnSync, type SpawnSyncReturns } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { WebSocket } from "ws";
import { serverEnvironment, serverFlags } from "../scripts/server-process.mjs";

const main = join(fileURLToPath(new URL("..", import.meta.url)), "apps/doppelwerk/src/main.ts");

/** A server with accounts, as others reach it. */
export interface ReachedServer {
  readonly data: string;
  readonly port: number;
  readonly url: string;
  readonly setup: string | undefined;
  stop(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: { readonly error?: { readonly code: string; readonly details?: unknown } } & Record<string, unknown>;
  readonly text: string;
}

/** The `doppelwerk` command; `environment` is added to that of the tests. */
export function command(words: readonly string[], environment: NodeJS.ProcessEnv = {}): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [...serverFlags, main, ...words], {
    env: { ...(serverEnvironment(process.env) as NodeJS.ProcessEnv), ...environment },
    encoding: "utf8",
  });
}

export function serveReached(data: string, ...more: readonly string[]): Promise<ReachedServer> {
  return serveAt("0.0.0.0", data, ...more);
}

/** At an address of this machine it needs no account, and speaks no TLS. */
export async function serveAt(host: string, data: string, ...more: readonly string[]): Promise<ReachedServer> {
  const words = [...serverFlags, main, "serve", "--data", data, "--port", "0", "--host", host, "--json", "--no-open", ...more];
  const child = spawn(process.execPath, words, {
    env: serverEnvironment(process.env) as NodeJS.ProcessEnv,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith("{")) continue;
    const { url, setup } = JSON.parse(line) as { url: string; setup?: string };
    return {
      data,
      url,
      setup,
      port: Number(new URL(url).port),
      stop() {
        child.kill("SIGTERM");
        return ended;
      },
    };
  }
  throw new Error("the server did not start");
}

/** Creates an account; the token with which its person sets a password. */
export function invitationOf(data: string, login: string, role: string): string {
  const { stdout } = command(["accounts", "create", login, "--role", role, "--data", data, "--json"]);
  return (JSON.parse(stdout) as { readonly path: string }).path.replace("/join#", "");
}

export interface Asked {
  readonly cookie?: string | undefined;
  readonly body?: unknown;
  /** Instead of a body in JSON. */
  readonly form?: Readonly<Record<string, string>>;
  readonly octets?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** As a device asks that trusts the authority of the server and nothing else. */
export function ask(
  server: Pick<ReachedServer, "data" | "port">,
  method: string,
  path: string,
  { cookie, body, form, octets, headers = {} }: Asked = {},
): Promise<Answer> {
  const text = form === undefined ? body !== undefined && JSON.stringify(body) : String(new URLSearchParams(form));
  const sent = octets ?? text;
  // with a length: of DELETE Node would send none, and the server would read the body as another request
  const type = form === undefined ? "application/json" : "application/x-www-form-urlencoded";
  const options = {
    method,
    path,
    host: "127.0.0.1",
    port: server.port,
    ca: readFileSync(join(server.data, "tls", "authority.pem")),
    servername: "localhost",
    // what a session has open ends with its connection
    agent: false as const,
    headers: {
      ...(cookie !== undefined && { cookie }),
      ...(sent !== false && { "content-type": type, "content-length": Buffer.byteLength(sent) }),
      ...headers,
    },
  };
  return new Promise((resolve, reject) => {
    const asked = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const answer = Buffer.concat(chunks).toString("utf8");
        const json = answer.startsWith("{") ? JSON.parse(answer) : {};
        resolve({ status: response.statusCode!, headers: response.headers, text: answer, body: json });
      });
      response.on("error", reject);
    });
    asked.on("error", reject);
    asked.end(sent === false ? undefined : sent);
  });
}

/** What makes Chromium trust the certificate of the server, as a device does that took in its authority, and find its name on this machine. */
export function browserFlags({ data }: Pick<ReachedServer, "data">, name: string): readonly string[] {
  const { publicKey } = new X509Certificate(readFileSync(join(data, "tls", "server.pem")));
  const hash = createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("base64");
  return [`--ignore-certificate-errors-spki-list=${hash}`, `--host-resolver-rules=MAP ${name} 127.0.0.1`];
}

export const cookieOf = ({ headers }: Answer): string => String((headers["set-cookie"] as string[])[0]!.split(";")[0]);

export interface Room {
  readonly first: Promise<Record<string, unknown>>;
  readonly closed: Promise<number>;
  close(): void;
}

/** Says hello, and waits for the first answer. */
export function enterRoom(server: Pick<ReachedServer, "data" | "port">, headers: Readonly<Record<string, string>> = {}): Room {
  const socket = new WebSocket(`wss://127.0.0.1:${server.port}/ws`, {
    ca: readFileSync(join(server.data, "tls", "authority.pem")),
    headers,
  });
  socket.once("open", () =>
    socket.send(JSON.stringify({ kind: "hello", protocol: 2, client: "person-secret-0001", name: "Somebody", branch: "live" })),
  );
  return {
    first: new Promise((resolve, reject) => {
      socket.once("message", (text) => resolve(JSON.parse(String(text)) as Record<string, unknown>));
      socket.once("error", reject);
    }),
    closed: new Promise((resolve) => socket.once("close", () => resolve(performance.now()))),
    close: () => socket.close(),
  };
}
