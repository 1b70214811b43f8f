import { ActionIcon } from "@mantine/core";
import { IconFocus2, IconGitFork, IconHome, IconMap2, IconWalk } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Hint, useAction, useWords } from "@doppelwerk/kit/studio";
import type { Viewer } from "@doppelwerk/kit/studio/viewer";

/** Where the camera goes, each with its key; and the fork of the plant as it is shown. */
export function ViewerToolbar({ viewer }: { readonly viewer: Viewer }): ReactNode {
  const { t } = useWords();
  const fork = useAction("changes.fork");
  const tools = [
    { label: t("line.world.home"), keys: "H", icon: IconHome, run: () => viewer.home() },
    { label: t("line.world.top"), keys: "T", icon: IconMap2, run: () => viewer.top() },
    { label: t("line.world.frame"), keys: t("line.world.doubleClick"), icon: IconFocus2, run: () => viewer.frame() },
    { label: t("line.world.walk"), keys: "G", icon: IconWalk, run: () => viewer.walk() },
  ];
  return (
    <div className="dw-toolbar" role="toolbar" aria-label={t("line.view.world")}>
      {tools.map(({ label, keys, icon: Icon, run }) => (
        <Hint key={label} label={label} keys={keys}>
          <ActionIcon variant="subtle" color="gray" size={30} aria-label={label} onClick={run}>
            <Icon size={18} stroke={1.6} />
          </ActionIcon>
        </Hint>
      ))}
      {fork !== undefined && (
        <Hint label={t("rail.fork")} keys="F">
          <ActionIcon variant="subtle" color="gray" size={30} aria-label={t("rail.fork")} onClick={fork}>
            <IconGitFork size={18} stroke={1.6} />
          </ActionIcon>
        </Hint>
      )}
    </div>
  );
}
