import { Failure, loadOf, SignalValue, useLoad, useScope, useSignal, useText, Waiting } from "@doppelwerk/kit/studio";
import { Fragment, type ReactNode } from "react";
import { byDocuments, overview, type Overview } from "./calls.ts";

/** Machines and tanks of the dye house with their present values, in the inspector. */
export default function DyeHouseTab(): ReactNode {
  const text = useText();
  const { branch, subject } = useScope();
  const plant = useLoad(loadOf(overview, { query: { branch } }, byDocuments));
  const { machines = [], tanks = [] } = plant.value ?? {};
  const own = machines.filter(({ shell, name }) => shell === subject || name === subject);
  const shown = own.length > 0 ? own : machines;
  if (plant.value === undefined)
    return plant.kind === "failed" ? <Failure message={plant.message} code={plant.code} onRetry={plant.reload} /> : <Waiting />;
  if (machines.length === 0) return <p className="dw-quiet">{text("dyeHouse.tab.empty")}</p>;
  return (
    <>
      <link rel="stylesheet" precedence="pack" href={new URL("./tab.css", import.meta.url).href} />
      {shown.map((machine) => (
        <MachineFacts key={machine.name} machine={machine} />
      ))}
      <dl className="dye-house-facts" aria-label={text("dyeHouse.tab.tanks")}>
        <dt className="is-head">{text("dyeHouse.tab.tanks")}</dt>
        <dd />
        {tanks.map(({ name, levelSignal }) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{levelSignal !== undefined && <SignalValue id={levelSignal} />}</dd>
          </Fragment>
        ))}
      </dl>
    </>
  );
}

/** What a machine does now; of one without a batch the deviation from a programme means nothing. */
function MachineFacts({ machine }: { readonly machine: Overview["machines"][number] }): ReactNode {
  const text = useText();
  const { name, batchSignal, temperatureSignal, deviationSignal } = machine;
  const batch = useSignal(batchSignal).value;
  const isIdle = batch?.value === "";
  return (
    <dl className="dye-house-facts" aria-label={name}>
      <dt className="is-head">{name}</dt>
      <dd>
        {isIdle ? (
          <span className="dw-quiet">{text("dyeHouse.tab.idle")}</span>
        ) : (
          batchSignal !== undefined && <SignalValue id={batchSignal} />
        )}
      </dd>
      <dt>{text("dyeHouse.trend.temperature")}</dt>
      <dd>{temperatureSignal !== undefined && <SignalValue id={temperatureSignal} />}</dd>
      {!isIdle && (
        <>
          <dt>{text("dyeHouse.trend.deviation")}</dt>
          <dd>{deviationSignal !== undefined && <SignalValue id={deviationSignal} />}</dd>
        </>
      )}
    </dl>
  );
}
