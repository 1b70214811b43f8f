import { zipSync, type Zippable } from "fflate";
import { describe, expect, test } from "vitest";
import { filesIn, hasSharedData } from "../../test/shared-data.ts";
import { readAasx, type AasxFile } from "./read-aasx.ts";
import { writeAasx } from "./write-aasx.ts";
import { parseEnvironment } from "../json/parse-environment.ts";
import type { Environment } from "../metamodel.ts";
import { readXml } from "../xml/read-xml.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const environment: Environment = {
  submodels: [
    {
      modelType: "Submodel",
      id: "urn:sm",
      submodelElements: [{ modelType: "File", idShort: "manual", value: "/aasx/files/M%C3%A4n%20ual.pdf", contentType: "application/pdf" }],
    },
  ],
};
const files = new Map<string, AasxFile>([
  ["/aasx/files/Män ual.pdf", { contentType: "application/pdf", bytes: bytes("%PDF") }],
  ["/thumb.png", { contentType: "image/png", bytes: bytes("png") }],
]);

function handMade(base: string, more: Zippable = {}, mode = ""): Uint8Array {
  const relationships = (type: string, target: string) =>
    bytes(`<Relationships xmlns="x"><Relationship Id="1" Type="${base}/${type}" Target="${target}"${mode}/></Relationships>`);
  return zipSync({
    "[Content_Types].xml": bytes('<Types xmlns="x"><Default Extension="PDF" ContentType="application/pdf"/></Types>'),
    "_rels/.rels": relationships("aasx-origin", "/aasx/aasx-origin"),
    "aasx/aasx-origin": bytes(""),
    "aasx/_rels/aasx-origin.rels": relationships("aas-spec", "../aasx/x/data.json"),
    "aasx/x/data.json": bytes(JSON.stringify(environment)),
    "aasx/x/_rels/data.json.rels": relationships("aas-suppl", "../files/manual.pdf"),
    "aasx/files/manual.pdf": bytes("%PDF"),
    ...more,
  });
}

test.each(["json", "xml"] as const)(
  "[A13] a package in %s is read as it was written, and its bytes depend on the content only",
  (format) => {
    const written = writeAasx(environment, files, { format, thumbnail: "/thumb.png" });
    const read = readAasx(written);
    expect(read.findings).toEqual([]);
    expect(read.environment).toEqual(environment);
    expect([...read.files]).toEqual([[...files][0]]);
    expect(read.thumbnail).toEqual({ ...files.get("/thumb.png"), path: "/thumb.png" });
    const turned = { submodels: [Object.fromEntries(Object.entries(environment.submodels![0]!).reverse())] } as unknown as Environment;
    expect(writeAasx(turned, new Map([...files].reverse()), { format, thumbnail: "/thumb.png" })).toEqual(written);
  },
);

test("[A12] both relationship bases are read, and targets that a writer marked external by mistake", () => {
  for (const base of ["http://admin-shell.io/aasx/relationships", "http://www.admin-shell.io/aasx/relationships"]) {
    const read = readAasx(handMade(base, {}, ' TargetMode="External"'));
    expect(read.findings).toEqual([]);
    expect(read.environment).toEqual(environment);
    expect(read.files.get("/aasx/files/manual.pdf")).toEqual({ contentType: "application/pdf", bytes: bytes("%PDF") });
  }
});

test("[A12] no entry leaves the package", () => {
  const base = "http://admin-shell.io/aasx/relationships";
  const evil = `<Relationships xmlns="x"><Relationship Id="1" Type="${base}/aas-suppl" Target="../../../../etc/passwd"/></Relationships>`;
  const read = readAasx(
    handMade(base, { "../../etc/passwd": bytes("x"), "C:\\evil": bytes("x"), "aasx/x/_rels/data.json.rels": bytes(evil) }),
  );
  expect(read.environment).toEqual(environment);
  expect(read.files.size).toBe(0);
  expect(read.findings.map(({ constraint, severity }) => `${constraint} ${severity}`)).toEqual([
    "aasx warning",
    "aasx warning",
    "aasx warning",
    "aasx info",
  ]);
});

test("[A12] bombs are refused before they unpack, by limits that can be set", () => {
  const base = "http://admin-shell.io/aasx/relationships";
  const bomb = handMade(base, { "aasx/bomb": new Uint8Array(8 * 2 ** 20) });
  expect(readAasx(bomb).findings).toMatchObject([{ constraint: "limit" }]);
  expect(readAasx(bomb, { mostRatio: 10_000 }).findings).toMatchObject([{ severity: "info", message: expect.stringMatching(/bomb/) }]);
  expect(readAasx(bomb, { mostRatio: 10_000, mostEntryBytes: 2 ** 20 }).findings).toMatchObject([{ constraint: "limit" }]);
  expect(readAasx(bomb, { mostRatio: 10_000, mostBytes: 2 ** 20 }).findings).toMatchObject([{ constraint: "limit" }]);
  expect(readAasx(bomb, { mostRatio: 10_000, mostEntries: 3 }).findings).toMatchObject([{ constraint: "limit" }]);
  for (const junk of [new Uint8Array(), bytes("PK"), bomb.subarray(0, 500)])
    expect(readAasx(junk).findings).toMatchObject([{ severity: "error" }]);
});

describe.skipIf(!hasSharedData())("files of the market", () => {
  test.each(["templates", "real"])(
    "[A14] every file in %s is read, what cannot be read is told, and what was read is written and read again",
    (folder) => {
      for (const { name, bytes: content } of filesIn(folder)) {
        const text = new TextDecoder().decode(content);
        const read = name.endsWith(".aasx")
          ? readAasx(content)
          : name.endsWith(".xml")
            ? readXml(text)
            : parseEnvironment(JSON.parse(text));
        const isEmpty = Object.keys(read.environment).every(
          (key) => !["assetAdministrationShells", "submodels", "conceptDescriptions"].includes(key),
        );
        if (isEmpty) expect(read.findings.length, name).toBeGreaterThan(0);
        else
          for (const format of ["json", "xml"] as const)
            expect(readAasx(writeAasx(read.environment, new Map(), { format })).environment, name).toEqual(read.environment);
      }
    },
  );

  test("[A14] of the packages none is lost, whatever their release", () => {
    const packages = filesIn("real").filter(({ name }) => name.endsWith(".aasx"));
    for (const { name, bytes: content } of packages) expect(readAasx(content).environment.submodels, name).toBeDefined();
  });
});
