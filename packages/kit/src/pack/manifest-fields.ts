import { message } from "@doppelwerk/messages";
import { fault } from "@doppelwerk/messages/faults";
import { z } from "zod";

const MAX_PATH_LENGTH = 200;

/** A file of the pack, as `./server/open.js`: never a path that leaves its folder. */
export function isPackPath(path: string): boolean {
  if (!path.startsWith("./") || path.length > MAX_PATH_LENGTH) return false;
  return path
    .slice(2)
    .split("/")
    .every((part) => /^[\w@+.-]+$/.test(part) && part !== "." && part !== "..");
}

export const path = z.string().refine(isPackPath, fault(message("packs.pathOutside")));
/** `brewery.batches`: the feature in camel case, then names. */
export const dotted = z
  .string()
  .max(120)
  .regex(/^[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9]*)+$/);
