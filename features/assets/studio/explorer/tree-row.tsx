import { UnstyledButton } from "@mantine/core";
import { IconBook2, IconBox, IconChevronDown, IconChevronRight, IconStack2 } from "@tabler/icons-react";
import type { CSSProperties, ReactNode } from "react";
import { ShellMarks, useWords } from "@doppelwerk/kit/studio";
import { ElementIcon } from "./element-icon.tsx";
import { besideIdShort, textIn } from "./meaning.ts";
import type { TreeRow } from "./shell-tree.ts";

interface RowProps {
  readonly row: TreeRow;
  readonly style: CSSProperties;
  readonly isSelected: boolean;
  readonly isActive: boolean;
  readonly find: string | undefined;
  /** Another row on the screen has the same name. */
  readonly hasNamesake: boolean;
  readonly onChoose: () => void;
  readonly onToggle: () => void;
  readonly onRetry: () => void;
}

/** The id of the element of a row. */
export function rowId(key: string): string {
  return `tree-${encodeURIComponent(key)}`;
}

/** One row of the tree: a document or element, or a note in its place. */
export function TreeRowView(props: RowProps): ReactNode {
  const { language } = useWords();
  const { row, style, isSelected, isActive, find, hasNamesake, onChoose, onToggle } = props;
  if (row.kind === "note") return <Note {...props} />;
  const name = besideIdShort(textIn(row.names, language), row.label);
  const end = ownEndOf(row, hasNamesake);
  return (
    <div
      id={rowId(row.key)}
      role="treeitem"
      aria-level={row.depth + 1}
      aria-selected={isSelected}
      {...(row.opens && { "aria-expanded": row.open })}
      className={`dw-tree-row ${isSelected ? "is-on" : ""} ${isActive ? "is-active" : ""}`}
      style={style}
      onClick={onChoose}
      title={[row.label, name, row.path ?? row.submodel ?? row.shell ?? row.concept].filter((part) => part !== undefined).join("\n")}
    >
      {row.opens ? <Toggle isOpen={row.open} onToggle={onToggle} /> : <span className="dw-leaf" />}
      <RowIcon row={row} />
      <span className="dw-tree-label">
        <Marked text={row.label} find={find} />
      </span>
      {name !== undefined && <small>{name}</small>}
      {end !== undefined && (
        <small className="is-end">
          <bdi>{end}</bdi>
        </small>
      )}
      {row.kind === "shell" && row.shell !== undefined && <ShellMarks shell={row.shell} isBrief />}
    </div>
  );
}

/** Of submodels, of which many have one name, and of namesakes, what distinguishes them: the end of the id. */
function ownEndOf(row: TreeRow, hasNamesake: boolean): string | undefined {
  const id = row.shell ?? row.submodel ?? row.concept;
  const isAmbiguous = row.depth === 0 && id !== undefined && (row.kind === "submodel" || hasNamesake);
  return isAmbiguous ? endOf(id, row.label) : undefined;
}

/** The end of an id, without the name where it repeats it: what distinguishes it from its neighbours. Where it has no room its beginning is left out (`is-end`). */
function endOf(id: string, name: string): string {
  const bare = (text: string): string => text.replaceAll(/[_-]/g, "").toLowerCase();
  const { before = id, last = "" } = /^(?<before>.+)[:/#](?<last>[^:/#]+)$/.exec(id)?.groups ?? {};
  const own = bare(last) === bare(name) ? before : id;
  return own.length > 30 ? `…${own.slice(-28)}` : own;
}

function Note({ row: { label, note }, style, onRetry }: RowProps): ReactNode {
  const { t } = useWords();
  return (
    <div className="dw-tree-row is-note" style={style} title={label}>
      <span className="dw-leaf" />
      <span className="dw-tree-label">
        {note === "failed" || note === "missing"
          ? t(`assets.explorer.note.${note}`, { what: label })
          : t.or(`assets.explorer.note.${note}`, label)}
      </span>
      {note === "failed" && (
        <UnstyledButton className="dw-text-link" onClick={onRetry}>
          {t("frame.retry")}
        </UnstyledButton>
      )}
    </div>
  );
}

function Toggle({ isOpen, onToggle }: { readonly isOpen: boolean; readonly onToggle: () => void }): ReactNode {
  const { t } = useWords();
  return (
    <UnstyledButton
      tabIndex={-1}
      className="dw-tree-toggle"
      aria-label={isOpen ? t("assets.explorer.close") : t("assets.explorer.open")}
      onClick={(event) => {
        event.stopPropagation();
        onToggle();
      }}
    >
      {isOpen ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
    </UnstyledButton>
  );
}

const documentIcons = { shell: IconBox, submodel: IconStack2, concept: IconBook2 } as const;

function RowIcon({ row: { kind, modelType } }: { readonly row: TreeRow }): ReactNode {
  if (kind === "element" || kind === "note") return <ElementIcon modelType={modelType} />;
  const Icon = documentIcons[kind];
  return <Icon size={15} stroke={1.6} aria-hidden />;
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
