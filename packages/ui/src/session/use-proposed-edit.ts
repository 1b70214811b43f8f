import { useState } from "react";
import { LIVE } from "@doppelwerk/world";
import type { BranchId } from "@doppelwerk/world";
import { useStore } from "../store/store.ts";
import { useStudio } from "./context.tsx";

export interface ProposedEdit {
  readonly busy: boolean;
  /** A change is proposed on a branch of its own, not stored. */
  readonly isLive: boolean;
  /** `name` is that of the branch that is forked from live. */
  readonly edit: (name: string, store: (branch: BranchId) => Promise<unknown>) => void;
}

/**
 * An edit of a document of the plant. On a branch it is stored there. On live it is proposed: a branch is forked, the edit stored on it, the branch
 * entered and the dialog opened that sends it as a merge request. `failed` is the headline when it is refused; a branch that was forked for it is left.
 */
export function useProposedEdit(failed: string, onStored: () => void): ProposedEdit {
  const studio = useStudio();
  const { branch } = useStore(studio.address.store);
  const [busy, setBusy] = useState(false);
  const isLive = branch === LIVE;
  const run = async (name: string, store: (branch: BranchId) => Promise<unknown>): Promise<void> => {
    setBusy(true);
    try {
      if (isLive) await propose(name, store);
      else await store(branch);
      onStored();
    } catch (error) {
      studio.notifyFailure(error, failed);
    }
    setBusy(false);
  };
  const propose = async (name: string, store: (branch: BranchId) => Promise<unknown>): Promise<void> => {
    const forked = await studio.client.fork(name.slice(0, 80));
    try {
      await store(forked.id);
    } catch (error) {
      // nothing is on it: nobody would know what it is for
      await studio.client.abandon(forked.id);
      throw error;
    }
    studio.branches.update((list) => [...list.filter(({ id }) => id !== forked.id), forked]);
    studio.address.go({ branch: forked.id });
    studio.act("changes.propose");
  };
  return { busy, isLive, edit: (name, store) => void run(name, store) };
}
