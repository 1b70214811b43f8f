import { SignalValue, loadOf, useLoad, useScope, useText } from "@doppelwerk/kit/studio";
import type { ReactNode } from "react";
import { listBatches, whenAdded } from "./calls.ts";

// #region tab
/** In the inspector: what was drawn of each batch that is measured. */
export default function Tab(): ReactNode {
  const text = useText();
  const { branch } = useScope();
  const { value = [] } = useLoad(loadOf(listBatches, { query: { branch } }, whenAdded));
  const measured = value.filter(({ drawnSignal }) => drawnSignal !== undefined);
  if (measured.length === 0) return <p className="dw-quiet">{text("brewery.tab.empty")}</p>;
  return measured.map(({ id, name, drawnSignal }) => (
    <p key={id}>
      {name}: <SignalValue id={drawnSignal!} />
    </p>
  ));
}
// #endregion
