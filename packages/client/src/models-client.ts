import type { BranchId } from "@doppelwerk/world";
import type { ModelCard, ModelDetail, ModelRunRequest, ModelRunResult, ModelRunSummary } from "./models-api.ts";
import type { Requester } from "./request.ts";

/** Models from elsewhere: the library of a branch, and runs on it. */
export interface ModelCalls {
  models(branch: BranchId, search?: string, call?: { readonly signal?: unknown }): Promise<readonly ModelCard[]>;
  model(branch: BranchId, hash: string, call?: { readonly signal?: unknown }): Promise<ModelDetail>;
  /** Announces an FMU on a shell (AAS id), as a new model or a new version of the one of its name. */
  announceModel(
    file: { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> },
    on: { readonly branch: BranchId; readonly shell: string; readonly version?: string },
  ): Promise<ModelCard>;
  runOfModel(branch: BranchId, hash: string, request: ModelRunRequest): Promise<ModelRunSummary>;
  modelRuns(branch: BranchId, call?: { readonly signal?: unknown }): Promise<readonly ModelRunSummary[]>;
  modelRun(id: string, call?: { readonly signal?: unknown }): Promise<ModelRunResult>;
  cancelModelRun(id: string): Promise<void>;
}

export function modelCalls(requester: Requester): ModelCalls {
  const part = encodeURIComponent;
  return {
    models: (branch, search, call) => requester.json("GET", "/models", { query: { branch, search }, ...call }),
    model: (branch, hash, call) => requester.json("GET", `/models/${part(hash)}`, { query: { branch }, ...call }),
    announceModel: ({ name, bytes }, { branch, shell, version }) =>
      requester.json("POST", "/models", { query: { branch, shell, name, version }, body: bytes }),
    runOfModel: (branch, hash, request) => requester.json("POST", `/branches/${part(branch)}/models/${part(hash)}/runs`, { body: request }),
    modelRuns: (branch, call) => requester.json("GET", `/branches/${part(branch)}/model-runs`, { ...call }),
    modelRun: (id, call) => requester.json("GET", `/model-runs/${part(id)}`, { ...call }),
    cancelModelRun: (id) => requester.json("DELETE", `/model-runs/${part(id)}`),
  };
}
