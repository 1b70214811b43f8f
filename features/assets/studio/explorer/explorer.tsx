import { ActionIcon, Button, Textarea, TextInput, Tooltip, UnstyledButton } from "@mantine/core";
import { IconArrowLeft, IconCode, IconPlus, IconSearch, IconX } from "@tabler/icons-react";
import { lazy, Suspense, useEffect, useMemo, useReducer, useRef, useState } from "react";
import type { ReactNode } from "react";
import type { ConceptDescription, Shell, Submodel } from "@doppelwerk/aas";
import { encodeId } from "@doppelwerk/aas";
import { findShells, queryPage } from "@doppelwerk/client";
import type { QueryPage } from "@doppelwerk/client";
import {
  Empty,
  Failure,
  Waiting,
  aasOf,
  errorText,
  formatPlace,
  useLoad,
  useScope,
  useStore,
  useStudio,
  useWords,
} from "@doppelwerk/kit/studio";
import type { ExplorerPlace } from "@doppelwerk/kit/studio";
import { documentPath, forgetConcepts, ifThere, read, treeSource } from "./aas-access.ts";
import { ConceptView } from "./concept-view.tsx";
import { ElementView } from "./element-view.tsx";
import type { ExplorerMoves } from "./explorer-moves.ts";
import { NewDocument } from "./new-document.tsx";
import { beginsWithQuery, EXAMPLE_QUERY } from "./search.ts";
import { keyOf, ShellTree } from "./shell-tree.ts";
import type { Root } from "./shell-tree.ts";
import { ShellView } from "./shell-view.tsx";
import { SubmodelView } from "./submodel-view.tsx";
import { TreeList } from "./tree-list.tsx";
import "./explorer.css";

const ImportPanel = lazy(() => import("./import-panel.tsx").then((room) => ({ default: room.ImportPanel })));
const TemplatesPanel = lazy(() => import("./templates-panel.tsx").then((room) => ({ default: room.TemplatesPanel })));

/** Every shell of the repository, and what stands behind the one selected; the address keeps the place. */
export function Explorer({ place }: { readonly place: ExplorerPlace }): ReactNode {
  const studio = useStudio();
  useEffect(() => studio.commits.subscribe(forgetConcepts), [studio]);
  const moves = useMemo(
    (): ExplorerMoves => ({
      go: (next) => studio.address.go({ view: "assets", detail: formatPlace(next) }),
      amend: (next) => studio.address.amend({ view: "assets", detail: formatPlace(next) }),
    }),
    [studio],
  );
  if (place.mode === "import")
    return (
      <Suspense fallback={<Waiting />}>
        <ImportPanel moves={moves} />
      </Suspense>
    );
  if (place.mode === "templates")
    return (
      <Suspense fallback={<Waiting />}>
        <TemplatesPanel place={place} moves={moves} />
      </Suspense>
    );
  return <Shells place={place} moves={moves} of={place.mode} />;
}

type ListMode = "shells" | "submodels" | "concepts";

/** What the API calls what is listed. */
const targets = { shells: "shells", submodels: "submodels", concepts: "concept-descriptions" } as const;

interface Placed {
  readonly place: ExplorerPlace;
  readonly moves: ExplorerMoves;
}

function Shells({ place, moves, of }: Placed & { readonly of: ListMode }): ReactNode {
  const { t } = useWords();
  const chosen = place.shell !== undefined || place.submodel !== undefined || place.asset !== undefined || place.concept !== undefined;
  const back = (): void => {
    const { find, query } = place;
    moves.go({ mode: of, ...(find !== undefined && { find }), ...(query !== undefined && { query }) });
  };
  return (
    <div className={`dw-explorer ${chosen ? "is-chosen" : ""}`}>
      <Finder place={place} moves={moves} of={of} />
      <div className="dw-explorer-detail dw-scroll">
        {chosen && (
          <Button className="dw-explorer-back" variant="subtle" size="sm" leftSection={<IconArrowLeft size={16} />} onClick={back}>
            {t("assets.explorer.back")}
          </Button>
        )}
        <Detail place={place} moves={moves} />
      </div>
    </div>
  );
}

function Detail({ place, moves }: Placed): ReactNode {
  const { t } = useWords();
  if (place.concept !== undefined) return <ConceptView place={{ ...place, concept: place.concept }} moves={moves} />;
  if (place.submodel !== undefined && place.path !== undefined)
    return (
      <ElementView key={`${place.submodel} ${place.path}`} place={{ ...place, submodel: place.submodel, path: place.path }} moves={moves} />
    );
  if (place.submodel !== undefined) return <SubmodelView place={{ ...place, submodel: place.submodel }} moves={moves} />;
  if (place.shell !== undefined) return <ShellView id={place.shell} place={place} moves={moves} />;
  if (place.asset !== undefined) return <AssetOfLink asset={place.asset} place={place} moves={moves} />;
  if (place.mode === "concepts")
    return <Empty title={t("assets.explorer.chooseConceptTitle")} text={t("assets.explorer.chooseConceptText")} />;
  return <Empty title={t("assets.explorer.chooseTitle")} text={t("assets.explorer.chooseText")} />;
}

/** What an identification link leads to: the shell of the asset it names. */
function AssetOfLink({ asset, place, moves }: Placed & { readonly asset: string }): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const found = useLoad(async () => {
    for await (const id of findShells(aasOf(studio, branch), [{ name: "globalAssetId", value: asset }], 1)) return { id };
    return { id: undefined };
  }, [asset, branch]);
  if (found.kind === "failed") return <Failure message={found.message} onRetry={found.reload} />;
  if (found.value === undefined) return <Waiting />;
  if (found.value.id === undefined)
    return <Empty title={t("assets.explorer.noAssetTitle")} text={t("assets.explorer.noAssetText", { asset })} />;
  return <ShellView id={found.value.id} place={place} moves={moves} />;
}

/** Search, query and tree. */
function Finder({ place, moves, of }: Placed & { readonly of: ListMode }): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const commits = useStore(studio.commits);
  const [turn, tell] = useReducer((count: number) => count + 1, 0);
  const [text, setText] = useState(place.find ?? "");
  const [adding, setAdding] = useState(false);
  const query = useMemo(() => parsed(place.query), [place.query]);
  const tree = useMemo(() => {
    const wanted = { ...(place.find !== undefined && { find: place.find }), ...(query.json !== undefined && { query: query.json }) };
    return new ShellTree(treeSource(aasOf(studio, branch), targets[of], wanted), tell);
  }, [studio, branch, of, place.find, query.json]);
  const isPlain = place.find === undefined && place.query === undefined;
  useEffect(() => {
    let wanted = true;
    const begin = async (): Promise<void> => {
      await tree.more();
      if (!isPlain) {
        // The whole text was found nowhere: on to what contains it, until there is something to show.
        while (tree.roots === 0 && tree.state === "partly" && wanted) await tree.more();
        return;
      }
      // What fits on two pages is read at once and stands in the order of names; more than that in the order of the repository, until someone asks.
      if (tree.state === "partly") await tree.more();
      if (tree.state === "whole") tree.sort();
    };
    void begin();
    return () => {
      wanted = false;
      tree.stop();
    };
  }, [tree, isPlain]);
  // While a search is under way the list before it stays.
  const last = useRef(tree);
  if (tree.roots > 0 || tree.state === "whole" || tree.state === "failed") last.current = tree;
  const shown = last.current;
  useEffect(() => setText(place.find ?? ""), [place.find]);
  useEffect(() => {
    const timer = setTimeout(() => {
      const find = text.trim() === "" ? undefined : text.trim();
      if (find === place.find) return;
      const { find: _, query: __, ...rest } = place;
      moves.amend({ ...rest, ...(find !== undefined && { find }) });
    }, 150);
    return () => clearTimeout(timer);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- typing alone starts a search
  }, [text]);
  /** What is not loaded yet is found by the first letters of its name. */
  const seek = async (letters: string): Promise<string | undefined> => {
    const { result } = await queryPage<Root>(aasOf(studio, branch), targets[of], beginsWithQuery(letters, targets[of]), { pageSize: 1 });
    const [root] = result;
    if (root === undefined) return undefined;
    tree.show(root);
    return keyOf(root);
  };
  const finder = useRef<HTMLElement>(null);
  const seen = useRef(commits);
  /** The last root that was looked at; after a deletion the place is already another. */
  const root = useRef(place);
  if (place.shell !== undefined || place.submodel !== undefined || place.concept !== undefined) root.current = place;
  useEffect(() => {
    if (seen.current === commits) return;
    seen.current = commits;
    if (place.submodel !== undefined) void tree.refresh(place.submodel);
    // What was added or deleted shows at once where it was looked at.
    const { shell, submodel, concept } = root.current;
    const api = aasOf(studio, branch);
    const drop = (id: string) => (found: unknown) => found === undefined && tree.drop(id);
    if (shell !== undefined)
      void ifThere(read<Shell>(api, `/shells/${encodeId(shell)}`)).then((found) =>
        found === undefined ? tree.drop(shell) : tree.refreshShell(found),
      );
    else if (submodel !== undefined) void ifThere(read(api, `${documentPath(submodel)}/$metadata`)).then(drop(submodel));
    else if (concept !== undefined) void ifThere(read(api, `/concept-descriptions/${encodeId(concept)}`)).then(drop(concept));
  }, [commits, tree, place, studio, branch]);
  useEffect(() => {
    void reveal(
      tree,
      place,
      (id) => ifThere(read<Shell>(aasOf(studio, branch), `/shells/${encodeId(id)}`)),
      (id) => ifThere(read<Submodel>(aasOf(studio, branch), `${documentPath(id)}/$metadata`)),
      (id) => ifThere(read<ConceptDescription>(aasOf(studio, branch), `/concept-descriptions/${encodeId(id)}`)),
    );
  }, [tree, place, studio, branch]);
  return (
    <section ref={finder} className="dw-finder" aria-label={t("assets.explorer.finder")} data-turn={turn}>
      <div className="dw-finder-bar">
        <TextInput
          size="sm"
          className="dw-grow"
          leftSection={<IconSearch size={14} />}
          placeholder={t(`assets.explorer.search.${of}`)}
          aria-label={t(`assets.explorer.search.${of}`)}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape" && text !== "") {
              event.stopPropagation();
              setText("");
            }
            if (event.key !== "ArrowDown" && event.key !== "Enter") return;
            event.preventDefault();
            finder.current?.querySelector<HTMLElement>("[role=tree]")?.focus();
          }}
          rightSection={
            text !== "" && (
              <ActionIcon variant="subtle" color="gray" size={22} aria-label={t("assets.explorer.clear")} onClick={() => setText("")}>
                <IconX size={14} />
              </ActionIcon>
            )
          }
        />
        <Tooltip label={t(`assets.explorer.new.${of}`)}>
          <ActionIcon
            variant="default"
            size={34}
            aria-label={t(`assets.explorer.new.${of}`)}
            aria-expanded={adding}
            onClick={() => setAdding(!adding)}
          >
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
            onClick={() => {
              const { query: open, find: _, ...rest } = place;
              moves.go(open === undefined ? { ...rest, query: EXAMPLE_QUERY } : rest);
            }}
          >
            <IconCode size={16} />
          </ActionIcon>
        </Tooltip>
      </div>
      {adding && <NewDocument kind={of} moves={moves} onDone={() => setAdding(false)} />}
      {place.query !== undefined && <QueryBox place={place} moves={moves} of={of} query={place.query} />}
      <div className="dw-finder-count">
        <span role="status">
          {tree.state === "loading"
            ? tree.roots === 0
              ? t("assets.explorer.searching")
              : t("assets.explorer.loadingMore", { count: tree.roots })
            : tree.state === "whole"
              ? t(`assets.explorer.count.${of}`, { count: tree.roots })
              : t("assets.explorer.countSoFar", { count: tree.roots })}
        </span>
        {tree.wantsAll ? (
          <UnstyledButton className="dw-text-link" onClick={() => tree.stop()}>
            {t("assets.explorer.stop")}
          </UnstyledButton>
        ) : (
          isPlain &&
          tree.roots > 0 &&
          tree.state !== "whole" && (
            <UnstyledButton className="dw-text-link" onClick={() => void tree.all().then(() => tree.state === "whole" && tree.sort())}>
              {t("assets.explorer.allByName")}
            </UnstyledButton>
          )
        )}
      </div>
      {shown.state === "failed" ? (
        <Failure message={errorText(shown.failure)} onRetry={() => void shown.more()} />
      ) : shown.roots === 0 && shown.state === "whole" ? (
        <Empty
          title={isPlain ? t("assets.explorer.emptyTitle") : t("assets.explorer.nothingTitle")}
          text={isPlain ? t("assets.explorer.emptyText") : t("assets.explorer.nothingText")}
          {...(isPlain ? { action: t("assets.explorer.mode.import"), onAction: () => moves.go({ mode: "import" }) } : {})}
        />
      ) : (
        <TreeList tree={shown} place={place} moves={moves} find={place.find} {...(isPlain && { seek })} />
      )}
    </section>
  );
}

/** Opens the tree along the place that a link names. */
async function reveal(
  tree: ShellTree,
  place: ExplorerPlace,
  shellOf: (id: string) => Promise<Shell | undefined>,
  headOf: (id: string) => Promise<Submodel | undefined>,
  conceptAt: (id: string) => Promise<ConceptDescription | undefined>,
): Promise<void> {
  const rowOf = (key: string) => {
    const at = tree.indexOf(key);
    return at < 0 ? undefined : tree.rows(at, at + 1)[0];
  };
  if (place.concept !== undefined && tree.indexOf(`c:${place.concept}`) < 0) {
    const concept = await conceptAt(place.concept);
    if (concept !== undefined) tree.show(concept);
  }
  const root = place.shell ?? place.submodel;
  if (root === undefined) return;
  const rootKey = `${place.shell === undefined ? "s" : "a"}:${root}`;
  if (rowOf(rootKey) === undefined) {
    const found = place.shell === undefined ? await headOf(root) : await shellOf(root);
    if (found !== undefined) tree.show(found);
  }
  if (place.submodel === undefined) return;
  const submodelKey = place.shell === undefined ? rootKey : `${rootKey}/s:${place.submodel}`;
  const steps = [
    rootKey,
    ...(place.path === undefined ? [] : [submodelKey, ...ancestorsOf(place.path).map((path) => `${submodelKey}/e:${path}`)]),
  ];
  for (const key of new Set(steps)) {
    const row = rowOf(key);
    if (row !== undefined) await tree.open(row);
  }
}

/** `a.b[0].c` → `a`, `a.b`, `a.b[0]`. */
function ancestorsOf(path: string): readonly string[] {
  const ends = [...path.matchAll(/[.[]/g)].map(({ index }) => index).filter((index) => index > 0);
  return ends.map((end) => path.slice(0, end));
}

function parsed(text: string | undefined): { readonly json?: unknown; readonly problem?: string } {
  if (text === undefined) return {};
  try {
    return { json: JSON.parse(text) as unknown };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}

/** A query as its JSON, with what it cost. */
function QueryBox({ place, moves, of, query }: Placed & { readonly of: ListMode; readonly query: string }): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const [text, setText] = useState(query);
  const { problem } = parsed(text);
  const explained = useLoad<QueryPage<unknown> | undefined>(
    (signal) => {
      const { json } = parsed(query);
      return json === undefined
        ? Promise.resolve(undefined)
        : queryPage(aasOf(studio, branch), targets[of], { ...(json as object), $select: "id" }, { pageSize: 100, explain: true, signal });
    },
    [query, branch, of],
  );
  const why = explained.value?.explanation;
  return (
    <form
      className="dw-query"
      onSubmit={(event) => {
        event.preventDefault();
        if (problem === undefined) moves.amend({ ...place, query: text });
      }}
    >
      <Textarea
        aria-label={t("assets.explorer.query")}
        autosize
        minRows={5}
        maxRows={14}
        spellCheck={false}
        value={text}
        error={problem ?? (explained.kind === "failed" ? explained.message : undefined)}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit();
        }}
      />
      <div className="dw-query-foot">
        <small>
          {why !== undefined &&
            (why.indexes.length === 0
              ? t("assets.explorer.explainAll", { count: why.evaluated })
              : t("assets.explorer.explain", {
                  indexes: why.indexes.map(({ index, found }) => `${index} (${found})`).join(", "),
                  count: why.evaluated,
                }))}
        </small>
        <Button size="xs" type="submit" disabled={problem !== undefined}>
          {t("assets.explorer.run")}
        </Button>
      </div>
    </form>
  );
}
