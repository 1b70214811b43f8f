import pino from "pino";
import { Edge } from "./edge.ts";
import { readEdgeConfig } from "./edge-config.ts";

export interface RunEdgeOptions {
  readonly server: string;
  readonly config: string;
  readonly json?: boolean;
  /** Of pino. */
  readonly logLevel: string;
}

const STATUS_EVERY_MS = 5_000;

/** Runs until SIGINT or SIGTERM. With `--json` stdout has `{"ready":true}` first and then how it stands, a line every five seconds. */
export async function runEdge(options: RunEdgeOptions): Promise<void> {
  const config = readEdgeConfig(options.config);
  const logger = pino({ level: options.logLevel }, pino.destination(2));
  const edge = new Edge({ config, server: options.server, logger });
  await edge.start();
  process.stdout.write(
    options.json ? '{"ready":true}\n' : `  The edge hears ${config.sources.length} plants and brings them to ${options.server}\n`,
  );
  const telling = options.json ? setInterval(() => process.stdout.write(`${JSON.stringify(edge.status)}\n`), STATUS_EVERY_MS) : undefined;
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    clearInterval(telling);
    edge.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`doppelwerk: stopping failed: ${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
}
