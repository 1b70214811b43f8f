import { Button } from "@mantine/core";
import { IconGitFork } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { LIVE } from "@doppelwerk/world";
import { ActionButton, useWords } from "@doppelwerk/kit/studio";

/** Keeps what was found on the branch, from live on a new one; on a branch it can be proposed. */
export function KeepAndPropose({ branch, onKeep }: { readonly branch: string; readonly onKeep: () => void }): ReactNode {
  const { t } = useWords();
  return (
    <div className="dw-buttons">
      <Button leftSection={<IconGitFork size={16} />} onClick={onKeep}>
        {t(branch === LIVE ? "simulate.optimise.keep.button" : "simulate.optimise.keep.onBranch")}
      </Button>
      {branch !== LIVE && (
        <ActionButton action="changes.propose" variant="default">
          {t("simulate.optimise.keep.propose")}
        </ActionButton>
      )}
    </div>
  );
}
