import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseSync } from "oxc-parser";

/** What a feature or pack may import of the kit, by entry. A stable name is kept, a deprecated one goes in a named version, an experimental one may change. */
interface KitApi {
  readonly stable: Names;
  readonly experimental: Names;
  readonly deprecated: Readonly<Record<string, { readonly since: string; readonly removedIn: string; readonly use: string }>>;
}

type Names = Readonly<Record<string, readonly string[]>>;

const GOLDEN = "packages/kit/api.golden.json";
/** Entries whose names are listed; the others belong to the server and its tests. */
const ENTRIES = [".", "./server", "./studio", "./studio/viewer", "./testing", "./testing/pack"] as const;

/** Where the kit and its golden file differ, one line each; with `write`, new names become experimental. */
export function checkKitApi(root: string, write = false): string[] {
  if (!existsSync(join(root, GOLDEN))) return [];
  const golden = JSON.parse(readFileSync(join(root, GOLDEN), "utf8")) as KitApi;
  const present = exportsOf(root);
  const complaints: string[] = [];
  const experimental: Record<string, readonly string[]> = {};
  for (const entry of ENTRIES) {
    const names = present[entry]!;
    const stable = golden.stable[entry] ?? [];
    const tried = (golden.experimental[entry] ?? []).filter((name) => names.includes(name));
    for (const name of stable.filter((each) => !names.includes(each)))
      complaints.push(`the kit exports ${name} of ${entry} no more: deprecate it first, then move it to deprecated in ${GOLDEN}`);
    const added = names.filter(
      (name) => !stable.includes(name) && !tried.includes(name) && !Object.hasOwn(golden.deprecated, `${entry} ${name}`),
    );
    if (!write)
      complaints.push(
        ...added.map((name) => `the kit exports ${name} of ${entry}, which ${GOLDEN} does not list: node scripts/tidy.ts --write`),
      );
    experimental[entry] = [...tried, ...added].toSorted();
  }
  if (write) writeFileSync(join(root, GOLDEN), `${JSON.stringify({ ...golden, experimental }, undefined, 2)}\n`);
  return complaints;
}

function exportsOf(root: string): Names {
  return Object.fromEntries(ENTRIES.map((entry) => [entry, namesOf(root, entryFile(root, "kit", entry)).toSorted()]));
}

/** The names of a module; of `export *` those of the module that it names. */
function namesOf(root: string, path: string): readonly string[] {
  const { staticExports } = parseSync(path, readFileSync(path, "utf8")).module;
  return staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ exportName, moduleRequest }) => exportName.name ?? namesOf(root, fileOf(root, path, moduleRequest!.value))),
  );
}

function fileOf(root: string, from: string, name: string): string {
  if (name.startsWith(".")) return join(dirname(from), name);
  const [, folder, entry] = /^@doppelwerk\/([^/]+)(\/.+)?$/.exec(name)!;
  return entryFile(root, folder!, `.${entry ?? ""}`);
}

/** What a package of the repository has at an entry. */
function entryFile(root: string, folder: string, entry: string): string {
  const { exports } = JSON.parse(readFileSync(join(root, "packages", folder, "package.json"), "utf8")) as {
    readonly exports: Readonly<Record<string, string>>;
  };
  return join(root, "packages", folder, exports[entry]!);
}
