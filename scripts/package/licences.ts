import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { nameOf, type LockedPackage } from "./lock-file.ts";

/**
 * What a package may be shipped under: none of them asks that the program be under it too. EPL-2.0 does so for changed files of the package alone
 * (decision 0042).
 */
export const ALLOWED_LICENCES: ReadonlySet<string> = new Set([
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BlueOak-1.0.0",
  "CC0-1.0",
  "EPL-2.0",
  "ISC",
  "MIT",
  "MIT-0",
  "OFL-1.1",
  "PSF-2.0",
  "Unlicense",
]);

/** Licences of packages whose package.json names none, read in the file that is named. */
const READ: Readonly<Record<string, readonly [licence: string, file: string, words: RegExp]>> = {
  dequeue: ["BSD-2-Clause", "LICENSE", /2-Clause BSD license/],
  humanize: ["MIT", "LICENSE", /Permission is hereby granted, free of charge/],
  precond: ["MIT", "README.md", /free to use under the terms of the \[MIT license\]/],
};

/** Packages with a script that npm would run at an install. None is: `.npmrc` says so, and a package installs nothing. */
const KNOWN_SCRIPTS: Readonly<Record<string, string>> = {
  protobufjs: "warns of versions that do not match",
};

/** The SPDX expression of a package; undefined where nobody knows one. */
export function licenceOf(root: string, path: string, entry: LockedPackage): string | undefined {
  if (entry.license !== undefined) return entry.license;
  const [licence, file, words] = READ[nameOf(path)] ?? [];
  if (licence === undefined || !existsSync(join(root, path, file!))) return undefined;
  return words!.test(readFileSync(join(root, path, file!), "utf8")) ? licence : undefined;
}

/** What keeps packages from being shipped, a line each: no fixed content, a licence that is not allowed, a script that runs at an install. */
export function faultsOfPackages(root: string, lock: ReadonlyMap<string, LockedPackage>, paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => {
    const entry = lock.get(path);
    if (entry === undefined) return [`${path} is not in package-lock.json`];
    const licence = licenceOf(root, path, entry);
    return [
      ...(entry.integrity?.startsWith("sha512-") === true ? [] : [`${path} has no SHA-512 in package-lock.json`]),
      ...(licence !== undefined && isAllowed(licence) ? [] : [`${path} has the licence ${licence ?? "that nobody knows"}`]),
      ...(entry.hasInstallScript !== true || nameOf(path) in KNOWN_SCRIPTS ? [] : [`${path} has a script that runs at an install`]),
    ];
  });
}

/** Of alternatives one is enough, of several at once each is asked for. */
export function isAllowed(expression: string): boolean {
  const plain = expression.replaceAll(/[()]/g, "");
  return plain.split(" OR ").some((choice) => choice.split(" AND ").every((each) => ALLOWED_LICENCES.has(each.trim())));
}
