import { loadOf, SignalValue, useLoad, useScope, useText } from "@doppelwerk/kit/studio";
import type { ReactNode } from "react";
import { byDocuments, overview } from "./calls.ts";

/** Machines and tanks of the dye house with their present values, in the inspector. */
export default function DyeHouseTab(): ReactNode {
  const text = useText();
  const { branch, subject } = useScope();
  const plant = useLoad(loadOf(overview, { query: { branch } }, byDocuments));
  const { machines = [], tanks = [] } = plant.value ?? {};
  const own = machines.filter(({ shell, name }) => shell === subject || name === subject);
  const shown = own.length > 0 ? own : machines;
  if (machines.length === 0) return <p className="dw-quiet">{text("dyeHouse.tab.empty")}</p>;
  return (
    <>
      {shown.map(({ name, batchSignal, temperatureSignal, deviationSignal }) => (
        <dl key={name} className="dye-house-facts" aria-label={name}>
          <dt>{name}</dt>
          <dd>{batchSignal !== undefined && <SignalValue id={batchSignal} />}</dd>
          <dt>{text("dyeHouse.trend.temperature")}</dt>
          <dd>{temperatureSignal !== undefined && <SignalValue id={temperatureSignal} />}</dd>
          <dt>{text("dyeHouse.trend.deviation")}</dt>
          <dd>{deviationSignal !== undefined && <SignalValue id={deviationSignal} />}</dd>
        </dl>
      ))}
      <dl className="dye-house-facts" aria-label={text("dyeHouse.tab.tanks")}>
        {tanks.map(({ name, levelSignal }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{levelSignal !== undefined && <SignalValue id={levelSignal} />}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
