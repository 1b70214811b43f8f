import { UnstyledButton } from "@mantine/core";
import { IconStack2 } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Submodel } from "@doppelwerk/aas";
import { queryPage } from "@doppelwerk/client";
import { Failure, aasOf, useLoad, useScope, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { ExplorerMoves } from "./explorer-moves.ts";

/** Submodels in which something means this concept. */
export function UsedBy({ concept, moves }: { readonly concept: string; readonly moves: ExplorerMoves }): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const found = useLoad(
    (signal) =>
      queryPage<Submodel>(
        aasOf(studio, branch),
        "submodels",
        { $condition: { $eq: [{ $field: "$sme#semanticId" }, { $strVal: concept }] } },
        { pageSize: 20, signal },
      ),
    [concept, branch],
  );
  if (found.kind === "failed") return <Failure message={found.message} code={found.code} onRetry={found.reload} />;
  if (found.value === undefined) return null;
  const { result, paging_metadata: paging } = found.value;
  return (
    <section className="dw-block">
      <header>
        <h3>{t("assets.explorer.usedBy")}</h3>
        <span>
          {result.length}
          {paging?.cursor !== undefined && "+"}
        </span>
      </header>
      {result.length === 0 && <p className="dw-quiet">{t("assets.explorer.usedByNone")}</p>}
      <ul className="dw-submodels">
        {result.map(({ id, idShort }) => (
          <li key={id}>
            <UnstyledButton className="dw-list-line" onClick={() => moves.go({ mode: "submodels", submodel: id })}>
              <IconStack2 size={15} stroke={1.6} />
              <span>{idShort ?? id}</span> <small className="dw-breaks">{id}</small>
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </section>
  );
}
