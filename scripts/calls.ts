import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

// `node scripts/calls.ts --write`: the typed calls beside each contract, a line an endpoint. `check` fails while one is out of date.
const root = fileURLToPath(new URL("..", import.meta.url));

interface Described {
  readonly route: string;
  readonly answer: unknown;
}

/** Contracts whose calls differ from what stands beside them; with `write` they are written. */
export async function staleCalls(write = false): Promise<readonly string[]> {
  const stale: string[] = [];
  for (const contract of globSync(["features/*/contract.ts"], { cwd: root }).sort()) {
    const path = join(root, dirname(contract), "calls.ts");
    const text = await callsOf(join(root, contract));
    if (text === undefined || (existsSync(path) && readFileSync(path, "utf8") === text)) continue;
    if (write) writeFileSync(path, text);
    stale.push(`${dirname(contract)}/calls.ts is out of date: run node scripts/calls.ts --write`);
  }
  return stale;
}

async function callsOf(contract: string): Promise<string | undefined> {
  const module = (await import(pathToFileURL(contract).href)) as Record<string, unknown>;
  const endpoints = Object.entries(module).filter((entry): entry is [string, Described] => isEndpoint(entry[1]));
  if (endpoints.length === 0) return undefined;
  const lines = endpoints.map(([name, { route, answer }]) => {
    const form = typeof answer === "object" && answer !== null && "octets" in answer ? "octets" : "json";
    return `export const ${name} = call<typeof contract.${name}>(${JSON.stringify(route)}, "${form}");`;
  });
  return [
    `// Generated from ${basename(contract)} by scripts/calls.ts; only types are imported from it.`,
    `import { call } from "@doppelwerk/client";`,
    `import type * as contract from "./${basename(contract)}";`,
    "",
    ...lines,
    "",
  ].join("\n");
}

function isEndpoint(value: unknown): value is Described {
  return typeof value === "object" && value !== null && "route" in value && "summary" in value;
}

if (import.meta.main) for (const line of await staleCalls(process.argv.includes("--write"))) console.log(line);
