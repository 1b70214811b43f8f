import { realpathSync } from "node:fs";
import { sep } from "node:path";
import { fileURLToPath } from "node:url";
import { message, type Message } from "@doppelwerk/messages";

/**
 * Why a plant that is a file or folder may not be read; undefined = it may, or it is none. Who may make connections may not therefore read this machine:
 * only what lies, links followed, in folders that were named at start is read.
 */
export function fileRefusal(url: string, folders: readonly string[]): Message | undefined {
  if (!/^(file|replay):/i.test(url)) return undefined;
  const named = folders.map(realPath).filter((folder) => folder !== undefined);
  if (named.length === 0) return message("connectors.filesNotAllowed");
  let path: string;
  try {
    path = fileURLToPath(url.replace(/^replay:/i, "file:"));
  } catch (error) {
    return message("connectors.addressNotFile", { reason: (error as Error).message });
  }
  const real = realPath(path);
  // Whether something outside exists is not told either.
  const inside =
    real !== undefined && named.some((folder) => real === folder || real.startsWith(folder.endsWith(sep) ? folder : folder + sep));
  return inside ? undefined : message("connectors.fileOutsideAllowed", { folders: named.join(", ") });
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
