import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { useWords } from "@doppelwerk/ui";
import type { StudioAction } from "./actions.ts";

const groups = ["views", "time", "branch", "frame"] as const;

/** The keys of the 3D view, while it has the focus. */
const worldKeys = [
  ["world.home", "H"],
  ["world.top", "T"],
  ["world.walk", "G"],
  ["help.step", "W A S D"],
  ["help.recall", "1 … 9"],
  ["help.store", "Shift 1 … 9"],
] as const;

/** Every key, on one page. */
export function HelpDialog({
  actions,
  opened,
  onClose,
}: {
  readonly actions: readonly StudioAction[];
  readonly opened: boolean;
  readonly onClose: () => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <Modal opened={opened} onClose={onClose} title={t("frame.help")} size={680} centered>
      <div className="dw-keys">
        {groups.map((group) => (
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
        <section>
          <h3>{t("explorer.helpTitle")}</h3>
          <p className="dw-quiet">{t("explorer.help")}</p>
        </section>
        <section>
          <h3>{t("help.worldTitle")}</h3>
          {worldKeys.map(([label, keys]) => (
            <div key={label} className="dw-key-line">
              <span>{t(label)}</span>
              <Keys keys={keys} />
            </div>
          ))}
        </section>
      </div>
    </Modal>
  );
}

export function Keys({ keys }: { readonly keys: string }): ReactNode {
  return (
    <span className="dw-key-set">
      {keys.split(/[ +](?=.)/).map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  );
}
