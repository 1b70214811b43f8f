import { Button } from "@mantine/core";
import { IconArrowBackUp, IconGitFork } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { LIVE } from "@doppelwerk/world";
import { brokenPrecedences } from "@doppelwerk/sim/optimise";
import { Card, useScope, useStudio, useWords } from "@doppelwerk/kit/studio";
import { movedElements } from "./balance-figures.ts";
import type { BalanceState } from "./use-balance.ts";
import { useKeep } from "./use-search.ts";
import * as simulate from "../../calls.ts";

/** Which elements move where; put onto the branch, or taken back. */
export function MovedWorkCard({
  branch,
  balance: { work, stationOf, search, reset },
}: {
  readonly branch: string;
  readonly balance: BalanceState;
}): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const { line } = useScope();
  const keep = useKeep("balance");
  const moved = movedElements(work, stationOf);
  const isBroken = brokenPrecedences(work, stationOf).length > 0;
  const put = (): void =>
    void keep(t("simulate.optimise.kind.balance"), branch, (on) =>
      simulate.keepWork(studio.client, {
        params: { branch: on },
        body: { line, stationOf: Object.fromEntries(moved.map(({ element, to }) => [element.id, work.stations[to]!.id])) },
      }),
    );
  return (
    <Card title={t("simulate.optimise.layout.moves")} note={String(moved.length)}>
      {moved.length === 0 && (
        <p className="dw-quiet">
          {t(search.state?.end === undefined ? "simulate.optimise.balance.asNow" : "simulate.optimise.balance.nothing")}
        </p>
      )}
      <ul className="dw-blend-words">
        {moved.map(({ element, to }) => (
          <li key={element.id}>
            {t("simulate.optimise.balance.move", {
              what: element.label[language],
              from: work.stations[element.station]!.id,
              to: work.stations[to]!.id,
            })}
          </li>
        ))}
      </ul>
      <p className="dw-fine">{t("simulate.optimise.balance.keepText")}</p>
      <div className="dw-buttons">
        <Button disabled={moved.length === 0 || isBroken || search.isRunning} leftSection={<IconGitFork size={16} />} onClick={put}>
          {t(branch === LIVE ? "simulate.optimise.keep.button" : "simulate.optimise.keep.onBranch")}
        </Button>
        <Button
          variant="default"
          disabled={moved.length === 0 || search.isRunning}
          leftSection={<IconArrowBackUp size={16} />}
          onClick={reset}
        >
          {t("simulate.optimise.balance.reset")}
        </Button>
      </div>
    </Card>
  );
}
