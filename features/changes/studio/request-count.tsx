import type { ReactNode } from "react";
import { answerOf, useLoad, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import { waitsFor } from "./waits-for.ts";

/** How many merge requests wait for the approval of the person of this window. */
export default function RequestCount(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const state = useStore(studio.state);
  const commits = useStore(studio.commits);
  const self = state.kind === "online" ? state.self.id : undefined;
  const requests = useLoad(self === undefined ? undefined : answerOf(calls.requests, {}), { again: commits });
  if (self === undefined) return null;
  const count = (requests.value ?? []).filter((request) => waitsFor(request, self)).length;
  if (count === 0) return null;
  const what = t("changes.waitingForYou", { count });
  return (
    <span className="dw-count dw-count-plain" title={what} role="img" aria-label={what}>
      {count}
    </span>
  );
}
