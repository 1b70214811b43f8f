import { VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";
import { useWords } from "../session/context.tsx";
import { fixedText, signedText } from "./number.ts";
import { targetState, type KpiTarget } from "./target-state.ts";

/** Not by colour alone: a shape of its own for each. */
const SHAPES = { met: "●", near: "▲", missed: "◆" } as const;

/** The target of a KPI beside it, with how far it is from it. `factor` 100: of a ratio in percent. */
export function TargetMark({
  value,
  target,
  factor = 1,
  digits = 0,
  isShort = false,
}: {
  readonly value: number | undefined;
  readonly target: KpiTarget | undefined;
  readonly factor?: number;
  readonly digits?: number;
  /** The deviation alone; the target is read on hover. */
  readonly isShort?: boolean;
}): ReactNode {
  const { t } = useWords();
  if (target === undefined) return null;
  const unit = factor === 100 ? "\u202f%" : "";
  const goal = t("kpi.target", { target: `${fixedText(target.target * factor, digits)}${unit}` });
  if (value === undefined) return isShort ? null : <small className="dw-target">{goal}</small>;
  const { standing, deviation } = targetState(value, target);
  const word = t(`kpi.standing.${standing}`);
  return (
    <small className={`dw-target is-${standing}`} title={`${goal}: ${word}`}>
      {!isShort && <span>{goal}</span>}
      <span className="dw-target-deviation">
        <i aria-hidden>{SHAPES[standing]}</i> {signedText(deviation * factor, digits)}
      </span>
      <VisuallyHidden>{word}</VisuallyHidden>
    </small>
  );
}
