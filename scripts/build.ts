import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { step, tell } from "./page.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Builds the studio when a source of it (or of a room it bundles) changed since the last build. Throws when the build fails. */
export function buildStudio(): void {
  const dist = join(root, "packages/studio/dist");
  const stamp = join(dist, ".source-hash");
  const hash = hashSources();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;
  const built = step("studio");
  // Made aside and put in place whole: two starts at once build it twice and harm neither each other nor a server that is running.
  const fresh = join(root, `packages/studio/.cache/dist-${process.pid}`);
  buildStudioInto(fresh);
  writeFileSync(join(fresh, ".source-hash"), hash);
  replaceFolder(dist, fresh);
  built();
}

/** Builds the studio into a folder, which is emptied. Throws when the build fails. */
export function buildStudioInto(fresh: string): void {
  const vite = join(root, "node_modules/vite/bin/vite.js");
  const result = spawnSync(process.execPath, [vite, "build", "--logLevel", "warn", "--outDir", fresh, "--emptyOutDir"], {
    cwd: join(root, "apps/doppelwerk"),
    // A run of the tests says otherwise, and would build the slow form.
    env: { ...process.env, NODE_ENV: "production" },
    // Not the terminal: it would draw over the page of a start.
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = `${result.stdout}${result.stderr}`.trim();
  if (said !== "") tell(said);
  if (result.status !== 0) throw new Error(`the studio does not build (vite exit code ${result.status})`);
  compress(fresh);
}

function replaceFolder(old: string, fresh: string): void {
  const aside = `${fresh}-old`;
  try {
    if (existsSync(old)) renameSync(old, aside);
    renameSync(fresh, old);
  } catch (error) {
    // Another start was between our two steps: what it put there is as good.
    if (!existsSync(join(old, "index.html"))) throw error;
  }
  for (const left of [aside, fresh]) rmSync(left, { recursive: true, force: true });
}

/** A `.br` beside every text file, which the server sends to whoever takes it: compressing once costs less than on every request. */
function compress(dist: string): void {
  for (const name of globSync("**/*.{js,css,html,svg,json}", { cwd: dist })) {
    const bytes = readFileSync(join(dist, name));
    if (bytes.length > 1_000)
      writeFileSync(join(dist, `${name}.br`), brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
  }
}

function hashSources(): string {
  const hash = createHash("sha256");
  const files = globSync(
    [
      "{packages,apps,packs}/*/src/**/*.{ts,tsx,css,html,svg,json}",
      "features/**/*.{ts,tsx,css,svg,json}",
      "packages/*/package.json",
      "apps/doppelwerk/*.{html,ts,json}",
      "tsconfig*.json",
      "package-lock.json",
      "scripts/build.ts",
    ],
    { cwd: root },
  );
  const elsewhere = /\.test\.|^packages\/(?:aas-server|connectors|engines|server|storage)\/|^features\/[^/]+\/server\//;
  for (const file of files.filter((name) => !elsewhere.test(name)).sort()) hash.update(file).update(readFileSync(join(root, file)));
  return hash.digest("hex");
}

if (import.meta.main) buildStudio();
