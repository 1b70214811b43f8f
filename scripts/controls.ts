import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { titlesOf } from "./census.ts";
import {
  PROOFS,
  readControlLists,
  readProofs,
  rulesOfList,
  type Control,
  type ControlList,
  type Proofs,
} from "../packages/server/src/controls/control-lists.ts";

/** What is wrong with `docs/controls`, a line each: ids that are there twice, states without their proof or reason, rules that no test carries. */
export function checkControls(root: string): readonly string[] {
  const titles = readFileSync(join(root, "scripts/test-titles.txt"), "utf8");
  const ofLists = readControlLists(join(root, "docs/controls")).flatMap((list) =>
    faultsOfList(list, rulesOf(titles), (path) => existsSync(join(root, path))),
  );
  return [...ofLists, ...faultsOfProofs(root)];
}

/** The tests behind the rules that the lists name, as `docs/controls/proofs.json` says it. */
export function proofsOf(root: string): Proofs {
  const found = new Map<string, { readonly title: string; readonly file: string }[]>();
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root, encoding: "utf8" }).split(
    "\n",
  );
  for (const file of files.filter((name) => /\.(?:test|contract)\.tsx?$/.test(name) && existsSync(join(root, name))))
    for (const title of titlesOf(file, readFileSync(join(root, file), "utf8")))
      for (const rule of rulesOf(title)) found.set(rule, [...(found.get(rule) ?? []), { title, file }]);
  const rules = readControlLists(join(root, "docs/controls")).flatMap(rulesOfList);
  return Object.fromEntries([...new Set(rules)].toSorted().map((rule) => [rule, found.get(rule) ?? []]));
}

/** Rules without their tests, and files of tests that are gone: then it is written again. */
function faultsOfProofs(root: string): readonly string[] {
  const proofs = readProofs(join(root, "docs/controls"));
  const rules = readControlLists(join(root, "docs/controls")).flatMap(rulesOfList);
  const missing = [...new Set(rules)].filter((rule) => (proofs[rule] ?? []).length === 0);
  const gone = Object.values(proofs).flatMap((tests) => tests.filter(({ file }) => !existsSync(join(root, file))).map(({ file }) => file));
  return [...missing, ...new Set(gone)].map((each) => `docs/controls/proofs.json lacks ${each}: node scripts/controls.ts --write`);
}

/** Ids of rules in the brackets that a title begins with. */
export function rulesOf(titles: string): ReadonlySet<string> {
  const brackets = titles.split("\n").flatMap((title) => /^(?:\[[^\]]*\] ?)+/.exec(title)?.[0] ?? []);
  return new Set(brackets.flatMap((text) => [...text.matchAll(/\b[A-Z]{1,3}\d+\b/g)].map(([id]) => id)));
}

export function faultsOfList(
  { id: list, controls }: ControlList,
  rules: ReadonlySet<string>,
  exists: (path: string) => boolean,
): readonly string[] {
  const seen = new Set<string>();
  return controls.flatMap((control) => {
    const twice = seen.has(control.id) ? [`is there twice`] : [];
    seen.add(control.id);
    return [...twice, ...faultsOf(control, rules, exists)].map((fault) => `docs/controls/${list}.json: ${control.id} ${fault}`);
  });
}

function faultsOf(
  { state, reason, tests = [], documents = [] }: Control,
  rules: ReadonlySet<string>,
  exists: (path: string) => boolean,
): readonly string[] {
  const isProven = tests.length + documents.length > 0;
  return [
    ...(state !== "met" && reason === undefined ? ["has no reason"] : []),
    ...((state === "met" || state === "partly") && !isProven ? [`is ${state}, and nothing shows it`] : []),
    ...((state === "gap" || state === "notApplicable") && tests.length > 0 ? [`is ${state}, and has tests that show it`] : []),
    ...tests.filter((rule) => !rules.has(rule)).map((rule) => `names ${rule}, which no test carries`),
    ...documents.filter((path) => !exists(path)).map((path) => `names ${path}, which is not there`),
  ];
}

if (import.meta.main) {
  const root = fileURLToPath(new URL("..", import.meta.url));
  if (process.argv.includes("--write"))
    writeFileSync(join(root, "docs/controls", PROOFS), `${JSON.stringify(proofsOf(root), undefined, 1)}\n`);
  for (const fault of checkControls(root)) console.log(fault);
}
