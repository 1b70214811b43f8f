import { lazy, Suspense, useEffect, useState } from "react";
import type { ReactNode } from "react";
import { shell, useStore, useStudio, useWords, ViewOutlet } from "@doppelwerk/ui";
import { useKeptLanguage } from "../session/use-kept-language.ts";
import { HELP } from "./actions.ts";
import type { StudioAction } from "./actions.ts";

const HelpDialog = lazy(() => import("./help.tsx"));
const NameDialog = lazy(() => import("./name-dialog.tsx"));

/** The dialogs of the shell and of features, each loaded when it is first opened. */
export function Dialogs({ actions }: { readonly actions: readonly StudioAction[] }): ReactNode {
  const studio = useStudio();
  const open = useStore(studio.dialog);
  const { name, language } = useStore(studio.preferences);
  useKeptLanguage(studio, language);
  const [wasOpen, setWasOpen] = useState<ReadonlySet<string>>(new Set());
  const [wasNameless] = useState(name === "");
  // What closes stays for as long as its movement takes; what was never open is not loaded.
  if (open !== undefined && !wasOpen.has(open)) setWasOpen(new Set([...wasOpen, open]));
  const close = (): void => studio.dialog.set(undefined);
  return (
    <>
      {studio.views
        .of(shell.dialog)
        .filter(({ id }) => wasOpen.has(id))
        .map((dialog) => (
          <ViewOutlet
            key={dialog.id}
            view={dialog}
            at={String(dialog.id === open)}
            failed={(text, retry) => <FailedDialog text={text} opened={dialog.id === open} onClose={close} onRetry={retry} />}
            props={{ opened: dialog.id === open, onClose: close }}
          />
        ))}
      <Suspense fallback={null}>
        {wasOpen.has(HELP) && <HelpDialog actions={actions} opened={open === HELP} onClose={close} />}
        {wasNameless && <NameDialog />}
      </Suspense>
    </>
  );
}

/** A dialog that fails has no place in the page: it is named in a notice, and opening it again tries again. */
function FailedDialog({
  text,
  opened,
  onClose,
  onRetry,
}: {
  readonly text: string;
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onRetry: () => void;
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  useEffect(() => {
    if (!opened) return;
    studio.notify("trouble", t("frame.failedTitle"), text);
    onClose();
    onRetry();
    // once each time that it is opened
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [opened]);
  return null;
}
