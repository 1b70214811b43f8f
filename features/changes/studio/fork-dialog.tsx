import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { Dialog, clockText, momentText, useScope, useStudio, useWords } from "@doppelwerk/kit/studio";

interface DialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Forks the plant at the instant shown and enters the branch. */
export default function ForkDialog({ opened, onClose }: DialogProps): ReactNode {
  const studio = useStudio();
  const { subject, time } = useScope();
  const { t, language, zone } = useWords();
  const [typed, setTyped] = useState<string | undefined>(undefined);
  const [busy, setBusy] = useState(false);
  const instant = time.instant();
  const suggest = (): string =>
    t("changes.branch.suggested", { what: subject ?? t("changes.branch.line"), clock: clockText(instant, zone, false) });
  // a name that changed while the dialog is open would lose its selection, and what is typed would be appended to it
  const [suggestion, setSuggestion] = useState(suggest);
  const [wasOpened, setWasOpened] = useState(opened);
  if (opened !== wasOpened) {
    setWasOpened(opened);
    if (opened) setSuggestion(suggest());
  }
  const name = typed ?? suggestion;
  // closed by Escape or beside it, the dialog has what was typed when it is opened again
  const discard = (): void => {
    setTyped(undefined);
    onClose();
  };
  const fork = (): void => {
    setBusy(true);
    const at = time.state.get().kind === "live" ? undefined : time.instant();
    studio.client
      .fork(name.trim(), at)
      .then((branch) => {
        studio.branches.update((list) => [...list.filter((known) => known.id !== branch.id), branch]);
        studio.address.go({ branch: branch.id, view: studio.address.store.get().view === "world" ? "world" : "decide" });
        setTyped(undefined);
        onClose();
      })
      .catch((error: unknown) => studio.notifyFailure(error, t("changes.branch.forkFailed")))
      .finally(() => setBusy(false));
  };
  return (
    <Dialog opened={opened} onClose={onClose} title={t("rail.fork")} centered size={440}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          fork();
        }}
      >
        <p className="dw-quiet">{t("changes.branch.forkText", { moment: momentText(instant, zone, language) })}</p>
        <TextInput
          data-autofocus
          label={t("changes.branch.name")}
          value={name}
          maxLength={80}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onFocus={(event) => event.currentTarget.select()}
        />
        <div className="dw-dialog-foot">
          <Button variant="default" onClick={discard}>
            {t("frame.cancel")}
          </Button>
          <Button type="submit" loading={busy} disabled={name.trim() === ""}>
            {t("changes.branch.fork")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
