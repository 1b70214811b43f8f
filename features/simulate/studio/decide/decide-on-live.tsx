import { UnstyledButton } from "@mantine/core";
import { IconGitFork } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { LIVE } from "@doppelwerk/world";
import {
  ActionButton,
  Card,
  answerOf,
  branchHue,
  momentText,
  useLoad,
  useScope,
  useStore,
  useStudio,
  useWords,
} from "@doppelwerk/kit/studio";
import { BacktestCard } from "./backtest-card.tsx";
import { DriftNote } from "./drift-note.tsx";
import { ParametersCard } from "./parameters-card.tsx";
import { RoomButtons } from "./room-buttons.tsx";
import * as simulate from "../../calls.ts";

/** On live: the open branches and how a new one is made; how good the model's forecasts were, and what it was fitted to. */
export function DecideOnLive(): ReactNode {
  const studio = useStudio();
  const { line } = useScope();
  const { t, language, zone } = useWords();
  const branches = useStore(studio.branches).filter((branch) => branch.id !== LIVE && branch.closed === undefined);
  const rail = useStore(studio.rail);
  // branches are read with the world
  const isRead = useStore(studio.world) !== undefined;
  const parameters = useLoad(answerOf(simulate.listParameters, { params: { branch: LIVE }, query: { line } }));
  return (
    <div className="dw-page dw-decide">
      <div className="dw-decide-left">
        <Card title={t("simulate.decide.openBranches")}>
          {branches.length === 0 && <p className="dw-quiet">{t(isRead ? "simulate.decide.noBranch" : "frame.loading")}</p>}
          {branches.map((branch) => (
            <UnstyledButton key={branch.id} className="dw-request" onClick={() => studio.address.go({ branch: branch.id })}>
              <i
                style={{ background: `var(--dw-${branchHue(branch.id, rail?.lanes.find((lane) => lane.branch.id === branch.id)?.hue)})` }}
              />
              <span>
                <b>{branch.name}</b>
                <small>{t("rail.forked", { moment: momentText(branch.instant, zone, language, false) })}</small>
              </span>
            </UnstyledButton>
          ))}
          <div className="dw-buttons">
            <ActionButton action="changes.fork" leftSection={<IconGitFork size={16} />}>
              {t("rail.fork")}
            </ActionButton>
          </div>
        </Card>
        <p className="dw-quiet">
          {t("simulate.decide.liveText")}{" "}
          <UnstyledButton className="dw-text-link" onClick={() => studio.openPage("changes")}>
            {t("simulate.decide.mergedAreInChanges")}
          </UnstyledButton>
        </p>
        <RoomButtons />
      </div>
      <div className="dw-decide-right">
        <DriftNote branch={LIVE} />
        <BacktestCard />
        {parameters.value !== undefined && parameters.value.length > 0 && <ParametersCard parameters={parameters.value} isOfRun={false} />}
      </div>
    </div>
  );
}
