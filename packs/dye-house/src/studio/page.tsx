import {
  Button,
  Card,
  Empty,
  Failure,
  Group,
  NotReadAgain,
  SegmentedControl,
  Waiting,
  loadOf,
  useLoad,
  useMoment,
  useScope,
  useStudio,
  useTask,
  useText,
} from "@doppelwerk/kit/studio";
import { useState, type ReactNode } from "react";
import { addAlarmRules, batches, byDocuments, figures, overview, passes, setUp, type Overview } from "./calls.ts";
import { BatchDetail } from "./batch-detail.tsx";
import { FigureRow } from "./figure-row.tsx";
import { Gantt, GanttLegend } from "./gantt.tsx";
import { Scene } from "./scene.tsx";
import { WhatIf } from "./what-if.tsx";

const HOUR = 3_600_000_000;
const SPANS = ["12", "24", "72"] as const;
/** The end of the period moves in steps, so that one answer serves for a while. */
const STEP = 300_000_000;
const REFRESH_MS = 15_000;

/** Batches of the dye house by machine, one of them in detail, key figures and what if. */
export default function DyeHousePage(): ReactNode {
  const { branch } = useScope();
  const plant = useLoad(loadOf(overview, { query: { branch } }, byDocuments), { everyMs: REFRESH_MS * 4 });
  return (
    <div className="dw-page dye-house-page">
      <link rel="stylesheet" precedence="pack" href={new URL("./page.css", import.meta.url).href} />
      {plant.value === undefined ? (
        plant.kind === "failed" ? (
          <Failure message={plant.message} onRetry={plant.reload} />
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
      {task.failure !== undefined && <p className="dw-note is-trouble">{task.failure}</p>}
    </Empty>
  );
}

function DyeHouse({ plant, onChanged }: { readonly plant: Overview; readonly onChanged: () => void }): ReactNode {
  const text = useText();
  const { branch } = useScope();
  const { instant, shown } = useMoment();
  const [hours, setHours] = useState<string>("24");
  const [chosen, setChosen] = useState<{ readonly machine: string; readonly from: number } | undefined>(undefined);
  const to = shown ?? (Math.floor(instant() / STEP) + 1) * STEP;
  const query = { branch, from: to - Number(hours) * HOUR, to };
  const found = useLoad(loadOf(batches, { query }), { everyMs: REFRESH_MS });
  const passed = useLoad(loadOf(passes, { query }), { everyMs: REFRESH_MS });
  const key = useLoad(loadOf(figures, { query }), { everyMs: REFRESH_MS });
  const wanted = found.value?.find(({ machine, from }) => machine === chosen?.machine && from === chosen?.from);
  // until one is chosen the newest is shown
  const batch = wanted ?? found.value?.at(-1);
  return (
    <>
      <Group justify="space-between">
        <SegmentedControl
          aria-label={text("dyeHouse.period")}
          value={hours}
          onChange={setHours}
          data={SPANS.map((value) => ({ value, label: text("dyeHouse.hours", { hours: value }) }))}
        />
        <AlarmRulesButton onDone={onChanged} />
      </Group>
      {key.value === undefined ? (
        key.kind === "failed" && <Failure message={key.message} onRetry={key.reload} />
      ) : (
        <>
          <FigureRow figures={key.value} />
          <NotReadAgain loaded={key} />
        </>
      )}
      <Card title={text("dyeHouse.gantt.title")} note={text("dyeHouse.gantt.note")}>
        {found.kind === "failed" && found.value === undefined ? (
          <Failure message={found.message} onRetry={found.reload} />
        ) : (
          <>
            <Gantt
              machines={plant.machines.map(({ name }) => name)}
              ranges={plant.ranges.map(({ name }) => name)}
              batches={found.value ?? []}
              passes={passed.value ?? []}
              from={query.from}
              to={to}
              chosen={batch}
              onChoose={setChosen}
            />
            <GanttLegend />
            {found.value?.length === 0 && <p className="dw-quiet">{text("dyeHouse.gantt.empty")}</p>}
            <NotReadAgain loaded={found} />
            <NotReadAgain loaded={passed} />
          </>
        )}
      </Card>
      {batch !== undefined && <BatchDetail batch={batch} machine={plant.machines.find(({ name }) => name === batch.machine)} />}
      <Scene
        plant={plant}
        batches={found.value ?? []}
        onMachine={(name) => setChosen(found.value?.findLast(({ machine }) => machine === name))}
      />
      <WhatIf machines={plant.machines.map(({ name }) => name)} />
    </>
  );
}

function AlarmRulesButton({ onDone }: { readonly onDone: () => void }): ReactNode {
  const text = useText();
  const { client } = useStudio();
  const { branch } = useScope();
  const [told, setTold] = useState<string | undefined>(undefined);
  const task = useTask(setTold);
  return (
    <Group gap="xs">
      {told !== undefined && <span role="status">{told}</span>}
      <Button
        variant="default"
        loading={task.busy}
        onClick={() =>
          task.run(async () => {
            const { created, kept } = await addAlarmRules(client, { query: { branch }, body: {} });
            setTold(text("dyeHouse.rules.done", { created, kept }));
            onDone();
          })
        }
      >
        {text("dyeHouse.rules.action")}
      </Button>
    </Group>
  );
}
