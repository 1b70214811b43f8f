import type { ReactNode } from "react";
import type { RawWord, WordMeaning } from "@doppelwerk/client";
import { SECOND } from "@doppelwerk/world";
import { durationText, stateLook, useWords } from "@doppelwerk/kit/studio";
import { MeaningChoice } from "./meaning-choice.tsx";

const MAX_STATES = 3;

/** One raw word: how often and how long it was there, how it was read, and what it means. */
export function WordRow({
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
  const { t, language } = useWords();
  const stored: WordMeaning | undefined = word.by === "mapping" ? { state: word.state, cause: word.cause } : undefined;
  const choose = (next: WordMeaning | undefined): void => {
    if (next?.state === stored?.state && next?.cause === stored?.cause) onMap(undefined);
    else onMap(next ?? null);
  };
  return (
    <tr className={word.by === "nothing" && meaning === undefined ? "is-open" : meaning === undefined ? "" : "is-changed"}>
      <td data-label={t("connect.states.word")}>
        <code className="dw-states-word">{word.word}</code>
      </td>
      <td data-label={t("connect.states.times")} className="is-number">
        {word.count === 0 ? "–" : word.count}
      </td>
      <td data-label={t("connect.states.stood")} className="is-number">
        {word.seconds === 0 ? "–" : durationText(word.seconds * SECOND, language)}
      </td>
      <td data-label={t("connect.states.readAs")}>
        <ReadAs word={word} />
      </td>
      <td data-label={t("connect.states.means")}>
        <MeaningChoice
          word={word}
          meaning={meaning === undefined ? stored : (meaning ?? undefined)}
          disabled={disabled}
          onChoose={choose}
        />
      </td>
    </tr>
  );
}

/** The states it was read as, with their shares of the time. */
function ReadAs({ word: { readAs, by, state: mapped } }: { readonly word: RawWord }): ReactNode {
  const { t } = useWords();
  if (readAs.length === 0) return t.or(`machineState.${by === "nothing" ? "unknown" : mapped}`, mapped ?? "");
  const total = readAs.reduce((sum, { seconds }) => sum + seconds, 0);
  return readAs.slice(0, MAX_STATES).map(({ state, seconds }) => (
    <span key={state} className={`dw-states-read is-${stateLook(state)}`}>
      {t.or(`machineState.${state}`, state)} {readAs.length > 1 && `${Math.round((100 * seconds) / total)} %`}
    </span>
  ));
}
