import { useEffect, useState } from "react";
import type { SearchState, SearchRequest } from "@doppelwerk/client";
import { useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { OptimiseKind } from "./optimise-head.tsx";
import * as simulate from "../../calls.ts";

const LOOK_EVERY_MS = 500;

/**
 * One search on the server: started, followed until it is over, stopped. It continues when the page is left, and through a restart of the server: the address
 * holds its id, which finds it again with its request.
 */
export function useSearch(kind: OptimiseKind): {
  readonly state: SearchState | undefined;
  /** What the search was started with. */
  readonly request: SearchRequest | undefined;
  readonly isRunning: boolean;
  readonly start: (request: SearchRequest) => void;
  readonly stop: () => void;
} {
  const studio = useStudio();
  const { t } = useWords();
  const [state, setState] = useState<SearchState | undefined>(undefined);
  const [request, setRequest] = useState<SearchRequest | undefined>(undefined);
  const held = searchOf(kind, useStore(studio.address.store).detail);
  useEffect(() => {
    if (held === undefined || held === state?.id) return undefined;
    let isCurrent = true;
    Promise.all([
      simulate.readSearchRequest(studio.client, { params: { id: held } }),
      simulate.readSearch(studio.client, { params: { id: held } }),
    ]).then(
      ([requested, found]) => {
        if (!isCurrent) return;
        setRequest(requested);
        setState(found);
      },
      // a link may be older than what the server keeps
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, [studio, held, state?.id]);
  const isRunning = state !== undefined && (state.state === "queued" || state.state === "running");
  useEffect(() => {
    if (!isRunning) return undefined;
    const timer = setInterval(() => {
      simulate.readSearch(studio.client, { params: { id: state.id } }).then(setState, () => undefined);
    }, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [studio, state?.id, isRunning]);
  return {
    state,
    request,
    isRunning,
    start(started) {
      simulate.startSearch(studio.client, { body: started }).then(
        (begun) => {
          setRequest(started);
          setState(begun);
          studio.address.amend({ detail: `optimise:${kind}:${begun.id}` });
        },
        (error: unknown) => studio.notifyFailure(error, t("simulate.optimise.search.failed")),
      );
    },
    stop() {
      if (state !== undefined)
        void simulate
          .cancelSearch(studio.client, { params: { id: state.id } })
          .then(() => simulate.readSearch(studio.client, { params: { id: state.id } }).then(setState));
    },
  };
}

function searchOf(kind: OptimiseKind, detail: string | undefined): string | undefined {
  const [, of, ...id] = (detail ?? "").split(":");
  return of === kind && id.length > 0 ? id.join(":") : undefined;
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
        const fork = await studio.client.fork(t(`simulate.optimise.keep.name.${kind}`, { what }).slice(0, 80));
        studio.branches.update((list) => [...list.filter((known) => known.id !== fork.id), fork]);
        on = fork.id;
      }
      await write(on);
      studio.commits.update((count) => count + 1);
      // the answer has become documents: the search is over for this page
      studio.address.go({ branch: on, detail: `optimise:${kind}` });
      studio.notify("good", t("simulate.optimise.keep.done"));
      return true;
    } catch (error) {
      studio.notifyFailure(error, t("simulate.optimise.keep.failed"));
      return false;
    }
  };
}
