import { UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import { LIVE } from "@doppelwerk/world";
import { answerOf, fixedText, percentText, useLoad, useStudio, useWords } from "@doppelwerk/kit/studio";
import * as simulate from "../../calls.ts";

/** Beside the forecast of a shift: how wrong those of past shifts were, how many outcomes lay in their interval, and the way to all figures. */
export default function ForecastQuality({ line }: { readonly line: string }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { value: backtest } = useLoad(answerOf(simulate.readBacktest, { query: { line } }), { everyMs: 60_000 });
  if (backtest === undefined) return null;
  const shift = backtest.horizons.find(({ horizon }) => horizon === "this shift");
  return (
    <small className="dw-forecast-quality dw-quiet-text">
      {shift === undefined || shift.n === 0
        ? t("simulate.quality.none")
        : t("simulate.quality.shift", {
            error: fixedText(shift.meanAbsoluteError, 1),
            inside: percentText(shift.coverage90, 0),
            n: shift.n,
          })}{" "}
      <UnstyledButton
        className="dw-text-link"
        onClick={() => studio.address.go({ view: "decide", detail: undefined, branch: LIVE, line, subject: undefined, run: undefined })}
      >
        {t("simulate.quality.more")}
      </UnstyledButton>
    </small>
  );
}
