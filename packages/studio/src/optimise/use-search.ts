import { useEffect, useState } from "react";
import type { SearchState, SearchWish } from "@doppelwerk/client";
import { errorText } from "../language/error-text.ts";
import { useStudio, useWords } from "../session/context.tsx";
import type { OptimiseKind } from "./optimise-head.tsx";

const LOOK_EVERY_MS = 500;

/** One search on the server: started, followed until it is over, stopped. It goes on when this page is left; `id` finds it again. */
export function useSearch(): {
  readonly state: SearchState | undefined;
  readonly isRunning: boolean;
  readonly start: (wish: SearchWish) => void;
  readonly stop: () => void;
} {
  const studio = useStudio();
  const { t } = useWords();
  const [state, setState] = useState<SearchState | undefined>(undefined);
  const isRunning = state !== undefined && (state.state === "queued" || state.state === "running");
  useEffect(() => {
    if (!isRunning) return undefined;
    const timer = setInterval(() => {
      studio.client.searchState(state.id).then(setState, () => undefined);
    }, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [studio, state?.id, isRunning]);
  return {
    state,
    isRunning,
    start(wish) {
      studio.client
        .search(wish)
        .then(setState, (error: unknown) => studio.notify("trouble", t("optimise.search.failed"), errorText(error)));
    },
    stop() {
      if (state !== undefined) void studio.client.cancelSearch(state.id).then(() => studio.client.searchState(state.id).then(setState));
    },
  };
}

/** Forks where one is on live, then writes; what was written can be proposed from the branch. */
export function useKeep(
  kind: Exclude<OptimiseKind, "line">,
): (what: string, branch: string, write: (branch: string) => Promise<unknown>) => Promise<boolean> {
  const studio = useStudio();
  const { t } = useWords();
  return async (what, branch, write) => {
    try {
      let on = branch;
      if (branch === "live") {
        const fork = await studio.client.fork(t(`optimise.keep.name.${kind}`, { what }).slice(0, 80));
        studio.branches.update((list) => [...list.filter((known) => known.id !== fork.id), fork]);
        on = fork.id;
      }
      await write(on);
      studio.commits.update((count) => count + 1);
      if (on !== branch) studio.address.go({ branch: on });
      studio.notify("good", t("optimise.keep.done"));
      return true;
    } catch (error) {
      studio.notify("trouble", t("optimise.keep.failed"), errorText(error));
      return false;
    }
  };
}
