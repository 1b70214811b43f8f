import { parentPort, workerData } from "node:worker_threads";
import pg from "pg";

export interface HeartbeatData {
  readonly url: string;
  readonly world: string;
  readonly epoch: number;
  readonly beatMs: number;
  /** The main thread counts here that it goes on; without a sign for so long there is no beat. */
  readonly signs: Int32Array<SharedArrayBuffer>;
  readonly silentMs: number;
}

const { url, world, epoch, beatMs, signs, silentMs } = workerData as HeartbeatData;
const ANSWER_MS = 5_000;

let client: pg.Client | undefined;
let beating = false;
let seen = Atomics.load(signs, 0);
let seenAt = performance.now();

setInterval(() => void beat(), beatMs);
void beat();

async function beat(): Promise<void> {
  if (beating || isSilent()) return;
  beating = true;
  try {
    client ??= await connected();
    const { rowCount } = await client.query(
      "UPDATE doppelwerk.leases SET beat = clock_timestamp() WHERE world = $1 AND epoch = $2 AND owner IS NOT NULL",
      [world, epoch],
    );
    if (rowCount === 0) parentPort!.postMessage("lost");
  } catch {
    // While PostgreSQL is away nobody can write, and nobody else can take the world either: who owns it shows when it is back.
    client?.end().catch(() => {
      // it broke already
    });
    client = undefined;
  } finally {
    beating = false;
  }
}

function isSilent(): boolean {
  const count = Atomics.load(signs, 0);
  if (count !== seen) [seen, seenAt] = [count, performance.now()];
  return performance.now() - seenAt > silentMs;
}

async function connected(): Promise<pg.Client> {
  const made = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: ANSWER_MS,
    query_timeout: ANSWER_MS,
    keepAlive: true,
    application_name: "doppelwerk lease",
    // A beat that is lost with PostgreSQL's memory is no loss, and waits for no disk.
    options: "-c synchronous_commit=off",
  });
  made.on("error", () => {
    if (client === made) client = undefined;
  });
  await made.connect();
  return made;
}
