import { UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import { clockText, Dialog, durationText, inLanguage, useWords } from "@doppelwerk/kit/studio";
import type { Stop } from "../contract.ts";
import type { ReasonTree } from "./use-reasons.ts";

export interface ReasonDialogProps {
  readonly stop: Stop;
  readonly reasons: ReasonTree | undefined;
  readonly onClose: () => void;
  readonly onChoose: (reason: string | undefined) => void;
}

/** Every reason of the tree on one sheet: a tap chooses it. */
export function ReasonDialog({ stop, reasons, onClose, onChoose }: ReasonDialogProps): ReactNode {
  const { t, language, zone } = useWords();
  const offered = reasons?.offeredAt(stop.station) ?? [];
  const groups = (reasons?.reasons ?? []).filter(({ code, group }) => group === undefined && offered.some((each) => each.group === code));
  const title = t("losses.reasonOf", {
    station: stop.station,
    clock: clockText(stop.from, zone, false),
    duration: durationText(stop.seconds * 1e6, language),
  });
  return (
    <Dialog opened onClose={onClose} title={title} centered size={640}>
      <div className="dw-reasons">
        {groups.map(({ code, fields }) => (
          <section key={code} aria-label={inLanguage(fields.title, language)}>
            <h3>{inLanguage(fields.title, language)}</h3>
            <div>
              {offered
                .filter(({ group }) => group === code)
                .map((reason) => (
                  <UnstyledButton
                    key={reason.code}
                    className="dw-reason"
                    aria-pressed={reason.code === stop.reason}
                    onClick={() => onChoose(reason.code)}
                  >
                    {inLanguage(reason.fields.title, language)}
                  </UnstyledButton>
                ))}
            </div>
          </section>
        ))}
        {stop.reason !== undefined && (
          <UnstyledButton className="dw-reason is-none" onClick={() => onChoose(undefined)}>
            {t("losses.noReasonGiven")}
          </UnstyledButton>
        )}
      </div>
    </Dialog>
  );
}
