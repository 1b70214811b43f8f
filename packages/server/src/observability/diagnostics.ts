import { cpus, totalmem } from "node:os";
import type { HostedWorld } from "../routes/hosted-world.ts";
import { stateOf, type WatchedServer } from "./server-state.ts";

/** What looks like a secret: tokens and keys of this server and of others, and what a line names so. */
const SECRETS: readonly RegExp[] = [
  /\bdw[a-z]?_[A-Za-z0-9_-]{8,}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g,
  /-----BEGIN [A-Z ]+-----[\s\S]*?(?:-----END [A-Z ]+-----|$)/g,
  /(?<=\/\/[^\s/:@]{1,200}:)[^\s/@]{1,200}(?=@)/g,
  /(?<=\b(?:password|passwd|secret|token|authorization|api[-_]?key)\b["']?\s{0,3}[:=]\s{0,3}["']?)[^\s"',;]{1,500}/gi,
];
const INSTEAD = "[removed]";

/** Text without what looks like a secret. What is kept secret is not put into the file in the first place; this is for what a line of the log repeats. */
export function withoutSecrets(text: string): string {
  return SECRETS.reduce((kept, pattern) => kept.replace(pattern, INSTEAD), text);
}

/** What a diagnosis needs, as JSON that a person can read before it is sent. Errors: none of its parts'; a part that fails says why. */
export async function diagnosticsOf(server: WatchedServer, metrics: () => Promise<string>): Promise<string> {
  const worlds = server.worlds.registry.open();
  const parts = {
    about:
      "State of a Doppelwerk server. It has names of worlds, connections, features and files, and lines of the log; no secrets, documents or values.",
    state: await orWhy(() => stateOf(server)),
    machine: {
      cores: cpus().length,
      model: cpus()[0]?.model,
      memoryBytes: totalmem(),
      ...process.memoryUsage(),
      uptimeS: Math.round(process.uptime()),
    },
    versions: process.versions,
    worlds: worlds.map(worldOf),
    log: server.log?.list() ?? [],
    metrics: await orWhy(async () => (await metrics()).split("\n").filter((line) => line !== "" && !line.startsWith("#"))),
  };
  return `${withoutSecrets(JSON.stringify(parts, undefined, 2))}\n`;
}

function worldOf(world: HostedWorld): object {
  return {
    name: world.name,
    features: world.features.states(),
    packs: world.packs.map(({ name, version, refused }) => ({ name, version, refused })),
    damagedHistory: world.history.damages?.() ?? [],
    damagedEvents: world.events.damages(),
    past: world.backfill(),
  };
}

async function orWhy(part: () => Promise<unknown>): Promise<unknown> {
  try {
    return await part();
  } catch (error) {
    return { failed: String(error) };
  }
}
