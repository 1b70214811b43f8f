import type { BranchId } from "@doppelwerk/world";
import type { ExperimentPointModel, ExperimentRequest, ExperimentResult, ExperimentSummary } from "./experiments-api.ts";
import type { Requester } from "./request.ts";

type Call = { readonly signal?: unknown };

/** Designed experiments on a branch. */
export interface ExperimentCalls {
  experiments(branch: BranchId, call?: Call): Promise<readonly ExperimentSummary[]>;
  startExperiment(branch: BranchId, request: ExperimentRequest): Promise<ExperimentSummary>;
  experiment(id: string, call?: Call): Promise<ExperimentResult>;
  experimentPoint(id: string, point: number, call?: Call): Promise<ExperimentPointModel>;
  /** A table: a row a point, or a row a replication. */
  experimentCsv(id: string, rows: "points" | "replications", call?: Call): Promise<Uint8Array>;
  rerunExperiment(id: string): Promise<ExperimentSummary>;
  resumeExperiment(id: string): Promise<ExperimentSummary>;
  cancelExperiment(id: string): Promise<void>;
}

export function experimentCalls(requester: Requester): ExperimentCalls {
  const part = encodeURIComponent;
  return {
    experiments: (branch, call) => requester.json("GET", `/branches/${part(branch)}/experiments`, { ...call }),
    startExperiment: (branch, request) => requester.json("POST", `/branches/${part(branch)}/experiments`, { body: request }),
    experiment: (id, call) => requester.json("GET", `/experiments/${part(id)}`, { ...call }),
    experimentPoint: (id, point, call) => requester.json("GET", `/experiments/${part(id)}/points/${point}`, { ...call }),
    experimentCsv: (id, rows, call) => requester.bytes(`/experiments/${part(id)}/csv`, { query: { rows }, ...call }),
    rerunExperiment: (id) => requester.json("POST", `/experiments/${part(id)}/rerun`, { body: {} }),
    resumeExperiment: (id) => requester.json("POST", `/experiments/${part(id)}/resume`, { body: {} }),
    cancelExperiment: (id) => requester.json("DELETE", `/experiments/${part(id)}`),
  };
}
