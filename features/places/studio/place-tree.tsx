import { IconChevronRight } from "@tabler/icons-react";
import { useEffect, useMemo, useRef, useState } from "react";
import type { KeyboardEvent, ReactNode } from "react";
import { inLanguage, ShellMarks, useWords } from "@doppelwerk/kit/studio";
import type { Place } from "../contract.ts";
import { isRoot, placesAbove, treeRows, type TreeRow } from "./tree-rows.ts";

/** Places as a tree (ARIA tree view): arrows, ends, Enter, and the beginning of a name. */
export function PlaceTree({
  places,
  text,
  current,
  onChoose,
}: {
  readonly places: readonly Place[];
  /** What is searched for; "" = nothing. */
  readonly text: string;
  readonly current: string | undefined;
  readonly onChoose: (place: Place) => void;
}): ReactNode {
  const { t, language } = useWords();
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(openAtFirst(places, current)));
  const [active, setActive] = useState(current);
  const host = useRef<HTMLUListElement>(null);
  const { rows, more } = useMemo(() => treeRows(places, open, text), [places, open, text]);
  const at = Math.max(
    0,
    rows.findIndex(({ place }) => place.id === active),
  );
  const activeId = rows[at]?.place.id;
  useEffect(() => {
    host.current?.querySelector("[data-active]")?.scrollIntoView?.({ block: "nearest" });
  }, [activeId]);
  const toggle = (id: string, isOpen: boolean): void =>
    setOpen((held) => new Set(isOpen ? [...held, id] : [...held].filter((other) => other !== id)));
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = stepOf(event.key, { rows, at, toggle, language });
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (step === "choose") onChoose(rows[at]!.place);
    else if (typeof step === "number") setActive(rows[Math.min(rows.length - 1, Math.max(0, step))]?.place.id);
  };
  if (rows.length === 0) return <p className="dw-quiet dw-place-none">{t("places.tree.none")}</p>;
  return (
    <>
      <ul
        ref={host}
        className="dw-place-tree"
        role="tree"
        tabIndex={0}
        data-own-keys
        aria-label={t("places.tree.title")}
        aria-activedescendant={activeId === undefined ? undefined : rowId(activeId)}
        onKeyDown={onKeyDown}
      >
        {rows.map((row) => (
          <PlaceRow
            key={row.place.id}
            row={row}
            isActive={row.place.id === activeId}
            isCurrent={row.place.id === current}
            onChoose={() => onChoose(row.place)}
            onToggle={() => toggle(row.place.id, !row.isOpen)}
          />
        ))}
      </ul>
      {more > 0 && <p className="dw-quiet">{t("places.tree.more", { count: more })}</p>}
    </>
  );
}

function PlaceRow({
  row: { place, depth, hasChildren, isOpen },
  isActive,
  isCurrent,
  onChoose,
  onToggle,
}: {
  readonly row: TreeRow;
  readonly isActive: boolean;
  readonly isCurrent: boolean;
  readonly onChoose: () => void;
  readonly onToggle: () => void;
}): ReactNode {
  const { t, language } = useWords();
  return (
    <li
      id={rowId(place.id)}
      role="treeitem"
      aria-level={depth + 1}
      aria-expanded={hasChildren ? isOpen : undefined}
      aria-selected={isCurrent}
      data-active={isActive ? "" : undefined}
      className={isCurrent ? "is-current" : undefined}
      style={{ paddingLeft: 4 + depth * 16 }}
      onClick={onChoose}
    >
      <span
        className={`dw-place-toggle ${isOpen ? "is-open" : ""}`}
        aria-hidden
        onClick={(event) => {
          if (!hasChildren) return;
          event.stopPropagation();
          onToggle();
        }}
      >
        {hasChildren && <IconChevronRight size={14} />}
      </span>
      <span className="dw-place-name">{inLanguage(place.title, language)}</span>
      <ShellMarks shell={place.shell} isBrief />
      <small>{t(`places.kind.${place.kind}`)}</small>
    </li>
  );
}

function rowId(place: string): string {
  return `place-${place}`;
}

/** The roots and what is above the current place; everything above stations where that is little. */
function openAtFirst(places: readonly Place[], current: string | undefined): readonly string[] {
  const roots = places.filter(isRoot).map(({ id }) => id);
  const upper = places.filter(({ kind }) => kind === "enterprise" || kind === "site" || kind === "area").map(({ id }) => id);
  return [...roots.slice(0, 20), ...(upper.length <= 40 ? upper : []), ...placesAbove(places, current)];
}

interface Keys {
  readonly rows: readonly TreeRow[];
  readonly at: number;
  readonly toggle: (id: string, isOpen: boolean) => void;
  readonly language: "en" | "zh";
}

/** The index that a key leads to, `choose`, `done` for what it did itself; undefined = it is none of the tree's. */
function stepOf(key: string, { rows, at, toggle, language }: Keys): number | "choose" | "done" | undefined {
  const row = rows[at];
  if (row === undefined) return undefined;
  if (key === "ArrowDown") return at + 1;
  if (key === "ArrowUp") return at - 1;
  if (key === "Home") return 0;
  if (key === "End") return rows.length - 1;
  if (key === "PageDown") return at + 10;
  if (key === "PageUp") return at - 10;
  if (key === "Enter" || key === " ") return "choose";
  if (key === "ArrowRight" && row.hasChildren && row.isOpen) return at + 1;
  if (key === "ArrowRight" || key === "ArrowLeft") return stepAcross(key, rows, at, toggle);
  if (key.length !== 1) return undefined;
  const starts = ({ place }: TreeRow): boolean => inLanguage(place.title, language).toLowerCase().startsWith(key.toLowerCase());
  const next = [...rows.keys()].map((index) => (at + 1 + index) % rows.length).find((index) => starts(rows[index]!));
  return next ?? "done";
}

function stepAcross(key: "ArrowLeft" | "ArrowRight", rows: readonly TreeRow[], at: number, toggle: Keys["toggle"]): number | "done" {
  const { place, isOpen, hasChildren, depth } = rows[at]!;
  if (hasChildren && (key === "ArrowRight") !== isOpen) {
    toggle(place.id, !isOpen);
    return "done";
  }
  if (key === "ArrowRight") return "done";
  const above = rows.slice(0, at).findLastIndex((row) => row.depth < depth);
  return above < 0 ? "done" : above;
}
