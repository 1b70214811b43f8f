import { useMemo } from "react";
import { LIVE } from "@doppelwerk/world";
import type { Factor } from "@doppelwerk/client";
import { answerOf, useLoad, useScope, useStore, useStudio, useTask, useWords } from "@doppelwerk/kit/studio";
import { passKeptState, useKeptState } from "../kept-state.ts";
import { groupsOf, NEW_REQUEST, requestOf, type RequestDraft } from "./request-draft.ts";
import * as simulate from "../../calls.ts";

export interface LineRequestState {
  readonly factors: ReturnType<typeof useLoad<readonly Factor[]>>;
  readonly groups: ReturnType<typeof groupsOf>;
  readonly draft: RequestDraft;
  readonly set: (change: Partial<RequestDraft>) => void;
  readonly busy: boolean;
  readonly start: () => void;
}

/** What may change on a branch, and the search that is put together from it. On live its start forks first. */
export function useLineRequest(branch: string, onStarted: () => void): LineRequestState {
  const studio = useStudio();
  const { time, line } = useScope();
  const { t } = useWords();
  const commits = useStore(studio.commits);
  const factors = useLoad(answerOf(simulate.listFactors, { params: { branch }, query: { line } }), { again: commits });
  const groups = useMemo(() => groupsOf(factors.value ?? []), [factors.value]);
  // what was chosen stays beside the search that was started with it
  const keyOn = (on: string): string => `optimise ${on} ${line ?? ""}`;
  const [draft, change] = useKeptState<RequestDraft>(keyOn(branch), NEW_REQUEST);
  const { busy, run } = useTask((_, error) => studio.notifyFailure(error, t("simulate.optimise.failed")));
  const fork = async (what: string): Promise<string> => {
    const at = time.state.get().kind === "live" ? undefined : time.instant();
    const made = await studio.client.fork(t("simulate.optimise.branchName", { what }).slice(0, 80), at);
    studio.branches.update((list) => [...list.filter((known) => known.id !== made.id), made]);
    return made.id;
  };
  const start = async (): Promise<void> => {
    const chosen = groups.filter(({ members }) => members.some(({ key }) => draft.choices.has(key)));
    const what = [...new Set(chosen.map(({ group }) => t(`simulate.optimise.group.${group}`)))].join(", ");
    const title = `${what}: ${draft.goals.map((goal) => t(`simulate.optimise.goal.${goal}`)).join(", ")}`.slice(0, 200);
    const on = branch === LIVE ? await fork(what) : branch;
    if (on !== branch) passKeptState(studio, keyOn(on), draft);
    const started = await simulate.startOptimisation(studio.client, {
      params: { branch: on },
      body: { ...requestOf(title, groups, draft), line },
    });
    studio.address.go({ branch: on, view: "decide", detail: `optimise:line:${started.id}` });
    onStarted();
  };
  return {
    factors,
    groups,
    draft,
    set: (fields) => change((held) => ({ ...held, ...fields })),
    busy,
    start: () => run(start),
  };
}
