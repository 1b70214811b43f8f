import { execFileSync, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { need } from "./services.ts";

/** A PostgreSQL server of a test's own. */
export interface PostgresServer {
  /** Of the database `postgres`, as its superuser. */
  readonly url: string;
  readonly port: number;
  /** Stops it at once, as a crash does; `start` brings it back on the same data and port. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Stops it and removes its data. */
  stop(): Promise<void>;
}

const PASSWORD = "only-for-tests";

/** A server with durable commits on a free port of the loopback, its data in a folder of its own, run by a user without rights where we are root. */
export async function startPostgres(): Promise<PostgresServer> {
  const bin = dirname(need("postgres"));
  const folder = mkdtempSync(join(tmpdir(), "doppelwerk-postgres-"));
  const identity = unprivileged();
  const as = identity === undefined ? {} : identity;
  if (identity !== undefined) execFileSync("chown", [`${identity.uid}:${identity.gid}`, folder]);
  chmodSync(folder, 0o700);
  const data = join(folder, "data");
  const environment = { ...process.env, LC_ALL: "C", HOME: folder };
  const passwordFile = join(folder, "password");
  execFileSync("sh", ["-c", `printf %s ${PASSWORD} > ${passwordFile}`], { ...as, env: environment });
  execFileSync(
    join(bin, "initdb"),
    ["-D", data, "-U", "tester", "--pwfile", passwordFile, "--auth", "scram-sha-256", "-E", "UTF8", "--no-sync"],
    { ...as, env: environment, cwd: folder, stdio: ["ignore", "ignore", "inherit"] },
  );
  const port = await freePort();
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    child = spawn(join(bin, "postgres"), ["-D", data, "-p", String(port), "-k", folder, "-c", "listen_addresses=127.0.0.1"], {
      ...as,
      env: environment,
      cwd: folder,
      stdio: ["ignore", "ignore", "ignore"],
    });
    await answering(join(bin, "pg_isready"), port, child);
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const running = child;
    child = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const ended = new Promise((resolve) => running.once("exit", resolve));
    running.kill(signal);
    await ended;
  };
  await start();
  return {
    url: `postgres://tester:${PASSWORD}@127.0.0.1:${port}/postgres`,
    port,
    // An immediate shutdown: no checkpoint, the next start recovers from the write-ahead log.
    kill: () => end("SIGQUIT"),
    start,
    async stop() {
      await end("SIGINT");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL refuses to run as root. */
function unprivileged(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string): number => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

async function answering(isReady: string, port: number, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (child.exitCode !== null) throw new Error(`PostgreSQL ended with exit code ${child.exitCode} instead of starting`);
    try {
      execFileSync(isReady, ["-h", "127.0.0.1", "-p", String(port), "-q"], { stdio: "ignore" });
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  throw new Error("PostgreSQL did not answer within 30 s");
}
