import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import type { FeatureStore } from "@doppelwerk/kit/server";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";

/** Small durable values by name in one JSON file, replaced whole and synced before `set` resolves. What is not understood is kept. */
export function openFeatureFile(path: string): FeatureStore {
  const values = new Map<string, unknown>(Object.entries(read(path)));
  let writing: Promise<void> = Promise.resolve();
  const save = async (): Promise<void> => {
    mkdirSync(dirname(path), { recursive: true });
    const file = await open(`${path}.new`, "w");
    try {
      await file.writeFile(JSON.stringify(Object.fromEntries(values)));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.new`, path);
  };
  return {
    get: (name) => values.get(name),
    set(name, value) {
      if (value === undefined) values.delete(name);
      else values.set(name, value);
      // one write at a time; a failed one does not stop the next
      writing = writing.then(save, save);
      return writing;
    },
  };
}

function read(path: string): Record<string, unknown> {
  if (!existsSync(path)) return {};
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // refused in the same words
  }
  throw new DoppelwerkError("DW_DAMAGED", message("server.fileNotJsonObject", { path }));
}
