import { Button } from "@mantine/core";
import { IconBackspace, IconCheck } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";
import type { SessionInfo } from "@doppelwerk/client";
import { Dialog, Failure, useLoad, useStudio, useTask, useWords } from "@doppelwerk/ui";
import "./terminal.css";

interface SignInProps {
  /** The number of a badge that was read already; its PIN is missing. */
  readonly badge: string | undefined;
  readonly onPinAsked: (asked: boolean) => void;
  readonly onClose: () => void;
  readonly onEntered: (session: SessionInfo) => void;
}

/** Who it is, and the PIN: for gloves, and for somebody in a hurry. */
export function SignInDialog({ badge, onPinAsked, onClose, onEntered }: SignInProps): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const [person, setPerson] = useState<{ readonly id: string; readonly name: string } | undefined>(undefined);
  const people = useLoad((signal) => client.terminalPeople({ signal }), []);
  const isChosen = badge !== undefined || person !== undefined;
  useEffect(() => {
    onPinAsked(isChosen);
    return () => onPinAsked(false);
  }, [isChosen]);
  const enter = async (pin: string): Promise<void> =>
    onEntered(await client.signInAtTerminal(badge === undefined ? { person: person!.id, pin } : { badge, pin }));
  return (
    <Dialog opened onClose={onClose} title={isChosen ? (person?.name ?? t("terminal.badgePin")) : t("terminal.who")} fullScreen>
      {isChosen ? (
        <Keypad onEntered={enter} onBack={badge === undefined ? () => setPerson(undefined) : onClose} />
      ) : people.value === undefined ? (
        people.kind === "failed" ? (
          <Failure message={people.message} code={people.code} onRetry={people.reload} />
        ) : (
          <p className="dw-fine">{t("frame.loading")}</p>
        )
      ) : (
        <>
          <p className="dw-quiet">{people.value.length === 0 ? t("terminal.noPins") : t("terminal.orBadge")}</p>
          <div className="dw-terminal-people">
            {people.value.map((each) => (
              <Button key={each.id} size="xl" variant="default" onClick={() => setPerson(each)}>
                {each.name}
              </Button>
            ))}
          </div>
        </>
      )}
    </Dialog>
  );
}

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"] as const;
const LONGEST = 12;
const SHORTEST = 4;

function Keypad({ onEntered, onBack }: { readonly onEntered: (pin: string) => Promise<void>; readonly onBack: () => void }): ReactNode {
  const { t } = useWords();
  const [pin, show] = useState("");
  // keys may come faster than they are drawn
  const typed = useRef("");
  const change = (next: string): void => {
    typed.current = next.slice(0, LONGEST);
    show(typed.current);
  };
  const task = useTask(() => change(""));
  const add = (digit: string): void => change(typed.current + digit);
  const remove = (): void => change(typed.current.slice(0, -1));
  const enter = (): void => {
    const entered = typed.current;
    if (entered.length >= SHORTEST && !task.busy) task.run(() => onEntered(entered));
  };
  useEffect(() => {
    const pressed = ({ key }: KeyboardEvent): void => {
      if (/^\d$/.test(key)) add(key);
      else if (key === "Backspace") remove();
      else if (key === "Enter") enter();
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  });
  const key = (digit: string): ReactNode => (
    <Button key={digit} size="xl" variant="default" onClick={() => add(digit)}>
      {digit}
    </Button>
  );
  return (
    <div className="dw-terminal-pin">
      <output className="dw-terminal-dots" aria-label={t("terminal.digits", { count: pin.length })}>
        {"●".repeat(pin.length)}
      </output>
      {task.failure !== undefined && <Failure message={task.failure} code={task.code} />}
      <div className="dw-terminal-keys">
        {DIGITS.map(key)}
        <Button size="xl" variant="default" aria-label={t("terminal.delete")} onClick={remove}>
          <IconBackspace size={28} />
        </Button>
        {key("0")}
        <Button size="xl" loading={task.busy} disabled={pin.length < SHORTEST} aria-label={t("terminal.signIn")} onClick={enter}>
          <IconCheck size={28} />
        </Button>
      </div>
      <Button size="lg" variant="subtle" onClick={onBack}>
        {t("terminal.back")}
      </Button>
    </div>
  );
}
