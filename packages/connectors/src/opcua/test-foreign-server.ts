// An OPC UA server of another stack for tests, built with the C compiler once a test file and run in a process of its own, ended by its id.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../test-free-port.ts";

export const FOREIGN_NAMESPACE = "urn:test:foreign";

export interface ForeignServerOptions {
  readonly port?: number;
  /** Nodes and items a call. */
  readonly limit?: number;
  /** Variables `p0`, `p1` … beside the odd ones. */
  readonly plain?: number;
  /** Default: an hour. */
  readonly channelLifetimeMs?: number;
  /** One subscription of five items, no archive, and a node whose number the server chose itself. */
  readonly small?: boolean;
  /** Files in DER. With them it takes anonymous and anna with the password geheim. */
  readonly security?: {
    readonly certificate: string;
    readonly privateKey: string;
    /** Clients are trusted whose certificate is of this authority and not in its list, and nobody else. */
    readonly authority?: { readonly certificate: string; readonly revoked: string };
  };
}

export interface ForeignServer {
  readonly port: number;
  readonly url: string;
  set(name: string, value: number): void;
  status(name: string, code: number): void;
  /** The plain variables have another value at every sampling, every 20 ms. */
  busy(): void;
  stop(): Promise<void>;
}

/** Path of the program. */
export function buildForeignServer(compiler: string, folder: string): string {
  const program = join(folder, "foreign-server");
  const source = fileURLToPath(new URL("test-foreign-server.c", import.meta.url));
  execFileSync(compiler, ["-O1", "-Wall", "-Werror", "-o", program, source, "-lopen62541"], { stdio: ["ignore", "ignore", "pipe"] });
  return program;
}

export async function startForeignServer(program: string, options: ForeignServerOptions = {}): Promise<ForeignServer> {
  const { port = await freePort(), limit = 0, plain = 0, channelLifetimeMs = 3_600_000, small = false, security } = options;
  const { authority } = security ?? {};
  const files = [
    ...(security === undefined ? [] : [security.certificate, security.privateKey]),
    ...(authority === undefined ? [] : [authority.certificate, authority.revoked]),
  ];
  const child = spawn(program, [port, limit, plain, channelLifetimeMs, small ? 1 : 0, ...files].map(String), {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const died = once(child, "exit").then(([code]) => {
    throw new Error(`the foreign server ended with ${String(code)}`);
  });
  died.catch(() => {
    // it matters only until the server is ready, see below; later its tests see that it is gone
  });
  child.stdin.on("error", () => {});
  await Promise.race([once(child.stdout, "data"), died]);
  return {
    port,
    url: `opc.tcp://127.0.0.1:${port}`,
    set: (name, value) => void child.stdin.write(`set ${name} ${value}\n`),
    status: (name, code) => void child.stdin.write(`status ${name} ${code.toString(16)}\n`),
    busy: () => void child.stdin.write("busy\n"),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}
