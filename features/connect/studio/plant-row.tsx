import { Checkbox } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { PresentValue } from "@doppelwerk/client";
import type { PlantNode, Ticked } from "./plant-tree.ts";

/** One row of the tree of a plant: a folder with its count, or a value with what it is now. `top` in pixels. */
export function PlantRow({
  row,
  top,
  isOpen,
  ticked,
  value,
  onOpen,
  onTick,
}: {
  readonly row: PlantNode;
  readonly top: number;
  readonly isOpen: boolean;
  readonly ticked: Ticked;
  readonly value: PresentValue | undefined;
  readonly onOpen: () => void;
  readonly onTick: ((on: boolean) => void) | undefined;
}): ReactNode {
  const { draft, children, name, depth, addresses } = row;
  const folder = children.length > 0;
  return (
    <div
      className="dw-look-row"
      role="treeitem"
      aria-expanded={folder ? isOpen : undefined}
      style={{ top, paddingLeft: 4 + Math.min(depth, 8) * 16 }}
    >
      {folder ? (
        <button type="button" className="dw-look-open" onClick={onOpen} aria-label={name}>
          {isOpen ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
        </button>
      ) : (
        <span className="dw-look-open" />
      )}
      {onTick !== undefined && (
        <Checkbox
          size="xs"
          checked={ticked === "all"}
          indeterminate={ticked === "some"}
          aria-label={name}
          onChange={(event) => onTick(event.currentTarget.checked)}
        />
      )}
      <span
        className={folder ? "dw-look-name is-folder" : "dw-look-name"}
        title={draft?.address ?? name}
        onDoubleClick={folder ? onOpen : undefined}
      >
        {name}
        {draft !== undefined && draft.name !== name && <small>{draft.name}</small>}
      </span>
      {draft === undefined ? (
        <span className="dw-look-count">{addresses.length}</span>
      ) : (
        <span className={value !== undefined && value.quality !== 0 ? "dw-look-value is-poor" : "dw-look-value"}>
          {shownValue(value, draft)} {draft.unit !== undefined && <small>{draft.unit}</small>}
        </span>
      )}
    </div>
  );
}

function shownValue(value: PresentValue | undefined, draft: NonNullable<PlantNode["draft"]>): string {
  const now = value?.value;
  if (now === undefined) return draft.example ?? "";
  const named = typeof now === "number" ? draft.enumeration?.find((each) => each.value === now)?.name : undefined;
  if (named !== undefined) return named;
  return typeof now === "number" && !Number.isInteger(now) ? String(Number(now.toPrecision(6))) : String(now).slice(0, 60);
}
