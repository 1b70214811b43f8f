import { Checkbox } from "@mantine/core";
import type { ReactNode } from "react";
import { Card, useWords } from "@doppelwerk/kit/studio";
import type { LayoutState } from "./use-layout.ts";
import { useMachineLabel } from "./use-machine-label.ts";

/** Which machines must stay where they are. */
export function FixedMachinesCard({ layout: { given, draft, set } }: { readonly layout: LayoutState }): ReactNode {
  const { t } = useWords();
  const labelOf = useMachineLabel();
  const fix = (id: string, isFixed: boolean): void =>
    set({ fixed: isFixed ? new Set([...draft.fixed, id]) : new Set([...draft.fixed].filter((other) => other !== id)) });
  return (
    <Card title={t("simulate.optimise.layout.fixed")}>
      <div className="dw-layout-fixed">
        {(given?.machines ?? []).map((machine) => (
          <Checkbox
            key={machine.id}
            size="xs"
            label={labelOf(machine)}
            checked={machine.fixed === true || draft.fixed.has(machine.id)}
            disabled={machine.fixed === true}
            onChange={(event) => fix(machine.id, event.currentTarget.checked)}
          />
        ))}
      </div>
    </Card>
  );
}
