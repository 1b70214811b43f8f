import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nameOf, readLockFile, type LockedPackage } from "./lock-file.ts";

/** A weakness of a package that is known to the registry. */
export interface Advisory {
  readonly id: string;
  readonly title: string;
  readonly url: string;
  readonly severity: "none" | "info" | "low" | "medium" | "high" | "critical" | "unknown";
  readonly cwes: readonly number[];
  readonly score?: number;
  /** Paths of the packages that have it. */
  readonly paths: readonly string[];
}

/** What a registry says of the packages that are shipped. That nobody could be asked is not that there is nothing. */
export type Audit =
  | { readonly state: "asked"; readonly advisories: readonly Advisory[] }
  | { readonly state: "unknown"; readonly why: string };

const TIMEOUT_MS = 60_000;

/** Asks the registry of npm, with its own client, for advisories on packages by their path in the lock file. Sends their names and versions. */
export async function audited(root: string, paths: readonly string[]): Promise<Audit> {
  const folder = mkdtempSync(join(tmpdir(), "doppelwerk-audit-"));
  try {
    const locked = readLockFile(root);
    writeFileSync(join(folder, "package.json"), JSON.stringify(projectOf(locked, paths).manifest));
    writeFileSync(join(folder, "package-lock.json"), JSON.stringify(projectOf(locked, paths).lock));
    return auditOf(await npmAudit(folder), locked, paths);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A project of the shipped packages alone, each under the name `PACKAGE@VERSION`. */
function projectOf(locked: ReadonlyMap<string, LockedPackage>, paths: readonly string[]) {
  const entries = new Map(
    paths.map((path) => [aliasOf(path, locked.get(path)!), { name: nameOf(path), version: locked.get(path)!.version }]),
  );
  const dependencies = Object.fromEntries([...entries].map(([alias, { name, version }]) => [alias, `npm:${name}@${version}`]));
  const manifest = { name: "shipped", version: "1.0.0", private: true, dependencies };
  const packages = Object.fromEntries([...entries].map(([alias, entry]) => [`node_modules/${alias}`, entry]));
  return {
    manifest,
    lock: { name: "shipped", version: "1.0.0", lockfileVersion: 3, requires: true, packages: { "": manifest, ...packages } },
  };
}

/** A package may be there in several versions. */
function aliasOf(path: string, { version }: LockedPackage): string {
  return `${nameOf(path).replace(/^@/, "").replaceAll("/", "-")}-${version.replaceAll(/[^0-9A-Za-z.]/g, "-")}`;
}

/** What `npm audit --json` prints; it ends with 1 where it found something. */
function npmAudit(folder: string): Promise<string> {
  return new Promise((resolve) => {
    const words = ["audit", "--omit=dev", "--package-lock-only", "--json"];
    execFile("npm", words, { cwd: folder, timeout: TIMEOUT_MS, maxBuffer: 64 << 20 }, (error, stdout, stderr) =>
      resolve(stdout.trim() === "" ? JSON.stringify({ error: { summary: error?.message ?? stderr } }) : stdout),
    );
  });
}

interface Via {
  readonly source: number;
  readonly name: string;
  readonly title: string;
  readonly url: string;
  readonly severity: string;
  readonly cwe?: readonly string[];
  readonly cvss?: { readonly score?: number };
}

interface Vulnerability {
  readonly via: readonly (string | Via)[];
  readonly nodes: readonly string[];
}

/** Of what npm printed. An answer of another form is unknown, never good. */
export function auditOf(text: string, locked: ReadonlyMap<string, LockedPackage>, paths: readonly string[]): Audit {
  let answer: {
    readonly error?: { readonly summary?: string; readonly detail?: string };
    readonly message?: string;
    readonly auditReportVersion?: number;
    readonly vulnerabilities?: Readonly<Record<string, Vulnerability>>;
    readonly metadata?: { readonly dependencies?: { readonly total?: number } };
  };
  try {
    answer = JSON.parse(text) as typeof answer;
  } catch {
    return { state: "unknown", why: "npm answered no JSON" };
  }
  if (answer.error !== undefined || answer.auditReportVersion !== 2 || answer.vulnerabilities === undefined)
    return {
      state: "unknown",
      why: (answer.error?.summary || answer.message || "npm answered in a form that is not known").split("\n")[0]!,
    };
  if ((answer.metadata?.dependencies?.total ?? 0) < new Set(paths.map((path) => aliasOf(path, locked.get(path)!))).size)
    return { state: "unknown", why: "npm looked at fewer packages than there are" };
  const byAlias = Map.groupBy(paths, (path) => `node_modules/${aliasOf(path, locked.get(path)!)}`);
  const advisories = new Map<string, Advisory>();
  for (const { via, nodes } of Object.values(answer.vulnerabilities))
    for (const each of via) {
      if (typeof each === "string") continue;
      const id = /GHSA(?:-[0-9a-z]{4}){3}/.exec(each.url)?.[0] ?? `npm-${each.source}`;
      const found = nodes.flatMap((node) => byAlias.get(node) ?? []);
      const before = advisories.get(id)?.paths ?? [];
      const score = each.cvss?.score;
      advisories.set(id, {
        id,
        title: each.title,
        url: each.url,
        severity: severityOf(each.severity),
        cwes: (each.cwe ?? []).flatMap((name) => Number(/\d+/.exec(name)?.[0] ?? []) || []),
        ...(score !== undefined && score > 0 && { score }),
        paths: [...new Set([...before, ...found])].toSorted(),
      });
    }
  return { state: "asked", advisories: [...advisories.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1)) };
}

function severityOf(text: string): Advisory["severity"] {
  if (text === "moderate") return "medium";
  return (["none", "info", "low", "high", "critical"] as const).find((each) => each === text) ?? "unknown";
}
