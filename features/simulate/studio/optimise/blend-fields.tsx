import { ActionIcon, NumberInput } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useWords } from "@doppelwerk/kit/studio";

interface NumberCellProps {
  readonly label: string;
  readonly value: number | undefined;
  readonly onChange: (value: number | undefined) => void;
}

/** A number in a table; empty is undefined. */
export function NumberCell({ label, value, onChange }: NumberCellProps): ReactNode {
  return (
    <NumberInput
      size="xs"
      hideControls
      aria-label={label}
      value={value ?? ""}
      onChange={(next) => onChange(next === "" ? undefined : Number(next))}
    />
  );
}

/** A share, shown and typed in percent. */
export function PercentCell({ label, value, onChange }: NumberCellProps): ReactNode {
  return (
    <NumberCell
      label={label}
      value={value === undefined ? undefined : Number((100 * value).toPrecision(8))}
      onChange={(next) => onChange(next === undefined ? undefined : next / 100)}
    />
  );
}

export function RemoveButton({ what, onClick }: { readonly what: string; readonly onClick: () => void }): ReactNode {
  const { t } = useWords();
  return (
    <ActionIcon variant="subtle" color="gray" size={26} aria-label={t("simulate.optimise.blend.remove", { what })} onClick={onClick}>
      <IconX size={14} />
    </ActionIcon>
  );
}
