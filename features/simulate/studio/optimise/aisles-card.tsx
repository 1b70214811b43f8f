import { Button, NumberInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { LayoutArea } from "@doppelwerk/sim/optimise";
import { Card, useWords } from "@doppelwerk/kit/studio";
import type { LayoutState } from "./use-layout.ts";

/** Areas of the floor that must stay free; a new one crosses its middle, 2 m deep. */
export function AislesCard({ layout: { draft, set, problem } }: { readonly layout: LayoutState }): ReactNode {
  const { t } = useWords();
  const { aisles } = draft;
  return (
    <Card title={t("simulate.optimise.layout.aisle")}>
      {aisles.map((aisle, at) => (
        <AisleFields
          key={at}
          aisle={aisle}
          onChange={(changed) => set({ aisles: aisles.map((held, i) => (i === at ? changed : held)) })}
          onRemove={() => set({ aisles: aisles.filter((_, i) => i !== at) })}
        />
      ))}
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPlus size={14} />}
        disabled={problem === undefined}
        onClick={() => {
          const { x, y, width } = problem!.floor;
          set({ aisles: [...aisles, { x, y, width, depth: 2 }] });
        }}
      >
        {t("simulate.optimise.layout.addAisle")}
      </Button>
    </Card>
  );
}

function AisleFields({
  aisle,
  onChange,
  onRemove,
}: {
  readonly aisle: LayoutArea;
  readonly onChange: (aisle: LayoutArea) => void;
  readonly onRemove: () => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <div className="dw-aisle">
      {(["x", "y", "width", "depth"] as const).map((field) => (
        <NumberInput
          key={field}
          size="xs"
          hideControls
          label={t(`simulate.optimise.layout.aisleFields.${field}`)}
          value={aisle[field]}
          onChange={(value) => value !== "" && onChange({ ...aisle, [field]: Number(value) })}
        />
      ))}
      <Button
        size="compact-xs"
        variant="subtle"
        color="gray"
        aria-label={t("simulate.optimise.blend.remove", { what: t("simulate.optimise.layout.aisle") })}
        onClick={onRemove}
      >
        <IconX size={14} />
      </Button>
    </div>
  );
}
