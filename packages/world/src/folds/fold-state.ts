import { contentHash } from "../content-hash.ts";
import type { Instant } from "../instant.ts";
import type { Json } from "../record.ts";
import type { AnyFold, FoldInput, FoldInstance } from "./fold.ts";
import { carriedIntakeState, type IntakeState } from "./sample-intake.ts";

/** An instance as it stands at an instant; plain JSON, kept as a checkpoint. */
export interface FoldState {
  /** Version of the state of its fold. */
  readonly version: number;
  readonly at: Instant;
  readonly state: unknown;
  readonly intake: IntakeState;
  /** Code of the origin of the last sample of each input. */
  readonly origins: readonly number[];
}

/** States and conclusions of an instance hold for this fold in this version, this subject and this definition, however its fields are ordered. */
export function definitionHash({ id, version }: Pick<AnyFold, "id" | "version">, { subject, definition, inputs }: FoldInstance): string {
  return contentHash([id, version, subject, definition as Json, inputs as unknown as Json]);
}

export type Upcast = { readonly state: unknown } | { readonly refused: "newer" | "noStep" | "failed"; readonly error?: unknown };

/** The state in the version of the fold, step by step; a newer one is refused. */
export function upcastState({ state: { version, upcast } }: Pick<AnyFold, "state">, kept: Pick<FoldState, "version" | "state">): Upcast {
  if (kept.version > version) return { refused: "newer" };
  let { state } = kept;
  for (let from = kept.version; from < version; from++) {
    const step = upcast?.[from] as ((before: unknown) => unknown) | undefined;
    if (step === undefined) return { refused: "noStep" };
    try {
      state = step(state);
    } catch (error) {
      return { refused: "failed", error };
    }
  }
  return { state };
}

/** The state of an instance as one of another fold held it; undefined where that is of a version that did not. `source` are the inputs of the other one. */
export function stateFrom(
  { state: { version, formerly } }: Pick<AnyFold, "state">,
  inputs: readonly FoldInput[],
  kept: FoldState,
  source: readonly FoldInput[],
): FoldState | undefined {
  if (formerly?.version !== kept.version) return undefined;
  const names = (of: readonly FoldInput[]): string[] => of.map((input) => JSON.stringify(input));
  return {
    version,
    at: kept.at,
    state: (formerly.part as (state: unknown) => unknown)(kept.state),
    intake: carriedIntakeState(kept.intake, names(source), names(inputs)),
    origins: inputs.map(() => 0),
  };
}
