import { globSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { BenchRow } from "../bench/report.ts";
import { buildStudio } from "./build.ts";

// `npm run bench -- NAME… [--json]`: runs bench/NAME.ts or features/*/bench/NAME.ts, all of the short ones without a name. JSON lines on stdout with --json, a table without.
const root = fileURLToPath(new URL("..", import.meta.url));
const files = new Map(
  globSync(["bench/*.ts", "features/*/bench/*.ts"], { cwd: root })
    .map((file) => [basename(file, ".ts"), file] as const)
    .filter(([name]) => name !== "report"),
);
const known = [...files.keys()].sort();
/** Whole plants and clones, minutes each: by name only. */
const long = new Set([
  "backup",
  "connectors",
  "content",
  "empty",
  "explorer",
  "history-postgres",
  "hot-paths",
  "interaction",
  "import",
  "live",
  "proposal",
  "push",
  "shift-page",
  "boards",
  "signals",
  "solve",
  "start",
  "takeover",
  "ten-lines",
  "place-board",
  "pack-view",
  "site-scene",
  "transfers",
  "trends",
  "viewed-hour",
  "worlds",
]);
const names = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const unknown = names.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`no bench of that name: ${unknown.join(" ")}; there are ${known.join(" ")}`);
  process.exit(2);
}
/** These open the studio, as it is now. */
const withStudio = new Set([
  "content",
  "explorer",
  "interaction",
  "live",
  "pack-view",
  "place-board",
  "shift-page",
  "boards",
  "studio",
  "trends",
  "viewed-hour",
]);
const asJson = process.argv.includes("--json");
const wanted = names.length > 0 ? names : known.filter((candidate) => !long.has(candidate));
if (wanted.some((name) => withStudio.has(name))) buildStudio();
for (const name of wanted) {
  const module = (await import(pathToFileURL(join(root, files.get(name)!)).href)) as {
    bench: (report: (row: BenchRow) => void) => Promise<void> | void;
  };
  await module.bench((row) =>
    console.log(
      asJson
        ? JSON.stringify(row)
        : `${row.bench.padEnd(12)} ${row.metric.padEnd(48)} ${row.value.toPrecision(4).padStart(10)} ${row.unit.padEnd(12)} n ${row.n}  spread ${row.spread.toPrecision(3)}  load ${row.load.toFixed(1)}`,
    ),
  );
}
