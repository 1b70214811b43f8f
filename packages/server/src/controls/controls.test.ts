import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { runProgram } from "../command/program.ts";
import { controlReport } from "./control-report.ts";
import { countsOf, provenListShape, readControlLists, readProvenLists } from "./control-lists.ts";
import { controlsHandlers } from "./controls-handlers.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-controls-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("[SV264] both lists are there whole: every control once, in the order of the standard", () => {
  const [iec, asvs] = readControlLists();
  expect([iec!.id, asvs!.id]).toEqual(["iec-62443-4-2", "owasp-asvs-4"]);
  expect(asvs!.controls).toHaveLength(259);
  const numbers = asvs!.controls.map(({ id }) => id.slice(1).split(".").map(Number));
  expect(numbers.toSorted((a, b) => a[0]! - b[0]! || a[1]! - b[1]! || a[2]! - b[2]!)).toEqual(numbers);
  const component = new Set(iec!.controls.map(({ id }) => id));
  for (const id of ["CR 1.1", "CR 1.14", "CR 2.12", "CR 3.9", "CR 4.3", "CR 5.1", "CR 6.2", "CR 7.8", "SAR 2.4", "SAR 3.2"])
    expect(component.has(id), id).toBe(true);
  for (const list of [iec!, asvs!]) expect(Object.values(countsOf(list)).reduce((sum, count) => sum + count)).toBe(list.controls.length);
});

test("[SV264] the report has each control with state, reason and proof, leads from a proof to its tests, and no text of it becomes a tag", () => {
  const hostile = provenListShape.parse({
    id: "list",
    title: "<b>List",
    about: "About",
    controls: [
      { id: "<i>1", statement: "<script>alert(1)</script>", state: "partly", reason: "a & b", tests: ["SV1"], documents: ["SECURITY.md"] },
    ],
    proofs: { SV1: [{ title: "[SV1, U2] <img src=x> holds", file: "a.test.ts" }] },
  });
  const page = controlReport([hostile], "1.2.3");
  expect(page).not.toMatch(/<script|<b>List|<i>1|<img/);
  expect(page).toContain(
    '<td>&lt;i&gt;1</td><td>&lt;script&gt;alert(1)&lt;/script&gt;</td><td class="state">partly</td><td>a &amp; b</td>',
  );
  expect(page).toContain('<td class="proof"><a href="#rule-SV1">SV1</a> SECURITY.md</td>');
  expect(page).toContain('<dt id="rule-SV1">SV1</dt><dd>&lt;img src=x&gt; holds <small><code>a.test.ts</code></small></dd>');
  const lists = readProvenLists();
  const whole = controlReport(lists, "1.2.3");
  for (const { id: list, controls } of lists)
    for (const { id, state, tests = [] } of controls) {
      expect(whole).toContain(`<tr class="control is-${state}" id="${list}-${id.replaceAll(" ", "-")}"><td>${id}</td>`);
      // every proof has a test that says something
      for (const rule of tests) expect(whole, rule).toMatch(new RegExp(`<dt id="rule-${rule}">${rule}</dt><dd>\\S`));
    }
});

test("[SV264] the command writes the report, and refuses a list that is not there in one line", async () => {
  const file = join(folder, "report.html");
  expect(await runProgram(["controls", "--report", file])).toBe(0);
  expect(readFileSync(file, "utf8")).toMatch(/^<!doctype html>\n[^]*IEC 62443-4-2:2019/);
  expect(await runProgram(["controls", "--list", "none"])).toBe(1);
});

test("[SV264] a server that runs from a checkout has no bill of materials, an installed one hands its own over", async () => {
  const read = (bill: string) =>
    (controlsHandlers("1.2.3", pathToFileURL(bill)) as unknown as Record<string, () => Promise<{ readonly body: Buffer }>>)[
      "controls.billOfMaterials"
    ]!();
  await expect(read(join(folder, "none.json"))).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  writeFileSync(join(folder, "bom.cdx.json"), '{"bomFormat":"CycloneDX"}');
  expect(String((await read(join(folder, "bom.cdx.json"))).body)).toBe('{"bomFormat":"CycloneDX"}');
});
