import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { LIVE } from "@doppelwerk/world";
import { ActionButton, Failure, useStudio, useWords } from "@doppelwerk/kit/studio";
import { AislesCard } from "./aisles-card.tsx";
import { FixedMachinesCard } from "./fixed-machines-card.tsx";
import { LayoutCard } from "./layout-card.tsx";
import { LayoutMovesCard } from "./layout-moves-card.tsx";
import { LayoutSearchCard } from "./layout-search-card.tsx";
import { OptimiseHead } from "./optimise-head.tsx";
import { useLayout } from "./use-layout.ts";

/** Stations on the floor and what flows between them: where they would stand better, with what must stay and what must stay free. */
export function LayoutPage({ branch }: { readonly branch: string }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const layout = useLayout(branch);
  const { loaded, given, problem, answer } = layout;
  if (loaded.kind === "failed" && given === undefined)
    return <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />;
  return (
    <div className="dw-page dw-decide dw-optimise">
      <div className="dw-decide-left">
        <OptimiseHead kind="layout" />
        <LayoutSearchCard layout={layout} />
        <FixedMachinesCard layout={layout} />
        <AislesCard layout={layout} />
      </div>
      <div className="dw-decide-right">
        {problem !== undefined && <LayoutCard problem={problem} places={answer?.places} proven={layout.proven} />}
        {problem !== undefined && answer !== undefined && (
          <LayoutMovesCard
            branch={branch}
            problem={problem}
            answer={answer}
            isSearching={layout.search.isRunning}
            onKept={layout.dropAnswer}
          />
        )}
        {branch !== LIVE && (
          <div className="dw-buttons">
            <Button variant="default" onClick={() => studio.address.go({ view: "world", detail: undefined })}>
              {t("simulate.optimise.layout.see")}
            </Button>
            <ActionButton action="changes.propose" variant="default">
              {t("simulate.optimise.keep.propose")}
            </ActionButton>
          </div>
        )}
      </div>
    </div>
  );
}
