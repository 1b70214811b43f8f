import { translate } from "@doppelwerk/kit/studio";
import type { Studio } from "@doppelwerk/kit/studio";

/** Takes back the last transaction of this person on the branch shown. */
export default async function undo(studio: Studio): Promise<void> {
  try {
    const entry = await studio.live.undo(studio.address.store.get().branch);
    studio.notify("plain", translate("changes.branch.undone", { reason: entry.reason.replace(/^undo: /, "") }));
  } catch (error) {
    studio.notifyFailure(error, translate("branch.undoFailed"));
  }
}
