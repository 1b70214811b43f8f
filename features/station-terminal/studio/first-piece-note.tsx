import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { clockText, useStudio, useTask, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type {} from "../message-codes.ts";
import type { StepProps } from "./step-panel.tsx";

/** Whether quality released the first piece of this order in this shift; who may release it does it here. */
export function FirstPieceNote({ station, picture, serial, terminal }: StepProps): ReactNode {
  const { t, zone } = useWords();
  const studio = useStudio();
  const { busy, run } = useTask((_, error) => studio.notifyFailure(error, t("stationTerminal.notJudged")));
  const { firstPiece, orders } = picture;
  const order = orders?.find(({ isRunning }) => isRunning) ?? orders?.[0];
  if (firstPiece === undefined || order === undefined) return null;
  const { state, mayJudge, at, by, note } = firstPiece;
  if (state === "released")
    return (
      <p className="dw-ts-note is-inset">
        {t("stationTerminal.firstReleased", { by: by ?? "–", clock: at === undefined ? "–" : clockText(at, zone, false) })}
      </p>
    );
  const judge = (verdict: "released" | "rejected"): void =>
    run(async () => {
      const body = { product: order.product, order: order.id, verdict, ...(serial !== undefined && { serial }) };
      await calls.judgeFirstPiece(studio.client, { params: { station }, body });
      terminal.loaded.reload();
    });
  return (
    <div className="dw-ts-first" role="status">
      <b>{t(state === "missing" ? "stationTerminal.firstMissing" : "stationTerminal.firstRejected")}</b>
      {note !== undefined && <span>{note}</span>}
      {mayJudge ? (
        <span className="dw-ts-acts">
          <Button variant="default" loading={busy} onClick={() => judge("rejected")}>
            {t("stationTerminal.firstReject")}
          </Button>
          <Button variant="default" loading={busy} onClick={() => judge("released")}>
            {t("stationTerminal.firstRelease")}
          </Button>
        </span>
      ) : (
        <span>{t("stationTerminal.firstWho")}</span>
      )}
    </div>
  );
}
