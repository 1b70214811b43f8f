import type { ReactNode } from "react";
import type { RawWord, StationReading, WordMeaning } from "@doppelwerk/client";
import { useWords } from "@doppelwerk/kit/studio";
import type { MappingDraft } from "./mapping-draft.ts";
import { WordRow } from "./word-row.tsx";

/** What the machine said in the last days; words that nobody gave a meaning come first. */
export function WordsTable({
  reading,
  draft,
  onMap,
}: {
  readonly reading: StationReading;
  readonly draft: MappingDraft;
  readonly onMap: (word: string, meaning: WordMeaning | null | undefined) => void;
}): ReactNode {
  const { t } = useWords();
  const shown = new Set(reading.words.map(({ word }) => word));
  // a word that has not stood for long is mapped all the same
  const silent = Object.entries(reading.versions.at(-1)!.words).flatMap(([word, meaning]): RawWord[] =>
    shown.has(word) ? [] : [{ word, ...meaning, count: 0, seconds: 0, last: 0, by: "mapping", readAs: [] }],
  );
  const open = reading.words.filter(({ by }) => by === "nothing");
  const known = [...reading.words.filter(({ by }) => by !== "nothing"), ...silent];
  if (open.length + known.length === 0) return <p className="dw-quiet">{t("connect.states.nothingSeen")}</p>;
  return (
    <table className="dw-written dw-states-words">
      <thead>
        <tr>
          <th>{t("connect.states.word")}</th>
          <th className="is-number">{t("connect.states.times")}</th>
          <th className="is-number">{t("connect.states.stood")}</th>
          <th>{t("connect.states.readAs")}</th>
          <th>{t("connect.states.means")}</th>
        </tr>
      </thead>
      <tbody>
        {[...open, ...known].map((word) => (
          <WordRow
            key={word.word}
            word={word}
            meaning={draft.words?.[word.word]}
            disabled={!reading.mayEdit}
            onMap={(next) => onMap(word.word, next)}
          />
        ))}
      </tbody>
      {(reading.more > 0 || reading.cut) && (
        <caption className="dw-quiet">{t(reading.cut ? "connect.states.cut" : "connect.states.more", { count: reading.more })}</caption>
      )}
    </table>
  );
}
