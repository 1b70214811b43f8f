import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { licenceOf } from "./licences.ts";
import { nameOf, readLockFile, type LockedPackage } from "./lock-file.ts";
import { folderOfPackage, runtimePath, type Machine } from "./machine.ts";

interface Hash {
  readonly alg: "SHA-256" | "SHA-512";
  readonly content: string;
}

interface Component {
  readonly type: "application" | "library" | "platform";
  readonly "bom-ref": string;
  readonly name: string;
  readonly version: string;
  readonly purl?: string;
  readonly scope?: "required";
  readonly licenses?: readonly ({ readonly license: { readonly id: string } } | { readonly expression: string })[];
  readonly hashes?: readonly Hash[];
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
  readonly components?: readonly Component[];
}

/** CycloneDX 1.6. */
export interface BillOfMaterials {
  readonly bomFormat: "CycloneDX";
  readonly specVersion: "1.6";
  readonly serialNumber: string;
  readonly version: 1;
  readonly metadata: { readonly timestamp: string; readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

export interface BillOptions {
  readonly version: string;
  readonly epoch: number;
  /** Packages that lie in the program, by their path. */
  readonly packed: readonly string[];
  /** Packages of which the studio's bundle has something, by their path. */
  readonly bundled: readonly string[];
  readonly machine?: Machine;
  /** Where packages of another machine were unpacked. */
  readonly cache?: string;
}

/** What the package consists of: everything in it, and nothing that is not. The same for the same content, also its serial number. */
export function billOfMaterials(
  root: string,
  { version, epoch, packed, bundled, machine = "x64", cache = root }: BillOptions,
): BillOfMaterials {
  const lock = readLockFile(root);
  const paths = [...new Set([...packed, ...bundled])].sort();
  const own: Component = {
    type: "application",
    "bom-ref": `pkg:generic/doppelwerk@${version}`,
    name: "doppelwerk",
    version,
    purl: `pkg:generic/doppelwerk@${version}`,
    licenses: [{ license: { id: "Apache-2.0" } }],
  };
  const runtime = runtimePath(machine);
  const node = runtimeOf(root, lock.get(runtime)!, nameOf(runtime), folderOfPackage(root, lock, runtime, cache));
  const inProgram = new Set(packed);
  const inStudio = new Set(bundled);
  const components = [
    node,
    ...paths.map((path) => componentOf(root, path, lock.get(path)!, [inProgram.has(path) && "program", inStudio.has(path) && "studio"])),
  ].sort((a, b) => (a["bom-ref"] < b["bom-ref"] ? -1 : 1));
  const digest = createHash("sha256")
    .update(JSON.stringify([own, components]))
    .digest("hex");
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: `urn:uuid:${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}-a${digest.slice(17, 20)}-${digest.slice(20, 32)}`,
    version: 1,
    metadata: { timestamp: new Date(epoch * 1_000).toISOString(), component: own },
    components,
    dependencies: [{ ref: own["bom-ref"], dependsOn: components.map((each) => each["bom-ref"]) }],
  };
}

function purlOf(name: string, version: string): string {
  return `pkg:npm/${name.replace("@", "%40")}@${version}`;
}

function componentOf(root: string, path: string, entry: LockedPackage, places: readonly (string | false)[]): Component {
  const name = nameOf(path);
  const licence = licenceOf(root, path, entry);
  return {
    type: "library",
    // the same version may lie in two places, each with its own path
    "bom-ref": `${purlOf(name, entry.version)}#${path}`,
    name,
    version: entry.version,
    purl: purlOf(name, entry.version),
    scope: "required",
    ...(licence !== undefined && {
      licenses: [/[ (]/.test(licence) ? { expression: licence.replace(/^\((.*)\)$/, "$1") } : { license: { id: licence } }],
    }),
    ...(entry.integrity !== undefined && { hashes: [hashOf(entry.integrity)] }),
    properties: places.filter((place) => place !== false).map((value) => ({ name: "doppelwerk:place", value })),
  };
}

/** `sha512-BASE64` of the tarball that npm checked. */
function hashOf(integrity: string): Hash {
  const [, octets] = /^sha512-(\S+)$/.exec(integrity) ?? [];
  if (octets === undefined) throw new Error(`no SHA-512: ${integrity}`);
  return { alg: "SHA-512", content: Buffer.from(octets, "base64").toString("hex") };
}

/** Node.js with what is compiled into it, as that of this machine says, which is the same release. */
// oxlint-disable-next-line max-params -- which, and where it lies
function runtimeOf(root: string, entry: LockedPackage, name: string, folder: string): Component {
  const program = join(folder, "bin/node");
  const text = execFileSync(join(root, runtimePath("x64"), "bin/node"), ["-p", "JSON.stringify(process.versions)"], { encoding: "utf8" });
  const { node: version, ...parts } = JSON.parse(text) as Readonly<Record<string, string>> & { readonly node: string };
  // numbers of interfaces, and data of the Unicode consortium
  const noParts = new Set(["modules", "napi", "cldr", "unicode", "tz"]);
  return {
    type: "platform",
    "bom-ref": purlOf(name, entry.version),
    name: "node",
    version: version!,
    purl: purlOf(name, entry.version),
    scope: "required",
    licenses: [{ license: { id: "MIT" } }],
    hashes: [{ alg: "SHA-256", content: createHash("sha256").update(readFileSync(program)).digest("hex") }],
    components: Object.entries(parts)
      .filter(([part, each]) => each !== "" && !noParts.has(part))
      .map(([part, each]) => ({ type: "library" as const, "bom-ref": `node:${part}@${each}`, name: part, version: each }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

/** Paths of the packages that the studio's bundle took something of, as its build noted. Errors: a build that noted nothing. */
export function bundledPackages(built: string): readonly string[] {
  const noted = join(built, ".vite/packages.json");
  if (!existsSync(noted)) throw new Error(`${noted} is missing: the studio was built by an older version`);
  return JSON.parse(readFileSync(noted, "utf8")) as string[];
}
