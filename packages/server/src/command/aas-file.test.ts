import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readFile, writeAasx, type Environment } from "@doppelwerk/aas";

// The commands that need no server, as they are typed: a process each, its output and its exit code.
const main = fileURLToPath(new URL("../../../../apps/doppelwerk/src/main.ts", import.meta.url));
const good: Environment = {
  submodels: [
    {
      modelType: "Submodel",
      id: "urn:sm",
      submodelElements: [{ modelType: "Property", idShort: "speed-max", valueType: "xs:int", value: "7" }],
    },
  ],
};
const bad = {
  submodels: [
    {
      modelType: "Submodel",
      id: "urn:sm",
      submodelElements: [{ modelType: "Property", idShort: "1", valueType: "xs:boolean", value: "Yes" }],
    },
  ],
};
const old =
  '<aas:aasenv xmlns:aas="http://www.admin-shell.io/aas/2/0"><aas:submodels><aas:submodel><aas:idShort>old</aas:idShort>' +
  '<aas:identification idType="IRI">urn:old</aas:identification><aas:kind>Instance</aas:kind></aas:submodel></aas:submodels></aas:aasenv>';

let folder = "";
const path = (name: string) => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "doppelwerk-aas-file-"));
  writeFileSync(path("good.json"), JSON.stringify(good));
  writeFileSync(path("bad.json"), JSON.stringify(bad));
  writeFileSync(path("old.xml"), old);
  writeFileSync(path("key.json"), JSON.stringify({ type: "GlobalReference", value: "x" }));
  writeFileSync(path("name.json"), JSON.stringify({ language: "en", text: "x".repeat(200) }));
  writeFileSync(
    path("package.bin"),
    writeAasx(good, new Map([["/aasx/a.txt", { contentType: "text/plain", bytes: new Uint8Array([65]) }]])),
  );
  writeFileSync(path("other.json"), JSON.stringify({ settings: true }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(...args: string[]): { code: number | null; lines: string[]; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--disable-warning=ExperimentalWarning", main, ...args], {
    cwd: folder,
    encoding: "utf8",
  });
  return { code: status, lines: stdout.split("\n").filter((line) => line !== ""), stderr };
}
const json = (lines: readonly string[]) => lines.map((line) => JSON.parse(line) as Record<string, unknown>);

describe("[AF1] validate", () => {
  test("one line a file, in the order given; exit 1 when one is not valid, and the others are judged all the same", () => {
    const { code, lines } = run(
      "validate",
      "good.json",
      "bad.json",
      "nowhere.json",
      "old.xml",
      "key.json",
      "package.bin",
      "other.json",
      "--json",
    );
    const told = json(lines);
    expect(code).toBe(1);
    expect(told.map(({ file, valid }) => [file, valid])).toEqual([
      ["good.json", true],
      ["bad.json", false],
      ["nowhere.json", false],
      ["old.xml", false],
      ["key.json", true],
      ["package.bin", true],
      ["other.json", false],
    ]);
    expect(Object.keys(told[0]!)).toEqual(["file", "valid", "findings"]);
    expect(told[1]!["findings"]).toMatchObject([
      { path: "submodels[0].submodelElements[0].idShort", constraint: "AASd-002", severity: "error" },
      { path: "submodels[0].submodelElements[0].value", constraint: "lexical", severity: "error" },
    ]);
    expect(told[2]!["findings"]).toMatchObject([{ constraint: "file", message: expect.stringContaining("ENOENT") }]);
    expect((told[3]!["findings"] as unknown[])[0]).toMatchObject({ constraint: "release", severity: "error" });
  });

  test("exit 0 when all are valid, 2 when it is called wrongly", () => {
    expect(run("validate", "good.json", "key.json")).toMatchObject({ code: 0, lines: ["good.json: valid", "key.json: valid"] });
    expect(run("validate").code).toBe(2);
    expect(run("validate", "good.json", "--class", "Nothing")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("no class of the metamodel"),
    });
  });

  test("a class may be said where two look the same", () => {
    expect(run("validate", "name.json").code).toBe(0);
    expect(json(run("validate", "name.json", "--class", "LangStringNameType", "--json").lines)).toMatchObject([
      { valid: false, findings: [{ path: "text", constraint: "length" }] },
    ]);
    mkdirSync(path("LangStringNameType"));
    writeFileSync(path("LangStringNameType/name.json"), readFileSync(path("name.json")));
    expect(json(run("validate", "LangStringNameType/name.json", "--json").lines)).toMatchObject([
      {
        valid: false,
        findings: [
          { constraint: "class", severity: "info" },
          { path: "text", constraint: "length" },
        ],
      },
    ]);
  });
});

describe("[AF2] import --report", () => {
  test("tells what would come, what is wrong and what can be done, and needs no server", () => {
    const { code, lines } = run("import", "--report", "bad.json", "old.xml", "package.bin", "--json");
    expect(code).toBe(0);
    const [broken, upgraded, packed] = json(lines);
    expect(broken).toMatchObject({
      file: "bad.json",
      format: "json",
      shells: 0,
      submodels: 1,
      elements: 1,
      conceptDescriptions: 0,
      files: 0,
      valid: false,
      findings: [
        { constraint: "AASd-002", repairs: [{ kind: "guess" }] },
        { constraint: "lexical", repairs: [{ how: 'Write the value as "true".', kind: "plain" }, { kind: "guess" }] },
      ],
    });
    expect(upgraded).toMatchObject({
      release: "2.0",
      submodels: 1,
      findings: expect.arrayContaining([expect.objectContaining({ constraint: "release", severity: "repaired" })]),
    });
    expect(packed).toMatchObject({ format: "aasx", files: 1 });
  });

  test("says what chosen repairs would do, and what stays", () => {
    const report = (request: string) => json(run("import", "--report", "bad.json", "--repair", request, "--json").lines)[0]!;
    expect(report("plain")).toMatchObject({ repaired: [{ constraint: "lexical" }], findings: [{ constraint: "AASd-002" }], valid: false });
    expect(report("AASd-002")).toMatchObject({ repaired: [{ constraint: "AASd-002" }], findings: [{ constraint: "lexical" }] });
    expect(report("all")).toMatchObject({ findings: [], valid: true });
  });

  test("exit 1 when nothing in a file can be imported", () => {
    expect(run("import", "--report", "other.json")).toMatchObject({
      code: 1,
      lines: [expect.stringContaining("0 shells"), expect.stringContaining("Nothing in this JSON")],
    });
  });
});

describe("[AF3] export of a file", () => {
  test.each(["json", "xml", "aasx"])("as %s it says the same", (format) => {
    expect(run("export", "package.bin", "--format", format, "--out", `out.${format}`)).toMatchObject({ code: 0, lines: [`out.${format}`] });
    const read = readFile(readFileSync(path(`out.${format}`)));
    expect(read.environment).toEqual(good);
    expect([...read.files.keys()]).toEqual(format === "aasx" ? ["/aasx/a.txt"] : []);
  });

  test("for 3.0 it tells what was changed, and writes that namespace", () => {
    const { code, lines, stderr } = run("export", "good.json", "--format", "xml", "--version", "3.0");
    expect(code).toBe(0);
    expect(lines.join("\n")).toContain('xmlns="https://admin-shell.io/aas/3/0"');
    expect(lines.join("\n")).toContain("<idShort>speed_max</idShort>");
    expect(stderr).toMatch(/warning +release .*"speed-max" became "speed_max"/);
  });

  test("an old release becomes 3.1, told on stderr; a file without content is refused with one line", () => {
    const upgraded = run("export", "old.xml");
    expect(JSON.parse(upgraded.lines.join("\n"))).toEqual({
      submodels: [{ modelType: "Submodel", idShort: "old", id: "urn:old", kind: "Instance" }],
    });
    expect(upgraded.stderr).toContain("upgraded to 3.1");
    expect(run("export", "other.json")).toMatchObject({
      code: 1,
      lines: [],
      stderr: expect.stringMatching(/^doppelwerk: nothing in the file can be exported .*other\.json \(DW_[A-Z]+\)\n$/),
    });
  });
});

test("[AF4] every command says how it is used", () => {
  for (const command of ["validate", "import", "export"])
    expect(run(command, "--help")).toMatchObject({
      code: 0,
      lines: expect.arrayContaining([expect.stringContaining(`Usage: doppelwerk ${command}`)]),
    });
});
