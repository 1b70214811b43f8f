import type { ReactNode } from "react";
import type { RawWord, WordMeaning } from "@doppelwerk/client";
import { stateLook, useWords } from "@doppelwerk/kit/studio";
import { MeaningChoice } from "./meaning-choice.tsx";

const MAX_STATES = 3;

/** What a raw word means: chosen here, or as it is stored. */
export function WordMeaningChoice({
  word,
  meaning,
  disabled,
  onMap,
}: {
  readonly word: RawWord;
  /** In the draft: null takes the meaning away. */
  readonly meaning: WordMeaning | null | undefined;
  readonly disabled: boolean;
  readonly onMap: (meaning: WordMeaning | null | undefined) => void;
}): ReactNode {
  const stored: WordMeaning | undefined = word.by === "mapping" ? { state: word.state, cause: word.cause } : undefined;
  const choose = (next: WordMeaning | undefined): void => {
    if (next?.state === stored?.state && next?.cause === stored?.cause) onMap(undefined);
    else onMap(next ?? null);
  };
  return (
    <MeaningChoice word={word} meaning={meaning === undefined ? stored : (meaning ?? undefined)} disabled={disabled} onChoose={choose} />
  );
}

/** The states it was read as, with their shares of the time. */
export function ReadAs({ word: { readAs, by, state: mapped } }: { readonly word: RawWord }): ReactNode {
  const { t } = useWords();
  if (readAs.length === 0) return t.or(`machineState.${by === "nothing" ? "unknown" : mapped}`, mapped ?? "");
  const total = readAs.reduce((sum, { seconds }) => sum + seconds, 0);
  return readAs.slice(0, MAX_STATES).map(({ state, seconds }) => (
    <span key={state} className={`dw-states-read is-${stateLook(state)}`}>
      {t.or(`machineState.${state}`, state)} {readAs.length > 1 && `${Math.round((100 * seconds) / total)} %`}
    </span>
  ));
}
