import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

/**
 * The port `name` listens on: the wanted one, else the one it had under this `data` before if that is free, else any free one.
 * A restarted plant is found where it was.
 */
export async function stickyPort(data: string, name: string, wanted: number): Promise<number> {
  const file = join(data, `port-${name}`);
  const before = wanted > 0 ? wanted : readPort(file);
  const port = wanted > 0 ? wanted : ((before > 0 ? await listenOnce(before) : undefined) ?? (await listenOnce(0)));
  if (port === undefined) throw new Error(`no free port for ${name}`);
  mkdirSync(data, { recursive: true });
  writeFileSync(file, String(port));
  return port;
}

function readPort(file: string): number {
  try {
    return Number(readFileSync(file, "utf8")) || 0;
  } catch {
    // First start under this folder.
    return 0;
  }
}

/** The port, if it could be listened on; undefined when it is taken. */
function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      const got = address && typeof address === "object" ? address.port : undefined;
      server.close(() => resolve(got));
    });
  });
}
