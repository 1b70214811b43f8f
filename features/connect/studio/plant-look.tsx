import { Button, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useMemo, useRef, useState } from "react";
import type { ReactNode } from "react";
import type { ConnectionRequest, PlantOffer } from "@doppelwerk/client";
import { messageText, useWords } from "@doppelwerk/kit/studio";
import { PlantRow } from "./plant-row.tsx";
import { tickedOf, treeOf, visibleRows, withTicked, type PlantNode } from "./plant-tree.ts";
import { usePresentValues } from "./use-present-values.ts";
import "./plant-look.css";

/** Pixels. */
const ROW_HEIGHT = 30;
const ROWS_SHOWN = 14;
const MIN_ROWS_SHOWN = 4;
/** Drawn above and below those that show. */
const [ROWS_ABOVE, ROWS_BELOW] = [2, 4];
const nothing: ReadonlySet<string> = new Set();

/** The tree of a plant nobody has connected yet: searched, read live where it has an address, and ticked where something is chosen. */
export function PlantLook({
  plant,
  offer,
  chosen = nothing,
  onChoose,
}: {
  readonly plant: ConnectionRequest;
  readonly offer: PlantOffer;
  readonly chosen?: ReadonlySet<string>;
  readonly onChoose?: (chosen: ReadonlySet<string>) => void;
}): ReactNode {
  const { t } = useWords();
  const tree = useMemo(() => treeOf(offer.drafts), [offer]);
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(tree.length === 1 ? [tree[0]!.key] : []));
  const [search, setSearch] = useState("");
  const [top, setTop] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => visibleRows(tree, open, search), [tree, open, search]);
  const first = Math.max(0, Math.floor(top / ROW_HEIGHT) - ROWS_ABOVE);
  const shown = rows.slice(first, first + ROWS_SHOWN + ROWS_ABOVE + ROWS_BELOW);
  const values = usePresentValues(plant, offer.protocol, shown);
  const find = (text: string): void => {
    setSearch(text);
    setTop(0);
    list.current?.scrollTo({ top: 0 });
  };
  return (
    <div className="dw-look">
      <div className="dw-look-bar">
        <Search text={search} onText={find} />
        {/* with a search only what fits is ticked, not what its folder holds besides */}
        {onChoose !== undefined && (
          <TickAll rows={search === "" ? tree : leavesOf(rows)} chosen={chosen} total={offer.drafts.length} onChoose={onChoose} />
        )}
      </div>
      <div
        className="dw-look-list"
        ref={list}
        role="tree"
        aria-label={t("connect.look.title")}
        style={{ height: Math.min(ROWS_SHOWN, Math.max(MIN_ROWS_SHOWN, rows.length)) * ROW_HEIGHT }}
        onScroll={(event) => setTop(event.currentTarget.scrollTop)}
      >
        <div style={{ height: rows.length * ROW_HEIGHT, position: "relative" }}>
          {shown.map((row, n) => (
            <PlantRow
              key={row.key}
              row={row}
              top={(first + n) * ROW_HEIGHT}
              isOpen={open.has(row.key) || search !== ""}
              ticked={tickedOf(row, chosen)}
              value={row.draft === undefined ? undefined : values.get(row.draft.address)}
              onOpen={() => setOpen(toggled(open, row.key))}
              onTick={onChoose && ((on) => onChoose(withTicked(chosen, row, on)))}
            />
          ))}
        </div>
        {rows.length === 0 && <p className="dw-quiet">{t("connect.look.nothing")}</p>}
      </div>
      <Remarks offer={offer} />
    </div>
  );
}

function toggled(open: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(open);
  if (!next.delete(key)) next.add(key);
  return next;
}

/** The values among the rows, each without what lies below it. */
function leavesOf(rows: readonly PlantNode[]): readonly PlantNode[] {
  return rows.flatMap((row) => (row.draft === undefined ? [] : [{ ...row, addresses: [row.draft.address] }]));
}

function Search({ text, onText }: { readonly text: string; readonly onText: (text: string) => void }): ReactNode {
  const { t } = useWords();
  return (
    <TextInput
      size="sm"
      className="dw-grow"
      leftSection={<IconSearch size={14} />}
      placeholder={t("connect.look.search")}
      aria-label={t("connect.look.search")}
      value={text}
      onChange={(event) => onText(event.currentTarget.value)}
    />
  );
}

/** Ticks all `rows`, or none of them when all are ticked; and how many of `total` values are. */
function TickAll({
  rows,
  chosen,
  total,
  onChoose,
}: {
  readonly rows: readonly PlantNode[];
  readonly chosen: ReadonlySet<string>;
  readonly total: number;
  readonly onChoose: (chosen: ReadonlySet<string>) => void;
}): ReactNode {
  const { t } = useWords();
  const areAll = rows.length > 0 && rows.every((row) => tickedOf(row, chosen) === "all");
  return (
    <>
      <Button size="sm" variant="default" onClick={() => onChoose(rows.reduce((set, row) => withTicked(set, row, !areAll), chosen))}>
        {t(areAll ? "connect.look.none" : "connect.look.all")}
      </Button>
      <span className="dw-quiet-text">{t("connect.look.chosen", { count: chosen.size, all: total })}</span>
    </>
  );
}

function Remarks({ offer }: { readonly offer: PlantOffer }): ReactNode {
  const { t } = useWords();
  const skipped = offer.skipped.reduce((sum, { count }) => sum + count, 0);
  return (
    <p className="dw-quiet">
      {offer.serverName !== "" && `${offer.serverName} · `}
      {t("connect.look.offered", { count: offer.drafts.length })}
      {(offer.methods?.length ?? 0) > 0 && ` · ${t("connect.look.methods", { count: offer.methods!.length })}`}
      {(offer.conditions?.length ?? 0) > 0 && ` · ${t("connect.look.conditions", { count: offer.conditions!.length })}`}
      {skipped > 0 && ` · ${t("connect.look.skipped", { count: skipped })}`}
      {offer.truncated && ` · ${t("connect.look.truncated")}`}
      {offer.remarks?.map((remark, n) => ` · ${messageText(remark, offer.notes?.[n])}`)}
    </p>
  );
}
