import { UnstyledButton } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { AlarmShape, inLanguage, momentText, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { WorkOrder } from "../contract.ts";
import type {} from "../message-codes.ts";

/** One work order where there is little room: how urgent, what, where, who, how far. */
export function OrderCard({ order }: { readonly order: WorkOrder }): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const { number, title, asset, priority, due, isLate, owner, steps, lockOut, state } = order;
  const done = steps.filter((step) => step.done !== undefined).length;
  const locked = lockOut.filter((point) => point.locked !== undefined).length;
  const end = order.signed ?? order.cancelled;
  return (
    <UnstyledButton className={`dw-wo-card${isLate ? " is-late" : ""}`} onClick={() => studio.address.amend({ detail: order.id })}>
      <span className={`dw-wo-card-number dw-p${priority}`}>
        <AlarmShape priority={priority} size={12} /> {number}
      </span>
      <span className="dw-wo-card-due">
        {end !== undefined
          ? `${t(`maintenance.state.${state}`)} · ${momentText(end.at, zone, language, false)}`
          : due === undefined
            ? t("maintenance.noDue")
            : t(isLate ? "maintenance.lateSince" : "maintenance.dueAt", { at: momentText(due, zone, language, false) })}
      </span>
      <b className="dw-wo-card-title">{inLanguage(title, language)}</b>
      <span className="dw-wo-card-asset">{inLanguage(asset, language)}</span>
      <span className="dw-wo-card-foot">
        <span>{owner?.name ?? t("maintenance.nobody")}</span>
        {steps.length > 0 && <span>{t("maintenance.stepsOf", { done, count: steps.length })}</span>}
        {locked > 0 && (
          <span className="dw-wo-card-locked">
            <IconLock size={12} aria-hidden /> {t("maintenance.lockedOf", { locked, count: lockOut.length })}
          </span>
        )}
      </span>
    </UnstyledButton>
  );
}
