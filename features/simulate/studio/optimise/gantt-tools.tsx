import { ActionIcon, SegmentedControl, Tooltip } from "@mantine/core";
import { IconArrowBackUp, IconArrowForwardUp, IconLock, IconLockOpen, IconZoomIn, IconZoomOut, IconZoomScan } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useWords } from "@doppelwerk/kit/studio";
import type { GanttLayout } from "./gantt-layout.ts";
import type { GanttZoom } from "./use-gantt-zoom.ts";
import type { PlanState } from "./use-plan.ts";

/** Rows by machine or by order, steps back and forth, the lock of the selected operation, and the scale. */
export function GanttTools({
  state,
  by,
  onBy,
  selected,
  zoom,
}: {
  readonly state: PlanState;
  readonly by: GanttLayout["by"];
  readonly onBy: (by: GanttLayout["by"]) => void;
  readonly selected: number | undefined;
  readonly zoom: GanttZoom;
}): ReactNode {
  const { t } = useWords();
  const isLocked = selected !== undefined && state.plan.locked[selected] !== undefined;
  return (
    <>
      <SegmentedControl
        size="xs"
        value={by}
        onChange={(next) => onBy(next as typeof by)}
        data={[
          { value: "machine", label: t("simulate.optimise.gantt.byMachine") },
          { value: "job", label: t("simulate.optimise.gantt.byJob") },
        ]}
      />
      <Tool label={t("simulate.optimise.gantt.undo")} disabled={!state.canUndo} onClick={state.undo} icon={<IconArrowBackUp size={16} />} />
      <Tool
        label={t("simulate.optimise.gantt.redo")}
        disabled={!state.canRedo}
        onClick={state.redo}
        icon={<IconArrowForwardUp size={16} />}
      />
      <Tool
        label={t(isLocked ? "simulate.optimise.gantt.unlock" : "simulate.optimise.gantt.lockHint")}
        disabled={selected === undefined}
        onClick={() => selected !== undefined && state.lock(selected)}
        icon={isLocked ? <IconLockOpen size={16} /> : <IconLock size={16} />}
      />
      <Tool label={t("simulate.optimise.gantt.zoomOut")} onClick={zoom.out} icon={<IconZoomOut size={16} />} />
      <Tool label={t("simulate.optimise.gantt.zoomIn")} onClick={zoom.in} icon={<IconZoomIn size={16} />} />
      <Tool label={t("simulate.optimise.gantt.fit")} onClick={zoom.fit} icon={<IconZoomScan size={16} />} />
    </>
  );
}

function Tool({
  label,
  icon,
  disabled = false,
  onClick,
}: {
  readonly label: string;
  readonly icon: ReactNode;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}): ReactNode {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="default" size={30} aria-label={label} disabled={disabled} onClick={onClick}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}
