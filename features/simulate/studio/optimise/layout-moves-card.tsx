import { Button } from "@mantine/core";
import { IconGitFork } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { LIVE } from "@doppelwerk/world";
import type { LayoutProblem } from "@doppelwerk/sim/optimise";
import { Card, signedText, useScope, useStudio, useWords } from "@doppelwerk/kit/studio";
import { layoutMoves } from "./layout-moves.ts";
import type { LayoutState } from "./use-layout.ts";
import { useMachineLabel } from "./use-machine-label.ts";
import { useKeep } from "./use-search.ts";
import * as simulate from "../../calls.ts";

/** Which machines would move where, and the way onto a branch. */
export function LayoutMovesCard({
  branch,
  problem,
  answer,
  isSearching,
  onKept,
}: {
  readonly branch: string;
  readonly problem: LayoutProblem;
  readonly answer: NonNullable<LayoutState["answer"]>;
  readonly isSearching: boolean;
  readonly onKept: () => void;
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const labelOf = useMachineLabel();
  const { line } = useScope();
  const keep = useKeep("layout");
  const moves = layoutMoves(problem, answer.places);
  const put = (): void =>
    void keep(t("simulate.optimise.kind.layout"), branch, (on) =>
      simulate.keepLayout(studio.client, { params: { branch: on }, body: { ...answer, line } }),
    ).then((done) => {
      if (done) onKept();
    });
  return (
    <Card title={t("simulate.optimise.layout.moves")} note={String(moves.length)}>
      {moves.length === 0 && <p className="dw-quiet">{t("simulate.optimise.layout.none")}</p>}
      <ul className="dw-blend-words">
        {moves.map(({ machine, dx, dy, turned }) => (
          <li key={machine.id}>
            {t("simulate.optimise.layout.move", { what: labelOf(machine), x: signedText(dx, 1), y: signedText(-dy, 1) })}
            {turned && ` · ${t("simulate.optimise.layout.turned")}`}
          </li>
        ))}
      </ul>
      <div className="dw-buttons">
        <Button disabled={moves.length === 0 || isSearching} leftSection={<IconGitFork size={16} />} onClick={put}>
          {t(branch === LIVE ? "simulate.optimise.keep.button" : "simulate.optimise.keep.onBranch")}
        </Button>
      </div>
    </Card>
  );
}
