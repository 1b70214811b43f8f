import { Button } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { LIVE } from "@doppelwerk/world";
import type { LineWork } from "@doppelwerk/sim/optimise";
import { ActionButton, Card, useStudio, useWords } from "@doppelwerk/kit/studio";
import { BalanceCard } from "./balance-card.tsx";
import { MovedWorkCard } from "./moved-work-card.tsx";
import { OptimiseHead } from "./optimise-head.tsx";
import { SearchBar } from "./search-bar.tsx";
import { useBalance } from "./use-balance.ts";
import { WorkElementsCard } from "./work-elements-card.tsx";

/** The work as it is divided now and as it is to be, with the search and the way onto a branch. */
export function BalancedWork({
  branch,
  given,
  source,
}: {
  readonly branch: string;
  readonly given: LineWork;
  readonly source: "history" | "documents";
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const balance = useBalance(given);
  const { search } = balance;
  const [selected, setSelected] = useState<number | undefined>(undefined);
  return (
    <div className="dw-page dw-decide dw-optimise is-balance">
      <div className="dw-decide-left">
        <OptimiseHead kind="balance" />
        <Card title={t("simulate.optimise.balance.title")} note={t(`simulate.optimise.balance.${source}`)}>
          <p className="dw-fine">{t("simulate.optimise.balance.text")}</p>
          <div className="dw-solve-course">
            <SearchBar state={search.state} isRunning={search.isRunning} onStart={balance.startSearch} onStop={search.stop} />
          </div>
        </Card>
        <WorkElementsCard given={given} balance={balance} selected={selected} />
      </div>
      <div className="dw-decide-right">
        <BalanceCard given={given} balance={balance} selected={selected} onSelect={setSelected} />
        <MovedWorkCard branch={branch} balance={balance} />
        {branch !== LIVE && (
          <div className="dw-buttons">
            <Button variant="default" onClick={() => studio.address.go({ detail: undefined })}>
              {t("simulate.optimise.balance.run")}
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
