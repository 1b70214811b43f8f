import { message } from "@doppelwerk/messages";
import { DoppelwerkError, type Lease } from "@doppelwerk/world";

/** A lease within one process. A second owner is refused while the first holds it. */
export function createMemoryLease(): Lease {
  let epoch = 0;
  let holder: string | undefined;
  return {
    async acquire(owner) {
      if (holder !== undefined) throw new DoppelwerkError("DW_UNAVAILABLE", message("storage.worldOwned", { holder }));
      holder = owner;
      return { epoch: ++epoch };
    },
    async release() {
      holder = undefined;
    },
  };
}
