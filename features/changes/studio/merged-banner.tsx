import { Button } from "@mantine/core";
import { IconGitMerge } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import type { ReactNode } from "react";
import { LIVE } from "@doppelwerk/world";
import { momentText, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";

/** On a merged branch: that it is live's by now. A window that saw it merged goes to live by itself. */
export default function MergedBanner(): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const { branch: id } = useStore(studio.address.store);
  const branch = useStore(studio.branches).find((candidate) => candidate.id === id);
  const openSeen = useRef<string>(undefined);
  const closed = id === LIVE ? undefined : branch?.closed;
  const name = branch?.name ?? "";
  useEffect(() => {
    if (branch !== undefined && branch.id !== LIVE && branch.closed === undefined) openSeen.current = branch.id;
    if (closed?.as !== "merged" || openSeen.current !== id) return;
    openSeen.current = undefined;
    const { view, detail } = studio.address.store.get();
    // what is below Decide is of the branch; a merge request is of the world
    studio.address.go({ branch: LIVE, run: undefined, ...(view === "changes" ? { detail } : { detail: undefined }) });
    studio.notify("good", t("changes.mergedNotice", { name, revision: closed.revision }), t("changes.mergedNoticeText"));
  }, [branch, closed, id, name, studio, t]);
  if (closed?.as !== "merged") return null;
  return (
    <div className="dw-banner" role="status">
      <IconGitMerge size={16} />
      <span>{t("changes.mergedBranch", { moment: momentText(closed.at, zone, language, false), revision: closed.revision })}</span>
      <Button size="compact-xs" variant="default" onClick={() => studio.address.go({ branch: LIVE, run: undefined })}>
        {t("frame.leaveBranch")}
      </Button>
    </div>
  );
}
