import { createHash } from "node:crypto";
import { filesOfComponent } from "@doppelwerk/engines/components";
import { sourceOfFile } from "@doppelwerk/engines/quickjs";
import { componentOfPack, type PackComponentDeclaration } from "@doppelwerk/kit/pack";
import { message, verbatim } from "@doppelwerk/messages";
import { faultsOf } from "@doppelwerk/messages/faults";
import type { ComponentOfStation, SimComponents } from "@doppelwerk/ports";
import type { ComponentCode } from "@doppelwerk/sim";
import { canonicalJson, DoppelwerkError, type Json } from "@doppelwerk/world";
import { z } from "zod";
import type { ComponentsOfPack } from "../../features/resolve.ts";

/** The components of the features that `open` gives: their code is read when a run begins, so that an author's change counts for the next one. */
export function simComponentsPort(open: () => readonly ComponentsOfPack[]): SimComponents {
  return {
    async of(stations) {
      const codes = new Map<string, ComponentCode>();
      for (const one of stations) {
        const found = open().flatMap((pack) =>
          pack.declared.flatMap((declared) => (declared.id === one.component ? [{ pack, declared }] : [])),
        )[0];
        if (found === undefined)
          throw new DoppelwerkError("DW_INVALID", message("sim.componentMissing", { component: one.component, station: one.station }));
        requireParameters(one, found.declared);
        if (!codes.has(one.component)) codes.set(one.component, await readComponent(found.pack, found.declared));
      }
      return [...codes.values()];
    },
  };
}

function requireParameters({ station, component, parameters }: ComponentOfStation, declared: PackComponentDeclaration): void {
  const parsed = z.fromJSONSchema(declared.parameters as Parameters<typeof z.fromJSONSchema>[0]).safeParse(parameters);
  if (parsed.success) return;
  const [fault] = faultsOf(parsed.error.issues, parameters);
  throw new DoppelwerkError("DW_INVALID", message("packs.componentParameters", { station, component, fault: fault! }));
}

/** A component with its code as it stands in the folder of its pack. */
async function readComponent({ pack, version, folder }: ComponentsOfPack, declared: PackComponentDeclaration): Promise<ComponentCode> {
  const { id, module } = declared;
  try {
    const files = await filesOfComponent(`${pack} ${version}`, module, (path) => sourceOfFile(folder, path, "component"));
    const code = { ...componentOfPack(declared, { name: pack, version }), module, files };
    const checksum = createHash("sha256")
      .update(canonicalJson(code as unknown as Json))
      .digest("hex");
    return { ...code, checksum };
  } catch (error) {
    const reason = verbatim((error as Error).message);
    throw new DoppelwerkError("DW_INVALID", message("sim.componentNotLoaded", { component: id, pack, reason }));
  }
}
