import { Checkbox, NumberInput } from "@mantine/core";
import type { ReactNode } from "react";
import type { Factor } from "@doppelwerk/client";
import { useWords } from "@doppelwerk/kit/studio";
import type { FactorChoice } from "./request-draft.ts";

/** Whether a factor may change, between which bounds, and what a step of it costs. */
export function FactorBounds({
  factor,
  what,
  choice,
  isPriced,
  onChoose,
  onChange,
}: {
  readonly factor: Factor;
  readonly what: string;
  readonly choice: FactorChoice | undefined;
  readonly isPriced: boolean;
  readonly onChoose: (isChosen: boolean) => void;
  readonly onChange: (choice: FactorChoice) => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <div className={`dw-search-factor ${isPriced ? "is-priced" : ""}`}>
      <Checkbox size="xs" label={what} checked={choice !== undefined} onChange={(event) => onChoose(event.currentTarget.checked)} />
      <span>{factor.value}</span>
      {(["min", "max"] as const).map((end) => (
        <NumberInput
          key={end}
          size="xs"
          hideControls
          aria-label={t(end === "min" ? "simulate.optimise.least" : "simulate.optimise.most", { what })}
          disabled={choice === undefined}
          value={choice?.[end] ?? ""}
          min={factor.min}
          max={factor.max}
          step={factor.step}
          clampBehavior="blur"
          onChange={(value) => choice !== undefined && value !== "" && onChange({ ...choice, [end]: Number(value) })}
        />
      ))}
      {isPriced && (
        <NumberInput
          size="xs"
          hideControls
          aria-label={t("simulate.optimise.price", { what })}
          disabled={choice === undefined}
          value={choice?.price ?? ""}
          onChange={(value) => choice !== undefined && onChange({ ...choice, price: value === "" ? undefined : Number(value) })}
        />
      )}
    </div>
  );
}
