import { execFileSync, spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { builtInFeatures, productFeatures } from "./features.ts";
import { openProduct, serveAs } from "./site-of-product.fixture.ts";
import { SYSTEM } from "@doppelwerk/server/site";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "doppelwerk-removal-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ids = productFeatures.map(({ feature }) => feature.id);
/** Three in each full run, another three with each commit: DOPPELWERK_REMOVE names them instead. */
const chosen =
  process.env["DOPPELWERK_REMOVE"]?.split(",") ??
  inTurn(
    builtInFeatures.map(({ feature }) => feature.id),
    3,
  );

function inTurn(all: readonly string[], count: number): readonly string[] {
  const commits = Number(spawnSync("git", ["rev-list", "--count", "HEAD"], { cwd: root, encoding: "utf8" }).stdout) || 0;
  return Array.from({ length: Math.min(count, all.length) }, (_, at) => all[(commits * count + at) % all.length]!);
}

/** What must go with it: features that need its ports, or import its contract. */
function withDependents(id: string): readonly string[] {
  const gone = new Set([id]);
  for (let grown = true; grown;) {
    grown = false;
    for (const { feature } of productFeatures) {
      const { ports, features = [] } = feature.needs;
      const provided = new Set(
        productFeatures.filter((one) => gone.has(one.feature.id)).flatMap((one) => one.feature.offers.ports.map(({ key }) => key)),
      );
      if (gone.has(feature.id) || !(features.some((one) => gone.has(one)) || ports.some(({ key }) => provided.has(key)))) continue;
      gone.add(feature.id);
      grown = true;
    }
  }
  return [...gone];
}

/** What names features: one list for the server, one for the browser and one for the command line, whose first load may not carry the manifests. */
const lists = [
  "apps/doppelwerk/src/features.ts",
  "apps/doppelwerk/src/studio/views-of-product.ts",
  "apps/doppelwerk/src/commands.ts",
] as const;

/** The import of a feature in one of the lists; the first group is its name there. */
const lineOf = (id: string, list: string): RegExpExecArray | null =>
  new RegExp(`import \\{ (?:views as )?(\\w+) \\} from "[^"]*features/${id}/(?:feature|studio/views|server/command)\\.ts";\\n`).exec(list);

/** The tree without these features: their folders and their lines in the lists are gone, nothing else. */
function treeWithout(gone: readonly string[]): string {
  const tree = mkdtempSync(join(folder, `${gone.join("-")}-`));
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root, encoding: "utf8" })
    .trim()
    .split("\n");
  for (const file of files) {
    if (gone.some((id) => file.startsWith(`features/${id}/`))) continue;
    mkdirSync(dirname(join(tree, file)), { recursive: true });
    // a file that was deleted and not committed yet is in the list, and nowhere else
    cpSync(join(root, file), join(tree, file), { force: true, errorOnExist: false, verbatimSymlinks: true });
  }
  for (const list of lists) {
    let text = readFileSync(join(tree, list), "utf8");
    for (const id of gone) {
      const name = lineOf(id, text)?.[1];
      if (name === undefined) continue;
      text = text.replace(lineOf(id, text)![0], "");
      text = text.replace(new RegExp(`\\b${name}, |, ${name}\\b|\\b${name}\\b(?=\\])|\\n  (?:\\.\\.\\.)?${name},`), "");
    }
    writeFileSync(join(tree, list), text);
  }
  linkModules(tree);
  return tree;
}

/** Third parties as here; the packages of the tree itself. */
function linkModules(tree: string): void {
  const modules = join(tree, "node_modules");
  mkdirSync(join(modules, "@doppelwerk"), { recursive: true });
  for (const entry of execFileSync("ls", ["-A", join(root, "node_modules")], { encoding: "utf8" })
    .trim()
    .split("\n"))
    if (entry !== "@doppelwerk" && entry !== ".cache") symlinkSync(join(root, "node_modules", entry), join(modules, entry));
  for (const manifest of execFileSync(
    "git",
    [
      "ls-files",
      "packages/*/package.json",
      "apps/*/package.json",
      "packs/*/package.json",
      "examples/*/package.json",
      "features/package.json",
    ],
    { cwd: root, encoding: "utf8" },
  )
    .trim()
    .split("\n")) {
    const { name } = JSON.parse(readFileSync(join(tree, manifest), "utf8")) as { readonly name: string };
    if (name.startsWith("@doppelwerk/")) symlinkSync(join(tree, dirname(manifest)), join(modules, name));
  }
}

async function serve(tree: string): Promise<readonly { readonly id: string; readonly state: { readonly state: string } }[]> {
  const child = spawn(
    process.execPath,
    [
      "--disable-warning=ExperimentalWarning",
      join(tree, "apps/doppelwerk/src/main.ts"),
      "serve",
      "--data",
      join(tree, "data"),
      "--port",
      "0",
      "--json",
      "--no-open",
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  try {
    const ready = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).once("line", resolve);
      child.once("exit", (code) => reject(new Error(`the server ended with ${code}`)));
    });
    const { url } = JSON.parse(ready) as { readonly url: string };
    return ((await (await fetch(`${url}/api/doppelwerk/v1/features`)).json()) as { readonly features: [] }).features;
  } finally {
    child.kill("SIGTERM");
  }
}

test("[RM1] the list of views names every feature whose manifest declares views, and none that the product does without", () => {
  const views = readFileSync(join(root, lists[1]), "utf8");
  const declared = productFeatures.filter(({ feature }) => feature.views !== undefined).map(({ feature }) => feature.id);
  expect(declared.filter((id) => lineOf(id, views) === null)).toEqual([]);
  const shown = [...views.matchAll(/features\/([\w-]+)\/studio\/views\.ts"/g)].map(([, id]) => id!);
  // a folder of views whose server part has not moved yet has no manifest
  expect(shown.filter((id) => existsSync(join(root, `features/${id}/feature.ts`)) && !ids.includes(id))).toEqual([]);
});

test.each(chosen.map((id) => [id]))("[RM1] without the folder of %s and its line everything else compiles and runs", async (id) => {
  const gone = withDependents(id);
  const tree = treeWithout(gone);
  for (const set of ["tsconfig.json", "tsconfig.studio.json"]) {
    // one checker: other tests run beside this one, and several work out shared types several times
    const words = [join(root, "node_modules/typescript/bin/tsc"), "-p", join(tree, set), "--checkers", "1"];
    const tsc = spawnSync(process.execPath, words, { encoding: "utf8" });
    expect(tsc.stdout + tsc.stderr).toBe("");
  }
  const features = await serve(tree);
  expect(features.map((one) => [one.id, one.state.state]).sort()).toEqual(
    ids
      .filter((one) => !gone.includes(one))
      .map((one) => [one, "open"])
      .sort(),
  );
  rmSync(tree, { recursive: true, force: true });
});

test("[RM2] switched off in a world, each of the three answers 404 with what needs it, and the others answer as before", async () => {
  const site = await openProduct(join(folder, "data"));
  const { origin, close } = await serveAs(site, SYSTEM);
  const status = async (route: string): Promise<number> => (await fetch(`${origin}/api/doppelwerk/v1${route.slice("GET ".length)}`)).status;
  const plain = productFeatures.flatMap(({ feature }) =>
    feature.contract
      .filter(({ route }) => route.startsWith("GET ") && !route.includes(":"))
      .map(({ route }) => ({ id: feature.id, route })),
  );
  const before = new Map(await Promise.all(plain.map(async ({ route }) => [route, await status(route)] as const)));
  for (const id of chosen.filter((one) => productFeatures.some(({ feature }) => feature.id === one && feature.perWorld))) {
    const gone = await site.features.switchFeature(id, false);
    for (const { id: owner, route } of plain)
      expect([route, await status(route)]).toEqual([route, gone.includes(owner) ? 404 : before.get(route)]);
    for (const one of gone) await site.features.switchFeature(one, true);
    expect(site.features.states().every(({ state }) => state.state === "open")).toBe(true);
  }
  await close();
  await site.close();
});
