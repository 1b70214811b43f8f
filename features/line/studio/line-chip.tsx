import type { ReactNode } from "react";
import { useWords } from "@doppelwerk/kit/studio";
import { LineChooser } from "./line-chooser.tsx";
import { useKpiLine } from "./use-kpi-line.ts";
import type {} from "../message-codes.ts";
import "./line-chip.css";

/** The line in one line: constraint, takt against actual, work in process with its error. */
export default function LineChip(): ReactNode {
  const { t } = useWords();
  const facts = useKpiLine();
  if (facts === undefined) return null;
  return (
    <div className="dw-line-chip">
      <LineChooser className="dw-line-chip-chooser" />
      {facts.map((fact) => (
        <span key={fact.label}>
          {t(fact.label)} <b>{fact.value}</b>
        </span>
      ))}
    </div>
  );
}
