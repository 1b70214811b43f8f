import { Button } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { queryPage } from "@doppelwerk/client";
import type { QueryPage } from "@doppelwerk/client";
import { JsonEditor, aasOf, useLoad, useScope, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { ExplorerPlace } from "@doppelwerk/kit/studio";
import type { ExplorerMoves } from "./explorer-moves.ts";
import { TARGETS, type ListMode } from "./list-mode.ts";
import { parsedQuery } from "./query-text.ts";

/** A query as its JSON, with what it cost. */
export function QueryBox({
  place,
  moves,
  of,
  query,
}: {
  readonly place: ExplorerPlace;
  readonly moves: ExplorerMoves;
  readonly of: ListMode;
  readonly query: string;
}): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const [text, setText] = useState(query);
  const { problem } = parsedQuery(text);
  const explained = useLoad<QueryPage<unknown> | undefined>(
    (signal) => {
      const { json } = parsedQuery(query);
      return json === undefined
        ? Promise.resolve(undefined)
        : queryPage(aasOf(studio, branch), TARGETS[of], { ...(json as object), $select: "id" }, { pageSize: 100, explain: true, signal });
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
      <JsonEditor
        label={t("assets.explorer.query")}
        hidesLabel
        rows={[5, 14]}
        text={text}
        onText={setText}
        faults={problem === undefined ? [] : [{ path: "", text: problem }]}
      />
      {problem === undefined && explained.kind === "failed" && <p className="dw-note is-trouble">{explained.message}</p>}
      <div className="dw-query-foot">
        <small>{why !== undefined && <Explanation why={why} />}</small>
        <Button size="xs" type="submit" disabled={problem !== undefined}>
          {t("assets.explorer.run")}
        </Button>
      </div>
    </form>
  );
}

/** Which indexes answered, and how many records were read. */
function Explanation({ why }: { readonly why: NonNullable<QueryPage<unknown>["explanation"]> }): ReactNode {
  const { t } = useWords();
  if (why.indexes.length === 0) return t("assets.explorer.explainAll", { count: why.evaluated });
  const indexes = why.indexes.map(({ index, found }) => `${index} (${found})`).join(", ");
  return t("assets.explorer.explain", { indexes, count: why.evaluated });
}
