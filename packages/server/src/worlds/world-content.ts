import { readdirSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { WorldContent } from "@doppelwerk/client";

type Part = WorldContent["parts"][number]["part"];

const PARTS: readonly (readonly [RegExp, Part])[] = [
  [/^(changes|records\.sqlite|derived)/, "documents"],
  [/^history$/, "history"],
  [/^events/, "events"],
  [/^blobs/, "files"],
  [/^jobs$/, "jobs"],
  [/^features$/, "features"],
  [/^signing$/, "signing"],
];

/** Files and bytes of a world's folder by part. A file that disappears meanwhile is not counted. */
export function contentOf(folder: string): Pick<WorldContent, "files" | "bytes" | "parts"> {
  const parts = new Map<Part, { files: number; bytes: number }>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const [first] = relative(folder, path).split(sep) as [string];
    const part = PARTS.find(([pattern]) => pattern.test(first))?.[1] ?? "other";
    const sum = parts.get(part) ?? { files: 0, bytes: 0 };
    sum.files++;
    sum.bytes += statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    parts.set(part, sum);
  }
  const listed = [...parts].map(([part, sum]) => ({ part, ...sum }));
  return {
    files: listed.reduce((sum, { files }) => sum + files, 0),
    bytes: listed.reduce((sum, { bytes }) => sum + bytes, 0),
    parts: listed.toSorted((a, b) => b.bytes - a.bytes),
  };
}
