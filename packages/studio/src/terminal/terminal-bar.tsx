import { Button } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";
import type { SessionInfo } from "@doppelwerk/client";
import { DoppelwerkError } from "@doppelwerk/world";
import { useLoad, useStudio, useTask, useWords } from "@doppelwerk/ui";
import { BadgeReader } from "./badge-reader.ts";
import { SignInDialog } from "./sign-in-dialog.tsx";
import { unmarkTerminal } from "./terminal-mark.ts";
import "./terminal.css";

const TICK_MS = 1_000;
/** A touch is told so often at most. */
const TOLD_EVERY_MS = 5_000;
/** The server ends the session within a second. */
const OVER_MS = 1_500;
/** From then on the countdown asks for attention. */
const SOON_S = 15;

/** On a shared terminal: who is signed in and until when, and the way in. It stands below everything. */
export default function TerminalBar(): ReactNode {
  const { client } = useStudio();
  const { value } = useLoad((signal) => client.session({ signal }), []);
  useEffect(() => {
    // the terminal was taken away
    if (value !== undefined && value.terminal === undefined) unmarkTerminal();
  }, [value]);
  if (value?.terminal === undefined) return null;
  return value.person === undefined ? <SignedOff name={value.terminal.name} /> : <SignedIn first={value} />;
}

function SignedIn({ first }: { readonly first: SessionInfo }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [info, setInfo] = useState(first);
  const [, tick] = useState(0);
  const task = useTask((_, error) => studio.notifyFailure(error));
  const until = info.terminal?.until ?? 0;
  const leftS = Math.max(0, Math.ceil((until - studio.now()) / 1_000_000));
  useEffect(() => {
    const timer = setInterval(() => {
      tick((count) => count + 1);
      if (studio.now() / 1_000 > until / 1_000 + OVER_MS) location.reload();
    }, TICK_MS);
    return () => clearInterval(timer);
  }, [until]);
  useEffect(() => {
    let told = -Infinity;
    const touched = (): void => {
      if (performance.now() - told < TOLD_EVERY_MS) return;
      told = performance.now();
      // one that is over says so by the countdown
      studio.client.stayAtTerminal().then(setInfo, () => undefined);
    };
    for (const kind of ["pointerdown", "keydown"] as const) addEventListener(kind, touched);
    return () => {
      for (const kind of ["pointerdown", "keydown"] as const) removeEventListener(kind, touched);
    };
  }, []);
  return (
    <aside className="dw-terminal-bar" aria-label={t("terminal.bar")}>
      <span>
        <b>{info.person!.name}</b> <small className="dw-quiet">{info.terminal!.name}</small>
      </span>
      <span className={leftS <= SOON_S ? "dw-terminal-soon" : "dw-quiet"} role="timer">
        {t("terminal.left", { seconds: leftS })}
      </span>
      <Button
        size="lg"
        variant="default"
        loading={task.busy}
        onClick={() =>
          task.run(async () => {
            await studio.client.logOut();
            location.reload();
          })
        }
      >
        {t("terminal.signOff")}
      </Button>
    </aside>
  );
}

function SignedOff({ name }: { readonly name: string }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [isOpen, setOpen] = useState(false);
  const [badge, setBadge] = useState<string | undefined>(undefined);
  const task = useTask((_, error) => {
    if (!asksForPin(error)) studio.notifyFailure(error);
  });
  // digits that are typed into the keypad are no badge
  const isPinAsked = useRef(false);
  const run = useRef(task.run);
  run.current = task.run;
  const entered = ({ person }: SessionInfo): void => {
    if (person !== undefined) studio.preferences.update((held) => ({ ...held, name: person.name }));
    location.reload();
  };
  useEffect(() => {
    const reader = new BadgeReader();
    const typed = (event: KeyboardEvent): void => {
      if (isPinAsked.current || event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) return;
      const read = reader.key(event.key, event.timeStamp);
      if (read === undefined) return;
      event.preventDefault();
      setBadge(undefined);
      run.current(async () => {
        try {
          entered(await studio.client.signInAtTerminal({ badge: read }));
        } catch (error) {
          if (asksForPin(error)) setBadge(read);
          throw error;
        }
      });
    };
    addEventListener("keydown", typed, true);
    return () => removeEventListener("keydown", typed, true);
  }, []);
  return (
    <aside className="dw-terminal-bar" aria-label={t("terminal.bar")}>
      <span>
        <b>{name}</b> <small className="dw-quiet">{t("terminal.nobody")}</small>
      </span>
      <Button size="lg" loading={task.busy} onClick={() => setOpen(true)}>
        {t("terminal.signIn")}
      </Button>
      {(isOpen || badge !== undefined) && (
        <SignInDialog
          badge={badge}
          onPinAsked={(asked) => {
            isPinAsked.current = asked;
          }}
          onClose={() => {
            setOpen(false);
            setBadge(undefined);
          }}
          onEntered={entered}
        />
      )}
    </aside>
  );
}

function asksForPin(error: unknown): boolean {
  const details = error instanceof DoppelwerkError ? error.details : undefined;
  return typeof details === "object" && details !== null && "needsPin" in details;
}
