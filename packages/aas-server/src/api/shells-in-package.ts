import { readAasx } from "@doppelwerk/aas";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";

/** Ids of the shells in a package; a package that cannot be read at all is refused. */
export function shellsIn(bytes: Uint8Array): readonly string[] {
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) throw new DoppelwerkError("DW_INVALID", message("aasServer.fileNoAasxPackage"));
  const { environment, findings } = readAasx(bytes);
  const shells = environment.assetAdministrationShells ?? [];
  const fatal = findings.find(({ severity }) => severity === "error");
  if (shells.length === 0 && (environment.submodels ?? []).length === 0 && fatal !== undefined)
    throw new DoppelwerkError("DW_INVALID", message("aasServer.fileNoAasxPackageCanRead", { reason: fatal.message }));
  return [...new Set(shells.flatMap(({ id }) => (typeof id === "string" ? [id] : [])))];
}
