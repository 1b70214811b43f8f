import { Button } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import type { AasApi } from "@doppelwerk/client";
import { useWords } from "@doppelwerk/kit/studio";
import { Tool } from "./detail-head.tsx";
import { useChange } from "./use-change.ts";

/** Deletes what is shown, once asked again; it stays in the history, and the last deletion can be undone. */
export function DeleteThis({
  what,
  run,
  onDone,
}: {
  readonly what: string;
  readonly run: (api: AasApi) => Promise<unknown>;
  readonly onDone: () => void;
}): ReactNode {
  const { t } = useWords();
  const { busy, change } = useChange();
  const [asked, setAsked] = useState(false);
  const remove = async (): Promise<void> => {
    const done = await change({
      reason: t("assets.explorer.deletionOf", { what }),
      done: t("assets.explorer.deleted", { what }),
      failed: t("assets.explorer.notSaved", { what }),
      run,
    });
    if (done) onDone();
  };
  if (!asked)
    return (
      <Tool label={t("assets.explorer.delete")} onClick={() => setAsked(true)}>
        <IconTrash size={16} />
      </Tool>
    );
  return (
    <span className="dw-delete" onKeyDown={(event) => event.key === "Escape" && setAsked(false)}>
      <Button size="compact-sm" color="red" variant="outline" autoFocus loading={busy} onClick={() => void remove()}>
        {t("assets.explorer.deleteSure")}
      </Button>
      <Button size="compact-sm" variant="default" onClick={() => setAsked(false)}>
        {t("frame.cancel")}
      </Button>
    </span>
  );
}
