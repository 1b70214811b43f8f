import {
  Card,
  DataTable,
  clockText,
  durationText,
  fixedText,
  loadOf,
  periodText,
  useLoad,
  useScope,
  useText,
  useWords,
} from "@doppelwerk/kit/studio";
import type { ReactNode } from "react";
import type { Batch, PhaseSpan } from "../model/batch.ts";
import type { ProgrammeStep } from "../model/programme.ts";
import { BatchTrend } from "./batch-trend.tsx";
import { programme, type Overview } from "./calls.ts";

const MINUTE = 60_000_000;

/** A batch: its temperature against the programme, and each phase against its recipe. */
export function BatchDetail({
  batch,
  machine,
}: {
  readonly batch: Batch;
  readonly machine: Overview["machines"][number] | undefined;
}): ReactNode {
  const text = useText();
  const { language, zone } = useWords();
  const { branch } = useScope();
  const query = { branch, recipe: batch.recipe, machine: batch.machine, loadKg: batch.loadKg };
  const planned = useLoad(batch.recipe === "" ? undefined : loadOf(programme, { query }));
  const to = batch.to;
  const note =
    to === undefined
      ? text("dyeHouse.batch.runs", { since: clockText(batch.from, zone, false) })
      : periodText(batch.from, to, zone, language);
  return (
    <Card title={[batch.machine, batch.batch || text("dyeHouse.unnamed"), batch.recipe].filter(Boolean).join(" · ")} note={note}>
      <p className="dye-house-sum">
        {text("dyeHouse.batch.load", { load: fixedText(batch.loadKg, 0) })}
        {to !== undefined && (
          <>
            {" · "}
            {text("dyeHouse.batch.took", {
              water: fixedText(batch.waterL / Math.max(1, batch.loadKg), 1),
              steam: fixedText(batch.steamKg / Math.max(1, batch.loadKg), 2),
              ratio: fixedText(batch.liquorRatio, 1),
            })}
          </>
        )}
        {" · "}
        {text("dyeHouse.batch.additions", { count: batch.additions })}
        {batch.inferred && ` · ${text("dyeHouse.batch.inferred")}`}
      </p>
      <BatchTrend batch={batch} machine={machine} />
      {planned.kind === "failed" && <p className="dw-note">{text("dyeHouse.phases.noProgramme", { recipe: batch.recipe })}</p>}
      <PhaseTable phases={batch.phases} planned={planned.value?.steps ?? []} />
    </Card>
  );
}

/** Minutes that a phase may take beyond its recipe before it is marked. */
const LATE_MINUTES = 5;

function PhaseTable({ phases, planned }: { readonly phases: readonly PhaseSpan[]; readonly planned: readonly ProgrammeStep[] }): ReactNode {
  const text = useText();
  const { language, zone } = useWords();
  const minutes = ({ from, to }: PhaseSpan): number | undefined => (to === undefined ? undefined : (to - from) / MINUTE);
  // an addition puts its steps between those of the recipe
  const hasAddition = phases.findIndex(({ phase }) => phase === "addition");
  const planOf = (span: PhaseSpan): ProgrammeStep | undefined =>
    span.step === undefined || (hasAddition >= 0 && phases.indexOf(span) >= hasAddition) ? undefined : planned[span.step - 1];
  return (
    <DataTable
      caption={text("dyeHouse.phases.title")}
      isDense
      maxHeight={320}
      rows={phases}
      keyOf={({ from, phase }) => `${from} ${phase}`}
      rowClass={(row) => ((minutes(row) ?? 0) > (planOf(row)?.minutes ?? Infinity) + LATE_MINUTES ? "is-late" : undefined)}
      columns={[
        { title: text("dyeHouse.phases.step"), cell: ({ step }) => step ?? "", isNumber: true },
        { title: text("dyeHouse.phases.phase"), cell: ({ phase }) => text(`dyeHouse.phase.${phase}`) },
        {
          title: text("dyeHouse.phases.unit"),
          cell: (row) => (planOf(row) === undefined ? "" : text(`dyeHouse.unit.${planOf(row)!.unit}`)),
        },
        { title: text("dyeHouse.phases.from"), cell: ({ from }) => clockText(from, zone) },
        {
          title: text("dyeHouse.phases.took"),
          cell: ({ from, to }) => (to === undefined ? "…" : durationText(to - from, language)),
          isNumber: true,
        },
        {
          title: text("dyeHouse.phases.planned"),
          cell: (row) => (planOf(row) === undefined ? "" : durationText(planOf(row)!.minutes * MINUTE, language)),
          isNumber: true,
        },
        {
          title: text("dyeHouse.phases.to"),
          cell: (row) => (planOf(row)?.to === undefined ? "" : `${planOf(row)!.to} °C`),
          isNumber: true,
        },
      ]}
    />
  );
}
