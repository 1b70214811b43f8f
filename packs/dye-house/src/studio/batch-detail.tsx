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
  zoneText,
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
      ? text("dyeHouse.batch.runs", { since: `${clockText(batch.from, zone, false)} ${zoneText(batch.from, zone)}` })
      : `${periodText(batch.from, to, zone, language)} ${zoneText(to, zone)}`;
  const plannedMinutes = planned.value?.minutes;
  return (
    <Card title={[batch.machine, batch.batch || text("dyeHouse.unnamed"), batch.recipe].filter(Boolean).join(" · ")} note={note}>
      <p className="dye-house-sum">
        {text("dyeHouse.batch.load", { load: fixedText(batch.loadKg, 0) })}
        {to !== undefined && ` · ${text("dyeHouse.batch.duration", { took: durationText(to - batch.from, language) })}`}
        {plannedMinutes !== undefined &&
          ` · ${text("dyeHouse.batch.planned", { planned: durationText(plannedMinutes * MINUTE, language) })}`}
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

/** `+3 min`, `−40 s`; nothing where it is as planned to half a minute, or not known. */
function deviationText(took: number | undefined, planned: number | undefined, language: "en" | "zh"): string {
  if (took === undefined || planned === undefined || Math.abs(took - planned) < 0.5) return "";
  return `${took > planned ? "+" : "−"}${durationText(Math.abs(took - planned) * MINUTE, language)}`;
}

/** Columns that a phone has no room for. */
const NARROW = "(max-width: 600px)";

/** Minutes that a phase may take beyond its recipe before it is marked. */
const LATE_MINUTES = 5;

function PhaseTable({ phases, planned }: { readonly phases: readonly PhaseSpan[]; readonly planned: readonly ProgrammeStep[] }): ReactNode {
  const text = useText();
  const { language, zone } = useWords();
  const minutes = ({ from, to }: PhaseSpan): number | undefined => (to === undefined ? undefined : (to - from) / MINUTE);
  const isNarrow = matchMedia(NARROW).matches;
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
        ...(isNarrow
          ? []
          : [
              {
                title: text("dyeHouse.phases.unit"),
                cell: (row: PhaseSpan) => (planOf(row) === undefined ? "" : text(`dyeHouse.unit.${planOf(row)!.unit}`)),
              },
              {
                title: `${text("dyeHouse.phases.from")}, ${zoneText(phases[0]?.from ?? 0, zone)}`,
                cell: ({ from }: PhaseSpan) => clockText(from, zone),
              },
            ]),
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
          title: text("dyeHouse.phases.late"),
          cell: (row) => deviationText(minutes(row), planOf(row)?.minutes, language),
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
