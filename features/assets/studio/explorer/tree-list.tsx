import { UnstyledButton } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import {
  IconAbc,
  IconArrowsExchange,
  IconBook2,
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
import { useWords } from "@doppelwerk/kit/studio";
import type { ExplorerPlace } from "@doppelwerk/kit/studio";
import type { ExplorerMoves } from "./explorer.tsx";
import { besideIdShort, textIn } from "./meaning.ts";
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

/** Letters typed within this belong to one name. */
const TYPED_TOGETHER_MS = 800;
/** So long after the last letter the repository is asked for what is not loaded. */
const SEEK_AFTER_MS = 250;
/** Lines looked at together for what was typed. */
const STRETCH = 1_000;

/** The rows of the tree of which only those on the screen are painted. */
export function TreeList({
  tree,
  place,
  moves,
  find,
  seek,
}: {
  readonly tree: ShellTree;
  readonly place: ExplorerPlace;
  readonly moves: ExplorerMoves;
  /** What was searched for: it is marked where it stands. */
  readonly find: string | undefined;
  /** Brings the first root of which the name begins so into the tree, from what is not loaded yet; its key, undefined = there is none. */
  readonly seek?: (text: string) => Promise<string | undefined>;
}): ReactNode {
  const { t } = useWords();
  const phone = useMediaQuery("(max-width: 700px)") ?? false;
  const rowHeight = phone ? 44 : 28;
  const host = useRef<HTMLDivElement>(null);
  const [scrolled, setScrolled] = useState(0);
  const [height, setHeight] = useState(600);
  const [active, setActive] = useState<string | undefined>(undefined);
  const typed = useRef({ text: "", given: "", at: 0 });
  useLayoutEffect(() => {
    const observer = new ResizeObserver(([entry]) => setHeight(entry!.contentRect.height));
    observer.observe(host.current!);
    return () => observer.disconnect();
  }, []);
  const { count } = tree;
  const { from, to, more } = windowOf(count, rowHeight, scrolled, height);
  const rows = tree.rows(from, to);
  useEffect(() => {
    if (more && tree.state === "partly") void tree.more();
  });
  const selectedKey = keyOfPlace(place);
  const selected = selectedKey === undefined ? -1 : tree.indexOf(selectedKey);
  // What a link or a click selects is brought into view once it is here.
  const isHere = selected >= 0;
  useEffect(() => {
    if (!isHere) return;
    const [top, element] = [selected * rowHeight, host.current!];
    if (top < element.scrollTop || top + rowHeight > element.scrollTop + element.clientHeight)
      element.scrollTop = Math.max(0, top - element.clientHeight / 3);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- only when another row is selected
  }, [selectedKey, isHere]);
  const choose = (row: TreeRow): void => {
    if (row.kind === "note") return;
    setActive(row.key);
    const { mode, find: sought, query } = place;
    moves.go({
      mode,
      ...(sought !== undefined && { find: sought }),
      ...(query !== undefined && { query }),
      ...(row.shell !== undefined && { shell: row.shell }),
      ...(row.submodel !== undefined && { submodel: row.submodel }),
      ...(row.path !== undefined && { path: row.path }),
      ...(row.concept !== undefined && { concept: row.concept }),
    });
    if (!row.open) void tree.open(row);
  };
  const toggle = (row: TreeRow): void => (row.open ? tree.close(row.key) : void tree.open(row));
  const rowAt = (index: number): TreeRow | undefined => tree.rows(index, index + 1)[0];
  const activeIndex = (): number => Math.max(0, tree.indexOf(active ?? selectedKey ?? ""));
  const moveTo = (index: number): void => {
    const next = Math.min(tree.count - 1, Math.max(0, index));
    setActive(rowAt(next)?.key);
    const element = host.current!;
    if (next * rowHeight < element.scrollTop) element.scrollTop = next * rowHeight;
    if ((next + 1) * rowHeight > element.scrollTop + element.clientHeight)
      element.scrollTop = (next + 1) * rowHeight - element.clientHeight;
  };
  /** The next line whose name begins with what was typed, from the one that is active on. */
  const typeahead = (letter: string, at: number): void => {
    const now = performance.now();
    const fresh = now - typed.current.at > TYPED_TOGETHER_MS;
    const given = (fresh ? "" : typed.current.given) + letter;
    typed.current = { text: given.toLowerCase(), given, at: now };
    const { text } = typed.current;
    const start = fresh ? at + 1 : at;
    for (let seen = 0; seen < tree.count + STRETCH; seen += STRETCH) {
      const begin = (start + seen) % Math.max(1, tree.count);
      const found = tree.rows(begin, Math.min(tree.count, begin + STRETCH)).findIndex(({ label }) => label.toLowerCase().startsWith(text));
      if (found >= 0) return moveTo(begin + found);
    }
    if (seek === undefined || tree.state === "whole") return;
    // Asked once the letters have come to rest.
    setTimeout(() => {
      if (typed.current.text !== text) return;
      void seek(typed.current.given).then((key) => {
        if (key !== undefined && typed.current.text === text) moveTo(tree.indexOf(key));
      });
    }, SEEK_AFTER_MS);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const at = activeIndex();
    const row = rowAt(at);
    const page = Math.max(1, Math.floor(height / rowHeight) - 1);
    const steps: Readonly<Record<string, () => void>> = {
      ArrowDown: () => moveTo(at + 1),
      ArrowUp: () => moveTo(at - 1),
      PageDown: () => moveTo(at + page),
      PageUp: () => moveTo(at - page),
      Home: () => moveTo(0),
      End: () => {
        if (tree.state === "whole") moveTo(tree.count - 1);
        else void tree.all().then(() => moveTo(tree.count - 1));
      },
      ArrowRight: () => row !== undefined && (row.open ? moveTo(at + 1) : void tree.open(row)),
      ArrowLeft: () => {
        if (row === undefined) return;
        if (row.open) tree.close(row.key);
        else for (let above = at - 1; above >= 0; above--) if (rowAt(above)!.depth < row.depth) return moveTo(above);
      },
      Enter: () => row !== undefined && choose(row),
      " ": () => row !== undefined && choose(row),
    };
    const step = steps[event.key];
    if (step === undefined && (event.key.length !== 1 || event.key === "/")) return;
    event.preventDefault();
    event.stopPropagation();
    if (step === undefined) return typeahead(event.key, at);
    // Whoever walks on begins a new word.
    typed.current = { text: "", given: "", at: 0 };
    step();
  };
  return (
    <div
      ref={host}
      className="dw-tree-list"
      role="tree"
      tabIndex={0}
      data-own-keys
      aria-label={t("assets.explorer.tree")}
      aria-activedescendant={rows.some(({ key }) => key === active) ? rowId(active!) : undefined}
      onFocus={() => active === undefined && setActive(selectedKey ?? rowAt(from)?.key)}
      onScroll={(event) => setScrolled(event.currentTarget.scrollTop)}
      onKeyDown={onKeyDown}
    >
      <div role="none" style={{ height: count * rowHeight, position: "relative" }}>
        {rows.map((row, index) => (
          <Row
            key={row.key}
            row={row}
            top={(from + index) * rowHeight}
            height={rowHeight}
            selected={row.key === selectedKey}
            active={row.key === active}
            find={find}
            alike={row.depth === 0 && rows.some((other) => other !== row && other.depth === 0 && other.label === row.label)}
            onChoose={() => choose(row)}
            onToggle={() => toggle(row)}
            onRetry={() => {
              const above = row.key.replace(/\/note$/, "");
              const owner = rowAt(tree.indexOf(above));
              tree.close(above);
              if (owner !== undefined) void tree.open({ ...owner, open: false });
            }}
          />
        ))}
      </div>
    </div>
  );
}

/** The key of the line that a place means. */
function keyOfPlace({ shell, submodel, path, concept }: ExplorerPlace): string | undefined {
  if (concept !== undefined) return `c:${concept}`;
  if (submodel === undefined) return shell === undefined ? undefined : `a:${shell}`;
  const key = `${shell === undefined ? "" : `a:${shell}/`}s:${submodel}`;
  return path === undefined ? key : `${key}/e:${path}`;
}

/** A name with what was searched for marked in it. */
function Marked({ text, find }: { readonly text: string; readonly find: string | undefined }): ReactNode {
  const at = find === undefined ? -1 : text.toLowerCase().indexOf(find.toLowerCase());
  if (at < 0) return text;
  return (
    <>
      {text.slice(0, at)}
      <mark>{text.slice(at, at + find!.length)}</mark>
      {text.slice(at + find!.length)}
    </>
  );
}

/** The end of an id, without the name where it repeats it: what tells it from its neighbours. */
function endOf(id: string, name: string): string {
  const own = id.endsWith(name) ? id.slice(0, -name.length).replace(/[:/#_-]+$/, "") : id;
  return own.length > 30 ? `…${own.slice(-28)}` : own;
}

function rowId(key: string): string {
  return `tree-${encodeURIComponent(key)}`;
}

function Row({
  row,
  top,
  height,
  selected,
  active,
  find,
  alike,
  onChoose,
  onToggle,
  onRetry,
}: {
  readonly row: TreeRow;
  readonly top: number;
  readonly height: number;
  readonly selected: boolean;
  readonly active: boolean;
  readonly find: string | undefined;
  /** Another line on the screen bears the same name. */
  readonly alike: boolean;
  readonly onChoose: () => void;
  readonly onToggle: () => void;
  readonly onRetry: () => void;
}): ReactNode {
  const { t, language } = useWords();
  const style = { top, height, paddingLeft: 4 + row.depth * 14 };
  if (row.kind === "note")
    return (
      <div className="dw-tree-row is-note" style={style} title={row.label}>
        <span className="dw-leaf" />
        <span className="dw-tree-label">
          {row.note === "failed" || row.note === "missing"
            ? t(`assets.explorer.note.${row.note}`, { what: row.label })
            : t.or(`assets.explorer.note.${row.note}`, row.label)}
        </span>
        {row.note === "failed" && (
          <UnstyledButton className="dw-text-link" onClick={onRetry}>
            {t("frame.retry")}
          </UnstyledButton>
        )}
      </div>
    );
  // Submodels of one name are many, and shells now and then: what tells them apart is the id.
  const own = row.shell ?? row.submodel ?? row.concept;
  const tells = row.depth === 0 && own !== undefined && (row.kind === "submodel" || alike);
  const name = textIn(row.names, language) ?? (tells ? endOf(own, row.label) : undefined);
  const beside = besideIdShort(name, row.label);
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
      title={row.path ?? row.submodel ?? row.shell ?? row.concept}
    >
      {row.opens ? (
        <UnstyledButton
          tabIndex={-1}
          className="dw-tree-toggle"
          aria-label={row.open ? t("assets.explorer.close") : t("assets.explorer.open")}
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
      ) : row.kind === "concept" ? (
        <IconBook2 size={15} stroke={1.6} aria-hidden />
      ) : (
        <ElementIcon modelType={row.modelType} />
      )}
      <span className="dw-tree-label">
        <Marked text={row.label} find={find} />
      </span>
      {beside !== undefined && <small>{beside}</small>}
    </div>
  );
}
