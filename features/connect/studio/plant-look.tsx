import { Button, Checkbox, PasswordInput, Select, TextInput } from "@mantine/core";
import { IconChevronDown, IconChevronRight, IconSearch } from "@tabler/icons-react";
import { useEffect, useMemo, useRef, useState } from "react";
import type { ReactNode } from "react";
import type { ConnectionWish, PlantOffer, PresentValue } from "@doppelwerk/client";
import { useStudio, useWords } from "@doppelwerk/kit/studio";
import { tickedOf, treeOf, visibleRows, withTicked, type PlantNode } from "./plant-tree.ts";
import "./plant-look.css";

const ROW = 30;
const SHOWN = 14;
const LOOK_MS = 2_000;
const MOST_LIVE = 60;
const nothing: ReadonlySet<string> = new Set();

/** The tree of a plant nobody has connected yet: searched, looked at live where it has an address, and ticked where something is chosen. */
export function PlantLook({
  plant,
  offer,
  chosen = nothing,
  onChoose,
}: {
  readonly plant: ConnectionWish;
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
  const first = Math.max(0, Math.floor(top / ROW) - 2);
  const shown = rows.slice(first, first + SHOWN + 6);
  const values = usePresentValues(plant, offer.protocol, shown);
  const all = offer.drafts.length;
  const toggle = (key: string): void =>
    setOpen((before) => {
      const next = new Set(before);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  // with a search only what fits is ticked, not what its folder holds besides
  const ticks = search === "" ? tree : rows.filter(({ draft }) => draft !== undefined).map(leafOf);
  const everything = ticks.length > 0 && ticks.every((row) => tickedOf(row, chosen) === "all");
  return (
    <div className="dw-look">
      <div className="dw-look-bar">
        <TextInput
          size="sm"
          className="dw-grow"
          leftSection={<IconSearch size={14} />}
          placeholder={t("connect.look.search")}
          aria-label={t("connect.look.search")}
          value={search}
          onChange={(event) => {
            setSearch(event.currentTarget.value);
            setTop(0);
            list.current?.scrollTo({ top: 0 });
          }}
        />
        {onChoose !== undefined && (
          <>
            <Button
              size="sm"
              variant="default"
              onClick={() => onChoose(ticks.reduce((set, row) => withTicked(set, row, !everything), chosen))}
            >
              {t(everything ? "connect.look.none" : "connect.look.all")}
            </Button>
            <span className="dw-quiet-text">{t("connect.look.chosen", { count: chosen.size, all })}</span>
          </>
        )}
      </div>
      <div
        className="dw-look-list"
        ref={list}
        role="tree"
        aria-label={t("connect.look.title")}
        style={{ height: Math.min(SHOWN, Math.max(4, rows.length)) * ROW }}
        onScroll={(event) => setTop(event.currentTarget.scrollTop)}
      >
        <div style={{ height: rows.length * ROW, position: "relative" }}>
          {shown.map((row, n) => (
            <Row
              key={row.key}
              row={row}
              top={(first + n) * ROW}
              isOpen={open.has(row.key) || search !== ""}
              ticked={tickedOf(row, chosen)}
              value={row.draft === undefined ? undefined : values.get(row.draft.address)}
              onOpen={() => toggle(row.key)}
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

function leafOf(row: PlantNode): PlantNode {
  return { ...row, addresses: row.draft === undefined ? [] : [row.draft.address] };
}

function Row({
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
  readonly ticked: "all" | "some" | "none";
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

/** Values of the rows on screen, asked again while they are there. */
function usePresentValues(plant: ConnectionWish, protocol: string, rows: readonly PlantNode[]): ReadonlyMap<string, PresentValue> {
  const studio = useStudio();
  const [values, setValues] = useState<ReadonlyMap<string, PresentValue>>(new Map());
  const addresses = rows.flatMap(({ draft }) => draft?.address ?? []).slice(0, MOST_LIVE);
  const key = addresses.join("\n");
  useEffect(() => {
    if (protocol !== "opcua" || plant.url === "" || key === "") return undefined;
    let gone = false;
    const look = async (): Promise<void> => {
      try {
        const wanted = key.split("\n");
        const found = await studio.client.presentValues({ ...plant, protocol, addresses: wanted });
        if (gone) return;
        setValues((before) => new Map([...before, ...wanted.flatMap((address, n) => (found[n] ? [[address, found[n]] as const] : []))]));
      } catch {
        // the plant went away while someone looked: the last values stay, the next look may find it again
      }
    };
    const begun = setTimeout(() => void look(), 150);
    const timer = setInterval(() => void look(), LOOK_MS);
    return () => {
      gone = true;
      clearTimeout(begun);
      clearInterval(timer);
    };
  }, [studio, protocol, key, JSON.stringify(plant)]);
  return values;
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
      {offer.remarks?.map((remark) => ` · ${remark}`)}
    </p>
  );
}

/** How an OPC UA server, or a broker, is spoken to: only where it is needed. */
export interface Access {
  readonly securityMode: "None" | "Sign" | "SignAndEncrypt";
  readonly username: string;
  readonly password: string;
}

export function AccessFields({
  access,
  opcua,
  onChange,
}: {
  readonly access: Access;
  readonly opcua: boolean;
  readonly onChange: (access: Access) => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <details className="dw-access">
      <summary>{t("connect.access.title")}</summary>
      <div className="dw-add">
        {opcua && (
          <Select
            size="sm"
            label={t("connect.access.mode")}
            data={["None", "Sign", "SignAndEncrypt"].map((value) => ({
              value,
              label: t(`connect.access.modes.${value as Access["securityMode"]}`),
            }))}
            value={access.securityMode}
            allowDeselect={false}
            onChange={(value) => onChange({ ...access, securityMode: (value ?? "None") as Access["securityMode"] })}
          />
        )}
        <TextInput
          size="sm"
          label={t("connect.access.user")}
          autoComplete="off"
          value={access.username}
          onChange={(event) => onChange({ ...access, username: event.currentTarget.value })}
        />
        <PasswordInput
          size="sm"
          label={t("connect.access.password")}
          autoComplete="new-password"
          value={access.password}
          onChange={(event) => onChange({ ...access, password: event.currentTarget.value })}
        />
      </div>
    </details>
  );
}
