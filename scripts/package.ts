import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { buildStudio } from "./build.ts";
import { step, tell } from "./page.mjs";
import { writeArchive } from "./package/archive.ts";
import { billOfMaterials, bundledPackages } from "./package/bill-of-materials.ts";
import { writeDebian } from "./package/debian.ts";
import { faultsOfPackages } from "./package/licences.ts";
import { neededPackages, readLockFile } from "./package/lock-file.ts";
import { DEBIAN_NAMES, MACHINES, type Machine } from "./package/machine.ts";
import { readSigningKey } from "./package/minisign.ts";
import { importsOf, shippedFiles } from "./package/shipped-files.ts";
import { put, putText, stage } from "./package/stage.ts";
import { audited } from "./package/audit.ts";
import { writeSums } from "./package/sums.ts";
import { auditLine, vulnerabilityReport } from "./package/vulnerabilities.ts";

// `npm run package [-- --out DIR] [--version VERSION] [--machine x64|arm64 …] [--sign KEY]`: the offline archive and the Debian package of this commit, what is known of
// vulnerabilities in them today, and their SHA-256 in a signed list, in `dist`. KEY is a secret key of minisign without a password (also DOPPELWERK_SIGNING_KEY).
const root = fileURLToPath(new URL("..", import.meta.url));

export interface PackageOptions {
  /** Where the files are written; made if it does not exist. */
  readonly out: string;
  readonly version?: string;
  /** The studio as it was built; by default it is built here if something changed. */
  readonly built?: string;
  readonly kinds?: readonly ("archive" | "debian")[];
  /** Default x64, which is what this machine can run. */
  readonly machine?: Machine;
}

/** Paths of what was written. Errors: no git and no SOURCE_DATE_EPOCH, a package that may not be shipped, a program that is missing. */
export function writePackages({
  out,
  version = ownVersion(),
  built,
  kinds = ["archive", "debian"],
  machine = "x64",
}: PackageOptions): readonly string[] {
  if (!/^\d+\.\d+\.\d+(?:[~+][0-9A-Za-z.~+]+)?$/.test(version)) throw new Error(`not a version: ${version}`);
  const epoch = timeOfCommit();
  if (built === undefined) buildStudio();
  const studio = built ?? join(root, "packages/studio/dist");
  mkdirSync(out, { recursive: true });
  // in the folder of the results: what is moved stays on one file system
  const work = mkdtempSync(join(out, ".package-"));
  try {
    const name = `doppelwerk-${version}-linux-${machine}`;
    const cache = join(work, "packages");
    const program = join(work, name);
    const staged = step("program");
    const { packages } = stage(root, program, { built: studio, machine, cache });
    const bundled = bundledPackages(studio);
    const faults = faultsOfPackages(root, readLockFile(root), [...new Set([...packages, ...bundled])].sort());
    if (faults.length > 0) throw new Error(faults.join("\n"));
    const bill = billOfMaterials(root, { version, epoch, packed: packages, bundled, machine, cache });
    putText(join(program, "bom.cdx.json"), `${JSON.stringify(bill, undefined, 1)}\n`);
    staged(`${bill.components.length} components`);
    const files: string[] = [];
    if (kinds.includes("archive")) {
      const file = join(out, `${name}.tar.gz`);
      const packed = step("archive");
      put(join(root, "packaging/archive/README.txt"), join(program, "README.txt"));
      writeArchive(work, name, file, epoch);
      rmSync(join(program, "README.txt"));
      packed(sizeOf(file));
      files.push(file);
    }
    if (kinds.includes("debian")) {
      const file = join(out, `doppelwerk_${version}_${DEBIAN_NAMES[machine]}.deb`);
      const packed = step("Debian package");
      writeDebian(root, program, { version, machine, epoch, folder: join(work, "debian"), out: file });
      packed(sizeOf(file));
      files.push(file);
    }
    return files;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function ownVersion(): string {
  return (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { readonly version: string }).version;
}

/** The time that everything in a package has: that of the commit, as https://reproducible-builds.org/specs/source-date-epoch asks. */
function timeOfCommit(): number {
  const set = process.env["SOURCE_DATE_EPOCH"];
  const text = set ?? execFileSync("git", ["log", "-1", "--format=%ct"], { cwd: root, encoding: "utf8" });
  const seconds = Number(text);
  if (!Number.isInteger(seconds) || seconds <= 0) throw new Error(`SOURCE_DATE_EPOCH is no time: ${text}`);
  return seconds;
}

function sizeOf(file: string): string {
  return `${(statSync(file).size / 1_000_000).toFixed(1)} MB`;
}

/** What the registry says today of what is in the packages, as a file beside them. It is of a day, so that the packages stay the same octets. */
async function writeVulnerabilities(out: string, version: string): Promise<string> {
  const looked = step("vulnerabilities");
  const bundled = bundledPackages(join(root, "packages/studio/dist"));
  const packed = neededPackages(readLockFile(root), importsOf(root, shippedFiles(root)).packages);
  const bill = billOfMaterials(root, { version, epoch: timeOfCommit(), packed, bundled });
  const audit = await audited(root, [...new Set([...packed, ...bundled])].sort());
  const file = join(out, `doppelwerk-${version}.vex.cdx.json`);
  putText(file, `${JSON.stringify(vulnerabilityReport(bill, audit, new Date()), undefined, 1)}\n`);
  looked("");
  tell(auditLine(audit));
  return file;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      out: { type: "string" },
      version: { type: "string" },
      sign: { type: "string" },
      machine: { type: "string", multiple: true },
    },
  });
  const out = resolve(values.out ?? join(root, "dist"));
  const version = values.version ?? ownVersion();
  const keyFile = values.sign ?? process.env["DOPPELWERK_SIGNING_KEY"];
  try {
    // before the work: a key that is none ends it
    if (keyFile !== undefined) readSigningKey(keyFile);
    const machines = (values.machine ?? ["x64"]).map((name) => {
      const machine = MACHINES.find((each) => each === name);
      if (machine === undefined) throw new Error(`not a machine that packages are made for (${MACHINES.join(", ")}): ${name}`);
      return machine;
    });
    const files = [...machines.flatMap((machine) => writePackages({ out, version, machine })), await writeVulnerabilities(out, version)];
    const [list] = writeSums(files, { version, ...(keyFile !== undefined && { keyFile }) });
    tell(readFileSync(list!, "utf8").trimEnd());
    tell(keyFile === undefined ? "not signed: no key was given (--sign KEY)" : "signed: SHA256SUMS.minisig");
  } catch (error) {
    tell(`doppelwerk: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  }
}
