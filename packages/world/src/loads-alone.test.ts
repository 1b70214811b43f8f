import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const COUNT = `
import { registerHooks } from "node:module";
const loaded = [];
registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
await import(process.argv[1]);
console.log(JSON.stringify(loaded));
`;

test("[W21] who loads world loads neither readers nor validators of the metamodel", async () => {
  const url = new URL("index.ts", import.meta.url).href;
  const args = ["--disable-warning=ExperimentalWarning", "--input-type=module", "--eval", COUNT, url];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const loaded = JSON.parse(stdout) as string[];
  expect(loaded).toContain(url);
  const ofMetamodel = loaded.flatMap((each) => each.split("/packages/aas/src/")[1] ?? []).sort();
  expect(ofMetamodel).toEqual(["finding.ts", "id-short-path.ts"]);
  expect(loaded.filter((each) => each.includes("xml"))).toEqual([]);
});
