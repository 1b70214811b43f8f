import type { ReactNode } from "react";
import type { BranchId } from "@doppelwerk/world";
import { LIVE } from "@doppelwerk/world";
import { answerOf, useLoad, useScope, useWords, withUnit } from "@doppelwerk/kit/studio";
import { parameterWords } from "./parameter-words.ts";
import * as simulate from "../../calls.ts";

/** Said only when there is something to say: the plant is no longer the one that the figures here were fitted from. */
export function DriftNote({ branch }: { readonly branch: BranchId }): ReactNode {
  const { t } = useWords();
  const { line } = useScope();
  const notice = useLoad(answerOf(simulate.readDrift, { params: { branch }, query: { line } }), { everyMs: 60_000 }).value;
  if (notice === undefined || notice.drifts.length === 0) return null;
  const title = branch === LIVE ? "simulate.drift.live" : "simulate.drift.branch";
  return (
    <div
      className="dw-note"
      role="status"
      title={t("simulate.drift.hint", { asked: notice.asked, percent: Math.round(100 * notice.falseAlarms) })}
    >
      <b>{t(title, { count: notice.shifts })}</b> {t(branch === LIVE ? "simulate.drift.livesText" : "simulate.drift.refit")}
      <ul>
        {notice.drifts.map(({ station, name, unit, before, recent, n }) => (
          <li key={`${station} ${name}`}>
            {station} {parameterWords(name, t)}:{" "}
            {t("simulate.drift.change", { before: short(before, unit), recent: short(recent, unit), n })}
          </li>
        ))}
      </ul>
    </div>
  );
}

const short = (value: number, unit: string): string => withUnit(String(Number(value.toPrecision(3))), unit);
