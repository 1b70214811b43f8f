import { Checkbox, TextInput } from "@mantine/core";
import { IconChevronDown, IconChevronRight, IconSearch } from "@tabler/icons-react";
import { useMemo, useRef, useState } from "react";
import type { ReactNode } from "react";
import { SignalValue, useWords } from "@doppelwerk/kit/studio";
import type { PlantValues } from "../../contract.ts";
import { firstOpen, shownRows, treeOfValues, withSelected, type ValueNode } from "./value-tree.ts";

/** Pixels. */
const ROW_HEIGHT = 30;
/** Drawn above and below those that show. */
const ROWS_AROUND = 6;
const ROWS_AT_FIRST = 40;

/** The values of the connected plants by the folders of their sources, each with what it is now; searched and selected. */
export function ValueList({
  plant,
  selected,
  onSelect,
}: {
  readonly plant: PlantValues;
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (selected: ReadonlySet<string>) => void;
}): ReactNode {
  const { t } = useWords();
  const tree = useMemo(() => treeOfValues(plant), [plant]);
  const [opened, setOpened] = useState<ReadonlySet<string> | undefined>(undefined);
  const [search, setSearch] = useState("");
  const [view, setView] = useState({ top: 0, height: ROWS_AT_FIRST * ROW_HEIGHT });
  const list = useRef<HTMLDivElement>(null);
  const open = opened ?? firstOpen(tree);
  const rows = useMemo(() => shownRows(tree, open, search), [tree, open, search]);
  const first = Math.max(0, Math.floor(view.top / ROW_HEIGHT) - ROWS_AROUND);
  const shown = rows.slice(first, first + Math.ceil(view.height / ROW_HEIGHT) + 2 * ROWS_AROUND);
  const toggle = (key: string): void => {
    const next = new Set(open);
    if (!next.delete(key)) next.add(key);
    setOpened(next);
  };
  return (
    <>
      <TextInput
        size="sm"
        leftSection={<IconSearch size={14} />}
        placeholder={t("assets.home.search")}
        aria-label={t("assets.home.search")}
        value={search}
        onChange={(event) => {
          setSearch(event.currentTarget.value);
          list.current?.scrollTo({ top: 0 });
        }}
      />
      <div
        className="dw-home-list"
        ref={list}
        role="tree"
        aria-label={t("assets.home.title")}
        onScroll={({ currentTarget: { scrollTop: top, clientHeight: height } }) => setView({ top, height })}
      >
        <div style={{ height: rows.length * ROW_HEIGHT, position: "relative" }}>
          {shown.map((row, n) => (
            <Row
              key={row.key}
              row={row}
              top={(first + n) * ROW_HEIGHT}
              isOpen={open.has(row.key) || search !== ""}
              signals={search === "" ? row.signals : foundBelow(row, rows)}
              selected={selected}
              onOpen={() => toggle(row.key)}
              onSelect={(signals, isOn) => onSelect(withSelected(selected, signals, isOn))}
            />
          ))}
        </div>
        {rows.length === 0 && <p className="dw-quiet">{t("assets.home.nothing")}</p>}
      </div>
    </>
  );
}

/** With a search only what it found is selected, not what the folder holds besides. */
function foundBelow(row: ValueNode, rows: readonly ValueNode[]): readonly string[] {
  return rows.flatMap(({ key, value }) => (value !== undefined && key.startsWith(row.key) ? [value.signal] : []));
}

function Row({
  row: { value, children, name, depth },
  top,
  isOpen,
  signals,
  selected,
  onOpen,
  onSelect,
}: {
  readonly row: ValueNode;
  readonly top: number;
  readonly isOpen: boolean;
  /** Of it and below, with a search those found. */
  readonly signals: readonly string[];
  readonly selected: ReadonlySet<string>;
  readonly onOpen: () => void;
  readonly onSelect: (signals: readonly string[], isOn: boolean) => void;
}): ReactNode {
  const isFolder = children.length > 0;
  const count = signals.reduce((sum, signal) => sum + (selected.has(signal) ? 1 : 0), 0);
  return (
    <div
      className="dw-home-row"
      role="treeitem"
      aria-expanded={isFolder ? isOpen : undefined}
      style={{ top, paddingLeft: 4 + Math.min(depth, 8) * 14 }}
    >
      {isFolder ? (
        <button type="button" className="dw-home-open" onClick={onOpen} aria-label={name}>
          {isOpen ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
        </button>
      ) : (
        <span className="dw-home-open" />
      )}
      <Checkbox
        size="xs"
        checked={count === signals.length}
        indeterminate={count > 0 && count < signals.length}
        aria-label={name}
        onChange={(event) => onSelect(signals, event.currentTarget.checked)}
      />
      <span
        className={value === undefined ? "dw-home-name is-folder" : value.shell === undefined ? "dw-home-name" : "dw-home-name is-taken"}
        title={value?.name ?? name}
        onClick={isFolder ? onOpen : () => onSelect(signals, count === 0)}
      >
        {name}
      </span>
      {value === undefined ? <span className="dw-quiet-text">{signals.length}</span> : <SignalValue id={value.signal} />}
    </div>
  );
}
