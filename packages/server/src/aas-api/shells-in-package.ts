import { readAasx } from "@doppelwerk/aas";
import { DoppelwerkError, said } from "@doppelwerk/world";

/** Ids of the shells in a package; a package that cannot be read at all is refused. */
export function shellsIn(bytes: Uint8Array): readonly string[] {
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) throw new DoppelwerkError("DW_INVALID", said`the file is no AASX package: it is not a zip`);
  const { environment, findings } = readAasx(bytes);
  const shells = environment.assetAdministrationShells ?? [];
  const fatal = findings.find(({ severity }) => severity === "error");
  if (shells.length === 0 && (environment.submodels ?? []).length === 0 && fatal !== undefined)
    throw new DoppelwerkError("DW_INVALID", said`the file is no AASX package that can be read: ${fatal.message}`);
  return [...new Set(shells.flatMap(({ id }) => (typeof id === "string" ? [id] : [])))];
}
