import type { RunResult } from "@doppelwerk/client";
import type { AnyExperimentModel, ReplicationOptions } from "@doppelwerk/sim";
import type { Studio } from "@doppelwerk/kit/studio";
import * as simulate from "../../calls.ts";
import { prepareComponents, type OpenComponents } from "./prepare-components.ts";

/** A run with both its models, to be simulated again here. */
export interface LoadedRun {
  readonly result: RunResult;
  readonly live: AnyExperimentModel;
  readonly branch: AnyExperimentModel;
  /** Opens the components of packs that stations of a model name, in a sandbox of this page. */
  readonly components: { readonly live: OpenComponents; readonly branch: OpenComponents };
  readonly options: Omit<ReplicationOptions, "replication" | "drawParameters">;
}

/** The run of the address, else the last one that is done; `none` where no run of the branch is. */
export async function loadRun(studio: Studio, branch: string, run: string | undefined, signal: AbortSignal): Promise<LoadedRun | "none"> {
  const done = (await simulate.listRuns(studio.client, { params: { branch } }, { signal })).filter(({ state }) => state === "done");
  const id = done.find((candidate) => candidate.id === run)?.id ?? done.at(-1)?.id;
  if (id === undefined) return "none";
  const [result, model] = await Promise.all([
    simulate.readRun(studio.client, { params: { id } }, { signal }),
    simulate.readRunModel(studio.client, { params: { id } }, { signal }),
  ]);
  const [live, branchModel] = [model.live as AnyExperimentModel, model.branch as AnyExperimentModel];
  const [ofLive, ofBranch] = await Promise.all([prepareComponents(live), prepareComponents(branchModel)]);
  return {
    result,
    live,
    branch: branchModel,
    components: { live: ofLive, branch: ofBranch },
    options: model.options as LoadedRun["options"],
  };
}
