import type { ReactNode } from "react";
import { LIVE } from "@doppelwerk/world";
import { useStore, useStudio, useWords } from "@doppelwerk/ui";

/** On a branch, over a page whose values are those of the live plant: that they are, and not of the branch. */
export function LiveNote(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { branch: id } = useStore(studio.address.store);
  const branch = useStore(studio.branches).find((candidate) => candidate.id === id);
  if (id === LIVE) return null;
  return (
    <p className="dw-live-note" role="note">
      <b>{t("frame.livePlant")}</b> {t("frame.livePlantText", { branch: branch?.name ?? "" })}
    </p>
  );
}
