import type { ReactNode } from "react";
import type { RawWord, StationReading, WordMeaning } from "@doppelwerk/client";
import { SECOND } from "@doppelwerk/world";
import { DataTable, durationText, useWords, type Column } from "@doppelwerk/kit/studio";
import type { MappingDraft } from "./mapping-draft.ts";
import { ReadAs, WordMeaningChoice } from "./word-row.tsx";

/** A raw word, and the name that the plant gives to it where it is a number. */
function NamedWord({ word, name }: RawWord): ReactNode {
  return (
    <span className="dw-states-named">
      <code className="dw-states-word">{word}</code>
      {name}
    </span>
  );
}

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
  const { t, language } = useWords();
  const shown = new Set(reading.words.map(({ word }) => word));
  // a word that has not stood for long is mapped all the same
  const unseen = new Set(reading.unseen.map(({ word }) => word));
  const silent = Object.entries(reading.versions.at(-1)!.words).flatMap(([word, meaning]): RawWord[] =>
    shown.has(word) || unseen.has(word) ? [] : [{ word, ...meaning, count: 0, seconds: 0, last: 0, by: "mapping", readAs: [] }],
  );
  const open = reading.words.filter(({ by }) => by === "nothing");
  const known = [...reading.words.filter(({ by }) => by !== "nothing"), ...silent, ...reading.unseen];
  if (open.length + known.length === 0) return <p className="dw-quiet">{t("connect.states.nothingSeen")}</p>;
  const columns: readonly Column<RawWord>[] = [
    { title: t("connect.states.word"), sortBy: ({ word }) => word, cell: NamedWord },
    {
      title: t("connect.states.times"),
      isNumber: true,
      sortBy: ({ count }) => count,
      cell: ({ count }) => (count === 0 ? "–" : count),
    },
    {
      title: t("connect.states.stood"),
      isNumber: true,
      sortBy: ({ seconds }) => seconds,
      cell: ({ seconds }) => (seconds === 0 ? "–" : durationText(seconds * SECOND, language)),
    },
    { title: t("connect.states.readAs"), cell: (word) => <ReadAs word={word} /> },
    {
      title: t("connect.states.means"),
      cell: (word) => (
        <WordMeaningChoice
          word={word}
          meaning={draft.words?.[word.word]}
          disabled={!reading.mayEdit}
          onMap={(next) => onMap(word.word, next)}
        />
      ),
    },
  ];
  const rowClass = ({ word, by }: RawWord): string | undefined =>
    draft.words?.[word] !== undefined ? "is-changed" : by === "nothing" ? "is-open" : undefined;
  return (
    <>
      <DataTable
        caption={t("connect.states.wordsOf", { station: reading.station })}
        className="dw-states-words"
        columns={columns}
        rows={[...open, ...known]}
        keyOf={({ word }) => word}
        rowClass={rowClass}
      />
      {(reading.more > 0 || reading.cut) && (
        <p className="dw-quiet">{t(reading.cut ? "connect.states.cut" : "connect.states.more", { count: reading.more })}</p>
      )}
    </>
  );
}
