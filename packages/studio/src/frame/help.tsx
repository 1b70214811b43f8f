import type { ReactNode } from "react";
import { Dialog, Keys, ViewOutlet, shell, useStudio, useWords } from "@doppelwerk/ui";
import { actionGroups } from "./actions.ts";
import { AboutPage } from "./about-page.tsx";
import type { StudioAction } from "./actions.ts";

/** What the page is for, the guides, and every key. */
export default function HelpDialog({
  actions,
  opened,
  onClose,
}: {
  readonly actions: readonly StudioAction[];
  readonly opened: boolean;
  readonly onClose: () => void;
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  return (
    <Dialog opened={opened} onClose={onClose} title={t("frame.help")} size={680} centered>
      <AboutPage />
      <div className="dw-keys">
        {actionGroups.map((group) => (
          <section key={group}>
            <h3>{t(`help.${group}`)}</h3>
            {actions
              .filter((action) => action.group === group && action.keys !== "")
              .map((action) => (
                <div key={action.id} className="dw-key-line">
                  <span>{t(action.label)}</span>
                  <Keys keys={action.keys} />
                </div>
              ))}
          </section>
        ))}
        <section>
          <h3>{t("help.railTitle")}</h3>
          <p className="dw-quiet">{t("help.rail")}</p>
        </section>
        {studio.views.of(shell.help).map((part) => (
          <ViewOutlet key={part.id} view={part} />
        ))}
      </div>
    </Dialog>
  );
}
