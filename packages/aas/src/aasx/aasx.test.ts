import { isDeepStrictEqual } from "node:util";
import { unzipSync, zipSync, type Zippable } from "fflate";
import { describe, expect, test } from "vitest";
import { testOnSharedData } from "../../../../scripts/shared-data.ts";
import { filesIn } from "../shared-data.fixture.ts";
import { aasxPieces } from "./aasx-pieces.ts";
import { readAasx, type AasxFile } from "./read-aasx.ts";
import { writeAasx } from "./write-aasx.ts";
import { readFile, type FileContent } from "../import/read-file.ts";
import { jsonPieces, writeEnvironment } from "../json/write-environment.ts";
import type { Finding } from "../finding.ts";
import type { Environment, EnvironmentParts } from "../metamodel.ts";
import { writeXml, xmlPieces } from "../xml/write-xml.ts";

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

test("[A13] part names are ASCII and the same in the zip, in relationships and in content types, as strict readers of OPC ask", () => {
  const named = new Map(
    ["/aasx/files/Män ual.pdf", "./x/a&b.txt", "\\\\y\\100%.txt", "/z/%C3%BC.txt", "/aasx/data.json"].map((name) => [
      name,
      { contentType: "text/plain", bytes: bytes(name) },
    ]),
  );
  const lone = new Map([["/\ud800.txt", { contentType: "text/plain", bytes: bytes("") }]]);
  expect(Object.keys(unzipSync(writeAasx({}, lone)))).toContain("%EF%BF%BD.txt");
  const written = writeAasx(environment, named);
  const entries = Object.keys(unzipSync(written));
  const expected = ["aasx/files/M%C3%A4n%20ual.pdf", "x/a%26b.txt", "y/100%25.txt", "z/%C3%BC.txt", "aasx/data.json"];
  expect(entries).toEqual(expect.arrayContaining(expected));
  const texts = Object.entries(unzipSync(written))
    .filter(([name]) => /rels$|Types/.test(name))
    .map(([, content]) => Buffer.from(content).toString());
  for (const name of expected)
    expect(
      texts.filter((text) => text.includes(`"/${name}"`)),
      name,
    ).toHaveLength(2);
  const read = readAasx(written);
  expect([read.findings, read.environment, [...read.files.values()].map((file) => Buffer.from(file.bytes).toString()).sort()]).toEqual([
    [],
    environment,
    [...named.keys()].sort(),
  ]);
});

test("[A13] a package that is written while it is read has the parts of one that is written whole", async () => {
  const many: Environment = {
    assetAdministrationShells: [{ modelType: "AssetAdministrationShell", id: "urn:aas", assetInformation: { assetKind: "Instance" } }],
    submodels: Array.from({ length: 300 }, (_, i) => ({ ...environment.submodels![0]!, id: `urn:sm:${i}`, idShort: `S${i}` })),
  };
  const large = bytes("0123456789abcdef".repeat(20_000));
  const named = new Map<string, AasxFile>([
    ...files,
    ["/aasx/files/large.txt", { contentType: "text/plain", bytes: large }],
    ["/aasx/files/empty.txt", { contentType: "text/plain", bytes: bytes("") }],
    ["/aasx/data.json", { contentType: "application/json", bytes: bytes("{}") }],
  ]);
  const inPieces = new Map(
    [...named].map(([name, file]) => [
      name,
      {
        contentType: file.contentType,
        async *pieces() {
          for (let at = 0; at < file.bytes.length; at += 65_536) yield file.bytes.subarray(at, at + 65_536);
        },
      },
    ]),
  );
  for (const given of [{}, many]) {
    const pieces: Uint8Array[] = [];
    for await (const piece of aasxPieces(partsOf(given), inPieces, { thumbnail: "/thumb.png" })) pieces.push(piece);
    const [written, whole] = [new Uint8Array(Buffer.concat(pieces)), writeAasx(given, named, { thumbnail: "/thumb.png" })];
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(written.length / 2);
    expect(unzipSync(written)).toEqual(unzipSync(whole));
    expect(Object.keys(unzipSync(written))).toEqual(Object.keys(unzipSync(whole)));
    expect(readAasx(written)).toEqual(readAasx(whole));
  }
});

test("[A13] text that is written document by document is that of the whole environment", () => {
  const concepts: Environment = { conceptDescriptions: [{ modelType: "ConceptDescription", id: "urn:cd", idShort: "Ä" }] };
  for (const given of [{}, environment, concepts, { ...environment, ...concepts }]) {
    expect([...jsonPieces(partsOf(given))].join("")).toBe(writeEnvironment(given));
    expect([...xmlPieces(partsOf(given))].join("")).toBe(writeXml(given));
    expect([...xmlPieces(partsOf(given), { release: "3.0" })].join("")).toBe(writeXml(given, { release: "3.0" }));
  }
});

function partsOf({ assetAdministrationShells = [], submodels = [], conceptDescriptions = [] }: Environment): EnvironmentParts {
  return {
    assetAdministrationShells: () => assetAdministrationShells,
    submodels: () => submodels,
    conceptDescriptions: () => conceptDescriptions,
  };
}

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

/** Files of the shared data that do not come back as they were read, each with its reason. */
const MISSES: Readonly<Record<string, string>> = {
  "fa3st_Example-config.json": "the configuration of a server: nothing in it belongs to an Asset Administration Shell",
};

test("[A14] a file of our own is imported, exported as JSON, XML and AASX, and imported again without a difference", () => {
  for (const content of [writeAasx(environment, files), bytes(writeXml(environment)), bytes(writeEnvironment(environment))]) {
    const read = readFile(content);
    expect(read.environment).toEqual(environment);
    expect(survives(read)).toBe(true);
  }
});

describe("files of the market", () => {
  for (const each of ["templates", "real"])
    testOnSharedData(
      `[A14] every file in ${each} is imported, exported as JSON, XML and AASX, and imported again without a difference`,
      `aas/${each}`,
      (folder) => {
        const missed: string[] = [];
        const all = filesIn(folder);
        // Packing and unpacking everything takes half a minute: every file is imported, each eighth goes all the way; in soak each of them.
        const whole = all.filter(({ name }, index) => process.env.SOAK !== undefined || index % 8 === 0 || name in MISSES);
        for (const { bytes: content } of all) expect(readFile(content).findings).toBeInstanceOf(Array);
        for (const { name, bytes: content } of whole) {
          const read = readFile(content);
          const isEmpty = Object.keys(read.environment).length === 0;
          if (isEmpty) expect(read.findings.length, name).toBeGreaterThan(0);
          if (isEmpty || !survives(read)) missed.push(name);
        }
        expect(missed).toEqual(Object.keys(MISSES).filter((name) => all.some((file) => file.name === name)));
      },
    );
});

/** Whether a file's content comes back the same from every format, its files and thumbnail from a package. */
function survives({ environment: before, files: own, thumbnail }: FileContent): boolean {
  const all = new Map<string, AasxFile>(own);
  if (thumbnail !== undefined) all.set(thumbnail.path, thumbnail);
  const again = [
    bytes(writeEnvironment(before)),
    bytes(writeXml(before)),
    ...(["json", "xml"] as const).map((format) => writeAasx(before, all, { format, ...(thumbnail && { thumbnail: thumbnail.path }) })),
  ].map((written) => readFile(written));
  const [json, xml, ...packages] = again;
  return (
    [json!, xml!, ...packages].every((read) => isDeepStrictEqual(read.environment, before)) &&
    packages.every(
      (read) =>
        isDeepStrictEqual(new Map([...read.files].sort()), new Map([...own].sort())) && isDeepStrictEqual(read.thumbnail, thumbnail),
    )
  );
}

test("[A12] a package without relationships is read by what its parts hold, and its files by what refers to them", () => {
  const whole = unzipSync(handMade("http://admin-shell.io/aasx/relationships"));
  const manual = "aasx/files/M%C3%A4n%20ual.pdf";
  const bare = zipSync({ "aasx/x/data.json": whole["aasx/x/data.json"]!, [manual]: bytes("%PDF"), "aasx/other.txt": bytes("?") });
  const read = readAasx(bare);
  expect(read.environment).toEqual(environment);
  expect([...read.files.values()].map(({ bytes: content }) => content)).toEqual([bytes("%PDF")]);
  expect(read.findings.map(({ severity, message }) => `${severity} ${message}`)).toEqual([
    expect.stringContaining("does not state the content types"),
    expect.stringMatching(/^repaired .*read by what it holds/),
    expect.stringMatching(/^repaired .*no relationship leads to it: taken/),
    expect.stringMatching(/^info .*other.txt/),
  ]);
});

test("[A12] names with backslashes, absolute names, other cases and escapes, and UTF-16 parts are understood", () => {
  const base = "http://www.admin-shell.io/aasx/relationships";
  const utf16 = (text: string) =>
    Uint8Array.from([0xff, 0xfe, ...[...text].flatMap((character) => [character.charCodeAt(0) & 255, character.charCodeAt(0) >> 8])]);
  const relationship = (type: string, target: string) =>
    utf16(
      `<?xml version="1.0" encoding="utf-16"?><Relationships xmlns="x"><Relationship Id="1" Type="${base}/${type}" Target="${target}"/></Relationships>`,
    );
  const read = readAasx(
    zipSync({
      "[content_types].xml": bytes('<Types xmlns="x"><Default Extension="pdf" ContentType="application/pdf"/></Types>'),
      "_rels\\.rels": relationship("aasx-origin", "AASX\\aasx-origin"),
      "/aasx/aasx-origin": bytes(""),
      "aasx\\_rels\\aasx-origin.rels": relationship("aas-spec", "/aasx/Data.JSON"),
      "aasx\\data.json": utf16(JSON.stringify(environment)),
      "aasx/_rels/data.json.rels": relationship("aas-suppl", "./files/M\u00e4n%20ual.pdf"),
      "/aasx/files/M%C3%A4n%20ual.pdf": bytes("%PDF"),
    }),
  );
  expect(read.environment).toEqual(environment);
  expect([...read.files]).toEqual([["/aasx/files/M\u00e4n ual.pdf", { contentType: "application/pdf", bytes: bytes("%PDF") }]]);
});

test("[A12] an empty package is a package, one without relationships is none; an origin that is missing, or meant as a specification, is told", () => {
  const base = "http://admin-shell.io/aasx/relationships";
  const told = (parts: Zippable) =>
    readAasx(zipSync(parts)).findings.map(({ constraint, severity, message }) => `${severity} ${constraint} ${message.slice(0, 42)}`);
  const { "[Content_Types].xml": types, "_rels/.rels": root, "aasx/aasx-origin": origin, ...rest } = unzipSync(handMade(base));
  const nothing = "The package has no part that an aasx-origi";
  const none = bytes('<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>');
  expect(told({ "[Content_Types].xml": types!, "_rels/.rels": none })).toEqual([`warning aasx ${nothing}`]);
  expect(told({ "[Content_Types].xml": types!, "_rels/.rels": root!, "aasx/aasx-origin": origin! })).toEqual([`warning aasx ${nothing}`]);
  expect(told({ "[Content_Types].xml": types! })).toEqual([`error aasx ${nothing}`]);
  expect(told({ "[Content_Types].xml": types!, "_rels/.rels": root!, ...rest })).toEqual([
    "repaired aasx The aasx-origin part is missing: its relat",
  ]);
  const toItself = `<Relationship Id="2" Type="${base}/aas-spec" Target="/aasx/aasx-origin"/></Relationships>`;
  const twice = new TextDecoder().decode(rest["aasx/_rels/aasx-origin.rels"]).replace("</Relationships>", toItself);
  expect(told(unzipSync(handMade(base, { "aasx/_rels/aasx-origin.rels": bytes(twice) })))).toEqual([
    "warning aasx An aas-spec relationship leads to the aasx",
  ]);
});

describe("packages that others packed oddly", () => {
  const base = "http://admin-shell.io/aasx/relationships";
  const entriesOf = (zipped: Uint8Array) => unzipSync(zipped) as Zippable & Record<string, Uint8Array>;
  const refer = (value: string) => ({
    submodels: [
      { modelType: "Submodel", id: "urn:sm", submodelElements: [{ modelType: "File", idShort: "file", contentType: "text/plain", value }] },
    ],
  });
  const told = ({ findings }: { readonly findings: readonly Finding[] }) =>
    findings.map(({ severity, message }) => `${severity} ${message}`);

  test("[A12] the folder around everything is taken off", () => {
    const inside = Object.entries(entriesOf(handMade(base))).map(([name, content]) => [`plant/${name}`, content]);
    const read = readAasx(zipSync(Object.fromEntries(inside) as Zippable));
    expect([read.environment, [...read.files.keys()], told(read)]).toEqual([
      environment,
      ["/aasx/files/manual.pdf"],
      [expect.stringMatching(/^repaired .*"\/plant"/)],
    ]);
  });

  test("[A12] targets with backslashes, fragments, character references and a wrong base lead where they mean", () => {
    const lead = (target: string) =>
      handMade(base, {
        "aasx/_rels/aasx-origin.rels": bytes(`<R xmlns="x"><Relationship Type="${base}/aas-spec" Target="${target}"/></R>`),
      });
    for (const target of ["\\aasx\\x\\data.json", "x/data.json#here", "&#x2f;aasx/x/data.json"])
      expect([readAasx(lead(target)).environment, told(readAasx(lead(target)))], target).toEqual([environment, []]);
    const wrong = readAasx(lead("aasx/x/data.json"));
    expect([wrong.environment, told(wrong)]).toEqual([
      environment,
      [expect.stringMatching(/^warning .*missing/), expect.stringMatching(/^repaired/)],
    ]);
  });

  test("[A12] the same content in XML and JSON is taken once, and told", () => {
    const both = handMade(base, {
      "aasx/x/data.xml": bytes(writeXml(environment)),
      "aasx/_rels/aasx-origin.rels": bytes(
        `<R xmlns="x"><Relationship Type="${base}/aas-spec" Target="x/data.json"/><Relationship Type="${base}/aas-spec" Target="x/data.xml"/></R>`,
      ),
    });
    expect([readAasx(both).environment, told(readAasx(both))]).toEqual([environment, [expect.stringMatching(/^info .*taken once/)]]);
  });

  test("[A12] a file is found by relative paths, file: addresses and the end of its name, where only one is meant", () => {
    for (const [value, isFound] of [
      ["file:///aasx/files/a.txt", true],
      ["./aasx/files/a.txt", true],
      ["files/a.txt", true],
      ["\\aasx\\files\\a.txt", true],
      ["/files/a.txt", false],
      ["http://elsewhere.example/a.txt", false],
      ["twice.txt", false],
    ] as const) {
      const parts = {
        "spec.json": bytes(JSON.stringify(refer(value))),
        "aasx/files/a.txt": bytes("a"),
        "x/twice.txt": bytes(""),
        "y/twice.txt": bytes(""),
      };
      expect([...readAasx(zipSync(parts)).files.keys()], value).toEqual(isFound ? ["/aasx/files/a.txt"] : []);
    }
  });

  test("[A12] damaged, encrypted and doubled entries are told; names without a flag are read by their bytes", () => {
    const value = "/aasx/ü.txt";
    const plain = zipSync({ "spec.json": bytes(JSON.stringify(refer(value))), "aasx/ü.txt": [bytes("content"), { level: 0 }] });
    const at = (text: string, from = 0) => Buffer.from(plain).indexOf(text, from);
    const changed = (change: (zip: Buffer) => void) => {
      const zip = Buffer.from(plain);
      change(zip);
      return readAasx(new Uint8Array(zip));
    };
    const files = (read: { readonly files: ReadonlyMap<string, AasxFile> }) =>
      [...read.files].map(([name, file]) => [name, Buffer.from(file.bytes).toString()]);
    expect(files(readAasx(plain))).toEqual([[value, "content"]]);
    const damaged = changed((zip) => zip.write("C", at("content")));
    expect([files(damaged), told(damaged)]).toEqual([
      [[value, "Content"]],
      expect.arrayContaining([expect.stringMatching(/^error .*checksum/)]),
    ]);
    // The last name is the one of the central directory, 46 bytes after the entry's beginning; 8 bytes into it are its flags.
    const entry = Buffer.from(plain).lastIndexOf("aasx/") - 46;
    const encrypted = changed((zip) => zip.writeUInt16LE(zip.readUInt16LE(entry + 8) | 1, entry + 8));
    expect([files(encrypted), told(encrypted)]).toEqual([[], expect.arrayContaining([expect.stringMatching(/^error .*encrypted/)])]);
    const unflagged = changed((zip) => zip.writeUInt16LE(0, entry + 8));
    expect(files(unflagged)).toEqual([[value, "content"]]);
    const old = changed((zip) => {
      zip.writeUInt16LE(0, entry + 8);
      // "ü" of code page 437, and one more letter, so that the name stays as long.
      zip.set([0x81, 0x81], entry + 46 + 5);
    });
    expect(told(old)).toContainEqual(expect.stringContaining("/aasx/üü.txt"));
  });
});
