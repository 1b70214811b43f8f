import { ActionIcon, TextInput, Tooltip, UnstyledButton } from "@mantine/core";
import { IconCode, IconPlus, IconSearch, IconX } from "@tabler/icons-react";
import { useRef, useState } from "react";
import type { KeyboardEvent, ReactNode } from "react";
import { Empty, Failure, useWords, shownError } from "@doppelwerk/kit/studio";
import type { ExplorerPlace } from "@doppelwerk/kit/studio";
import type { ExplorerMoves } from "./explorer-moves.ts";
import type { ListMode } from "./list-mode.ts";
import { NewDocument } from "./new-document.tsx";
import { QueryBox } from "./query-box.tsx";
import { EXAMPLE_QUERY } from "./search.ts";
import type { ShellTree } from "./shell-tree.ts";
import { TreeList } from "./tree-list.tsx";
import { useSearchText } from "./use-search-text.ts";
import { useShellTree } from "./use-shell-tree.ts";

interface FinderProps {
  readonly place: ExplorerPlace;
  readonly moves: ExplorerMoves;
  readonly of: ListMode;
}

/** Search, query and tree. */
export function Finder({ place, moves, of }: FinderProps): ReactNode {
  const { t } = useWords();
  const finder = useRef<HTMLElement>(null);
  const [text, setText] = useSearchText(place, moves);
  const [isAdding, setAdding] = useState(false);
  const { tree, shown, isPlain, turn, seek } = useShellTree(place, of);
  const focusTree = (): void => finder.current?.querySelector<HTMLElement>("[role=tree]")?.focus();
  return (
    <section ref={finder} className="dw-finder" aria-label={t("assets.explorer.finder")} data-turn={turn}>
      <div className="dw-finder-bar">
        <SearchField text={text} label={t(`assets.explorer.search.${of}`)} onText={setText} onTree={focusTree} />
        <FinderTools place={place} moves={moves} of={of} isAdding={isAdding} onAdd={() => setAdding(!isAdding)} />
      </div>
      {isAdding && <NewDocument kind={of} moves={moves} onDone={() => setAdding(false)} />}
      {place.query !== undefined && <QueryBox place={place} moves={moves} of={of} query={place.query} />}
      <Count tree={tree} of={of} isPlain={isPlain} />
      {shown.state === "failed" ? (
        <Failure {...shownError(shown.failure)} onRetry={() => void shown.more()} />
      ) : shown.roots === 0 && shown.state === "whole" ? (
        <NothingHere isPlain={isPlain} onImport={() => moves.go({ mode: "import" })} />
      ) : (
        <TreeList tree={shown} place={place} moves={moves} find={place.find} {...(isPlain && { seek })} />
      )}
    </section>
  );
}

/** Escape empties it; arrow down and Enter lead into the tree. */
function SearchField({
  text,
  label,
  onText,
  onTree,
}: {
  readonly text: string;
  readonly label: string;
  readonly onText: (text: string) => void;
  readonly onTree: () => void;
}): ReactNode {
  const { t } = useWords();
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && text !== "") {
      event.stopPropagation();
      onText("");
    }
    if (event.key !== "ArrowDown" && event.key !== "Enter") return;
    event.preventDefault();
    onTree();
  };
  return (
    <TextInput
      size="sm"
      className="dw-grow"
      leftSection={<IconSearch size={14} />}
      placeholder={label}
      aria-label={label}
      value={text}
      onChange={(event) => onText(event.currentTarget.value)}
      onKeyDown={onKeyDown}
      rightSection={
        text !== "" && (
          <ActionIcon variant="subtle" color="gray" size={22} aria-label={t("assets.explorer.clear")} onClick={() => onText("")}>
            <IconX size={14} />
          </ActionIcon>
        )
      }
    />
  );
}

/** A new document, and the query. */
function FinderTools({
  place,
  moves,
  of,
  isAdding,
  onAdd,
}: FinderProps & { readonly isAdding: boolean; readonly onAdd: () => void }): ReactNode {
  const { t } = useWords();
  const toggleQuery = (): void => {
    const { query, find: _, ...rest } = place;
    moves.go(query === undefined ? { ...rest, query: EXAMPLE_QUERY } : rest);
  };
  return (
    <>
      <Tooltip label={t(`assets.explorer.new.${of}`)}>
        <ActionIcon variant="default" size={34} aria-label={t(`assets.explorer.new.${of}`)} aria-expanded={isAdding} onClick={onAdd}>
          <IconPlus size={16} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t("assets.explorer.queryHint")}>
        <ActionIcon
          variant="default"
          className={place.query === undefined ? "" : "dw-query-open"}
          size={34}
          aria-label={t("assets.explorer.queryHint")}
          aria-expanded={place.query !== undefined}
          onClick={toggleQuery}
        >
          <IconCode size={16} />
        </ActionIcon>
      </Tooltip>
    </>
  );
}

/** How much is here, and the way to all of it in the order of names. */
function Count({ tree, of, isPlain }: { readonly tree: ShellTree; readonly of: ListMode; readonly isPlain: boolean }): ReactNode {
  const { t } = useWords();
  const loadAll = (): void => void tree.all().then(() => tree.state === "whole" && tree.sort());
  return (
    <div className="dw-finder-count">
      <span role="status">
        <CountText tree={tree} of={of} />
      </span>
      {tree.wantsAll ? (
        <UnstyledButton className="dw-text-link" onClick={() => tree.stop()}>
          {t("assets.explorer.stop")}
        </UnstyledButton>
      ) : (
        isPlain &&
        tree.roots > 0 &&
        tree.state !== "whole" && (
          <UnstyledButton className="dw-text-link" onClick={loadAll}>
            {t("assets.explorer.allByName")}
          </UnstyledButton>
        )
      )}
    </div>
  );
}

function CountText({ tree: { state, roots: count }, of }: { readonly tree: ShellTree; readonly of: ListMode }): ReactNode {
  const { t } = useWords();
  if (state === "loading") return count === 0 ? t("assets.explorer.searching") : t("assets.explorer.loadingMore", { count });
  return state === "whole" ? t(`assets.explorer.count.${of}`, { count }) : t("assets.explorer.countSoFar", { count });
}

function NothingHere({ isPlain, onImport }: { readonly isPlain: boolean; readonly onImport: () => void }): ReactNode {
  const { t } = useWords();
  if (!isPlain) return <Empty title={t("assets.explorer.nothingTitle")} text={t("assets.explorer.nothingText")} />;
  return (
    <Empty
      title={t("assets.explorer.emptyTitle")}
      text={t("assets.explorer.emptyText")}
      action={t("assets.explorer.mode.import")}
      onAction={onImport}
    />
  );
}
