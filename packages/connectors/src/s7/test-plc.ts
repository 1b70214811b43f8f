// Starts a PLC by another hand (libsnap7) for tests, on a free port, in a process of its own that is ended by its id.
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { PlcArea, PlcOrder } from "./test-plc-main.ts";
import { freePort } from "../test-free-port.ts";

export interface TestPlc {
  readonly port: number;
  write(area: PlcArea, db: number, at: number, bytes: Buffer): Promise<void>;
  /** The block is gone, as after a download; `addBlock` brings it back, empty. */
  removeBlock(db: number): Promise<void>;
  addBlock(db: number, size: number): Promise<void>;
  stop(): Promise<void>;
}

/** With the library at this path: inputs, outputs and flags of 256 bytes each, and these data blocks (number to bytes). */
export async function startPlc(library: string, dbs: Readonly<Record<number, number>>, port?: number): Promise<TestPlc> {
  const at = port ?? (await freePort());
  const child: ChildProcess = fork(
    fileURLToPath(new URL("test-plc-main.ts", import.meta.url)),
    [library, String(at), JSON.stringify({ size: 256, dbs })],
    { execArgv: ["--disable-warning=ExperimentalWarning"] },
  );
  let asking: Promise<unknown> = ready(child);
  await asking;
  const order = async (what: PlcOrder): Promise<void> => {
    asking = asking.then(async () => {
      child.send(what);
      await once(child, "message");
    });
    await asking;
  };
  return {
    port: at,
    write: (area, db, from, bytes) => order({ do: "write", area, db, at: from, hex: bytes.toString("hex") }),
    removeBlock: (db) => order({ do: "remove", db }),
    addBlock: (db, size) => order({ do: "add", db, size }),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

async function ready(child: ChildProcess): Promise<void> {
  const [first] = (await Promise.race([once(child, "message"), once(child, "exit")])) as [unknown];
  if (first !== "ready") throw new Error(`the test PLC did not start: it ended with ${String(first)}`);
}
