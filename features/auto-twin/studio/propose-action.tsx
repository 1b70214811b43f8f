import type { ReactNode } from "react";
import type { PlantOfAction } from "@doppelwerk/kit/studio";
import type { ProposalRequest } from "../contract.ts";
import { ProposeButton } from "./propose-button.tsx";

/** Beside what connects a plant. */
export default function ProposeAction({
  plant,
  disabled,
  onBegun,
}: {
  readonly plant: PlantOfAction;
  readonly disabled?: boolean;
  readonly onBegun: (id: string) => void;
}): ReactNode {
  return <ProposeButton request={plant as ProposalRequest} disabled={disabled ?? false} onBegun={onBegun} />;
}
