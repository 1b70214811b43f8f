import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const VERSION = "7.9.2";
/** Of the package in the npm registry. */
const INTEGRITY = "sha512-7gsVVDpO9AhrFyDMWWl7SpMsPpqGcnAzjxz3k32LheIPNd64p2XsY9GYRdhWmKuryb60W1iaWPZWDkFKlbRWHA==";
const CHAIN = 1_337;

/** An EVM chain of a test's own, by another hand (MIT): it is brought by npm into a folder of the system, and is no dependency of the product. */
export interface GanacheNode {
  readonly url: string;
  readonly chain: number;
  /** Private keys of accounts that have money. */
  readonly keys: readonly string[];
  rpc(method: string, ...params: readonly unknown[]): Promise<unknown>;
  stop(): Promise<void>;
}

/** Keys of `--wallet.deterministic`, which are the same everywhere. */
const KEYS = [
  "0x4f3edf983ac636a65a842ce7c78d9aa706d3b113bce9c46f30d7d21715b23b1d",
  "0x6cbed15c793ce57650b9877cf6fa156fbef513c4e6134f022a85b1ffdd59b2a1",
];

export async function startGanache(): Promise<GanacheNode> {
  const child = spawn(
    process.execPath,
    [
      ganachePath(),
      "--server.host",
      "127.0.0.1",
      "--server.port",
      String(await freePort()),
      "--wallet.deterministic",
      "--chain.chainId",
      String(CHAIN),
    ],
    { stdio: ["ignore", "pipe", "ignore"] },
  );
  const url = await new Promise<string>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`ganache ended with ${code}`)));
    createInterface({ input: child.stdout }).on("line", (line) => {
      const port = /RPC Listening on 127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (port !== undefined) resolve(`http://127.0.0.1:${port}/`);
    });
  });
  return {
    url,
    chain: CHAIN,
    keys: KEYS,
    async rpc(method, ...params) {
      const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
      const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
      const { result, error } = (await answer.json()) as { result?: unknown; error?: { message: string } };
      if (error !== undefined) throw new Error(error.message);
      return result;
    },
    async stop() {
      if (child.exitCode !== null) return;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** It takes no port 0. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Found, else installed without its scripts; another package than the one that is meant is refused. */
function ganachePath(): string {
  const folder = join(tmpdir(), `doppelwerk-ganache-${VERSION}`);
  const path = join(folder, "node_modules", "ganache", "dist", "node", "cli.js");
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    const words = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", folder, `ganache@${VERSION}`];
    const installed = spawnSync("npm", words, { stdio: ["ignore", "ignore", "inherit"] });
    if (installed.status !== 0) throw new Error(`tests need ganache ${VERSION} from npm, and it could not be installed`);
  }
  const lock = JSON.parse(readFileSync(join(folder, "node_modules", ".package-lock.json"), "utf8")) as {
    packages: Readonly<Record<string, { readonly integrity?: string }>>;
  };
  const integrity = lock.packages["node_modules/ganache"]?.integrity;
  if (integrity !== INTEGRITY) throw new Error(`ganache ${VERSION} is another package than expected: ${integrity}`);
  return path;
}
