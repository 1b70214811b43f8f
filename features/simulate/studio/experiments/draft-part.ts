import type { ExperimentDraft } from "./experiment-draft.ts";

/** What a part of the form of a new experiment shows and changes. */
export interface DraftPartProps {
  readonly draft: ExperimentDraft;
  readonly set: (change: Partial<ExperimentDraft>) => void;
}
