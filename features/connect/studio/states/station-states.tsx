import * as calls from "../../calls.ts";
import type { ReactNode } from "react";
import type { StationReading } from "@doppelwerk/client";
import { answerOf, Card, Failure, momentText, useLoad, useWords, TaskProblem } from "@doppelwerk/kit/studio";
import { Effect } from "./effect.tsx";
import { MappingBits } from "./mapping-bits.tsx";
import { MappingTerms } from "./mapping-terms.tsx";
import { MappingVersions } from "./mapping-versions.tsx";
import { RoleSignals } from "./role-signals.tsx";
import { useMapping, type Mapping } from "./use-mapping.ts";
import { WordsTable } from "./words-table.tsx";

/** One station: its raw words with how often and how long they stood, what each means, and what another meaning would change before it is kept. */
export function StationStates({
  station,
  days,
  onChanged,
}: {
  readonly station: string;
  readonly days: number;
  readonly onChanged: () => void;
}): ReactNode {
  const { t } = useWords();
  const read = useLoad(answerOf(calls.stationStates, { params: { station }, query: { days } }));
  if (read.value !== undefined) {
    const reload = (): void => {
      read.reload();
      onChanged();
    };
    return <StationMapping station={station} reading={read.value} onStored={reload} onDeclared={read.reload} />;
  }
  if (read.kind === "failed") return <Failure message={read.message} code={read.code} onRetry={read.reload} />;
  return <p className="dw-quiet">{t("connect.states.looking")}</p>;
}

function StationMapping({
  station,
  reading,
  onStored,
  onDeclared,
}: {
  readonly station: string;
  readonly reading: StationReading;
  readonly onStored: () => void;
  readonly onDeclared: () => void;
}): ReactNode {
  const { t, language, zone } = useWords();
  const mapping = useMapping(station, reading, onStored);
  const newest = reading.versions.at(-1);
  const written = newest?.written && {
    version: newest.version,
    name: newest.written.name,
    when: momentText(newest.written.at, zone, language, false),
  };
  const days = t("connect.states.wordsNote", { from: momentText(reading.from, zone, language, false) });
  return (
    <div className="dw-states-one">
      <Card
        title={t("connect.states.wordsOf", { station })}
        note={written === undefined ? days : `${days} · ${t("connect.states.current", written)}`}
      >
        {reading.signal === null ? (
          <p className="dw-quiet">{t("connect.states.noWord")}</p>
        ) : (
          <MappingForm station={station} reading={reading} mapping={mapping} />
        )}
      </Card>
      <MappingVersions versions={reading.versions} onUndo={reading.mayEdit ? mapping.undo : undefined} />
      <RoleSignals signals={reading.signals} mayAdminister={reading.mayAdminister} onSaved={onDeclared} />
    </div>
  );
}

function MappingForm({
  station,
  reading,
  mapping,
}: {
  readonly station: string;
  readonly reading: StationReading;
  readonly mapping: Mapping;
}): ReactNode {
  const { draft, terms, count, isReady, task } = mapping;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) mapping.save();
      }}
    >
      <WordsTable reading={reading} draft={draft} onMap={mapping.setWord} />
      <MappingBits stored={reading.versions.at(-1)!} draft={draft} disabled={!reading.mayEdit} onChange={mapping.setBit} />
      {count > 0 && <MappingTerms mapping={mapping} disabled={!reading.mayEdit} />}
      {isReady && terms.since !== "now" && <Effect station={station} edit={mapping.edit} />}
      <TaskProblem task={task} />
    </form>
  );
}
