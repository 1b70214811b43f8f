import { useState } from "react";
import type { AasApi } from "@doppelwerk/client";
import { DoppelwerkError } from "@doppelwerk/world";
import { aasOf, useScope, useStudio, useWords } from "@doppelwerk/kit/studio";

export interface Change {
  /** What the log keeps as the reason. */
  readonly reason: string;
  /** What is said when it is done, with the way to undo it; and when it is not. */
  readonly done: string | (() => string);
  readonly failed: string;
  /** Revision of what was looked at: nothing is written over what was changed since. */
  readonly since?: number | undefined;
  run(api: AasApi, reason: string): Promise<unknown>;
  /** After the person took it back. */
  onUndone?(): void;
}

/** Writes something of the branch entered, and says how it went. `busy` while it is under way; the answer is whether it was done. */
export function useChange(): { readonly busy: boolean; readonly change: (change: Change) => Promise<boolean> } {
  const studio = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const [busy, setBusy] = useState(false);
  const undo = (onUndone: (() => void) | undefined): void => {
    studio.live.undo(branch).then(
      () => {
        studio.commits.update((count) => count + 1);
        studio.notify("plain", t("assets.explorer.undone"));
        onUndone?.();
      },
      (error: unknown) => studio.notifyFailure(error, t("branch.undoFailed")),
    );
  };
  const change = async ({ reason, done, failed, since, run, onUndone }: Change): Promise<boolean> => {
    setBusy(true);
    try {
      await run(aasOf(studio, branch, reason, since), reason);
      studio.commits.update((count) => count + 1);
      studio.notify("good", typeof done === "string" ? done : done(), undefined, {
        label: t("assets.explorer.undo"),
        run: () => undo(onUndone),
      });
      return true;
    } catch (error) {
      const isOvertaken = error instanceof DoppelwerkError && error.code === "DW_CHANGED";
      // What it is now is shown beside what was written.
      if (isOvertaken) studio.commits.update((count) => count + 1);
      if (isOvertaken) studio.notify("trouble", failed, t("assets.explorer.overtaken"));
      else studio.notifyFailure(error, failed);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, change };
}
