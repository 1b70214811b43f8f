import { useEffect, useMemo, useReducer, useRef } from "react";
import { queryPage } from "@doppelwerk/client";
import { aasOf, useScope, useStore, useStudio } from "@doppelwerk/kit/studio";
import type { ExplorerPlace } from "@doppelwerk/kit/studio";
import { DoppelwerkError } from "@doppelwerk/world";
import { treeSource } from "./aas-access.ts";
import { TARGETS, type ListMode } from "./list-mode.ts";
import { parsedQuery } from "./query-text.ts";
import { conceptAt, headAt, reveal, shellAt } from "./reveal.ts";
import { beginsWithQuery } from "./search.ts";
import { keyOf, ShellTree } from "./shell-tree.ts";
import type { Root } from "./shell-tree.ts";
import type { SeekRoot } from "./use-typeahead.ts";

interface FinderTree {
  /** What is searched for at the place, as far as it is here. */
  readonly tree: ShellTree;
  /** The tree to be shown: while a search is under way, the one before. */
  readonly shown: ShellTree;
  /** Nothing is searched for. */
  readonly isPlain: boolean;
  /** Counts the changes of the tree. */
  readonly turn: number;
  readonly seek: SeekRoot;
}

/** The tree of what is listed at the place: loaded, kept up to date with what is committed, and opened along the place. */
export function useShellTree(place: ExplorerPlace, of: ListMode): FinderTree {
  const studio = useStudio();
  const { branch } = useScope();
  const [turn, redraw] = useReducer((count: number) => count + 1, 0);
  const { json: query } = useMemo(() => parsedQuery(place.query), [place.query]);
  const tree = useMemo(() => {
    const search = { ...(place.find !== undefined && { find: place.find }), ...(query !== undefined && { query }) };
    return new ShellTree(treeSource(aasOf(studio, branch), TARGETS[of], search), redraw);
  }, [studio, branch, of, place.find, query]);
  const isPlain = place.find === undefined && place.query === undefined;
  useFirstPages(tree, isPlain);
  const last = useRef(tree);
  if (tree.roots > 0 || tree.state === "whole" || tree.state === "failed") last.current = tree;
  useCommitsInTree(tree, place);
  useEffect(() => unlessAway(reveal(tree, place, aasOf(studio, branch))), [tree, place, studio, branch]);
  const seek = async (letters: string): Promise<string | undefined> => {
    const { result } = await queryPage<Root>(aasOf(studio, branch), TARGETS[of], beginsWithQuery(letters, TARGETS[of]), { pageSize: 1 });
    const [root] = result;
    if (root === undefined) return undefined;
    tree.show(root);
    return keyOf(root);
  };
  return { tree, shown: last.current, isPlain, turn, seek };
}

/** Where the server does not answer, the tree stays as it is: why is said beside it, where the document itself is shown. */
function unlessAway(done: Promise<unknown>): void {
  void done.catch((error: unknown) => {
    if (!(error instanceof DoppelwerkError)) throw error;
  });
}

function useFirstPages(tree: ShellTree, isPlain: boolean): void {
  useEffect(() => {
    let isGone = false;
    const load = async (): Promise<void> => {
      await tree.more();
      if (!isPlain) {
        // the whole text was found nowhere: on to what contains it, until there is something to show
        while (tree.roots === 0 && tree.state === "partly" && !isGone) await tree.more();
        return;
      }
      // what fits on two pages is read at once and put in the order of names; more than that stays in the order of the repository
      if (tree.state === "partly") await tree.more();
      if (tree.state === "whole") tree.sort();
    };
    void load();
    return () => {
      isGone = true;
      tree.stop();
    };
  }, [tree, isPlain]);
}

/** After a commit: what was added or deleted shows at once where it was looked at. */
function useCommitsInTree(tree: ShellTree, place: ExplorerPlace): void {
  const studio = useStudio();
  const { branch } = useScope();
  const commits = useStore(studio.commits);
  const seen = useRef(commits);
  // the last root that was looked at; after a deletion the place is already another
  const root = useRef(place);
  if (place.shell !== undefined || place.submodel !== undefined || place.concept !== undefined) root.current = place;
  useEffect(() => {
    if (seen.current === commits) return;
    seen.current = commits;
    if (place.submodel !== undefined) void tree.refresh(place.submodel);
    const { shell, submodel, concept } = root.current;
    const api = aasOf(studio, branch);
    const dropIfGone = (id: string) => (found: unknown) => found === undefined && tree.drop(id);
    if (shell !== undefined)
      unlessAway(shellAt(api, shell).then((found) => (found === undefined ? tree.drop(shell) : tree.refreshShell(found))));
    else if (submodel !== undefined) unlessAway(headAt(api, submodel).then(dropIfGone(submodel)));
    else if (concept !== undefined) unlessAway(conceptAt(api, concept).then(dropIfGone(concept)));
  }, [commits, tree, place, studio, branch]);
}
