import { Card, DataTable, SignalValue, loadOf, numberText, useLoad, useScope, useText } from "@doppelwerk/kit/studio";
import type { ReactNode } from "react";
import { listBatches, whenAdded } from "./calls.ts";
import { NewBatch } from "./new-batch.tsx";
import { Tanks } from "./tanks.tsx";

// #region page
/** All batches with their present values, a form for another one, and their tanks in 3D. */
export default function Page(): ReactNode {
  const text = useText();
  const { branch } = useScope();
  const batches = useLoad(loadOf(listBatches, { query: { branch } }, whenAdded));
  return (
    <div className="dw-page">
      <Card title={text("brewery.page.title")}>
        <DataTable
          caption={text("brewery.page.title")}
          rows={batches.value ?? []}
          loaded={batches}
          empty={text("brewery.page.empty")}
          keyOf={({ id }) => id}
          columns={[
            { title: text("brewery.name"), cell: ({ name }) => name },
            { title: text("brewery.litres"), cell: ({ litres }) => numberText(litres), isNumber: true },
            { title: text("brewery.level"), cell: ({ levelSignal }) => levelSignal && <SignalValue id={levelSignal} />, isNumber: true },
            { title: text("brewery.drawn"), cell: ({ drawnSignal }) => drawnSignal && <SignalValue id={drawnSignal} />, isNumber: true },
          ]}
        />
      </Card>
      <NewBatch />
      <Tanks batches={batches.value ?? []} />
    </div>
  );
}
// #endregion
