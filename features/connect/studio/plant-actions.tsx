import type { ReactNode } from "react";
import { connectAction, useStudio, ViewOutlet, type PlantOfAction } from "@doppelwerk/kit/studio";

/** What other features do with a plant, beside connecting it. */
export function PlantActions({
  plant,
  disabled = false,
  onBegun,
}: {
  readonly plant: PlantOfAction;
  readonly disabled?: boolean;
  readonly onBegun: (id: string) => void;
}): ReactNode {
  const studio = useStudio();
  return studio.views.of(connectAction).map((action) => <ViewOutlet key={action.id} view={action} props={{ plant, disabled, onBegun }} />);
}
