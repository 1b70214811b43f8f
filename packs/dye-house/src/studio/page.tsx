import {
  Button,
  Card,
  Empty,
  Failure,
  Group,
  KpiFigures,
  NotReadAgain,
  ProposeSetUp,
  SegmentedControl,
  Waiting,
  declaredKpis,
  loadOf,
  useLoad,
  useMoment,
  useScope,
  useStudio,
  useTask,
  useText,
  useWords,
  zoneText,
  TaskProblem,
} from "@doppelwerk/kit/studio";
import { useState, type ReactNode } from "react";
import type { Batch } from "../model/batch.ts";
import { batches, byDocuments, overview, passes, setUp, type Overview } from "./calls.ts";
import { BatchDetail } from "./batch-detail.tsx";
import { DerivationNote, useDerivation } from "./derivation.tsx";
import { Gantt, GanttLegend } from "./gantt.tsx";
import { Scene } from "./scene.tsx";
import { WhatIf } from "./what-if.tsx";

const HOUR = 3_600_000_000;
const SPANS = ["12", "24", "72"] as const;
/** The end of the period moves in steps, so that one answer serves for a while. */
const STEP = 300_000_000;
const REFRESH_MS = 15_000;
/** On a phone a day is too much for names. */
const firstSpan = (): string => (matchMedia("(max-width: 600px)").matches ? "12" : "24");

/** Batches of the dye house by machine, one of them in detail, key figures and what if. */
export default function DyeHousePage(): ReactNode {
  const { branch } = useScope();
  const plant = useLoad(loadOf(overview, { query: { branch } }, byDocuments), { everyMs: REFRESH_MS * 4 });
  return (
    <div className="dw-page dye-house-page">
      <link rel="stylesheet" precedence="pack" href={new URL("./page.css", import.meta.url).href} />
      {plant.value === undefined ? (
        plant.kind === "failed" ? (
          <Failure message={plant.message} code={plant.code} onRetry={plant.reload} />
        ) : (
          <Waiting />
        )
      ) : plant.value.machines.length === 0 ? (
        <SetUp onDone={plant.reload} />
      ) : (
        <DyeHouse plant={plant.value} onChanged={plant.reload} />
      )}
    </div>
  );
}

function SetUp({ onDone }: { readonly onDone: () => void }): ReactNode {
  const text = useText();
  const { client } = useStudio();
  const { branch } = useScope();
  const task = useTask();
  return (
    <Empty title={text("dyeHouse.setUp.title")} text={text("dyeHouse.setUp.text")}>
      <Button
        loading={task.busy}
        onClick={() =>
          task.run(async () => {
            await setUp(client, { query: { branch }, body: {} });
            onDone();
          })
        }
      >
        {text("dyeHouse.setUp.action")}
      </Button>
      <TaskProblem task={task} />
    </Empty>
  );
}

function DyeHouse({ plant, onChanged }: { readonly plant: Overview; readonly onChanged: () => void }): ReactNode {
  const text = useText();
  const { zone } = useWords();
  const { branch } = useScope();
  const { instant, shown } = useMoment();
  const [hours, setHours] = useState<string>(firstSpan);
  const [chosen, setChosen] = useState<{ readonly machine: string; readonly from: number } | undefined>(undefined);
  const ranges = plant.ranges.toSorted((a, b) => orderOf(a) - orderOf(b));
  const to = shown ?? (Math.floor(instant() / STEP) + 1) * STEP;
  const query = { branch, from: to - Number(hours) * HOUR, to };
  const found = useLoad(loadOf(batches, { query }), { everyMs: REFRESH_MS });
  const passed = useLoad(loadOf(passes, { query }), { everyMs: REFRESH_MS });
  const key = useLoad(loadOf(declaredKpis, { query: { from: query.from, to, feature: "dye-house" } }), { everyMs: REFRESH_MS });
  const derived = useDerivation();
  const batchesKnown = (found.value ?? []).filter((one) => derived === undefined || isKnownToNow(one, to));
  // until one is chosen the newest is shown
  const batch = batchesKnown.find((one) => one.machine === chosen?.machine && one.from === chosen.from) ?? batchesKnown.at(-1);
  return (
    <>
      <Group justify="space-between">
        <SegmentedControl
          aria-label={text("dyeHouse.period")}
          value={hours}
          onChange={setHours}
          data={SPANS.map((value) => ({ value, label: text("dyeHouse.hours", { hours: value }) }))}
        />
        <ProposeSetUp feature="dye-house" onProposed={onChanged} />
      </Group>
      <DerivationNote derived={derived} onDone={() => [found, passed, key].forEach(({ reload }) => reload())} />
      {key.value === undefined ? (
        key.kind === "failed" && <Failure message={key.message} code={key.code} onRetry={key.reload} />
      ) : (
        <section className="dye-house-figures" aria-label={text("dyeHouse.figures.title")}>
          <KpiFigures kpis={key.value.kpis} />
          <NotReadAgain loaded={key} />
        </section>
      )}
      <Card title={text("dyeHouse.gantt.title")} note={text("dyeHouse.gantt.note", { zone: zoneText(to, zone) })}>
        {found.kind === "failed" && found.value === undefined ? (
          <Failure message={found.message} code={found.code} onRetry={found.reload} />
        ) : (
          <>
            <Gantt
              machines={plant.machines}
              ranges={ranges}
              batches={batchesKnown}
              passes={passed.value ?? []}
              from={query.from}
              to={to}
              now={Math.min(to, instant())}
              chosen={batch}
              onChoose={setChosen}
            />
            <GanttLegend ranges={ranges} />
            {found.value !== undefined && batchesKnown.length === 0 && <p className="dw-quiet">{text("dyeHouse.gantt.empty")}</p>}
            <NotReadAgain loaded={found} />
            <NotReadAgain loaded={passed} />
          </>
        )}
      </Card>
      {batch !== undefined && <BatchDetail batch={batch} machine={plant.machines.find(({ name }) => name === batch.machine)} />}
      <Scene
        plant={plant}
        batches={batchesKnown}
        onMachine={(name) => setChosen(batchesKnown.findLast(({ machine }) => machine === name))}
      />
      <WhatIf machines={plant.machines.map(({ name }) => name)} />
    </>
  );
}

/** No phase takes so long: while the past is derived, one that began earlier is the last that is known, and not what runs. */
const MAX_PHASE = 4 * HOUR;
const isKnownToNow = (batch: Batch, to: number): boolean => batch.to !== undefined || (batch.phases.at(-1)?.from ?? 0) > to - MAX_PHASE;

/** Goods are washed, then dried and set. */
const orderOf = ({ rangeKind }: Overview["ranges"][number]): number => (rangeKind === "washer" ? 0 : 1);
