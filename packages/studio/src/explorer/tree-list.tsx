import { UnstyledButton } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import {
  IconAbc,
  IconArrowsExchange,
  IconBox,
  IconBraces,
  IconChevronDown,
  IconChevronRight,
  IconFile,
  IconFolder,
  IconFunction,
  IconLanguage,
  IconLink,
  IconList,
  IconBolt,
  IconComponents,
  IconRulerMeasure,
  IconStar,
  IconStack2,
} from "@tabler/icons-react";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { KeyboardEvent, ReactNode } from "react";
import { useWords } from "../session/context.tsx";
import type { ExplorerMoves } from "./explorer.tsx";
import { textIn } from "./meaning.ts";
import type { ExplorerPlace } from "./place.ts";
import { windowOf } from "./shell-tree.ts";
import type { ShellTree, TreeRow } from "./shell-tree.ts";

const icons: Readonly<Record<string, typeof IconAbc>> = {
  Property: IconAbc,
  MultiLanguageProperty: IconLanguage,
  Range: IconRulerMeasure,
  File: IconFile,
  Blob: IconFile,
  ReferenceElement: IconLink,
  RelationshipElement: IconArrowsExchange,
  AnnotatedRelationshipElement: IconArrowsExchange,
  Entity: IconComponents,
  Operation: IconFunction,
  Capability: IconStar,
  BasicEventElement: IconBolt,
  SubmodelElementCollection: IconFolder,
  SubmodelElementList: IconList,
};

/** The sign of a kind of element. */
export function ElementIcon({ modelType }: { readonly modelType: string | undefined }): ReactNode {
  const Icon = icons[modelType ?? ""] ?? IconBraces;
  return <Icon size={15} stroke={1.6} aria-hidden />;
}

/** The rows of the tree of which only those on the screen are painted. */
export function TreeList({
  tree,
  rows,
  place,
  moves,
}: {
  readonly tree: ShellTree;
  readonly rows: readonly TreeRow[];
  readonly place: ExplorerPlace;
  readonly moves: ExplorerMoves;
  readonly onReload: () => void;
}): ReactNode {
  const { t } = useWords();
  const phone = useMediaQuery("(max-width: 700px)") ?? false;
  const rowHeight = phone ? 44 : 28;
  const host = useRef<HTMLDivElement>(null);
  const [scrolled, setScrolled] = useState(0);
  const [height, setHeight] = useState(600);
  const [active, setActive] = useState<string | undefined>(undefined);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(([entry]) => setHeight(entry!.contentRect.height));
    observer.observe(host.current!);
    return () => observer.disconnect();
  }, []);
  const { from, to, more } = windowOf(rows.length, rowHeight, scrolled, height);
  useEffect(() => {
    if (more && tree.state === "partly") void tree.more();
  });
  const selected = rows.findIndex((row) => isAt(row, place));
  const selectedKey = rows[selected]?.key;
  // What a link or a click selects is brought into view once.
  useEffect(() => {
    if (selected < 0) return;
    const [top, element] = [selected * rowHeight, host.current!];
    if (top < element.scrollTop || top + rowHeight > element.scrollTop + element.clientHeight)
      element.scrollTop = Math.max(0, top - element.clientHeight / 3);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- only when another row is selected
  }, [selectedKey]);
  const choose = (row: TreeRow): void => {
    if (row.kind === "note") return;
    setActive(row.key);
    const { mode, find, query } = place;
    moves.go({
      mode,
      ...(find !== undefined && { find }),
      ...(query !== undefined && { query }),
      ...(row.shell !== undefined && { shell: row.shell }),
      ...(row.submodel !== undefined && { submodel: row.submodel }),
      ...(row.path !== undefined && { path: row.path }),
    });
    if (!row.open) void tree.open(row);
  };
  const toggle = (row: TreeRow): void => (row.open ? tree.close(row.key) : void tree.open(row));
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = Math.max(
      0,
      rows.findIndex((row) => row.key === (active ?? selectedKey)),
    );
    const row = rows[at];
    const moveTo = (index: number): void => {
      const next = Math.min(rows.length - 1, Math.max(0, index));
      setActive(rows[next]?.key);
      const element = host.current!;
      if (next * rowHeight < element.scrollTop) element.scrollTop = next * rowHeight;
      if ((next + 1) * rowHeight > element.scrollTop + element.clientHeight)
        element.scrollTop = (next + 1) * rowHeight - element.clientHeight;
    };
    const page = Math.max(1, Math.floor(height / rowHeight) - 1);
    const steps: Readonly<Record<string, () => void>> = {
      ArrowDown: () => moveTo(at + 1),
      ArrowUp: () => moveTo(at - 1),
      PageDown: () => moveTo(at + page),
      PageUp: () => moveTo(at - page),
      Home: () => moveTo(0),
      End: () => moveTo(rows.length - 1),
      ArrowRight: () => row !== undefined && (row.open ? moveTo(at + 1) : void tree.open(row)),
      ArrowLeft: () => {
        if (row?.open === true) tree.close(row.key);
        else moveTo(rows.slice(0, at).findLastIndex((above) => above.depth < (row?.depth ?? 0)));
      },
      Enter: () => row !== undefined && choose(row),
      " ": () => row !== undefined && choose(row),
    };
    const step = steps[event.key];
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    step();
  };
  return (
    <div
      ref={host}
      className="dw-tree-list"
      role="tree"
      tabIndex={0}
      data-own-keys
      aria-label={t("explorer.tree")}
      aria-activedescendant={active === undefined ? undefined : rowId(active)}
      onScroll={(event) => setScrolled(event.currentTarget.scrollTop)}
      onKeyDown={onKeyDown}
    >
      <div style={{ height: rows.length * rowHeight, position: "relative" }}>
        {rows.slice(from, to).map((row, index) => (
          <Row
            key={row.key}
            row={row}
            top={(from + index) * rowHeight}
            height={rowHeight}
            selected={row.key === selectedKey}
            active={row.key === active}
            onChoose={() => choose(row)}
            onToggle={() => toggle(row)}
          />
        ))}
      </div>
    </div>
  );
}

function rowId(key: string): string {
  return `tree-${encodeURIComponent(key)}`;
}

function isAt(row: TreeRow, place: ExplorerPlace): boolean {
  return (
    row.kind !== "note" &&
    row.shell === place.shell &&
    row.submodel === place.submodel &&
    row.path === place.path &&
    (row.shell !== undefined || row.submodel !== undefined)
  );
}

function Row({
  row,
  top,
  height,
  selected,
  active,
  onChoose,
  onToggle,
}: {
  readonly row: TreeRow;
  readonly top: number;
  readonly height: number;
  readonly selected: boolean;
  readonly active: boolean;
  readonly onChoose: () => void;
  readonly onToggle: () => void;
}): ReactNode {
  const { t, language } = useWords();
  const style = { top, height, paddingLeft: 4 + row.depth * 14 };
  if (row.kind === "note")
    return (
      <div className="dw-tree-row is-note" style={style} title={row.label}>
        <span className="dw-leaf" />
        {row.note === "failed" || row.note === "missing"
          ? t(`explorer.note.${row.note}`, { what: row.label })
          : t(`explorer.note.${row.note}`)}
      </div>
    );
  const name = textIn(row.names, language);
  return (
    <div
      id={rowId(row.key)}
      role="treeitem"
      aria-level={row.depth + 1}
      aria-selected={selected}
      {...(row.opens && { "aria-expanded": row.open })}
      className={`dw-tree-row ${selected ? "is-on" : ""} ${active ? "is-active" : ""}`}
      style={style}
      onClick={onChoose}
      title={row.path ?? row.submodel ?? row.shell}
    >
      {row.opens ? (
        <UnstyledButton
          tabIndex={-1}
          className="dw-tree-toggle"
          aria-label={row.open ? t("explorer.close") : t("explorer.open")}
          onClick={(event) => {
            event.stopPropagation();
            onToggle();
          }}
        >
          {row.open ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
        </UnstyledButton>
      ) : (
        <span className="dw-leaf" />
      )}
      {row.kind === "shell" ? (
        <IconBox size={15} stroke={1.6} aria-hidden />
      ) : row.kind === "submodel" ? (
        <IconStack2 size={15} stroke={1.6} aria-hidden />
      ) : (
        <ElementIcon modelType={row.modelType} />
      )}
      <span className="dw-tree-label">{row.label}</span>
      {name !== undefined && name !== row.label && <small>{name}</small>}
    </div>
  );
}
