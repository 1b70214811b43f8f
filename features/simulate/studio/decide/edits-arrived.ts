import type { Replica } from "@doppelwerk/sync";

/** Edits that are on their way are waited for so long; what the server refuses is reported by whoever made the edit. */
const MAX_WAIT_MS = 5_000;
const LOOK_AGAIN_MS = 25;

/** Once the server has answered every edit that was made here. An answer that changes nothing shown is no change of the replica: so it is looked at again. */
export async function editsArrived(replica: Pick<Replica, "pending">): Promise<void> {
  for (let waited = 0; replica.pending().length > 0 && waited < MAX_WAIT_MS; waited += LOOK_AGAIN_MS)
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
}
