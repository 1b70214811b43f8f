import { Button } from "@mantine/core";
import { IconArrowBackUp, IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { momentText, useStudio, useTask, useWords } from "@doppelwerk/kit/studio";
import { dismiss } from "../calls.ts";
import type { ProposalState } from "../contract.ts";

/** Takes a proposal that has ended off the page for everybody, which can be undone, or brings it back. */
export function DismissButton({
  proposal: { id, name, dismissed },
  onChanged,
}: {
  readonly proposal: ProposalState;
  readonly onChanged: () => void;
}): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const { busy, run } = useTask((_, error) => studio.notifyFailure(error));
  const set = (isDismissed: boolean): void =>
    run(async () => {
      await dismiss(studio.client, { params: { id }, body: { dismissed: isDismissed } });
      onChanged();
      if (isDismissed)
        studio.notify("good", t("autoTwin.dismissed", { name }), undefined, { label: t("autoTwin.undo"), run: () => set(false) });
    });
  return (
    <span className="dw-proposal-dismiss">
      {dismissed !== undefined &&
        t("autoTwin.dismissedBy", { name: dismissed.by, moment: momentText(dismissed.at, zone, language, false) })}
      <Button
        size="compact-xs"
        variant="subtle"
        color="gray"
        loading={busy}
        onClick={() => set(dismissed === undefined)}
        leftSection={dismissed === undefined ? <IconX size={14} /> : <IconArrowBackUp size={14} />}
      >
        {t(dismissed === undefined ? "autoTwin.dismiss" : "autoTwin.restore")}
      </Button>
    </span>
  );
}
