import { NumberInput } from "@mantine/core";
import type { ReactNode } from "react";

interface MinutesProps {
  readonly label: string;
  readonly value: number;
  readonly max: number;
  readonly onChange: (minutes: number) => void;
}

/** What is no number leaves the value as it was. */
export function MinutesInput({ label, value, max, onChange }: MinutesProps): ReactNode {
  return (
    <NumberInput
      label={label}
      value={value}
      min={0}
      max={max}
      clampBehavior="strict"
      onChange={(next) => {
        if (typeof next === "number") onChange(next);
      }}
    />
  );
}
