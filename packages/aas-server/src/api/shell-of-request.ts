import { message } from "@doppelwerk/messages";
import type { Shell } from "@doppelwerk/aas";
import type { AasSource } from "./aas-source.ts";
import { notFound } from "./answers.ts";
import { idOf } from "./parameters.ts";

/** The shell that a path names in base64url. */
export function shellOf(source: AasSource, encoded: string): Shell {
  const id = idOf(encoded);
  const shell = source.shell(id);
  if (shell === undefined) throw notFound(message("aasServer.noShell", { id }));
  return shell;
}
